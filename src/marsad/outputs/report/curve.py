"""The fraction of accounts alive by day, with its interval at each day."""

from __future__ import annotations

import numpy as np
from markupsafe import Markup

from marsad.measure.survival.answers import Curve
from marsad.outputs.report.axes import GUTTER, round_step
from marsad.outputs.report.chart import Chart, Table, drawing
from marsad.outputs.report.svg import Plane
from marsad.outputs.report.wording import Words

HEAD, FLOOR = 40.0, 240.0
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
DAYS = 6
"""Days marked under the drawing, about."""


def survival_chart(curve: Curve, words: Words) -> Chart | None:
    """The curve with its interval; None where it has none, as nobody ended, say."""
    if not len(curve.days) or not np.isfinite(curve.low).all():
        return None
    title = words("curve.title")
    summary = words(
        "curve.summary",
        days=words.number(float(curve.days[-1])), alive=words.percent(float(curve.survival[-1]), 1),
    )  # fmt: skip
    plane = Plane(words.lang == "ar")
    drawn = [*_axes(curve, plane, words), *_steps(curve, plane)]
    svg = drawing("survival-curve", title, summary, FLOOR + 50, drawn, upright=True)
    return Chart("survival-curve", title, summary, svg, _table(curve, words))


def _y(alive: float) -> float:
    return FLOOR - (FLOOR - HEAD) * alive


def _axes(curve: Curve, plane: Plane, words: Words) -> list[Markup]:
    drawn = [plane.text(0, HEAD - 18, words("curve.axis"), class_="axis", aside=-GUTTER)]
    for alive in QUARTERS:
        y = _y(alive)
        drawn.append(plane.line(0, 100, y, y, "grid" if alive else "base"))
        drawn.append(plane.text(0, y + 4, words.percent(alive), "end", "tick", aside=-8))
    last = float(curve.days[-1])
    step = round_step(last / DAYS)
    for day in np.arange(0, last + step / 100, step).tolist():
        anchor = "start" if not day else "end" if day > 0.94 * last else "middle"
        drawn.append(plane.text(100 * day / last, FLOOR + 22, words.number(day), anchor, "tick"))
    drawn.append(plane.text(100, FLOOR + 42, words("curve.days"), "end", "axis"))
    return drawn


def _steps(curve: Curve, plane: Plane) -> list[Markup]:
    """From one end of a piece to the next: its band, and the curve over it."""
    at = 100 * np.concatenate([[curve.start], curve.days]) / curve.days[-1]
    alive, low, high = (
        np.concatenate([[1.0], part]) for part in (curve.survival, curve.low, curve.high)
    )
    bands, lines = [], []
    for n in range(len(curve.days)):
        top, bottom = _y(float(high[n])), _y(float(low[n + 1]))
        bands.append(
            plane.rect(at[n], at[n + 1] - at[n], top, max(bottom - top, 1.0), class_="band")
        )
        ends = _y(float(alive[n])), _y(float(alive[n + 1]))
        lines.append(plane.line(at[n], at[n + 1], *ends, "curve"))
    return [*bands, *lines]


def _table(curve: Curve, words: Words) -> Table:
    columns = (curve.survival, curve.low, curve.high)
    rows = tuple(
        (words.number(float(day)), *(words.percent(float(part[n]), 1) for part in columns))
        for n, day in enumerate(curve.days)
    )
    names = ("day", "value", "low", "high")
    return Table(tuple(words(f"column.{name}") for name in names), rows, (0, 1, 2, 3))
