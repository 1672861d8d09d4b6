"""From a fitted log-linear model to the number of units: n + exp(intercept), and its error.

The Poisson fit gives N = n + exp(γ) with variance exp(γ) + exp(2γ) Var(γ) (Rivest and Lévesque
2001); Mb and Mbh have formulas of their own, with the delta method.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from marsad.measure.capture_recapture.closed import Design, fit_design
from marsad.measure.capture_recapture.poisson import Array, Fits, log_likelihood


@dataclass(frozen=True)
class Fitted:
    """One model. ``abundance`` and ``stderr`` are of the Poisson fit; ``low`` and ``high`` the
    profile-likelihood interval around ``multinomial``, None where they were not asked for or have
    no end. ``weight`` is its share in the average; ``empty_cells`` counts the
    cells that the fit puts at 0; ``excluded`` says why it has no weight."""

    name: str
    abundance: float
    stderr: float
    deviance: float
    df: int
    aic: float
    bic: float
    weight: float = 0.0
    multinomial: float | None = None
    low: float | None = None
    high: float | None = None
    empty_cells: int = 0
    excluded: str | None = None


def fitted_closed(
    counts: Array, design: Design, n: float, k: int
) -> tuple[Fitted, dict[str, float]]:
    """A closed-population model fitted, with its coefficients by number of column."""
    fits, kept = fit_design(counts, design)
    beta, covariance = fits.coefficients[0], fits.covariance[0]
    value, error = _number(design.name, beta, covariance, n, k)
    parameters = int(kept.sum())
    row = summary(design.name, counts, fits, 0, parameters, n, (value, error))
    return row, {str(i): float(beta[i]) for i in np.flatnonzero(kept)}


def summary(
    name: str, counts: Array, fits: Fits, at: int, parameters: int, n: float,
    number: tuple[float, float],
) -> Fitted:  # fmt: skip
    """The row of a model: AIC = −2 log L + 2p, BIC with log n, of the Poisson likelihood."""
    deviance = float(fits.deviance[at])
    doubled = -2 * float(log_likelihood(counts, np.array(deviance)))
    aic, bic = doubled + 2 * parameters, doubled + math.log(n) * parameters
    return Fitted(name, *number, deviance, len(counts) - parameters, aic, bic)


def poisson_number(n: float, intercept: float, variance: float) -> tuple[float, float]:
    """N and its standard error, from the intercept and its variance."""
    unseen = math.exp(intercept)
    return n + unseen, math.sqrt(unseen + unseen**2 * max(variance, 0.0))


def _number(name: str, beta: Array, covariance: Array, n: float, k: int) -> tuple[float, float]:
    if name == "Mb":
        return _behaviour(beta, covariance, k)
    if name == "Mbh":
        return _behaviour_first_apart(beta, covariance, k)
    return poisson_number(n, float(beta[0]), float(covariance[0, 0]))


def _behaviour(beta: Array, covariance: Array, k: int) -> tuple[float, float]:
    """Mb: the first hits fall off as q^i; N is their sum without end."""
    gamma, before, again = np.exp(beta)
    left = 1 + again - before
    number = gamma * (1 + again) ** k / left
    slopes = np.array([1, before / left, k * again / (1 + again) - again / left])
    return float(number), _error(number * slopes, covariance, number)


def _behaviour_first_apart(beta: Array, covariance: Array, k: int) -> tuple[float, float]:
    """Mbh: as Mb, from the second occasion on."""
    gamma, apart, before, again = np.exp(beta)
    left = 1 + again - before
    later = apart * before / left
    common = gamma * (1 + again) ** (k - 1)
    number = common * (1 + later)
    slopes = np.array([
        1 + later, later, later + later * before / left,
        (k - 1) * again / (1 + again) - later * again / left,
    ])  # fmt: skip
    return float(number), _error(common * slopes, covariance, number)


def _error(slopes: Array, covariance: Array, number: float) -> float:
    variance = float(slopes @ covariance @ slopes) - float(number)
    return math.sqrt(variance) if variance >= 0 else math.nan
