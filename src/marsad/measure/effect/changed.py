"""A change as an Estimate: ratios for counts, differences for means, with what must hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from marsad.measure.effect.events import Event
from marsad.measure.effect.naming import spoken
from marsad.measure.effect.outliers import OUTLIERS, outliers
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
    date: str,
    ends: tuple[float, float, float],
    series: Series,
    level: float,
    method: str = "segmented",
    warnings: tuple[str, ...] = (),
) -> Estimate:
    """Median, low and high on the scale of the link, as the Estimate ``name-date``.

    Raises `Refused` for a ratio whose interval holds a thousandth and a thousandfold of its value.
    """
    counted = series.kind == "count"
    if counted and ends[2] - ends[1] > WIDEST:
        raise Refused(
            "measure.effect.tells-nothing", ["days"], NEXT, name=spoken(series.name), date=date
        )
    value, low, high = np.exp(ends) if counted else ends
    return Estimate(
        f"{name}-{date}", float(value), float(low), float(high), level,
        f"{method}-{'counts' if counted else 'means'}", series.frame, len(series.days),
        (*ASSUMED[method], *series.assumed), (*of_the_units(series), *warnings),
    )  # fmt: skip


def as_percent(estimate: Estimate) -> Estimate:
    """A ratio as a change in per cent: 0.6 becomes −40. Its name ends in ``-percent``."""
    value, low, high = (100 * (x - 1) for x in (estimate.value, estimate.low, estimate.high))
    return replace(estimate, name=f"{estimate.name}-percent", value=value, low=low, high=high)


def of_the_units(series: Series) -> tuple[str, ...]:
    """Warnings about who is counted."""
    closed = ("closed-panel",) if series.frame == "closed-panel" else ()
    return (*closed, *series.warned)


def of_the_data(several: Sequence[Series], events: Sequence[Event]) -> tuple[str, ...]:
    """Warnings about the days of any of these, before any is left out on purpose."""
    said = {
        "days-missing": any(one.missing_days for one in several),
        OUTLIERS: any(outliers(one, events) for one in several),
    }
    return tuple(name for name, applies in said.items() if applies)
