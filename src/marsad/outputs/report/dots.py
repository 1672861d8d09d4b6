"""Estimates as dots with their intervals as lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from marsad.outputs.report.axes import round_step
from marsad.outputs.report.chart import Chart, Table, drawing, heading_text, label_text
from marsad.outputs.report.svg import Plane, tag
from marsad.outputs.report.wording import Words
from marsad.records.estimate import Estimate

ROW, HEADING = 46, 30
"""Heights of an estimate and of a heading above some, in pixels."""
MOST_RATIO = 2.0
"""Where the scale of ratios ends; what lies beyond is said in numbers and marked."""

Kind = Literal["fraction", "count", "ratio", "difference"]


@dataclass(frozen=True)
class Row:
    """One estimate, and what it is called."""

    label: str
    estimate: Estimate


@dataclass(frozen=True)
class Block:
    """Rows below one another, under a heading where there is one."""

    rows: Sequence[Row]
    heading: str = ""


def estimates_chart(id_: str, title: str, estimates: Sequence[Estimate], words: Words) -> Chart:
    """Estimates with their intervals, one row each, on one scale from zero."""
    level = words.percent(estimates[0].level)
    summary = words("estimates.summary", level=level, count=len(estimates))
    fractions = all(one.low >= 0 and one.high <= 1 for one in estimates)
    block = Block([Row(words.estimate_name(one), one) for one in estimates])
    axis = words("axis.estimate", level=level)
    kind: Kind = "fraction" if fractions else "difference"
    scale = [n / 4 for n in range(5)] if fractions else _span([block])
    field = _Field(scale, kind, Plane(words.lang == "ar"), words)
    return _chart(id_, title, summary, [block], field, axis)


def dots_chart(
    id_: str, title: str, summary: str, blocks: Sequence[Block], kind: Kind, axis: str, words: Words
) -> Chart:
    """Blocks of estimates on one scale. Fractions and counts begin at zero; ratios are in per cent
    of what they compare with, which is marked, as zero is of differences."""
    field = _Field(_scale(blocks, kind), kind, Plane(words.lang == "ar"), words)
    return _chart(id_, title, summary, blocks, field, axis)


@dataclass(frozen=True)
class _Field:
    """The scale of a chart of estimates, and how its numbers are written."""

    scale: Sequence[float]
    kind: Kind
    plane: Plane
    words: Words

    def at(self, value: float) -> float:
        low, high = self.scale[0], self.scale[-1]
        return min(max(100 * (value - low) / (high - low), 0.0), 100.0)

    def say(self, value: float, digits: int = 0) -> str:
        if self.kind in ("fraction", "ratio"):
            return self.words.percent(value, digits)
        if self.kind == "count":
            return self.words.number(round(value))
        return self.words.measured(round(value, 3))

    @property
    def none(self) -> float | None:
        """Where there is no change, on scales of changes."""
        return {"ratio": 1.0, "difference": 0.0}.get(self.kind)


def _chart(
    id_: str, title: str, summary: str, blocks: Sequence[Block], field: _Field, axis: str
) -> Chart:
    drawn: list[Markup] = []
    top = 0
    for block in blocks:
        if block.heading:
            drawn.append(heading_text(field.plane, top + 18, block.heading))
            top += HEADING
        for row in block.rows:
            parts = _interval(row, top + 4, field)
            drawn.append(tag("g", *parts, class_="under" if block.heading else None))
            top += ROW
    svg = drawing(id_, title, summary, top + 50, [*_axis(field, top, axis), *drawn])
    return Chart(id_, title, summary, svg, _table(blocks, field))


def _axis(field: _Field, height: int, title: str) -> list[Markup]:
    plane, drawn = field.plane, []
    step = field.scale[1] - field.scale[0]
    digits = 1 if field.kind in ("fraction", "ratio") and round(step * 100, 6) % 1 else 0
    for value in field.scale:
        anchor = {field.scale[0]: "start", field.scale[-1]: "end"}.get(value, "middle")
        class_ = "base" if value == field.none else "grid"
        drawn.append(plane.line(field.at(value), field.at(value), 4, height + 6, class_))
        said = field.words.compact(value) if field.kind == "count" else field.say(value, digits)
        drawn.append(plane.text(field.at(value), height + 22, said, anchor, "tick"))
    return [*drawn, plane.text(100, height + 42, title, "end", "axis")]


def _table(blocks: Sequence[Block], field: _Field) -> Table:
    words = field.words
    names = ("of", "value", "low", "high", "level", "n")
    rows = tuple(
        (_full(block, row), *(field.say(v, 1) for v in (one.value, one.low, one.high)),
         words.percent(one.level), words.number(one.n))
        for block in blocks for row in block.rows for one in (row.estimate,)
    )  # fmt: skip
    return Table(tuple(words(f"column.{name}") for name in names), rows, (1, 2, 3, 4, 5))


def _full(block: Block, row: Row) -> str:
    return f"{block.heading}: {row.label}" if block.heading else row.label


def _scale(blocks: Sequence[Block], kind: Kind) -> list[float]:
    if kind == "ratio":
        return [0.0, 0.5, 1.0, 1.5, MOST_RATIO]
    if kind == "fraction" and max(_ends(blocks)) > 0.5:
        return [n / 4 for n in range(5)]
    return _span(blocks)


def _span(blocks: Sequence[Block]) -> list[float]:
    """Round numbers that take in all intervals, and zero."""
    low, high = min(0.0, *_ends(blocks)), max(0.0, *_ends(blocks))
    step = round_step((high - low) / 4 or 1.0)
    return [step * n for n in range(math.floor(low / step), math.ceil(high / step - 1e-9) + 1)]


def _ends(blocks: Sequence[Block]) -> list[float]:
    return [
        end
        for block in blocks for row in block.rows
        for end in (row.estimate.low, row.estimate.value, row.estimate.high)
    ]  # fmt: skip


def _interval(row: Row, y: float, field: _Field) -> list[Markup]:
    one, plane = row.estimate, field.plane
    left, at, right = (field.at(value) for value in (one.low, one.value, one.high))
    middle = y + 25
    drawn = [
        label_text(plane, y + 12, row.label),
        *_said(one, y + 12, field),
        plane.line(0, 100, middle, middle, "grid"),
        *_open(one, left, right, middle, plane),
        plane.line(left, right, middle, middle, "interval"),
    ]
    for end, place in ((one.low, left), (one.high, right)):
        if field.scale[0] <= end <= field.scale[-1]:  # else it goes on beyond the scale
            drawn.append(plane.line(place, place, middle - 6, middle + 6, "whisker"))
    if field.scale[0] <= one.value <= field.scale[-1]:
        drawn.append(tag("circle", cx=plane.x(at), cy=middle, r=5.5, class_="dot"))
    return drawn


def _open(one: Estimate, left: float, right: float, y: float, plane: Plane) -> list[Markup]:
    """The side of a bound of which nothing is known."""
    if one.bound is None:
        return []
    ends = (right, 100.0) if one.bound == "lower" else (0.0, left)
    return [plane.line(*ends, y, y, "open")]


def _said(one: Estimate, y: float, field: _Field) -> list[Markup]:
    """The number beside an estimate, on a broad page with its interval; of a bound its end."""
    digits = _digits(one.high, field)
    ends = {end: field.say(getattr(one, end), digits) for end in ("value", "low", "high")}
    long, short = field.words("interval-of", **ends), field.say(one.value)
    if one.low == one.high:  # counted: there is no interval
        long = short
    if one.bound:
        end = one.low if one.bound == "lower" else one.high
        short = field.words(f"bound.{one.bound}", value=field.say(end, _digits(end, field)))
        long = short if end == one.value else field.words(f"bound.{one.bound}-found", **ends)
    return [
        field.plane.text(100, y, words, "end", f"value {kind}")
        for words, kind in ((long, "roomy"), (short, "narrow"))
    ]


def _digits(value: float, field: _Field) -> int:
    """Digits after the point: small fractions would all be zero without one."""
    return 1 if field.kind == "fraction" and abs(value) < 0.1 else 0
