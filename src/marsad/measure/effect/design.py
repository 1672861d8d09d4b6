"""The columns of a segmented regression: season, trend, and for each event level and slope."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.measure.effect.events import Event
from marsad.measure.effect.noise import Floats
from marsad.measure.effect.series import Days

WEEK, MONTH = 7, 30


@dataclass(frozen=True)
class Design:
    """``matrix`` (T, p); ``level`` and ``slope`` give an event's columns (slope −1: none)."""

    matrix: Floats
    level: tuple[int, ...]
    slope: tuple[int, ...]
    trend: int

    def without(self, event: int) -> Floats:
        """The matrix had the event not been: its columns are 0."""
        made = self.matrix.copy()
        for column in (self.level[event], self.slope[event]):
            if column >= 0:
                made[:, column] = 0
        return made

    def unit(self, column: int) -> Floats:
        """The contrast that picks one coefficient."""
        picked = np.zeros(self.matrix.shape[1])
        picked[column] = 1
        return picked


def design(
    days: Days, events: Sequence[Event], *, trend: bool = True, slopes: bool = True
) -> Design:
    """Intercept, weekdays (as deviations that sum to zero), trend per 30 days, and from each event
    on a level and a slope per 7 days. The days of an event's own span must have been left out."""
    columns = [np.ones(len(days)), *_weekdays(days)]
    trending = -1
    if trend:
        trending = len(columns)
        columns.append((days - events[0].day) / MONTH if events else (days - days[0]) / MONTH)
    level, slope = [], []
    for event in events:
        after = days >= event.after
        level.append(len(columns))
        columns.append(after.astype(float))
        slope.append(len(columns) if slopes else -1)
        if slopes:
            columns.append(np.where(after, days - event.after, 0) / WEEK)
    return Design(np.column_stack(columns), tuple(level), tuple(slope), trending)


def _weekdays(days: Days) -> list[Floats]:
    """As many deviations as there are weekdays, less one."""
    weekday = days % WEEK
    there = np.unique(weekday)
    last = (weekday == there[-1]).astype(float)
    return [(weekday == one) - last for one in there[:-1]]


def outside_events(days: Days, events: Sequence[Event]) -> NDArray[np.bool_]:
    """Days that are before or after every event, not within one."""
    keep = np.ones(len(days), dtype=bool)
    for event in events:
        if event.until is not None:
            keep &= (days < event.day) | (days > event.until)
    return keep
