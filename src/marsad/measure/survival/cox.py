"""Cox's proportional hazards for timed ends: right-censored, left-truncated, tied.

Partial likelihood with Efron's (1977) or Breslow's (1974) treatment of ties; Newton's method. For
ends between looks use `marsad.measure.survival.proportional` or `aft`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.survival.coefficients import Coefficients, covariates_of, ratios
from marsad.measure.survival.data import Floats
from marsad.measure.survival.timed import Timed, timed
from marsad.records.estimate import Estimate

Ties = Literal["efron", "breslow"]
METHODS = {"efron": "cox-efron", "breslow": "cox-breslow"}
ASSUMPTIONS = ("proportional-hazards", "entry-uninformative", "independent-accounts", "ends-final")
MOST_STEPS = 50


@dataclass(frozen=True)
class Cox(Coefficients):
    """Hazard ratios as estimates ``hazard-ratio-COVARIATE``; coefficients are their logarithms.

    ``null_log_likelihood`` is that without covariates.
    """

    null_log_likelihood: float
    estimates: tuple[Estimate, ...]


def cox(
    exit_day: ArrayLike,
    ended: ArrayLike,
    covariates: ArrayLike,
    names: Sequence[str],
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    ties: Ties = "efron",
    level: float = 0.95,
) -> Cox:
    """Hazard ratios of ``covariates`` (n × p, a name a column) for ends that are timed.

    Intervals are Wald's on the logarithm. Refuses where the ratio has no maximum, as with a
    covariate of which one side never ended.
    """
    data = timed(exit_day, ended, entry, weights)
    x = covariates_of(covariates, names, len(data.exit))
    sets = _RiskSets(data, x - np.average(x, axis=0, weights=data.weights), ties)
    beta = np.zeros(x.shape[1])
    null = value = sets.slopes(beta)[0]
    for _ in range(MOST_STEPS):
        value, slope, curvature = sets.slopes(beta)
        step = np.linalg.lstsq(curvature, slope, rcond=None)[0]
        if float(slope @ step) < 1e-18 * max(abs(value), 1.0):
            break
        share = 1.0
        while sets.slopes(beta + share * step)[0] < value - 1e-12 * abs(value) and share > 1e-9:
            share /= 2
        beta = beta + share * step
    covariance = np.asarray(np.linalg.pinv(sets.slopes(beta)[2]), dtype=np.float64)
    estimates = ratios(
        "hazard-ratio", tuple(names), beta, covariance, level, METHODS[ties], ASSUMPTIONS,
        round(float(data.weights.sum())), float(data.weights[data.ended].sum()),
    )  # fmt: skip
    return Cox(tuple(names), beta, covariance, value, null, estimates)


class _RiskSets:
    """Sums over those at risk at each day on which somebody ended, from cumulative sums."""

    def __init__(self, data: Timed, x: Floats, ties: Ties) -> None:
        self.data, self.x, self.ties = data, x, ties
        self.days = np.unique(data.exit[data.ended])
        self.by_exit, self.by_entry = np.argsort(data.exit), np.argsort(data.entry)
        self.exits = np.searchsorted(data.exit[self.by_exit], self.days)
        self.entries = np.searchsorted(data.entry[self.by_entry], self.days)
        self.place = np.searchsorted(self.days, data.exit[data.ended])
        self.products = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)

    def at_risk(self, values: Floats) -> Floats:
        """Σ over entry < day ≤ exit: those entered less those gone."""
        entered, gone = (
            np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values[order], axis=0)])
            for order in (self.by_entry, self.by_exit)
        )
        return np.asarray(entered[self.entries] - gone[self.exits])

    def ending(self, values: Floats) -> Floats:
        out = np.zeros((len(self.days), values.shape[1]))
        np.add.at(out, self.place, values[self.data.ended])
        return out

    def slopes(self, beta: Floats) -> tuple[float, Floats, Floats]:
        """The log partial likelihood, its slope and minus its curvature."""
        w, size = self.data.weights, self.x.shape[1]
        risk = (w * np.exp(self.x @ beta))[:, None]
        values = np.hstack([risk, risk * self.x, risk * self.products])
        every, tied = self.at_risk(values), self.ending(values)
        ends = self.ending(np.hstack([w[:, None], w[:, None] * self.x, np.ones((len(w), 1))]))
        value = float((w * self.data.ended) @ (self.x @ beta))
        slope, curvature = ends[:, 1:-1].sum(axis=0), np.zeros((size, size))
        most = int(ends[:, -1].max()) if self.ties == "efron" else 1
        for turn in range(most):
            on = ends[:, -1] > turn
            count = ends[on, -1] if self.ties == "efron" else np.ones(int(on.sum()))
            share = (turn / count)[:, None]
            sums = every[on] - share * tied[on] if self.ties == "efron" else every[on]
            each = ends[on, 0] / count
            mean = sums[:, 1 : 1 + size] / sums[:, :1]
            squares = (sums[:, 1 + size :] / sums[:, :1]).reshape(-1, size, size)
            value -= float(each @ np.log(sums[:, 0]))
            slope = slope - each @ mean
            curvature += np.einsum("d,dij->ij", each, squares) - (mean * each[:, None]).T @ mean
        return value, slope, curvature
