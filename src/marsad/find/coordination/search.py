"""The search for groups that act together: from shares to findings, with what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

import ibis
import ibis.expr.types as ir
import numpy as np

from marsad.engines import Engine
from marsad.find.coordination.choice import choices
from marsad.find.coordination.common_interest import choice_findings
from marsad.find.coordination.commons import commons
from marsad.find.coordination.derived import DERIVED, derived_shares
from marsad.find.coordination.exhibits import exhibits
from marsad.find.coordination.findings import group_findings
from marsad.find.coordination.groups import Group, groups
from marsad.find.coordination.joined import joined
from marsad.find.coordination.network import validated
from marsad.find.coordination.shares import collected
from marsad.find.coordination.testing import Tested, put_to_test
from marsad.find.precision import fine_enough
from marsad.find.signal import Found, Records, Refusal
from marsad.records.message import Message

KINDS = ("hashtag", "image", "mention", "reply", "repost", "sequence", "text", "url")
"""Kinds of objects that posts share; imported shares may bring others."""


@dataclass(frozen=True)
class Search:
    """What is looked for: ``window`` in µs, the false discovery ``rate``, the ``kinds`` of objects
    (all there are, if there are none), and whether ``choice`` alone is told of, and ``pairs`` that
    no third account joins."""

    window: int
    rate: float
    kinds: frozenset[str] = frozenset()
    choice: bool = False
    pairs: bool = False


@dataclass(frozen=True)
class Outcome:
    """Findings of groups that act ``together``, of those that a source has ``explained``, ``notes``
    of what was left out, and how many pairs stand ``alone`` and are not told."""

    together: Sequence[Found]
    explained: Sequence[Found]
    notes: Sequence[Message]
    alone: int = 0


_KNOWN: WeakKeyDictionary[Engine, dict[object, Outcome]] = WeakKeyDictionary()


def searched(search: Search, records: Records, engine: Engine) -> Outcome:
    """The outcome of a search. Two signals ask for the same one: it is made once an engine.

    Raises `Refusal` for kinds that nobody shared, and where no time is as fine as the window.
    """
    known = _KNOWN.setdefault(engine, {})
    asked = search, records.posts.op(), records.shares.op()
    if asked not in known:
        known[asked] = _outcome(search, records, engine)
    return known[asked]


def _outcome(search: Search, records: Records, engine: Engine) -> Outcome:
    shares, notes = fine_enough(
        _shares(search, records, engine), engine, search.window,
        "coordination.precision", "coordination.coarse",
    )  # fmt: skip
    tested = _tested(search, shares, engine)
    left_out = sum(int((~one.close.used).sum()) for one in tested.values())
    if left_out:
        notes.append(Message("coordination.left-out", {"count": left_out}))
    uncompared = {kind: one.uncompared for kind, one in tested.items() if one.uncompared}
    if uncompared and not _all_at_once(tested):
        told = {"count": sum(uncompared.values()), "kinds": sorted(uncompared)}
        notes.append(Message("coordination.uncompared", told))
    if not tested:
        notes.append(Message("coordination.nothing-shared"))
        return Outcome((), (), notes)
    found, alone = _told(search, records, shares, engine, tested)
    if not found and not alone:
        notes.append(_nothing_found(tested))
    return Outcome(
        [one for explained, one in found if not explained],
        [one for explained, one in found if explained],
        notes, alone,
    )  # fmt: skip


Told = tuple[bool, Found]
"""Whether a source explains it, and a finding."""


def _told(
    search: Search,
    records: Records,
    shares: ir.Table,
    engine: Engine,
    tested: Mapping[str, Tested],
) -> tuple[list[Told], int]:
    """What was found, and how many pairs alone are not told."""
    chosen = {kind: choices(one.close.shares) for kind, one in tested.items() if search.choice}
    edges, picked = validated(tested, search.rate, chosen)
    every: list[Group] = []
    alone = 0
    if len(edges):
        shown = exhibits(engine, shares, records.posts, tested, edges, search.window)
        everybodys = commons(engine, records.posts, shares)
        explained, others = _parted(groups(shown, everybodys))
        if explained:
            # many explained pairs would let the false discovery rate pass others for their sake
            without = edges.only_at(np.concatenate([group.edges for group in explained]))
            edges, picked = validated(tested, search.rate, chosen, without)
        together = joined(edges, tested)
        if explained or not together.all():
            others = list(groups(shown.of(edges.only(together)), everybodys))
        pairs = groups(shown.of(edges.only(~together)), everybodys) if search.pairs else ()
        every = [*explained, *others, *(replace(group, joined=False) for group in pairs)]
        alone = 0 if search.pairs else int((~together).sum())
    found = [
        (group.source is not None, one)
        for group in every for one in group_findings(group, search.window)
    ]  # fmt: skip
    kinds = {kind: (tested[kind].close.shares, one) for kind, one in chosen.items()}
    picks = choice_findings(engine, shares, picked, kinds)
    return [*found, *((False, one) for one in picks)], alone


def _parted(every: Iterable[Group]) -> tuple[list[Group], list[Group]]:
    """The groups that a source explains, and the others."""
    listed = list(every)
    return [one for one in listed if one.source], [one for one in listed if not one.source]


def _nothing_found(tested: Mapping[str, Tested]) -> Message:
    """What was tested, where none of it is a discovery."""
    kinds = [one.close.shares for one in tested.values()]
    values = {
        "accounts": len(np.unique(np.concatenate([shares.accounts for shares in kinds]))),
        "objects": sum(len(shares.objects) for shares in kinds),
    }
    at_once = _all_at_once(tested)
    return Message("coordination.at-once" if at_once else "coordination.none", values)


def _all_at_once(tested: Mapping[str, Tested]) -> bool:
    """Whether everybody shared each object within the window of everybody else."""
    return all(
        bool(
            (
                one.close.by_object == one.close.shares.sizes * (one.close.shares.sizes - 1) // 2
            ).all()
        )
        for one in tested.values()
    )


def _shares(search: Search, records: Records, engine: Engine) -> ir.Table:
    """The shares of the kinds asked for: those the records name, and those made of posts."""
    asked = search.kinds
    made = [kind for kind in DERIVED if not asked or kind in asked]
    parts = [derived_shares(engine, records.posts, kind) for kind in made]
    if not asked or asked - set(DERIVED):
        parts.append(records.shares)
    every = ibis.union(*[part.select(*records.shares.columns) for part in parts])
    return every.filter(every.object_kind.isin(sorted(asked))) if asked else every


def _tested(search: Search, shares: ir.Table, engine: Engine) -> dict[str, Tested]:
    there = engine.collect(shares.select("object_kind").distinct())["object_kind"].to_pylist()
    for name in sorted(search.kinds - set(there)):
        raise Refusal("coordination.kind", given=name, valid=list(KINDS))
    tested = {}
    for kind in sorted(there):
        given = collected(engine, shares, kind)
        if len(given.at):
            tested[kind] = put_to_test(given, search.window, search.rate)
    return tested
