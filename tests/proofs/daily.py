"""Daily counts with known effects, for proofs: who counts what, and how noisy the days are.

A day's count is negative binomial (α = .02) with mean base · exp(weekday + noise + what is shared +
effect); the noise is AR(1) with coefficient ``rho`` and standard deviation ``sigma``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marsad.measure.effect import Series

Floats = NDArray[np.float64]
WEEK = np.log([1, 1.05, 1.1, 1.05, 1, 0.8, 0.75])
WEEK -= WEEK.mean()
ALPHA, FIRST = 0.02, 18_000


def carried(rng: np.random.Generator, days: int, rho: float, sigma: float) -> Floats:
    """AR(1) noise (days,), stationary from the first day."""
    chance = sigma * rng.standard_normal(days)
    noise = np.empty(days)
    noise[0] = chance[0]
    for t in range(1, days):
        noise[t] = rho * noise[t - 1] + np.sqrt(1 - rho**2) * chance[t]
    return noise


def counts(rng: np.random.Generator, name: str, base: float, course: Floats) -> Series:
    """A series whose log means are log(base) + weekday + ``course`` (days,)."""
    day = np.arange(len(course))
    mean = base * np.exp(WEEK[day % 7] + course)
    drawn = rng.poisson(mean * rng.gamma(1 / ALPHA, ALPHA, len(day)))
    return Series.of(name, FIRST + day, drawn)


def day_noise(days: int, base: float, rho: float, sigma: float) -> Floats:
    """The covariance (days, days) of the logarithms of such counts, what is shared left out."""
    apart = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
    covariance: Floats = sigma**2 * rho**apart + np.eye(days) * (1 / base + ALPHA)
    return covariance


def oracle_width(matrix: Floats, contrast: Floats, covariance: Floats, ratio: float) -> float:
    """Width of the interval of somebody who knows the noise: generalised least squares on the
    logarithms, ± 1.96 standard errors of ``contrast`` (p,)."""
    known = np.linalg.inv(matrix.T @ np.linalg.solve(covariance, matrix))
    half = 1.96 * np.sqrt(contrast @ known @ contrast)
    return float(ratio * (np.exp(half) - np.exp(-half)))
