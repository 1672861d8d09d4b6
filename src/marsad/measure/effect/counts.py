"""Negative binomial regression of counts with a log link, by iteratively weighted least squares."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.measure.effect.noise import Floats

ROUNDS, MOST = 50, 30.0


@dataclass(frozen=True)
class CountFit:
    """``beta`` (p,); ``mean`` (T,) the fitted counts; ``dispersion`` α: Var = mean + α · mean²."""

    beta: Floats
    mean: Floats
    dispersion: float


def count_fit(matrix: Floats, counts: Floats, offset: Floats) -> CountFit:
    """Coefficients and dispersion, in turns until neither moves.

    α solves Pearson's χ² = T − p (Breslow 1984, Applied Statistics 33:38), 0 where the counts vary
    no more than Poisson's. Days are taken as independent here; `mixture` does not.
    """
    mean = (counts + max(counts.mean(), 0.5)) / 2
    dispersion, beta = 0.0, np.zeros(matrix.shape[1])
    for _ in range(ROUNDS):
        weight = mean / (1 + dispersion * mean)
        response = np.log(mean) - offset + (counts - mean) / mean
        root = np.sqrt(weight)
        new = np.linalg.lstsq(matrix * root[:, None], response * root, rcond=None)[0]
        moved = float(np.abs(new - beta).max())
        beta, mean = new, fitted(matrix, new, offset)
        dispersion = breslow(counts, mean, matrix.shape[1])
        if moved < 1e-8:
            break
    return CountFit(beta, mean, dispersion)


def fitted(matrix: Floats, beta: Floats, offset: Floats) -> Floats:
    """The mean counts; the exponent is kept where floats can follow."""
    return np.exp(np.clip(matrix @ beta + offset, -MOST, MOST))


def breslow(counts: Floats, mean: Floats, parameters: int) -> float:
    """The dispersion with which Pearson's χ² is its degrees of freedom."""
    squares, free = (counts - mean) ** 2, len(counts) - parameters
    low, high = 0.0, 1e4
    if free < 1 or (squares / mean).sum() <= free:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        enough = (squares / (mean + middle * mean**2)).sum() <= free
        low, high = (low, middle) if enough else (middle, high)
    return high


def working(
    matrix: Floats, counts: Floats, offset: Floats, beta: Floats, dispersion: float
) -> tuple[Floats, Floats, Floats]:
    """Columns and response with noise of equal variance, and the standard deviations (T,) of the
    logarithms that they were divided by."""
    mean = fitted(matrix, beta, offset)
    spread = np.sqrt(1 / mean + dispersion)
    response = matrix @ beta + (counts - mean) / mean
    return matrix / spread[:, None], response / spread, spread
