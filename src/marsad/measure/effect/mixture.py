"""Coefficients when the noise is not known: a mixture over what it may be.

Given the noise's correlation, generalised least squares gives Student's t for every contrast. The
correlation is not known, and taking its estimate for the truth makes intervals too short where the
series is. So the coefficients are averaged over a grid of noises, each weighted with its restricted
likelihood (Harville 1974, Biometrika 61:383) times a prior that is uniform in ρ.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from marsad.measure.effect.noise import Floats, grid, whitened


@dataclass(frozen=True)
class Mixture:
    """``weight`` (G,) of each noise, ``beta`` (G, p), ``cov`` (G, p, p) of the coefficients,
    ``scale`` (G,) the variance of a unit of noise, ``df`` the degrees of freedom."""

    weight: Floats
    beta: Floats
    cov: Floats
    scale: Floats
    df: int

    @property
    def centre(self) -> Floats:
        """The mean coefficients (p,)."""
        return self.weight @ self.beta

    def quantile(self, contrast: Floats, q: float) -> float:
        """The ``q`` quantile of contrast · coefficients, by bisection."""
        mean = self.beta @ contrast
        spread = np.sqrt(np.einsum("i,gij,j->g", contrast, self.cov, contrast))
        low, high = float((mean - 60 * spread).min()), float((mean + 60 * spread).max())
        for _ in range(60):
            middle = (low + high) / 2
            below = self.weight @ special.stdtr(self.df, (middle - mean) / spread)
            low, high = (middle, high) if below < q else (low, middle)
        return (low + high) / 2

    def interval(self, contrast: Floats, level: float) -> tuple[float, float, float]:
        """Median, low and high end of a contrast (p,) of the coefficients."""
        tail = (1 - level) / 2
        middle, low, high = (self.quantile(contrast, q) for q in (0.5, tail, 1 - tail))
        return middle, low, high

    def draws(self, rng: np.random.Generator, count: int) -> tuple[Floats, NDArray[np.int64]]:
        """Coefficients (count, p) drawn from the mixture, and which noise each came with."""
        which = rng.choice(len(self.weight), count, p=self.weight)
        root = np.linalg.cholesky(self.cov)
        plain = rng.standard_normal((count, self.beta.shape[1]))
        shrink = np.sqrt(self.df / rng.chisquare(self.df, count))
        return self.beta[which] + shrink[:, None] * np.einsum(
            "cij,cj->ci", root[which], plain
        ), which


def fit(design: Floats, response: Floats, days: NDArray[np.int64]) -> Mixture:
    """``response`` (n,) on ``design`` (n, p), of full rank, on ascending ``days`` (n,)."""
    n, p = design.shape
    columns, logdet = whitened(np.column_stack([design, response]), days)
    inner = columns.transpose(0, 2, 1) @ columns
    inverse = np.linalg.inv(inner[:, :p, :p])
    beta = np.einsum("gij,gj->gi", inverse, inner[:, :p, p])
    rss = np.maximum(inner[:, p, p] - np.einsum("gi,gi->g", beta, inner[:, :p, p]), 1e-12)
    _, information = np.linalg.slogdet(inner[:, :p, :p])
    log = np.log(grid().prior) - (logdet + information + (n - p) * np.log(rss)) / 2
    weight = np.exp(log - log.max())
    scale = rss / (n - p)
    return Mixture(weight / weight.sum(), beta, inverse * scale[:, None, None], scale, n - p)
