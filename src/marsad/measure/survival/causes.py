"""The likelihood of hazards constant in pieces, one for each reason, for ends between looks.

An account that ended for reason j between a and b adds the logarithm of
Σ_k (h_jk/h_k)·(S(start of its part in piece k) − S(end of it)), with h_k = Σ_j h_jk. In log h the
slope is, by Fisher's identity, what an expectation step would count: ends expected in piece k for
j, less h_jk times the days expected to be lived in it. Where all intervals lie within pieces it is
concave; elsewhere it is climbed from the pooled hazard split by each piece's reasons.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.measure.survival.data import Floats, Lifetimes
from marsad.measure.survival.hazard import Fitted
from marsad.measure.survival.pieces import piece_of, spent

LEAST = 1e-4
"""Ends expected in a piece below which its hazard is taken as 0."""


@dataclass(frozen=True)
class Causes:
    """Hazards (reasons × pieces), the covariance of the logarithms of those ``on`` (others are 0),
    and the fit that knows no reasons."""

    hazard: Floats
    on: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    covariance: Floats
    pooled: Fitted


class _Likelihood:
    def __init__(self, data: Lifetimes, knots: Floats) -> None:
        between, exact = data.ended & ~data.exact, data.exact
        self.widths = np.diff(knots)
        self.lived = data.weights @ (spent(data.left, knots) - spent(data.entry, knots))
        keys = np.column_stack([data.left[between], data.right[between], data.cause[between]])
        rows, which = np.unique(keys, axis=0, return_inverse=True)
        self.weight = np.bincount(which.ravel(), data.weights[between], len(rows))
        self.cause = rows[:, 2].astype(np.int64)
        self.days = spent(rows[:, 1], knots) - spent(rows[:, 0], knots)
        self.reasons = len(data.reasons)
        self.of_cause = (self.cause == np.arange(self.reasons)[:, None]).astype(float)
        self.timed = np.zeros((self.reasons, len(knots) - 1))
        np.add.at(
            self.timed, (data.cause[exact], piece_of(data.left[exact], knots)), data.weights[exact]
        )

    def parts(self, hazard: Floats) -> tuple[Floats, Floats, Floats]:
        """For each row and piece: the chance of an end there (given a), for its reason; the total
        of these; and the days expected there, had it ended there."""
        every = hazard.sum(axis=0)
        steps = self.days * every
        upto = np.cumsum(steps, axis=1)
        before = np.exp(-(upto - steps))
        chance = before * -np.expm1(-steps) * (hazard / np.maximum(every, 1e-300))[self.cause]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            inside = 1 / every - self.days / np.expm1(np.minimum(steps, 700))
        inside = np.where(steps < 1e-6, self.days / 2, inside)
        return chance, chance.sum(axis=1), inside

    def counted(self, hazard: Floats) -> tuple[float, Floats, Floats]:
        """The log likelihood, the ends expected (reasons × pieces), the days expected (pieces)."""
        chance, total, inside = self.parts(hazard)
        share = chance / np.maximum(total, 1e-300)[:, None] * self.weight[:, None]
        ends = self.timed + self.of_cause @ share
        later = np.cumsum(share[:, ::-1], axis=1)[:, ::-1] - share
        days = self.lived + (later * self.days + share * inside).sum(axis=0)
        value = self.weight @ np.log(np.maximum(total, 1e-300)) - hazard.sum(axis=0) @ self.lived
        known = self.timed > 0
        value += self.timed[known] @ np.log(np.maximum(hazard[known], 1e-300))
        return float(value), ends, days


def causes(data: Lifetimes, pooled: Fitted) -> Causes:
    """The hazards of highest likelihood for each reason, on the pieces of ``pooled``."""
    likelihood = _Likelihood(data, pooled.knots)
    hazard = np.maximum(pooled.hazard, 1e-9) * np.ones((likelihood.reasons, 1))
    hazard = hazard / max(likelihood.reasons, 1)
    for _ in range(5):
        _, ends, days = likelihood.counted(hazard)
        hazard = ends / np.maximum(days, 1e-9)
    hazard, on = _climbed(likelihood, hazard)
    return Causes(hazard, on, _covariance(likelihood, hazard, on), pooled)


def _climbed(
    likelihood: _Likelihood, hazard: Floats
) -> tuple[Floats, np.ndarray[tuple[int, int], np.dtype[np.bool_]]]:
    from scipy import optimize

    on = hazard > 1e-12

    def minus(logs: Floats) -> tuple[float, Floats]:
        at = np.zeros(hazard.shape)
        at[on] = np.exp(logs)
        value, ends, days = likelihood.counted(at)
        return -value, -(ends - at * days)[on]

    found = optimize.minimize(
        minus, np.log(hazard[on]), jac=True, method="L-BFGS-B",
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-4},
    )  # fmt: skip
    best = np.zeros(hazard.shape)
    best[on] = np.exp(found.x)
    _, ends, _ = likelihood.counted(best)
    on = on & (ends > LEAST)
    return np.where(on, best, 0.0), on


def _covariance(
    likelihood: _Likelihood,
    hazard: Floats,
    on: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> Floats:
    """The inverse of the observed information of log h, by differences of the slope."""
    size, step = int(on.sum()), 1e-5
    logs = np.log(hazard[on])

    def slope(moved: Floats) -> Floats:
        at = np.zeros(hazard.shape)
        at[on] = np.exp(moved)
        _, ends, days = likelihood.counted(at)
        return np.asarray((ends - at * days)[on])

    here = slope(logs)
    moved = [slope(logs + step * unit) for unit in np.eye(size)]
    information = (here - np.array(moved).reshape(size, size)) / step
    return np.asarray(np.linalg.pinv((information + information.T) / 2, hermitian=True))
