"""Newey and West's standard errors, as studies print them: shown beside, never relied on alone."""

from __future__ import annotations

import numpy as np

from marsad.measure.effect.noise import Floats


def lag_rule(days: int) -> int:
    """⌊4 (T/100)^(2/9)⌋ lags, after Newey and West (1994)."""
    return int(4 * (days / 100) ** (2 / 9))


def newey_west(matrix: Floats, residuals: Floats, lags: int | None = None) -> Floats:
    """Covariance (p, p) of least squares coefficients with Bartlett weights (Newey and West 1987,
    Econometrica 55:703), times T / (T − p). For weighted least squares give the weighted columns
    and residuals. In short series it is too small: see the proofs."""
    days, parameters = matrix.shape
    scores = matrix * residuals[:, None]
    meat = scores.T @ scores
    most = lag_rule(days) if lags is None else lags
    for lag in range(1, most + 1):
        product = scores[lag:].T @ scores[:-lag]
        meat += (1 - lag / (most + 1)) * (product + product.T)
    bread = np.linalg.inv(matrix.T @ matrix)
    covariance: Floats = bread @ meat @ bread * days / (days - parameters)
    return covariance
