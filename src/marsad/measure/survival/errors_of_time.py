"""The distributions of W in log T = xβ + σW, with what their likelihood's derivatives need."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from marsad.measure.survival.data import Floats

Derived = tuple[Floats, Floats, Floats]
"""A log likelihood by account, its slopes and its second derivatives in (xβ, log σ)."""
FAR = 500.0


@dataclass(frozen=True)
class Family:
    """log S(z) = P(W > z), log f(z), and the first two derivatives of log f."""

    log_survival: Callable[[Floats], Floats]
    log_density: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    bend: Callable[[Floats], Floats]
    quantile: Callable[[float], float]
    scale_fixed: bool = False

    def between(self, low: Floats, high: Floats, scale: float) -> Derived:
        """log(S(low) − S(high)); an end at ±∞ adds nothing."""
        log_low, log_high = self.log_survival(low), self.log_survival(high)
        gap = np.minimum(log_high - log_low, -1e-15)
        value = log_low + np.log(-np.expm1(gap))
        first, second = np.zeros((2, len(low))), np.zeros((2, 2, len(low)))
        for z, side in ((low, -1.0), (high, 1.0)):
            inner = np.isfinite(z)
            at = np.where(inner, z, 0.0)
            ratio = np.exp(np.minimum(self.log_density(at) - value, FAR))
            weight = np.where(inner, side * ratio, 0.0)
            one, two = _of_z(at, scale)
            first += weight * one
            second += weight * (self.slope(at) * one[:, None] * one[None] + two)
        return value, first, second - first[:, None] * first[None]

    def density(self, z: Floats, scale: float, log_time: Floats) -> Derived:
        """log of the density of T itself."""
        at = np.where(np.isfinite(z), z, 0.0)
        value = self.log_density(at) - math.log(scale) - np.where(np.isfinite(z), log_time, 0.0)
        one, two = _of_z(at, scale)
        slope, bend = self.slope(at), self.bend(at)
        first = slope * one - np.array([[0.0], [1.0]])
        return value, first, bend * one[:, None] * one[None] + slope * two


def _of_z(z: Floats, scale: float) -> tuple[Floats, Floats]:
    """Derivatives of z = (log t − xβ)/σ in (xβ, log σ)."""
    one = np.array([np.full(len(z), -1 / scale), -z])
    across = np.full(len(z), 1 / scale)
    return one, np.array([[np.zeros(len(z)), across], [across, z]])


def _exp(z: Floats) -> Floats:
    return np.asarray(np.exp(np.minimum(z, FAR)))


def _weibull_log_survival(z: Floats) -> Floats:
    return -_exp(z)


def _normal_log_survival(z: Floats) -> Floats:
    from scipy import special

    return np.asarray(special.log_ndtr(-z))


def _normal_quantile(share: float) -> float:
    from scipy import special

    return float(special.ndtri(share))


def _logistic_log_survival(z: Floats) -> Floats:
    return np.asarray(-np.logaddexp(0.0, z))


def _logistic(z: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -FAR, FAR))))


_EXTREME = (
    _weibull_log_survival,
    lambda z: z - _exp(z),
    lambda z: 1 - _exp(z),
    lambda z: -_exp(z),
    lambda share: math.log(-math.log1p(-share)),
)
FAMILIES = {
    "weibull": Family(*_EXTREME),
    "exponential": Family(*_EXTREME, scale_fixed=True),
    "lognormal": Family(
        _normal_log_survival,
        lambda z: -0.5 * z**2 - 0.5 * math.log(2 * math.pi),
        lambda z: -z,
        lambda z: -np.ones(len(z)),
        _normal_quantile,
    ),
    "loglogistic": Family(
        _logistic_log_survival,
        lambda z: z - 2 * np.logaddexp(0.0, z),
        lambda z: 1 - 2 * _logistic(z),
        lambda z: -2 * _logistic(z) * (1 - _logistic(z)),
        lambda share: math.log(share / (1 - share)),
    ),
}
