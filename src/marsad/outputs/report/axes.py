"""Axes: round numbers for counts and fractions, and where a stretch of time begins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marsad.outputs.report.data import Bin, Unit
from marsad.outputs.report.svg import Plane
from marsad.outputs.report.wording import Words
from marsad.records.times import to_datetime

GUTTER = 46
"""Pixels beside a drawing for the labels of its upright axis; `style.css` leaves them free."""


@dataclass(frozen=True)
class Scale:
    """An axis from 0 to ``top``, with round numbers marked on it."""

    ticks: tuple[float, ...]
    top: float


def count_scale(highest: float, about: int = 4) -> Scale:
    """An axis for counts that ends with the highest; whole steps of 1, 2 or 5 times ten to n."""
    if highest <= 0:
        return Scale((0.0, 1.0), 1.0)
    step = max(1.0, round_step(highest / about))
    return Scale(tuple(step * n for n in range(int(highest / step + 1e-9) + 1)), float(highest))


def round_step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least))
    return next(f * power for f in (1, 2, 5, 10) if f * power >= least * 0.999)


def upright_axis(
    highest: float, title: str, head: float, floor: float, plane: Plane, words: Words
) -> tuple[list[Markup], float]:
    """The axis of counts with its lines, and the count at its head."""
    scale = count_scale(highest)
    drawn = [plane.text(0, head - 18, title, class_="axis", aside=-GUTTER)]
    for value in scale.ticks:
        y = floor - (floor - head) * value / scale.top
        drawn.append(plane.line(0, 100, y, y, "grid" if value else "base"))
        drawn.append(plane.text(0, y + 4, words.compact(value), "end", "tick", aside=-8))
    return drawn, scale.top


def level_axis(scale: Scale, height: int, plane: Plane, words: Words) -> list[Markup]:
    """The axis of counts under bars, with its lines."""
    drawn = []
    for value in scale.ticks:
        at = 100 * value / scale.top
        anchor = "start" if value == 0 else "end" if at > 92 else "middle"
        drawn.append(plane.line(at, at, 2, height, "grid" if value else "base"))
        drawn.append(plane.text(at, height + 18, words.compact(value), anchor, "tick"))
    return drawn


@dataclass(frozen=True)
class Tick:
    """A label under an axis of time. ``class_`` is ``minor`` where a narrow page leaves it out."""

    at: float
    start: int
    pattern: str
    anchor: str = "middle"
    class_: str = "tick"


def time_ticks(unit: Unit, bins: Sequence[Bin], most: int = 7) -> list[Tick]:
    """At most ``most`` ticks, where a month, day or hour begins if there are few enough of them."""
    before = [None, *(one.start for one in bins[:-1])]
    marked = [n for n, one in enumerate(bins) if _begins(unit, one.start, before[n])] or [0]
    chosen = marked[:: max(1, math.ceil(len(marked) / most))]
    return [_tick(unit, bins, n, order) for order, n in enumerate(chosen)]


def _tick(unit: Unit, bins: Sequence[Bin], n: int, order: int) -> Tick:
    pattern = {"hour": "d MMM HH:mm", "day": "d MMM", "week": "MMM y", "month": "MMM y"}[unit]
    at = 100 * (n + 0.5) / len(bins)
    anchor = "start" if at < 6 else "end" if at > 94 else "middle"
    return Tick(at, bins[n].start, pattern, anchor, "tick minor" if order % 2 else "tick")


def _begins(unit: Unit, start: int, before: int | None) -> bool:
    """Whether a bin opens a new stretch of the next larger unit."""
    if before is None:
        return unit in ("month", "day", "hour")
    now, then = to_datetime(start), to_datetime(before)
    if unit == "week":
        return now.month != then.month
    return unit != "hour" or now.hour % 6 == 0
