"""Estimates as dots with their intervals as lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marsad.outputs.report.axes import round_step
from marsad.outputs.report.chart import Chart, Table, drawing, label_text
from marsad.outputs.report.svg import Plane, tag
from marsad.outputs.report.wording import Words
from marsad.records.estimate import Estimate

ROW = 50
"""Height of one estimate, in pixels."""


def estimates_chart(id_: str, title: str, estimates: Sequence[Estimate], words: Words) -> Chart:
    """Estimates with their intervals, one row each, on one scale from zero."""
    level = words.percent(estimates[0].level)
    summary = words("estimates.summary", level=level, count=len(estimates))
    fractions = all(one.low >= 0 and one.high <= 1 for one in estimates)
    scale = [n / 4 for n in range(5)] if fractions else _span(estimates)
    field = _Field(scale[0], scale[-1], fractions, Plane(words.lang == "ar"), words)
    drawn = _axis(scale, field, ROW * len(estimates), level)
    for n, one in enumerate(estimates):
        drawn += _interval(one, ROW * n + 6, field)
    svg = drawing(id_, title, summary, ROW * len(estimates) + 50, drawn)
    return Chart(id_, title, summary, svg, _table(estimates, field))


@dataclass(frozen=True)
class _Field:
    """The scale of a chart of estimates, and how its numbers are written."""

    low: float
    high: float
    fractions: bool
    plane: Plane
    words: Words

    def at(self, value: float) -> float:
        return 100 * (value - self.low) / (self.high - self.low)

    def say(self, value: float, digits: int = 0) -> str:
        return self.words.percent(value, digits) if self.fractions else self.words.number(value)


def _axis(scale: Sequence[float], field: _Field, height: int, level: str) -> list[Markup]:
    plane, drawn = field.plane, []
    for value in scale:
        anchor = {scale[0]: "start", scale[-1]: "end"}.get(value, "middle")
        drawn.append(plane.line(field.at(value), field.at(value), 4, height + 6, "grid"))
        drawn.append(plane.text(field.at(value), height + 22, field.say(value), anchor, "tick"))
    title = field.words("axis.estimate", level=level)
    return [*drawn, plane.text(100, height + 42, title, "end", "axis")]


def _table(estimates: Sequence[Estimate], field: _Field) -> Table:
    words = field.words
    names = ("of", "value", "low", "high", "level", "n")
    rows = tuple(
        (words.estimate_name(one), *(field.say(v, 1) for v in (one.value, one.low, one.high)),
         words.percent(one.level), words.number(one.n))
        for one in estimates
    )  # fmt: skip
    return Table(tuple(words(f"column.{name}") for name in names), rows, (1, 2, 3, 4, 5))


def _span(estimates: Sequence[Estimate]) -> list[float]:
    """Round numbers that take in all intervals, and zero."""
    low = min(0.0, *(one.low for one in estimates))
    high = max(0.0, *(one.high for one in estimates))
    step = round_step((high - low) / 4 or 1.0)
    return [step * n for n in range(math.floor(low / step), math.ceil(high / step) + 1)]


def _interval(one: Estimate, y: float, field: _Field) -> list[Markup]:
    left, at, right = (field.at(value) for value in (one.low, one.value, one.high))
    plane, words = field.plane, field.words
    said = field.say(one.value)
    if one.bound:
        said = words(f"bound.{one.bound}", value=said)
    return [
        label_text(plane, y + 12, words.estimate_name(one)),
        plane.text(100, y + 12, said, "end", "value"),
        plane.line(0, 100, y + 27, y + 27, "grid"),
        plane.line(left, right, y + 27, y + 27, "interval"),
        plane.line(left, left, y + 21, y + 33, "whisker"),
        plane.line(right, right, y + 21, y + 33, "whisker"),
        tag("circle", cx=plane.x(at), cy=y + 27, r=6, class_="dot"),
    ]
