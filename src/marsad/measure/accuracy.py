"""Precision and recall of a signal against a known truth, as estimates.

The units are posts; posts of one account stand and fall together, so accounts are the clusters.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from marsad.engines import Engine
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate, proportion


def accuracy(
    found: ir.Table, truth: ir.Table, engine: Engine, name: str, frame: str, level: float = 0.95
) -> list[Estimate]:
    """Precision and recall of what was found.

    ``found`` has the column ``subject_id`` (posts); ``truth`` has ``subject_id``, ``account`` and
    ``is_positive``. Where nothing was found, or nothing is positive, there is no such proportion
    and it is left out. Precision = positives among the found, recall = found among the positives.
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
    `marsad.records.tables.FINDINGS`); ``truth`` is the simulation's ``truth/posts.parquet``.
    A positive is a post that breaks the demonstration's policy.
    """
    rows = pq.read_table(truth, columns=["post_id", "account_id", "is_violating"])
    posts = engine.table(rows, "truth")
    known = posts.select(
        subject_id=ibis.literal("simulated:") + posts.post_id,
        account=posts.account_id,
        is_positive=posts.is_violating,
    )
    on_posts = found.filter(found.subject_kind == "post")
    frame = "simulated-posts"
    estimates = [
        estimate
        for name in signals
        for estimate in accuracy(
            on_posts.filter(on_posts.signal == name), known, engine, name, frame
        )
    ]
    return [*estimates, *accuracy(on_posts, known, engine, "all", frame)]
