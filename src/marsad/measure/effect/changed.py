"""A change as an Estimate: ratios for counts, differences for means, with what must hold."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from marsad.measure.effect.naming import spoken
from marsad.measure.effect.series import NEXT, Series
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate

WIDEST = 2 * math.log(1000)
ASSUMED = {
    "segmented": ("trend-goes-on", "nothing-else-then", "noise-stationary"),
    "differences": ("parallel-trends", "controls-untouched", "noise-stationary"),
    "differences-trend": ("trends-differ-steadily", "controls-untouched", "noise-stationary"),
    "synthetic": ("weights-go-on", "controls-untouched", "noise-stationary"),
}


def estimate_of(
    name: str,
    ends: tuple[float, float, float],
    series: Series,
    level: float,
    method: str = "segmented",
    warnings: tuple[str, ...] = (),
) -> Estimate:
    """Median, low and high on the scale of the link, as an Estimate on its own.

    Raises `Refused` for a ratio whose interval holds a thousandth and a thousandfold of its value.
    """
    counted = series.kind == "count"
    if counted and ends[2] - ends[1] > WIDEST:
        raise Refused("measure.effect.tells-nothing", ["days"], NEXT, name=spoken(series.name))
    value, low, high = np.exp(ends) if counted else ends
    closed = ("closed-panel",) if series.frame == "closed-panel" else ()
    return Estimate(
        name, float(value), float(low), float(high), level,
        f"{method}-{'counts' if counted else 'means'}", series.frame, len(series.days),
        ASSUMED[method], (*closed, *warnings),
    )  # fmt: skip


def as_percent(estimate: Estimate) -> Estimate:
    """A ratio as a change in per cent: 0.6 becomes −40. Its name ends in ``-percent``."""
    value, low, high = (100 * (x - 1) for x in (estimate.value, estimate.low, estimate.high))
    return replace(estimate, name=f"{estimate.name}-percent", value=value, low=low, high=high)


def of_the_data(series: Series) -> tuple[str, ...]:
    """Warnings about the days themselves, before any is left out on purpose."""
    return ("days-missing",) if series.missing_days else ()
