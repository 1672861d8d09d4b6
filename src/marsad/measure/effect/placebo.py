"""Placebo dates: how large would the jump be on days on which nothing happened?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.measure.effect.design import WEEK
from marsad.measure.effect.events import Event
from marsad.measure.effect.naming import spoken
from marsad.measure.effect.noise import Floats
from marsad.measure.effect.series import NEXT, Days, Kind
from marsad.measure.refusal import Refused

LEAST, WINDOW, RUN_UP, THERE = 19, 7, 28, 0.7


@dataclass(frozen=True)
class Placebos:
    """``jump`` at the ``event`` and ``jumps`` (J,) on the placebo dates ``days`` (J,): of counts
    the logarithm of window over run-up, weekdays evened out; of means their difference. ``p`` is
    (1 + #{as far from the middle as the event's, or farther}) / (1 + J)."""

    event: Event
    jump: float
    jumps: Floats
    days: Days
    p: float
    window: int


def placebo_dates(
    days: Days,
    values: Floats,
    event: Event,
    kind: Kind = "count",
    *,
    control: Floats | None = None,
    window: int = WINDOW,
    run_up: int = RUN_UP,
    name: str = "series",
) -> Placebos:
    """The jump at the event beside those on disjoint windows before it.

    ``days``, ``values`` (T,) and, for a comparison, the ``control`` they are taken relative to.
    Windows of ``window`` days, back to back up to the event, each against the ``run_up`` days
    before it; weekday factors from all days before the event. Distances are from the median of all
    J + 1 jumps, so a steady trend is no jump. Exact if jumps are exchangeable over dates; two
    windows side by side share some of their run-up and so are not quite.

    Raises `Refused` with fewer than 19 windows: then no p-value below .05 can be had. It says how
    many days before the event are needed.
    """
    if control is not None and kind == "count":
        there = control > 0
        days, values, control = days[there], values[there], control[there]
    level = _even(days, values, event, kind, control)
    starts = [event.day - (j + 1) * window for j in range(int(event.day - days[0]) // window)]
    placebo = {
        start: jump for start in starts
        if start - run_up >= days[0]
        and (jump := _jump(days, level, start, start, window, run_up, kind)) is not None
    }  # fmt: skip
    own = _jump(days, level, event.day, event.after, window, run_up, kind)
    if len(placebo) < LEAST or own is None:
        raise Refused(
            "measure.effect.few-placebos", ["placebo-dates"], NEXT,
            name=spoken(name), date=event.date, count=len(placebo), least=LEAST, window=window,
            days=run_up + LEAST * window, given=int((days < event.day).sum()),
        )  # fmt: skip
    jumps = np.array(list(placebo.values()))
    far = np.abs(np.append(jumps, own) - np.median(np.append(jumps, own)))
    p = (1 + int((far[:-1] >= far[-1] - 1e-12).sum())) / (1 + len(jumps))
    return Placebos(event, own, jumps, np.array(list(placebo)), p, window)


def _even(days: Days, values: Floats, event: Event, kind: Kind, control: Floats | None) -> Floats:
    """Values relative to the control, without the weekdays' pattern of before the event."""
    relative = values
    if control is not None:
        relative = values / control if kind == "count" else values - control
    weekday, before = days % WEEK, days < event.day
    mean = relative[before].mean() if before.any() else 0.0
    for one in range(WEEK):
        own = relative[before & (weekday == one)]
        if len(own) and kind == "count" and own.mean() > 0:
            relative = np.where(weekday == one, relative * mean / own.mean(), relative)
        elif len(own) and kind == "mean":
            relative = np.where(weekday == one, relative + mean - own.mean(), relative)
    return relative


def _jump(
    days: Days, level: Floats, end: int, start: int, window: int, run_up: int, kind: Kind
) -> float | None:
    """Window from ``start`` against the run-up to ``end``; None where too many days are missing."""
    before = level[(days >= end - run_up) & (days < end)]
    after = level[(days >= start) & (days < start + window)]
    if len(before) < THERE * run_up or len(after) < THERE * window:
        return None
    if kind == "mean":
        return float(after.mean() - before.mean())
    least = 0.5 * level[level > 0].min() if (level > 0).any() else 1.0
    return float(np.log(max(after.mean(), least) / max(before.mean(), least)))
