"""The nonparametric maximum of the likelihood of interval-censored, left-truncated lifetimes.

In x_j ≥ 0, the cumulative hazard that innermost interval j adds, the log likelihood
−Σ_j known_j·x_j + Σ_i w_i·log(1 − exp(−Σ_{j in i} x_j)) is concave, with or without truncation:
no "ghost" accounts are needed. It is climbed by a constrained Newton method with an active set, as
Wang (2008, CSDA 52:2388) does in masses: intervals where the slope is highest come in, those that
fall to 0 go out. As an account's intervals lie together, slopes and curvature are cumulative sums.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marsad.measure.survival.ascent import climb, nonnegative_step
from marsad.measure.survival.data import Floats
from marsad.measure.survival.innermost import Innermost

MOST_STEPS = 500
ENDLESS = 60.0
"""A cumulative hazard as good as infinite: exp(−60) of the accounts are left."""


@dataclass(frozen=True)
class Maximum:
    """``increments`` (m; infinite where nobody was known to live on), the log likelihood, how much
    of it can at most be missing (``gap``), steps taken, and the highest slope left."""

    increments: Floats
    log_likelihood: float
    gap: float
    steps: int
    highest_slope: float
    converged: bool


def maximum(of: Innermost, start: Floats | None = None, tolerance: float | None = None) -> Maximum:
    """The maximum for the innermost intervals ``of``, from the increments ``start`` if given.

    Stops by the Karush–Kuhn–Tucker conditions: with slope g, by concavity no x' can have a log
    likelihood higher by more than Σ_j g_j·(x'_j − x_j) ≤ max(g)·Σx' − Σ_j g_j·x_j; for Σx' twice
    the present sum is taken. It stops where that is at most ``tolerance``; by default where
    numbers end.
    """
    endless = of.known <= 0
    inside = np.concatenate([[0], np.cumsum(endless)])
    rows = inside[of.high] == inside[of.low]
    kept = replace(
        of,
        known=np.where(endless, np.inf, of.known),
        low=of.low[rows],
        high=of.high[rows],
        weight=of.weight[rows],
    )
    problem = _Problem(kept, tolerance)
    x = problem.feasible(start)
    found = problem.climbed(x)
    return replace(found, increments=np.where(endless, np.inf, found.increments))


class _Problem:
    def __init__(self, of: Innermost, tolerance: float | None) -> None:
        self.of = of
        self.size = len(of.known)
        self.cost = np.where(np.isfinite(of.known), of.known, 0.0)
        self.closed = ~np.isfinite(of.known)
        exact = 1e-11 * max(float(of.weight.sum()), 1e3)
        self.tolerance = exact if tolerance is None else tolerance

    def value(self, x: Floats) -> float:
        spans = self.spans(x)
        if len(spans) and spans.min() <= 0:
            return -np.inf
        return float(self.of.weight @ np.log(-np.expm1(-spans)) - self.cost @ x)

    def spans(self, x: Floats) -> Floats:
        """What each ended account's intervals add up to."""
        upto = np.concatenate([[0.0], np.cumsum(x)])
        return np.asarray(upto[self.of.high] - upto[self.of.low])

    def slope(self, spans: Floats) -> Floats:
        pull = self.of.weight / np.expm1(np.minimum(spans, 700.0))
        ends = self.size + 1
        steps = np.bincount(self.of.low, pull, ends) - np.bincount(self.of.high, pull, ends)
        return np.where(self.closed, -np.inf, np.cumsum(steps)[:-1] - self.cost)

    def curvature(self, spans: Floats, support: NDArray[np.bool_]) -> Floats:
        """Minus the second derivatives on the support: two cumulative sums over a table."""
        small = np.minimum(spans, 700.0)
        weight = self.of.weight / np.expm1(small) / -np.expm1(-small)
        before = np.concatenate([[0], np.cumsum(support)])
        first, last = before[self.of.low], before[self.of.high] - 1
        size = int(before[-1])
        met = last >= first
        table = np.bincount(first[met] * size + last[met], weight[met], size * size)
        sums = np.cumsum(table.reshape(size, size), axis=0)
        upper = np.triu(np.cumsum(sums[:, ::-1], axis=1)[:, ::-1])
        return np.asarray(upper + np.triu(upper, 1).T)

    def feasible(self, start: Floats | None) -> Floats:
        """Increments that give every ended account something: ``start``, or as few as can be."""
        if start is not None:
            x = np.where(self.closed, 0.0, np.minimum(start, ENDLESS))
            if self.value(x) > -np.inf:
                return x
        points = _stabbing(self.of.low, self.of.high)
        x = np.zeros(self.size)
        held = np.searchsorted(points, self.of.low)
        ends = np.bincount(held, self.of.weight, len(points))
        x[points] = np.log1p(ends / np.maximum(self.cost[points], 1e-3))
        return x

    def climbed(self, x: Floats) -> Maximum:
        value, gap, highest, steps = self.value(x), np.inf, np.inf, 0
        while steps < MOST_STEPS:
            steps += 1
            spans = self.spans(x)
            slope = self.slope(spans)
            gap, highest = _gap(slope, x)
            if gap <= self.tolerance:
                break
            support = x > 0
            support[_peaks(slope, x)] = True
            curvature = self.curvature(spans, support)
            aim = np.zeros(self.size)
            aim[support] = nonnegative_step(curvature, slope[support], x[support])
            before = x
            x, value = climb(self.value, x, aim, value)
            if x is before:
                break
        return Maximum(x, value, gap, steps, highest, gap <= 1e3 * self.tolerance)


def _gap(slope: Floats, x: Floats) -> tuple[float, float]:
    if not len(slope):
        return 0.0, 0.0
    highest = max(float(slope.max()), 0.0)
    on = x > 0
    return 2 * highest * float(x.sum()) + abs(float(slope[on] @ x[on])), highest


def _peaks(slope: Floats, x: Floats) -> NDArray[np.int64]:
    """Between neighbours in the support, the interval of the highest slope, where it is above 0."""
    segment = np.cumsum(x > 0)
    starts = np.flatnonzero(np.diff(segment, prepend=-1))
    tops = np.maximum.reduceat(slope, starts)
    is_top = (slope == tops[np.cumsum(np.diff(segment, prepend=-1) != 0) - 1]) & (slope > 0)
    tops_at = np.flatnonzero(is_top & (x <= 0))
    return np.asarray(tops_at[np.diff(segment[tops_at], prepend=-1) != 0])


def _stabbing(low: NDArray[np.int64], high: NDArray[np.int64]) -> NDArray[np.int64]:
    """The fewest intervals such that each row has one: greedily, by the right end."""
    order = np.argsort(high, kind="stable")
    points, last = [], -1
    for first, end in zip(low[order].tolist(), high[order].tolist(), strict=True):
        if first > last:
            last = end - 1
            points.append(last)
    return np.array(points, dtype=np.int64)
