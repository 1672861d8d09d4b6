"""The likelihood of a hazard that is constant in pieces, with intervals by its profile.

For interval-censored, left-truncated lifetimes the log likelihood
Σ_i w_i·[−H(entry → left) + log(1 − exp(−H(left → right)))], H(a → b) = Σ_k h_k·days in piece k, is
concave in h ≥ 0; a known time adds log h. The profile of c = Σ_k d_k·h_k (a cumulative hazard) is
traced by its multiplier μ: the maximum of the likelihood + μ·c is the maximum at its own c. What
the profile gives up, 2·(best − there), is held against χ² with one degree of freedom.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from marsad.measure.survival.ascent import maximum
from marsad.measure.survival.data import Floats, Lifetimes
from marsad.measure.survival.pieces import piece_of, spent
from marsad.measure.survival.profile import At, reached

TOLERANCE = 1e-7
MANY_ROWS = 20_000


@dataclass(frozen=True)
class Likelihood:
    """The log likelihood of hazards in pieces (a `Concave`).

    ``lived`` (K) are account-days known to have been lived in each piece, ``between`` (n × K) the
    days between the last look alive and the first gone, ``weight`` (n) how often such a row was
    seen, ``timed`` (K) how many ended at known times.
    """

    knots: Floats
    lived: Floats
    between: Floats
    weight: Floats
    timed: Floats

    @classmethod
    def of(cls, data: Lifetimes, knots: Floats) -> Likelihood:
        exact, between = data.exact, data.ended & ~data.exact
        lived = data.weights @ (spent(data.left, knots) - spent(data.entry, knots))
        pairs, which = np.unique(
            np.column_stack([data.left[between], data.right[between]]), axis=0, return_inverse=True
        )
        rows = spent(pairs[:, 1], knots) - spent(pairs[:, 0], knots)
        weight = np.bincount(which.ravel(), data.weights[between], len(pairs)).astype(np.float64)
        timed = np.bincount(piece_of(data.left[exact], knots), data.weights[exact], len(knots) - 1)
        return cls(knots, lived, rows, weight, timed.astype(np.float64))

    def value(self, x: Floats) -> float:
        spans = self.rows @ x
        if (len(spans) and spans.min() <= 0) or (x[self.timed > 0] <= 0).any():
            return -np.inf
        known = self.timed > 0
        told = self.weight @ np.log(-np.expm1(-spans)) + self.timed[known] @ np.log(x[known])
        return float(told - self.lived @ x)

    def slopes(self, x: Floats) -> tuple[Floats, Floats]:
        rows = self.rows
        spans = np.minimum(rows @ x, 700.0)
        pull = self.weight / np.expm1(spans)
        bend = pull / -np.expm1(-spans)
        safe = np.maximum(x, 1e-300)
        timed = np.where(self.timed > 0, self.timed / safe, 0.0)
        slope = rows.T @ pull + timed - self.lived
        bent = rows.multiply(bend[:, None]) if self.is_sparse else rows * bend[:, None]
        square = rows.T @ bent
        curvature = square.toarray() if self.is_sparse else square
        return slope, curvature + np.diag(timed / safe)

    @property
    def is_sparse(self) -> bool:
        return len(self.between) > MANY_ROWS

    @cached_property
    def rows(self) -> Any:
        """``between``, where it is long as a sparse matrix: an interval touches few pieces."""
        if not self.is_sparse:
            return np.ascontiguousarray(self.between)
        from scipy import sparse

        return sparse.csr_array(self.between)

    @cached_property
    def start(self) -> Floats:
        """As if every end lay evenly between its looks."""
        days = self.between.sum(axis=1, keepdims=True)
        ends = self.weight @ (self.between / np.maximum(days, 1e-300)) + self.timed
        days_lived = self.lived + 0.5 * (self.weight @ self.between)
        return np.asarray((ends + 1e-3) / np.maximum(days_lived, 1e-9))

    def tilted(self, direction: Floats, by: float) -> Likelihood:
        other = replace(self, lived=self.lived - by * direction)
        other.__dict__["rows"] = self.rows
        return other


@dataclass(frozen=True)
class Fitted:
    """The hazards of highest likelihood, with profiles of what can be made of them."""

    likelihood: Likelihood
    hazard: Floats
    log_likelihood: float

    @classmethod
    def of(cls, data: Lifetimes, knots: Floats) -> Fitted:
        likelihood = Likelihood.of(data, knots)
        hazard = maximum(likelihood, likelihood.start, TOLERANCE)
        return cls(likelihood, hazard, likelihood.value(hazard))

    @property
    def knots(self) -> Floats:
        return self.likelihood.knots

    def days_between(self, start: float, day: float) -> Floats:
        """Days in each piece from ``start`` to ``day``: the direction of a cumulative hazard."""
        ends = spent(np.array([start, day]), self.knots)
        return np.asarray(ends[1] - ends[0])

    def best(self, direction: Floats) -> At:
        """The point of the profile at the maximum itself."""
        return At(0.0, self.hazard, float(direction @ self.hazard), 0.0)

    def speed(self, direction: Floats) -> float:
        """How fast the sum changes with the multiplier at the maximum: its variance, to first
        order, directionᵀ curvature⁻¹ direction over what is above 0."""
        on = self.hazard > 0
        inside = self.curvature[np.ix_(on, on)]
        solved = np.linalg.lstsq(inside, direction[on], rcond=None)[0]
        return float(direction[on] @ solved)

    @cached_property
    def curvature(self) -> Floats:
        return self.likelihood.slopes(self.hazard)[1]

    def at(self, direction: Floats, by: float, start: Floats | None = None) -> At:
        """The point of the profile of direction·h with this multiplier."""
        tilted = self.likelihood.tilted(direction, by)
        begin = self.hazard if start is None else start
        hazard = maximum(tilted, np.maximum(begin, 1e-12), TOLERANCE)
        deviance = 2 * (self.log_likelihood - self.likelihood.value(hazard))
        return At(by, hazard, float(direction @ hazard), max(deviance, 0.0))

    def highest(self, direction: Floats) -> float:
        """No multiplier reaches this one: there the sum is infinite."""
        on = direction > 0
        return float((self.likelihood.lived[on] / direction[on]).min())

    def limit(self, direction: Floats, side: int, root: float) -> float:
        """The end of the profile interval of direction·h: above for ``side`` 1, below for −1.

        ``root`` is the square root of the allowed deviance. 0 below, where 0 is inside.
        """
        if side < 0 and _at_zero(self, direction) <= root:
            return 0.0
        found = self.reach(direction, side, lambda at: at.deviance**0.5 - root)
        return found.sum

    def reach(self, direction: Floats, side: int, miss: Callable[[At], float]) -> At:
        """The point of the profile on that side at which ``miss`` is 0 (see `reached`)."""
        top = self.highest(direction) if side > 0 else np.inf
        step = 1.0 / max(self.speed(direction), 1e-300) ** 0.5

        def at(by: float, before: At) -> At:
            return self.at(direction, side * by, before.hazard)

        return reached(at, miss, self.best(direction), step, top)


def _at_zero(fitted: Fitted, direction: Floats) -> float:
    """√deviance with no hazard at all along ``direction``; infinite if somebody ended there."""
    likelihood, off = fitted.likelihood, direction > 0
    kept = ~off
    if (likelihood.between[:, kept].sum(axis=1) <= 0).any() or likelihood.timed[off].any():
        return np.inf
    without = replace(
        likelihood, lived=likelihood.lived[kept], between=likelihood.between[:, kept],
        timed=likelihood.timed[kept],
    )  # fmt: skip
    if not kept.any():
        best = 0.0
    else:
        hazard = maximum(without, np.maximum(fitted.hazard[kept], 1e-9), TOLERANCE)
        best = without.value(hazard)
    return float(max(2 * (fitted.log_likelihood - best), 0.0) ** 0.5)
