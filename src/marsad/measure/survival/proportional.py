"""Proportional hazards for ends between looks: a baseline constant in pieces times exp(xβ).

Maximum likelihood in (log h, β) together: an account adds −exp(xβ)·H(entry → left), with
log(1 − exp(−exp(xβ)·H(left → right))) if it ended, H from the pieces of the pooled fit. Where every
end is timed and each has its own piece this is Cox's model with Breslow's ties.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.refusal import Refused
from marsad.measure.survival import extremes
from marsad.measure.survival.answers import ASSUMED
from marsad.measure.survival.coefficients import Coefficients, covariates_of, ratios
from marsad.measure.survival.data import LOOKS, Floats, Lifetimes, checked
from marsad.measure.survival.hazard import Fitted
from marsad.measure.survival.pieces import AT_RISK, knots_of, piece_of, spent, start_of
from marsad.records.estimate import Estimate

ASSUMPTIONS = ("proportional-hazards", "hazard-in-pieces", *ASSUMED)
MOST_STEPS = 100


@dataclass(frozen=True)
class Proportional(Coefficients):
    """Hazard ratios as estimates ``hazard-ratio-COVARIATE``. ``p_value`` is of the likelihood
    ratio against no covariate at all, ``null_log_likelihood`` the log likelihood of that."""

    null_log_likelihood: float
    p_value: float
    estimates: tuple[Estimate, ...]


def proportional(
    left: ArrayLike,
    right: ArrayLike,
    covariates: ArrayLike,
    names: Sequence[str],
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> Proportional:
    """Hazard ratios of ``covariates`` (n × p, a name a column) for ends between looks.

    Other arguments as in `lifetimes`. Intervals are Wald's on the logarithm. Refuses where nobody
    ended or a ratio has no maximum.
    """
    from scipy import stats

    data = checked(left, right, entry, weights)
    x = covariates_of(covariates, names, len(data))
    extremes.check_looks(data)
    if extremes.nobody_ended(data):
        raise Refused("measure.survival.no-end", ["ends"], LOOKS)
    if not (data.left > data.entry).any():
        raise Refused("measure.survival.nobody-lived", ["looks"], LOOKS)
    pooled = Fitted.of(data, knots_of(data, start_of(data, AT_RISK)))
    model = _Model(data, x - np.average(x, axis=0, weights=data.weights), pooled)
    theta, value, curvature = model.maximum()
    inverse = np.asarray(np.linalg.pinv(curvature, hermitian=True), dtype=np.float64)
    covariance = inverse[model.size :, model.size :]
    estimates = ratios(
        "hazard-ratio", names, theta[model.size :], covariance, level, "piecewise-proportional",
        ASSUMPTIONS, data.accounts, float(data.weights[data.ended].sum()),
    )  # fmt: skip
    gain = max(2 * (value - pooled.log_likelihood), 0.0)
    p_value = float(stats.chi2.sf(gain, len(names)))
    return Proportional(
        tuple(names), theta[model.size :], covariance, value, pooled.log_likelihood, p_value,
        estimates,
    )  # fmt: skip


class _Model:
    def __init__(self, data: Lifetimes, x: Floats, pooled: Fitted) -> None:
        self.on = pooled.hazard > 1e-8 * pooled.hazard.mean()
        knots, self.x, self.w = pooled.knots, x, data.weights
        until = np.where(data.ended, data.right, data.left)
        self.lived = (spent(data.left, knots) - spent(data.entry, knots))[:, self.on]
        self.days = (spent(until, knots) - spent(data.left, knots))[:, self.on]
        self.exact, self.between = data.exact, data.ended & ~data.exact
        ends = np.bincount(
            piece_of(data.left[self.exact], knots), self.w[self.exact], len(knots) - 1
        )
        self.timed, self.size = ends[self.on], int(self.on.sum())
        self.begin = np.concatenate([np.log(pooled.hazard[self.on]), np.zeros(x.shape[1])])

    def maximum(self) -> tuple[Floats, float, Floats]:
        theta = self.begin
        value, slope, curvature = self.slopes(theta)
        for _ in range(MOST_STEPS):
            lift = max(0.0, 1e-8 - float(np.linalg.eigvalsh(curvature).min()))
            step = np.linalg.solve(curvature + 2 * lift * np.eye(len(theta)), slope)
            if float(slope @ step) < 1e-12 * max(abs(value), 1.0):
                break
            share = min(1.0, 2 / max(float(np.abs(step).max()), 1e-300))
            while (
                self.slopes(theta + share * step)[0] < value - 1e-12 * abs(value) and share > 1e-9
            ):
                share /= 2
            theta = theta + share * step
            value, slope, curvature = self.slopes(theta)
        return theta, value, curvature

    def slopes(self, theta: Floats) -> tuple[float, Floats, Floats]:
        """The log likelihood, its slope and minus its curvature in (log h, β)."""
        linear = np.clip(self.x @ theta[self.size :], -30, 30)
        rate = np.exp(theta[: self.size]) * np.exp(linear)[:, None]
        lived, spans = rate * self.lived, rate * self.days
        sums = np.where(self.between, spans.sum(axis=1), 1.0)
        pull = np.where(self.between, self.w / np.expm1(np.minimum(sums, 700)), 0.0)
        bend = np.where(self.between, pull / -np.expm1(-sums), 0.0)
        both = spans * pull[:, None] - lived * self.w[:, None]
        timed = self.w * self.exact
        told = np.where(self.between, np.log(np.maximum(-np.expm1(-sums), 1e-300)), 0.0)
        value = float(
            self.w @ told - self.w @ lived.sum(axis=1) + timed @ linear
            + self.timed @ theta[: self.size]
        )  # fmt: skip
        slope = np.concatenate(
            [both.sum(axis=0) + self.timed, self.x.T @ (both.sum(axis=1) + timed)]
        )
        joint = np.hstack([spans, spans.sum(axis=1)[:, None] * self.x])
        curvature = joint.T @ (joint * bend[:, None])
        across = both.T @ self.x
        size = self.size
        curvature[:size, :size] -= np.diag(both.sum(axis=0))
        curvature[:size, size:] -= across
        curvature[size:, :size] -= across.T
        curvature[size:, size:] -= self.x.T @ (self.x * both.sum(axis=1)[:, None])
        return value, slope, curvature
