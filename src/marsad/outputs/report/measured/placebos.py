"""The jump at an event among those of placebo dates."""

from __future__ import annotations

from collections import Counter

import numpy as np
from markupsafe import Markup

from marsad.measure.effect.placebo import Placebos
from marsad.measure.effect.series import Kind
from marsad.outputs.passage import isolated
from marsad.outputs.report.axes import round_step
from marsad.outputs.report.chart import Chart, Table, drawing
from marsad.outputs.report.svg import Plane, tag
from marsad.outputs.report.wording import Words
from marsad.records.times import DAY

HEAD, STEP, PLACES = 34.0, 12.0, 40
"""Where dots begin, how far apart they are stacked, in pixels; how many stacks there can be."""


def placebo_chart(
    id_: str, outcome: str, kind: Kind, event: int, found: Placebos, words: Words
) -> Chart:
    """A dot for each placebo date, those of like jumps on one another; a line for the event
    (epoch day)."""
    date = isolated(words.date(event * DAY))
    title = words("chart.placebo.title", outcome=outcome, date=date)
    count = len(found.jumps)
    summary = words(
        "chart.placebo.summary", count=count, far=round(found.p * (1 + count)) - 1,
        p=words.number(found.p, 3),
    )  # fmt: skip
    jumps = _shown(np.append(found.jumps, found.jump), kind)
    drawn, height = _drawn(jumps, kind, words.event(event), Plane(words.lang == "ar"), words)
    svg = drawing(id_, title, summary, height, drawn)
    dates = [words.date(int(day) * DAY) for day in found.days]
    rows = tuple(
        (name, _say(float(jump), kind, words))
        for name, jump in zip([*dates, words("placebo.event", date=date)], jumps, strict=True)
    )
    headers = (words("column.day"), words("column.jump"))
    return Chart(id_, title, summary, svg, Table(headers, rows, (1,)))


def _shown(jumps: np.ndarray, kind: Kind) -> np.ndarray:
    """Of counts the change as a fraction, of means the difference."""
    return np.expm1(jumps) if kind == "count" else jumps


def _say(jump: float, kind: Kind, words: Words) -> str:
    return words.change(jump) if kind == "count" else words.measured(round(jump, 3))


def _drawn(
    jumps: np.ndarray, kind: Kind, event: str, plane: Plane, words: Words
) -> tuple[list[Markup], float]:
    low, high = min(0.0, float(jumps.min())), max(0.0, float(jumps.max()))
    step = round_step((high - low) / 4 or 1.0)
    scale = np.arange(np.floor(low / step), np.ceil(high / step) + 1) * step
    at = 2 + 96 * (jumps - scale[0]) / (scale[-1] - scale[0])
    stacks = Counter(np.rint(at[:-1] * PLACES / 100).astype(int).tolist())
    floor = HEAD + STEP * max(stacks.values()) + 10
    drawn = []
    for value in scale.tolist():
        x = float(2 + 96 * (value - scale[0]) / (scale[-1] - scale[0]))
        drawn.append(plane.line(x, x, HEAD, floor, "base" if abs(value) < step / 2 else "grid"))
        anchor = {scale[0]: "start", scale[-1]: "end"}.get(value, "middle")
        drawn.append(plane.text(x, floor + 18, _say(value, kind, words), anchor, "tick"))
    for place, many in stacks.items():
        drawn += [
            tag(
                "circle",
                cx=plane.x(100 * place / PLACES),
                cy=floor - STEP * (n + 0.6),
                r=4,
                class_="placebo",
            )
            for n in range(many)
        ]
    mine = float(at[-1])
    drawn.append(plane.line(mine, mine, HEAD - 8, floor, "event"))
    drawn.append(plane.text(mine, HEAD - 14, event, "end" if mine > 50 else "start", "label"))
    axis = words("axis.jump" if kind == "count" else "axis.jump-difference")
    return [*drawn, plane.text(100, floor + 38, axis, "end", "axis")], floor + 46
