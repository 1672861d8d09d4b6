"""How objects begin: what a hashtag or link without a past of its own is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from marsad.engines import Engine
from marsad.find.bursts.counts import OBJECT, Span

OF_ONE_KIND, FEWEST = 200, 20
"""New objects a comparison needs: of the same kind; where there are fewer, of all kinds."""

EVERY_KIND = ""
"""Stands for all kinds together."""

_ORDINARY = 0.9
"""Fraction of new objects that are taken for ordinary: the largest may be bursts themselves."""


@dataclass(frozen=True)
class Beginnings:
    """The first day of the ordinary new objects of a kind, summed over objects and windows.

    ``objects`` were new; ``accounts`` and ``squares`` are the sums of the accounts in each window
    of their first day, and of their squares. The account that brings an object does not count.
    """

    objects: int = 0
    accounts: int = 0
    squares: int = 0


def beginnings(
    engine: Engine, counts: ir.Table, spans: Mapping[str, Span], skipped: int, lag: int
) -> dict[tuple[str, str], Beginnings]:
    """Of each platform and kind the beginnings of objects that were first used once ``skipped`` µs
    of the data were over; earlier, an old object is not told from a new one; of all kinds together
    under `EVERY_KIND`. ``lag`` is the length of the first day in µs."""
    if not spans:
        return {}
    first_days = _first_days(counts, spans, skipped, lag)
    sizes = first_days.group_by("platform", "object_kind", "most").agg(
        objects=first_days.count(),
        accounts=first_days.accounts.sum(),
        squares=first_days.squares.sum(),
    )
    rows = sorted(engine.collect(sizes).to_pylist(), key=lambda row: int(row["most"]))
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        for kind in (row["object_kind"], EVERY_KIND):
            groups[row["platform"], kind].append(row)
    return {name: _ordinary(group) for name, group in groups.items()}


def _first_days(counts: ir.Table, spans: Mapping[str, Span], skipped: int, lag: int) -> ir.Table:
    """One row a new object: the accounts, squares and largest window of its first day."""
    since = ibis.cases(
        *((counts.platform == name, span.first + skipped) for name, span in spans.items()),
        else_=0,
    ).cast("int64")
    born = counts.group_by(*OBJECT).agg(born=counts.bin.min(), since=since.max())
    born = born.filter(born.born >= born.since)
    days = counts.join(born, list(OBJECT)).filter(lambda rows: rows.bin < rows.born + lag)
    others = days.accounts - (days.bin == days.born).cast("int64")
    return (
        days.mutate(others=others)
        .group_by(*OBJECT)
        .agg(
            most=lambda rows: rows.others.max(),
            accounts=lambda rows: rows.others.sum(),
            squares=lambda rows: (rows.others * rows.others).sum(),
        )
    )


def _ordinary(rows: Sequence[Mapping[str, Any]]) -> Beginnings:
    """All but the largest, which are left out whole sizes at a time."""
    objects = np.array([row["objects"] for row in rows])
    kept = int(np.searchsorted(np.cumsum(objects), _ORDINARY * objects.sum())) + 1
    return Beginnings(
        *(int(sum(row[name] for row in rows[:kept])) for name in ("objects", "accounts", "squares"))
    )
