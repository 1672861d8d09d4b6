"""What measures told, drawn: every number with its interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from marsad.outputs.report.chart import Chart
from marsad.outputs.report.curve import survival_chart
from marsad.outputs.report.measured.census import census_charts
from marsad.outputs.report.measured.effect import effect_charts
from marsad.outputs.report.measured.returns import returns_charts
from marsad.outputs.report.measured.shape import shape_charts
from marsad.outputs.report.wording import Words
from marsad.workspace.measuring.everything import Measured

Charts = list[Sequence[Chart]]
"""Charts in rows: of one they take the whole breadth, else they stand side by side."""


def charts_of(measured: Measured, words: Words, safe: Mapping[str, str]) -> Charts:
    """The charts of one measure. ``safe`` has names of the data as they may be shown."""
    if measured.measure == "census":
        return census_charts(measured.estimates, measured.marginals, words, safe)
    draw = _CHARTS.get(measured.measure)
    return draw(measured, words) if draw else []


def _survival(measured: Measured, words: Words) -> Charts:
    chart = survival_chart(measured.curve, words) if measured.curve else None
    return [[chart]] if chart else []


_CHARTS: dict[str, Callable[[Measured, Words], Charts]] = {
    "survival": _survival,
    "returns": lambda measured, words: returns_charts(measured.estimates, words),
    "effect": lambda measured, words: effect_charts(measured.effects, words),
    "network": lambda measured, words: shape_charts(measured.networks, words),
}
