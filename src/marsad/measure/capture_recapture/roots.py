"""Roots of rising functions: many at a time, or one whose bracket must be found first."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from marsad.measure.capture_recapture.poisson import Array

ROUNDS = 80


def rising_root(curve: Callable[[Array], Array], low: Array, high: Array) -> Array:
    """Where each of b rising functions is 0 between ``low`` and ``high`` (regula falsi, Illinois).

    Where there is no change of sign the result says nothing.
    """
    below, above = curve(low), curve(high)
    lacking = (below > 0) | (above < 0)
    guess, side = low, np.zeros_like(low)
    for _ in range(ROUNDS):
        across = np.where(above > below, above - below, 1.0)
        guess = np.clip(high - above * (high - low) / across, low, high)
        value = curve(guess)
        left = value < 0
        below = np.where(left, value, np.where(side > 0, below / 2, below))
        above = np.where(left, np.where(side < 0, above / 2, above), value)
        low, high = np.where(left, guess, low), np.where(left, high, guess)
        side = np.where(left, -1.0, 1.0)
        if (lacking | (np.abs(value) < 1e-8) | (high - low < 1e-9 * (1 + high))).all():
            break
    return guess


def crossing(
    curve: Callable[[float], float], aim: float, begin: float, step: float, furthest: float
) -> float | None:
    """Where a rising function of a number ≥ 0 is ``aim``: 0 if it is above at 0, None if nowhere.

    Goes outwards from ``begin`` in steps that double, up to ``furthest``; then Brent's method.
    """
    from scipy.optimize import brentq

    low, high, reach = 0.0, max(begin, 1e-3), max(step, 1e-3)
    if curve(high) >= aim and curve(0.0) >= aim:
        return 0.0
    while curve(high) < aim:
        low, high, reach = high, high + reach, reach * 2
        if high > furthest:
            return None
    found: float = brentq(lambda one: curve(one) - aim, low, high, xtol=1e-6, rtol=1e-8)
    return found
