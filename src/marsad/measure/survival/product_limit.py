"""Kaplan–Meier, Nelson–Aalen and the log-rank test, for ends whose very time is known.

What interval-censored methods come down to where every end is timed; right-censored and
left-truncated as in counting processes: at time t those with entry < t ≤ exit are at risk.
Intervals are those of R's survival package (``log``, ``log-log``, ``plain``), variance is
Greenwood's; log-log is the default, for it stays in 0 … 1 and covers best when few are at risk.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.survival.data import Floats, grouped
from marsad.measure.survival.timed import Timed, timed

Form = Literal["log", "log-log", "plain"]


@dataclass(frozen=True)
class ProductLimit:
    """Kaplan–Meier and Nelson–Aalen at each day on which somebody left or ended.

    ``error`` is the standard error of −log survival (Greenwood), ``hazard_error`` that of the
    cumulative hazard; ``low`` and ``high`` are NaN where the form gives none.
    """

    days: Floats
    at_risk: Floats
    ended: Floats
    censored: Floats
    survival: Floats
    error: Floats
    low: Floats
    high: Floats
    cumulative_hazard: Floats
    hazard_error: Floats


def kaplan_meier(
    exit_day: ArrayLike,
    ended: ArrayLike,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    start: float = 0.0,
    form: Form = "log-log",
    level: float = 0.95,
) -> ProductLimit:
    """Kaplan–Meier for n accounts that left on ``exit_day``, by an end where ``ended``.

    From day ``start`` on, given life until then. Errors as in `lifetimes`.
    """
    return _product_limit(timed(exit_day, ended, entry, weights).since(start), form, level)


def _product_limit(data: Timed, form: Form, level: float) -> ProductLimit:
    days, risk, ends, left = data.counts()
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.asarray(np.cumprod(1 - ends / risk))
        error = np.asarray(np.sqrt(np.cumsum(ends / (risk * (risk - ends)))), dtype=np.float64)
        low, high = ends_of(survival, error, form, level)
    hazard = np.cumsum(ends / risk)
    hazard_error = np.asarray(np.sqrt(np.cumsum(ends / risk**2)), dtype=np.float64)
    return ProductLimit(days, risk, ends, left, survival, error, low, high, hazard, hazard_error)


def ends_of(survival: Floats, error: Floats, form: Form, level: float) -> tuple[Floats, Floats]:
    """The interval of survival from the standard error of its logarithm."""
    from scipy import special

    z = float(special.ndtri((1 + level) / 2))
    if form == "log-log":
        log = np.log(survival)
        bent = np.log(-log)
        low, high = (np.exp(-np.exp(bent - side * z * error / log)) for side in (-1, 1))
    elif form == "log":
        low, high = (np.exp(np.log(survival) + side * z * error) for side in (-1, 1))
    else:
        low, high = (survival + side * z * error * survival for side in (-1, 1))
    return np.clip(np.minimum(low, high), 0, 1), np.clip(np.maximum(low, high), 0, 1)


@dataclass(frozen=True)
class LogRank:
    """Ends seen and expected in each group, their covariance, and the test's χ² and p."""

    groups: tuple[str, ...]
    observed: Floats
    expected: Floats
    covariance: Floats
    chi_square: float
    p_value: float


def log_rank(
    exit_day: ArrayLike,
    ended: ArrayLike,
    group: Sequence[Hashable],
    entry: ArrayLike | None = None,
) -> LogRank:
    """Do groups live equally long? The log-rank test (Mantel 1966; `survdiff` with rho = 0)."""
    from scipy import stats

    data = timed(exit_day, ended, entry)
    members = grouped(group, len(data.exit))
    days, risk, ends, _ = data.counts()
    of = [data.where(chosen).counts(days) for chosen in members.values()]
    at_risk, observed = (np.array([part[i] for part in of]) for i in (1, 2))
    share = at_risk / risk
    spread = np.where(risk > 1, ends * (risk - ends) / np.maximum(risk - 1, 1), 0.0)
    covariance = np.diag(share @ spread) - (share * spread) @ share.T
    expected = share @ ends
    gap = (observed.sum(axis=1) - expected)[1:]
    chi_square = float(gap @ np.linalg.pinv(covariance[1:, 1:]) @ gap)
    p_value = float(stats.chi2.sf(chi_square, len(members) - 1))
    return LogRank(tuple(members), observed.sum(axis=1), expected, covariance, chi_square, p_value)
