"""Totals over a window: observed, expected with the event, and what there would have been."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.measure.effect.changed import estimate_of
from marsad.measure.effect.counts import MOST
from marsad.measure.effect.design import Design
from marsad.measure.effect.noise import Floats, grid
from marsad.measure.effect.regression import Regression
from marsad.measure.effect.series import Days, Series
from marsad.records.estimate import Estimate

DRAWS, SEED = 2000, 20210106


@dataclass(frozen=True)
class Totals:
    """``observed`` over the window; draws (D,) of ``change`` (log ratio, or mean difference, of
    what is expected with and without), and of ``avoided``: without, less observed."""

    observed: float
    change: Floats
    avoided: Floats

    def estimates(
        self, date: str, series: Series, level: float, warnings: tuple[str, ...] = ()
    ) -> list[Estimate]:
        """``window-change-DATE``, and of counts ``avoided-total-DATE``."""
        change = ends(self.change, level)
        made = [estimate_of("window-change", date, change, series, level, warnings=warnings)]
        if series.kind == "count":
            value, low, high = ends(self.avoided, level)
            made.append(Estimate(
                f"avoided-total-{date}", value, low, high, level, "segmented-forecast",
                series.frame, made[0].n, made[0].assumptions, made[0].warnings,
            ))  # fmt: skip
        return made


def ends(draws: Floats, level: float) -> tuple[float, float, float]:
    """Median, low and high end of draws."""
    tail = (1 - level) / 2
    value, low, high = np.quantile(draws, [0.5, tail, 1 - tail])
    return float(value), float(low), float(high)


def window_totals(
    series: Series, columns: Design, found: Regression, event: int, window: NDArray[np.bool_]
) -> Totals:
    """Totals of an event over the days of ``window`` (T,).

    By simulation from the mixture, the same at every call. What there would have been is a
    forecast: it has the days' own noise, as autocorrelated as each draw says.
    """
    rng = np.random.default_rng(SEED)
    betas, which = found.mixture.draws(rng, DRAWS)
    observed = float(series.values[window].sum())
    without = betas @ columns.without(event)[window].T
    expected = without + betas @ (columns.matrix - columns.without(event))[window].T
    if series.kind == "mean":
        return Totals(observed, (expected - without).mean(axis=1), np.zeros(DRAWS))
    with_total, without_total = (
        np.exp(np.clip(one, -MOST, MOST)).sum(axis=1) for one in (expected, without)
    )
    course = np.exp(np.clip(np.median(without, axis=0), -MOST, MOST))
    relative = _noise(course * found.spread[window], found, which, series.days[window])
    relative /= course.sum()
    chance = rng.standard_normal(DRAWS)
    forecast = without_total * np.exp(relative * chance - relative**2 / 2)
    return Totals(observed, np.log(with_total / without_total), forecast - observed)


def _noise(scaled: Floats, found: Regression, which: NDArray[np.int64], days: Days) -> Floats:
    """Of each draw the standard deviation of a total whose days have ``scaled`` ones."""
    daily = np.zeros(int(days[-1] - days[0]) + 1)
    daily[days - days[0]] = scaled
    products = np.correlate(daily, daily, "full")[len(daily) - 1 :]  # of days k apart
    powers = grid().rho[:, None] ** np.arange(1, len(daily))
    carried = 2 * grid().share * (powers @ products[1:])
    noise: Floats = np.sqrt(found.mixture.scale * (products[0] + carried))[which]
    return noise
