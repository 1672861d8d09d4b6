"""Posts over time as columns; those with a finding in a panel of their own below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marsad.outputs.report.axes import time_ticks, upright_axis
from marsad.outputs.report.chart import Chart, Table, drawing
from marsad.outputs.report.data import Volume
from marsad.outputs.report.svg import Plane, tag
from marsad.outputs.report.wording import Words


@dataclass(frozen=True)
class Panel:
    """One row of columns with an axis of its own."""

    title: str
    values: Sequence[int]
    class_: str
    height: int = 150


def volume_chart(volume: Volume, words: Words) -> Chart:
    """A panel of all posts, and one of those with a finding if there are any."""
    title, summary = words("volume.title", unit=words(f"unit.{volume.unit}")), _told(volume, words)
    panels = [Panel(title, [one.posts for one in volume.bins], "bar")]
    if any(one.found for one in volume.bins):
        found = [one.found for one in volume.bins]
        panels.append(Panel(words("volume.found"), found, "bar found"))
    svg = _over_time(volume, panels, title, summary, words)
    return Chart("volume", title, summary, svg, _table(volume, words))


def _told(volume: Volume, words: Words) -> str:
    peak = max(volume.bins, key=lambda one: one.posts)
    return words(
        "volume.summary",
        peak=words.bin(volume.unit, peak.start),
        posts=words.number(peak.posts),
        first=words.bin(volume.unit, volume.bins[0].start),
        last=words.bin(volume.unit, volume.bins[-1].start),
    )


def _table(volume: Volume, words: Words) -> Table:
    rows = tuple(
        (words.bin(volume.unit, one.start), words.number(one.posts), words.number(one.found))
        for one in volume.bins
    )
    headers = tuple(words(f"column.{name}") for name in ("period", "posts", "with-finding"))
    return Table(headers, rows, (1, 2))


def _over_time(
    volume: Volume, panels: Sequence[Panel], title: str, summary: str, words: Words
) -> Markup:
    parts, height = columns(volume, panels, 0, Plane(words.lang == "ar"), words)
    return drawing("volume", title, summary, height, parts, upright=True)


def columns(
    volume: Volume, panels: Sequence[Panel], top: int, plane: Plane, words: Words
) -> tuple[list[Markup], int]:
    """Panels one below the other over one axis of time, from ``top`` on; and where they end."""
    parts: list[Markup] = []
    ticks = time_ticks(volume.unit, volume.bins)
    for panel in panels:
        parts += _columns(panel, top, [t.at for t in ticks], volume, plane, words)
        top += panel.height + 52
    base = top - 8
    labels = [
        plane.text(tick.at, base, words.tick(tick.start, tick.pattern), tick.anchor, tick.class_)
        for tick in ticks
    ]
    axis = plane.text(100, base + 22, words("axis.time"), "end", "axis")
    return [*parts, *labels, axis], base + 32


def _columns(
    panel: Panel, top: int, ticks: Sequence[float], volume: Volume, plane: Plane, words: Words
) -> list[Markup]:
    head, floor = top + 30, top + 20 + panel.height
    drawn, scale = upright_axis(max(panel.values), panel.title, head, floor, plane, words)
    drawn += [plane.line(at, at, floor, floor + 5, "base") for at in ticks]
    wide = 100 / len(panel.values)
    for n, value in enumerate(panel.values):
        high = (floor - head) * value / scale
        if high:
            name = f"{words.bin(volume.unit, volume.bins[n].start)}: {words.number(value)}"
            drawn.append(
                plane.rect(n * wide + wide * 0.08, wide * 0.84, floor - high, high,
                           tag("title", name), class_=panel.class_)
            )  # fmt: skip
    return drawn
