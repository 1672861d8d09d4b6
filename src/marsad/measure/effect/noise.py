"""Days resemble the days before them: likelihoods and whitening under autocorrelated noise.

The noise of a daily series is taken as a part that carries over from day to day (AR(1)) plus a part
that does not: corr(day, day + k) = share · ρᵏ for k ≥ 1. A Kalman filter whitens under every (ρ,
share) of a grid at once, in time linear in the number of days; missing days are stepped over.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RHO = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
SHARE = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Grid:
    """The noises that are considered: ``rho`` and ``share`` (G,), and how likely each is before
    anything is seen, as ``prior`` (G,), which sums to one."""

    rho: Floats
    share: Floats
    prior: Floats


@lru_cache(maxsize=1)
def grid() -> Grid:
    """No autocorrelation at all, or ρ up to .98 (uniform between the points) with some share."""
    points = [(0.0, 0.0)] + [(rho, share) for rho in RHO for share in SHARE]
    rho, share = np.array(points).T
    edges = np.concatenate([[0.05], (np.array(RHO[1:]) + np.array(RHO[:-1])) / 2, [0.99]])
    weight = np.concatenate([[0.05], np.repeat(np.diff(edges), len(SHARE)) / len(SHARE)])
    return Grid(rho, share, weight / weight.sum())


@dataclass(frozen=True)
class Filter:
    """What the Kalman filter does on given days: (n, G) each; ``carry`` is ρ to the gap's power."""

    carry: Floats
    gain: Floats
    scale: Floats


@lru_cache(maxsize=32)
def _filter(days: tuple[int, ...]) -> Filter:
    rho, share = grid().rho, grid().share
    n, points = len(days), len(rho)
    carry, gain, scale = (np.empty((n, points)) for _ in range(3))
    left = share.copy()
    for t in range(n):
        carry[t] = rho ** (days[t] - days[t - 1]) if t else 0.0
        state = carry[t] ** 2 * left + share * (1 - carry[t] ** 2)
        total = state + 1 - share
        gain[t], scale[t] = state / total, np.sqrt(total)
        left = state * (1 - gain[t])
    return Filter(carry, gain, scale)


def whitened(columns: Floats, days: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """``columns`` (n, c) on ascending ``days`` under each noise of the grid.

    Gives (G, n, c), whose rows are uncorrelated with unit variance if the noise is that of the
    grid's point, and the log determinants (G,) of the correlation matrices.
    """
    known = _filter(tuple((days - days[0]).tolist()))
    n, width = columns.shape
    out = np.empty((n, known.gain.shape[1], width))
    state = np.zeros(out.shape[1:])
    for t in range(n):
        state *= known.carry[t][:, None]
        seen = columns[t] - state
        state += known.gain[t][:, None] * seen
        out[t] = seen / known.scale[t][:, None]
    return out.transpose(1, 0, 2), 2 * np.log(known.scale).sum(axis=0)


def correlation(days: NDArray[np.int64], rho: float, share: float) -> Floats:
    """The correlation matrix (n, n) that a point of the grid stands for."""
    apart = np.abs(days[:, None] - days[None, :])
    return np.where(apart == 0, 1.0, share * rho ** apart.astype(float))
