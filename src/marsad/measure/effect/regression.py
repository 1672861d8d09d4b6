"""Fitting a segmented regression: counts or means, with noise that may carry over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.measure.effect import counts as of_counts
from marsad.measure.effect.mixture import Mixture, fit
from marsad.measure.effect.newey_west import newey_west
from marsad.measure.effect.noise import Floats
from marsad.measure.effect.series import Days, Kind

PASSES = 2
"""How often the working response is made anew from the coefficients of the last pass."""


@dataclass(frozen=True)
class Regression:
    """``mixture`` of coefficients; ``spread`` (T,): the noise's standard deviation on the scale of
    the link is ``spread`` · √scale; ``hac`` (p, p) Newey and West's covariance of them;
    ``dispersion`` of the negative binomial, 0 for means."""

    mixture: Mixture
    spread: Floats
    hac: Floats
    dispersion: float


def regress(matrix: Floats, values: Floats, days: Days, kind: Kind, offset: Floats) -> Regression:
    """``values`` (T,) on ``matrix`` (T, p). Counts have a log link and ``offset`` is added to the
    logarithm; of means it is subtracted."""
    if kind == "mean":
        response, spread = values - offset, np.ones(len(days))
        mixture = fit(matrix, response, days)
        beta = np.linalg.lstsq(matrix, response, rcond=None)[0]
        return Regression(mixture, spread, newey_west(matrix, response - matrix @ beta), 0.0)
    first = of_counts.count_fit(matrix, values, offset)
    beta, dispersion = first.beta, first.dispersion
    columns, response, spread = of_counts.working(matrix, values, offset, beta, dispersion)
    hac = newey_west(columns, response - columns @ beta)
    for left in reversed(range(PASSES)):
        mixture = fit(columns, response, days)
        if left:
            columns, response, spread = of_counts.working(
                matrix, values, offset, mixture.centre, dispersion
            )
    return Regression(mixture, spread, hac, dispersion)
