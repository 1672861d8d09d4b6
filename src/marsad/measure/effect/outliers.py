"""Single days that lie so far from the days around them that they alone can make a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marsad.measure.effect.design import WEEK, outside_events
from marsad.measure.effect.events import Event
from marsad.measure.effect.noise import Floats
from marsad.measure.effect.series import Days, Frame, Kind, Series, day_text

OUTLIERS = "outlier-days"
"""The warning of estimates whose series have such days."""

AROUND, FAR, TIMES, MOST = 14, 8.0, 4.0, 0.05
"""Days are held against those up to `AROUND` before and after. One is named where it is `FAR` times
as far away as days of the series usually are, and of counts `TIMES` as many or as few. More than
`MOST` of all days are no outliers: such is the series."""


@dataclass(frozen=True)
class Outlier:
    """On ``day`` (epoch day) the series ``name`` had ``value``, in its ``frame``; ``median`` is
    that of the days around it."""

    name: str
    frame: Frame
    day: int
    value: float
    median: float

    @property
    def date(self) -> str:
        return day_text(self.day)


def outliers(series: Series, events: Sequence[Event] = ()) -> list[Outlier]:
    """The days of a series that lie far from those around them, the farthest first.

    Days are compared within their own stretch between events, so a change at one is no outlier;
    distances are of logarithms for counts, without the weekdays' pattern, and in units of their
    median (of counts no less than chance alone gives).
    """
    keep = outside_events(series.days, events)
    days, values = series.days[keep], series.values[keep]
    middle = _medians(days, values, events)
    distance = _distances(values, middle, series.kind)
    distance = distance - _of_weekdays(days, distance)
    usual = 1.4826 * float(np.median(np.abs(distance)))
    far = np.abs(distance) > FAR * _least(middle, usual, series.kind)
    if series.kind == "count":
        far &= np.abs(distance) > np.log(TIMES)
    if far.sum() > max(MOST * len(days), 1):
        return []
    order = np.flatnonzero(far)[np.argsort(-np.abs(distance[far]), kind="stable")]
    return [
        Outlier(series.name, series.frame, int(days[one]), float(values[one]), float(middle[one]))
        for one in order
    ]


def _medians(days: Days, values: Floats, events: Sequence[Event]) -> Floats:
    """Of each day the median of those around it in its stretch; its own value where it is alone."""
    stretch = np.searchsorted(sorted(event.day for event in events), days, side="right")
    starts, stops = (np.searchsorted(stretch, stretch, side) for side in ("left", "right"))
    starts = np.maximum(starts, np.searchsorted(days, days - AROUND))
    stops = np.minimum(stops, np.searchsorted(days, days + AROUND, side="right"))
    found = values.copy()
    for one, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        near = np.concatenate([values[start:one], values[one + 1 : stop]])
        if len(near):
            found[one] = np.median(near)
    return found


def _distances(values: Floats, middle: Floats, kind: Kind) -> Floats:
    if kind == "mean":
        return values - middle
    logs: Floats = np.log((values + 0.5) / (middle + 0.5))
    return logs


def _of_weekdays(days: Days, distance: Floats) -> Floats:
    """Of each day the median distance of its weekday."""
    found = np.zeros(len(days))
    for one in range(WEEK):
        own = days % WEEK == one
        if own.any():
            found[own] = np.median(distance[own])
    return found


def _least(middle: Floats, usual: float, kind: Kind) -> Floats:
    """How far days usually are away: of counts at least the square root of what is counted."""
    chance = 1 / np.sqrt(middle + 1) if kind == "count" else np.zeros(len(middle))
    least: Floats = np.maximum(usual, chance)
    return least
