"""From records to weighed pairs: everything but the findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from marsad.engines import Engine
from marsad.find.returns import accounts as accounts_
from marsad.find.returns import blocks, compare, cuts, labels, naming, ties, timelines, weights
from marsad.find.returns.accounts import Accounts
from marsad.find.returns.blocks import Pairs
from marsad.find.returns.parents import Labels, Vouched
from marsad.find.signal import Records

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

READ_ALL, READ = 1_000, 6_000
"""Up to so many accounts, the posts of all are read; of more, those of the likeliest pairs by
everything else, and at most so many."""

UNLIKELY = -6.0
"""ln odds, before posts are read, below which they are not read where accounts are many."""


@dataclass(frozen=True)
class Weighed:
    """Pairs with the values and weights of their features, ln odds and chance of a match.

    ``absent`` counts accounts of the bank that are not in the records; ``unread`` pairs whose
    posts were not compared because there were too many. ``chance`` is a probability only where
    ``calibrated``.
    """

    known: compare.Known
    pairs: Pairs
    values: Floats
    weights: Floats
    log_odds: Floats
    chance: Floats
    calibrated: bool
    learnt: str
    absent: int
    unread: int


def weighed(
    records: Records, engine: Engine, gone: Mapping[str, Vouched], judged: Labels, most: int
) -> Weighed | None:
    """Compares every account with every one that is gone where a block proposes it.

    None where none of those that are gone is in the records.
    """
    accounts = accounts_.collected(records, engine)
    places = accounts.places(sorted(gone)) if len(accounts) else np.empty(0, np.int64)
    parents = places[places >= 0]
    if not len(parents):
        return None
    since = _gone_since(accounts, gone)
    cut = cuts.collected(records, engine, accounts, int(since[parents].min()))
    rows = ties.rows(records, engine, cuts.table(accounts, cut.since, engine, "cut"))
    known = compare.Known(
        accounts, ties.collected(rows, accounts),
        naming.collected(ties.of_kind(rows, "mention"), accounts), since, cut,
    )  # fmt: skip
    pairs = blocks.pairs(accounts, known.ties, known.named, parents, most)
    base = compare.unwritten(known, pairs)
    wanted, unread = _to_read(known, pairs, base, len(parents))
    known = replace(known, texts=timelines.collected(records, engine, accounts, cut, wanted))
    values = compare.values(known, pairs, base)
    found = compare.levels(values)
    marks = labels.marked(judged, accounts, pairs)
    with_labels = labels.enough(marks)
    model = weights.learnt(found, pairs.block, len(parents), marks if with_labels else None)
    each = model.each(found, pairs.block)
    log_odds = model.odds(each.sum(axis=1), pairs.block)
    chance = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    if with_labels:
        chance = labels.calibrated(log_odds, marks)(log_odds)
    return Weighed(
        known, pairs, values, each, log_odds, chance, with_labels, model.learnt,
        int((places < 0).sum()), unread,
    )  # fmt: skip


def _gone_since(accounts: Accounts, gone: Mapping[str, Vouched]) -> Ints:
    """When each account was gone; its last post where nobody says; −1 for those that are not."""
    since = np.full(len(accounts), -1, np.int64)
    for account, place in zip(gone, accounts.places(list(gone)), strict=True):
        if place >= 0:
            said = gone[account].since
            since[place] = said if said is not None else max(_last_seen(accounts, place), 0)
    return since


def _last_seen(accounts: Accounts, place: int) -> int:
    first = int(accounts.first[place])
    return max(int(accounts.last[place]), first if first != accounts_.NEVER else 0)


def _to_read(
    known: compare.Known, pairs: Pairs, base: Mapping[str, Floats], parents: int
) -> tuple[Ints, int]:
    """The accounts whose posts are read: all of them, or those of the likeliest pairs."""
    everybody = np.unique(np.concatenate([pairs.parent, pairs.child]))
    if len(everybody) <= READ_ALL:
        return everybody, 0
    found = compare.levels(compare.values(known, pairs, base))
    model = weights.learnt(found, pairs.block, parents, rounds=1)
    log_odds = model.odds(model.each(found, pairs.block).sum(axis=1), pairs.block)
    order = np.argsort(-log_odds, kind="stable")
    order = order[: int((log_odds > UNLIKELY).sum())]
    both = np.stack([pairs.parent[order], pairs.child[order]], axis=1).ravel()
    _, first = np.unique(both, return_index=True)
    kept = both[np.sort(first)][:READ]
    read = np.isin(pairs.parent[order], kept) & np.isin(pairs.child[order], kept)
    return np.sort(kept), int((~read).sum())
