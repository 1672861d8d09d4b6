"""What a hashtag or link without a past of its own is compared with: how others began, and where
hardly any did, the days of those in use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import ibis
import ibis.expr.types as ir
import numpy as np

from marsad.engines import Engine
from marsad.find.bursts.counts import OBJECT, Span

OF_ONE_KIND, FEWEST = 200, 20
"""Objects a comparison needs: new ones of the same kind; where there are fewer, of all kinds."""

EVERY_KIND = ""
"""Stands for all kinds together."""

_ORDINARY = 0.9
"""Fraction of days that are taken for ordinary: the largest may be bursts themselves."""

Compared = Literal["past", "new", "in-use"]
"""What a window is judged by: its object's own past, other new objects, or those in use."""


@dataclass(frozen=True)
class Days:
    """Days of ``objects`` objects, summed over their windows.

    ``days`` in all; ``accounts`` and ``squares`` are the sums of the accounts in each window and
    of their squares; nine in ten days have at most ``busiest`` accounts in any window.
    """

    objects: int = 0
    days: int = 0
    accounts: int = 0
    squares: int = 0
    busiest: int = 0


@dataclass(frozen=True)
class Others:
    """First days of other new objects by platform and kind, `EVERY_KIND` among them, and days of
    objects in use by platform, where those are too few."""

    begun: Mapping[tuple[str, str], Days] = field(default_factory=dict)
    in_use: Mapping[str, Days] = field(default_factory=dict)

    def like(self, platform: str, kind: str) -> tuple[Compared, Days] | None:
        """What a new object of this kind is compared with; None where there is too little."""
        same = self.begun.get((platform, kind), Days())
        if same.objects >= OF_ONE_KIND:
            return "new", same
        every = self.begun.get((platform, EVERY_KIND), same)
        if every.objects >= FEWEST:
            return "new", every
        in_use = self.in_use.get(platform, Days())
        return ("in-use", in_use) if in_use.objects >= FEWEST else None


def others(
    engine: Engine, counts: ir.Table, spans: Mapping[str, Span], skipped: int, lag: int
) -> Others:
    """What new objects are compared with. Nothing of the first ``skipped`` µs counts; ``lag`` is
    the length of a day in µs, as whole windows."""
    begun = beginnings(engine, counts, spans, skipped, lag)
    few = {
        name: span
        for name, span in spans.items()
        if begun.get((name, EVERY_KIND), Days()).objects < FEWEST
    }
    return Others(begun, days_in_use(engine, counts, few, skipped, lag))


def beginnings(
    engine: Engine, counts: ir.Table, spans: Mapping[str, Span], skipped: int, lag: int
) -> dict[tuple[str, str], Days]:
    """Of each platform and kind the first days of objects that were first used once ``skipped`` µs
    of the data were over; earlier, an old object is not told from a new one. The account that
    brings an object does not count, nor does the tenth of them that drew most."""
    if not spans:
        return {}
    sizes = _sizes(_first_days(counts, spans, skipped, lag), "object_kind")
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in engine.collect(sizes).to_pylist():
        for kind in (row["object_kind"], EVERY_KIND):
            groups[row["platform"], kind].append(row)
    return {name: _ordinary(group) for name, group in groups.items()}


def days_in_use(
    engine: Engine, counts: ir.Table, spans: Mapping[str, Span], skipped: int, lag: int
) -> dict[str, Days]:
    """Of each platform every day, after the first ``skipped`` µs, on which an object was used that
    had been used on an earlier one, but for the tenth of them that were busiest."""
    if not spans:
        return {}
    rows = counts.filter(counts.platform.isin(list(spans)))
    rows = rows.mutate(since=_since(rows, spans, skipped)).filter(
        lambda all_: all_.bin >= all_.since
    )
    rows = rows.mutate(day=rows.bin - (rows.bin - rows.since) % lag)
    born = counts.group_by(*OBJECT).agg(born=counts.bin.min())
    rows = rows.join(born, list(OBJECT)).filter(lambda all_: all_.born < all_.day)
    days = _summed(rows, rows.accounts, "day")
    many = days.group_by("platform").agg(many=days.object.nunique())
    objects = {row["platform"]: int(row["many"]) for row in engine.collect(many).to_pylist()}
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in engine.collect(_sizes(days)).to_pylist():
        groups[row["platform"]].append(row)
    return {name: _ordinary(group, objects[name]) for name, group in groups.items()}


def _since(rows: ir.Table, spans: Mapping[str, Span], skipped: int) -> ir.IntegerValue:
    """When the windows of each row's platform begin to count."""
    firsts = ((rows.platform == name, span.first + skipped) for name, span in spans.items())
    return ibis.cases(*firsts, else_=0).cast("int64")


def _first_days(counts: ir.Table, spans: Mapping[str, Span], skipped: int, lag: int) -> ir.Table:
    """One row a new object: the accounts, squares and largest window of its first day."""
    since = _since(counts, spans, skipped)
    born = counts.group_by(*OBJECT).agg(born=counts.bin.min(), since=since.max())
    born = born.filter(born.born >= born.since)
    days = counts.join(born, list(OBJECT)).filter(lambda rows: rows.bin < rows.born + lag)
    return _summed(days, days.accounts - (days.bin == days.born).cast("int64"))


def _summed(rows: ir.Table, accounts: ir.IntegerValue, *by: str) -> ir.Table:
    """One row an object and ``by``: accounts, squares, and the largest window."""
    return (
        rows.mutate(counted=accounts)
        .group_by(*OBJECT, *by)
        .agg(
            most=lambda all_: all_.counted.max(),
            accounts=lambda all_: all_.counted.sum(),
            squares=lambda all_: (all_.counted * all_.counted).sum(),
        )
    )


def _sizes(days: ir.Table, *by: str) -> ir.Table:
    """How many days have a largest window of each size, and their sums."""
    return days.group_by("platform", *by, "most").agg(
        days=days.count(), accounts=days.accounts.sum(), squares=days.squares.sum()
    )


def _ordinary(rows: Iterable[Mapping[str, Any]], objects: int | None = None) -> Days:
    """All but the largest, which are left out whole sizes at a time; an object a day where the
    number of ``objects`` is not given."""
    ordered = sorted(rows, key=lambda row: int(row["most"]))
    days = np.array([row["days"] for row in ordered])
    kept = int(np.searchsorted(np.cumsum(days), _ORDINARY * days.sum())) + 1
    sums = _sums(ordered[:kept])
    return Days(sums[0] if objects is None else objects, *sums, int(ordered[kept - 1]["most"]))


def _sums(rows: Sequence[Mapping[str, Any]]) -> tuple[int, int, int]:
    def total(name: str) -> int:
        return int(sum(row[name] for row in rows))

    return total("days"), total("accounts"), total("squares")
