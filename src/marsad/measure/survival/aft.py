"""Accelerated failure time: log T = xβ + σW, for any mix of timed, bracketed and living accounts.

W is the smallest extreme value (Weibull; σ = 1: exponential), normal (lognormal) or logistic
(loglogistic), as in R's survreg; here entries may be truncated too. exp(β) is a time ratio: by what
factor lives are longer for one more of the covariate. All derivatives are exact.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.refusal import Refused
from marsad.measure.survival.coefficients import Coefficients, covariates_of, ratios
from marsad.measure.survival.data import LOOKS, Floats, Lifetimes, checked
from marsad.measure.survival.errors_of_time import FAMILIES, Family
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

ASSUMPTIONS = (
    "times-multiply", "family-right", "looks-scheduled", "entry-uninformative",
    "independent-accounts", "ends-final",
)  # fmt: skip
MOST_STEPS = 100


@dataclass(frozen=True)
class Aft(Coefficients):
    """``coefficients`` are those of ``names`` = ("intercept", covariates…); ``covariance`` goes on
    with log(scale), unless the scale is fixed. ``estimates`` are ``time-ratio-COVARIATE``."""

    family: str
    scale: float
    estimates: tuple[Estimate, ...]

    def quantile(self, share: float, covariates: Sequence[float] = ()) -> float:
        """The day by which ``share`` of the accounts with these covariates have ended."""
        mean = float(self.coefficients @ np.array([1.0, *covariates]))
        return math.exp(mean + self.scale * FAMILIES[self.family].quantile(share))


def aft(
    left: ArrayLike,
    right: ArrayLike,
    covariates: ArrayLike | None = None,
    names: Sequence[str] = (),
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    family: str = "weibull",
    level: float = 0.95,
) -> Aft:
    """Time ratios of ``covariates`` (n × p, a name a column); Wald's interval on the logarithm.

    ``left``, ``right``, ``entry``, ``weights`` as in `lifetimes`. ``family`` is weibull,
    exponential, lognormal or loglogistic. Refuses where nobody ended or a ratio has no maximum.
    """
    if family not in FAMILIES:
        raise InputError("measure.survival.family", given=family, valid=", ".join(FAMILIES))
    data = checked(left, right, entry, weights)
    if not data.ended.any():
        raise Refused("measure.survival.no-end", ["ends"], LOOKS)
    x = np.zeros((len(data), 0)) if covariates is None else covariates_of(
        covariates, names, len(data)
    )  # fmt: skip
    model = _Model(data, np.column_stack([np.ones(len(data)), x]), FAMILIES[family])
    theta, value = model.maximum()
    covariance = np.asarray(np.linalg.inv(model.slopes(theta)[1]), dtype=np.float64)
    slopes = range(1, 1 + len(names))
    estimates = ratios(
        "time-ratio", names, theta[1 : 1 + len(names)], covariance[np.ix_(slopes, slopes)], level,
        f"aft-{family}", ASSUMPTIONS, data.accounts, float(data.weights[data.ended].sum()),
    )  # fmt: skip
    named = ("intercept", *names)
    return Aft(named, theta[: len(named)], covariance, value, family, model.scale(theta), estimates)


class _Model:
    """The log likelihood in (β, log σ): value, slope, minus curvature."""

    def __init__(self, data: Lifetimes, x: Floats, family: Family) -> None:
        self.data, self.x, self.family = data, x, family
        with np.errstate(divide="ignore"):
            self.logs = {
                name: np.log(days)
                for name, days in (
                    ("left", data.left),
                    ("right", data.right),
                    ("entry", data.entry),
                )
            }

    def scale(self, theta: Floats) -> float:
        return 1.0 if self.family.scale_fixed else math.exp(theta[-1])

    def maximum(self) -> tuple[Floats, float]:
        theta = self.start()
        value, _, _ = self.all(theta)
        for _ in range(MOST_STEPS):
            value, slope, curvature = self.all(theta)
            lift = max(0.0, 1e-6 - float(np.linalg.eigvalsh(curvature).min()))
            step = np.linalg.solve(curvature + lift * 2 * np.eye(len(theta)), slope)
            if float(slope @ step) < 1e-16 * max(abs(value), 1.0):
                break
            share = min(1.0, 3 / max(float(np.abs(step).max()), 1e-300))
            while self.all(theta + share * step)[0] < value - 1e-12 * abs(value) and share > 1e-10:
                share /= 2
            theta = theta + share * step
        return theta, value

    def start(self) -> Floats:
        ends = np.where(self.data.ended, (self.data.left + self.data.right) / 2, self.data.left)
        mean = float(np.log(np.average(np.maximum(ends, 1e-6), weights=self.data.weights)))
        size = self.x.shape[1] + (0 if self.family.scale_fixed else 1)
        return np.array([mean, *np.zeros(size - 1)])

    def slopes(self, theta: Floats) -> tuple[Floats, Floats]:
        return self.all(theta)[1:]

    def all(self, theta: Floats) -> tuple[float, Floats, Floats]:
        value, first, second = self.by_account(theta)
        design = [self.x] if self.family.scale_fixed else [self.x, np.ones((len(self.x), 1))]
        size, w = self.x.shape[1], self.data.weights
        slope = np.concatenate([part.T @ (w * first[i]) for i, part in enumerate(design)])
        curvature = np.empty((len(slope), len(slope)))
        for i, one in enumerate(design):
            for j, other in enumerate(design):
                block = -one.T @ (other * (w * second[i][j])[:, None])
                curvature[
                    i * size : i * size + one.shape[1], j * size : j * size + other.shape[1]
                ] = block
        return float(w @ value), slope, curvature

    def by_account(self, theta: Floats) -> tuple[Floats, Floats, Floats]:
        """Each account's log likelihood with its derivatives in (xβ, log σ), n in a row."""
        mean, scale = self.x @ theta[: self.x.shape[1]], self.scale(theta)
        exact = self.data.exact
        z = {name: (logs - mean) / scale for name, logs in self.logs.items()}
        told = self.family.between(z["left"], z["right"], scale)
        known = self.family.density(z["left"], scale, self.logs["left"])
        given = self.family.between(z["entry"], np.full(len(mean), np.inf), scale)
        return tuple(
            np.where(exact, at, over) - np.where(self.data.entry > 0, since, 0.0)
            for at, over, since in zip(known, told, given, strict=True)
        )  # type: ignore[return-value]
