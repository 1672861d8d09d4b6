"""Precision and recall of a signal against a known truth, as estimates.

The units are posts, or accounts. Posts of one account stand and fall together, and so do accounts
of one community: these are the clusters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from marsad.engines import Engine
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate, proportion

ON_ACCOUNTS: Mapping[str, Callable[[ir.Table], tuple[ir.Value, ir.BooleanValue]]] = {
    "bursts": lambda rows: (rows.surfaced_in, rows.surfaced_in.notnull()),
    "coordination": lambda rows: (rows.community, rows.is_coordinated),
    "returns": lambda rows: (rows.actor, rows.origin.isin(["return", "backup", "takeover"])),
}
"""Signals on accounts: what is true of those they look for, in the truth of a simulated network,
and who of these stand and fall together."""

UNJUDGED = frozenset({"automation"})
"""Signals on what a simulated network has no truth about."""


def accuracy(
    found: ir.Table, truth: ir.Table, engine: Engine, name: str, frame: str, level: float = 0.95
) -> list[Estimate]:
    """Precision and recall of what was found.

    ``found`` has the column ``subject_id``; ``truth`` has ``subject_id``, ``account`` (the cluster)
    and ``is_positive``. Where nothing was found, or nothing is positive, there is no such
    proportion and it is left out. Precision = positives among the found, recall = found among the
    positives.
    """
    flagged = found.select("subject_id").distinct().mutate(is_found=ibis.literal(True))
    joined = truth.left_join(flagged, "subject_id")
    both = joined.is_found.fill_null(False)
    counts = joined.group_by("account").aggregate(
        hits=(both & joined.is_positive).cast("int64").sum(),
        found=both.cast("int64").sum(),
        positive=joined.is_positive.cast("int64").sum(),
    )
    rows = engine.collect(counts)
    hits, of_found, of_positive = (rows[c].to_pylist() for c in ("hits", "found", "positive"))
    estimates = []
    for kind, trials in (("precision", of_found), ("recall", of_positive)):
        try:
            estimates.append(proportion(hits, trials, level, name=f"{kind}:{name}", frame=frame))
        except InputError:  # nothing to divide by, or one cluster alone: no interval, no number
            continue
    return estimates


def against_truth(
    found: ir.Table, truth: Path, engine: Engine, signals: Sequence[str]
) -> Sequence[Estimate]:
    """Precision and recall of signals that were run against the truth of a simulated network.

    One that found nothing has a recall of 0 and no precision. ``found`` are findings (schema
    `marsad.records.tables.FINDINGS`); ``truth`` is the simulation's folder of that name. Of
    signals on posts a positive is a post that breaks the demonstration's policy, of those in
    `ON_ACCOUNTS` an account of which that column is true. What is told of neither is left out.
    """
    known = _posts(truth, engine)
    on_posts = found.filter(found.subject_kind == "post")
    estimates: list[Estimate] = []
    for name in signals:
        of_signal = found.filter(found.signal == name)
        if name in ON_ACCOUNTS:
            on_accounts = of_signal.filter(of_signal.subject_kind == "account")
            accounts = _accounts(truth, engine, name)
            estimates += accuracy(on_accounts, accounts, engine, name, "simulated-accounts")
        elif name not in UNJUDGED:
            of_posts = on_posts.filter(on_posts.signal == name)
            estimates += accuracy(of_posts, known, engine, name, "simulated-posts")
    return [*estimates, *accuracy(on_posts, known, engine, "all", "simulated-posts")]


def _posts(truth: Path, engine: Engine) -> ir.Table:
    columns = ["post_id", "account_id", "is_violating"]
    posts = engine.table(pq.read_table(truth / "posts.parquet", columns=columns), "true_posts")
    return posts.select(
        subject_id=ibis.literal("simulated:") + posts.post_id,
        account=posts.account_id,
        is_positive=posts.is_violating,
    )


def _accounts(truth: Path, engine: Engine, signal: str) -> ir.Table:
    """Accounts, with their community, say, in place of themselves: its members are found
    together."""
    accounts = engine.table(pq.read_table(truth / "accounts.parquet"), "true_accounts")
    cluster, is_positive = ON_ACCOUNTS[signal](accounts)
    return accounts.select(
        subject_id=ibis.literal("simulated:") + accounts.account_id,
        account=ibis.coalesce(cluster.cast("string"), accounts.account_id),
        is_positive=is_positive,
    )
