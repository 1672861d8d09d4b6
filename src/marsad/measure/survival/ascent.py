"""Newton ascent of a concave log likelihood over parameters that cannot be negative.

Every likelihood here that is written in cumulative hazard is concave: each account adds either
minus a sum of hazards (known to have lived) or log(1 − exp(−sum)) (known to have ended). A step
maximises the quadratic approximation under x ≥ 0 exactly, by block principal pivoting (Kim and
Park 2011, SIAM J. Sci. Comput. 33:3261); then the step is halved until the likelihood grows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_ROUNDS, MOST_STEPS, MOST_HALVINGS = 100, 200, 50


class Concave(Protocol):
    """A concave function with its slope and minus its curvature."""

    def value(self, x: Floats) -> float: ...

    def slopes(self, x: Floats) -> tuple[Floats, Floats]: ...


def maximum(of: Concave, start: Floats, tolerance: float) -> Floats:
    """Where ``of`` is largest over x ≥ 0, from ``start`` (where it must be finite).

    Ends when no more than ``tolerance`` is to be gained: slopeᵀ(y − x) for the step to y bounds
    what the quadratic approximation promises.
    """
    x, value = start, of.value(start)
    for _ in range(MOST_STEPS):
        slope, curvature = of.slopes(x)
        y = nonnegative_step(curvature, slope, x)
        if float(slope @ (y - x)) <= tolerance:
            return x
        x, value = climb(of.value, x, y, value)
    return x


def climb(
    value: Callable[[Floats], float], x: Floats, y: Floats, at_x: float
) -> tuple[Floats, float]:
    """From x towards y, as far as the value does not fall: the point and its value."""
    share = 1.0
    for _ in range(MOST_HALVINGS):
        there = x + share * (y - x)
        at_there = value(there)
        if at_there >= at_x - 1e-12 * abs(at_x):
            return there, at_there
        share /= 2
    return x, at_x


def nonnegative_step(curvature: Floats, slope: Floats, x: Floats) -> Floats:
    """The y ≥ 0 that maximises slopeᵀ(y − x) − ½ (y − x)ᵀ curvature (y − x)."""
    size = len(x)
    ridged = curvature + np.diag(1e-12 * np.diagonal(curvature) + 1e-300)
    aim = ridged @ x + slope
    free = (x > 0) | (slope > 0)
    fewest, patience = size + 1, 3
    y = np.zeros(size)
    for _ in range(MOST_ROUNDS):
        y = np.zeros(size)
        y[free] = _solved(ridged[np.ix_(free, free)], aim[free])
        left_over = aim - ridged @ y
        wrong = np.where(free, y < 0, left_over > 1e-9 * (1 + np.abs(aim)))
        count = int(wrong.sum())
        if not count:
            break
        if count < fewest:
            fewest, patience = count, 3
        elif patience:
            patience -= 1
        else:  # Murty's rule, which cannot cycle
            wrong[: np.flatnonzero(wrong)[-1]] = False
        free = free ^ wrong
    return np.maximum(y, 0.0)


def _solved(matrix: Floats, right: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(matrix, right), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(matrix, right, rcond=None)[0], dtype=np.float64)
