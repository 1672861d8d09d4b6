"""Aalen–Johansen: the fraction ended for each of several reasons, for ends that are timed.

The variance is the infinitesimal jackknife: the sum of squares of what each account adds to the
estimate, to first order, as R's survfit gives for several states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.numbers import numbers
from marsad.measure.survival.data import Floats, checked
from marsad.measure.survival.product_limit import ends_of
from marsad.measure.survival.timed import Timed

CHUNK = 2_000_000  # numbers of influence held at a time


@dataclass(frozen=True)
class States:
    """The fraction in each state by day: ``alive`` first, then each reason.

    ``fraction``, ``error``, ``low`` and ``high`` have a row a day and a column a state; the
    interval is on the logarithm of the fraction, NaN where that is 0.
    """

    days: Floats
    states: tuple[str, ...]
    fraction: Floats
    error: Floats
    low: Floats
    high: Floats
    at_risk: Floats


def aalen_johansen(
    exit_day: ArrayLike,
    reason: Sequence[str | None],
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    reasons: Sequence[str] | None = None,
    level: float = 0.95,
) -> States:
    """The fraction ended for each reason by each day on which somebody left.

    ``reason`` is why an account left on ``exit_day``, None where it was alive and watched no
    longer. Errors as in `lifetimes`; a reason that is not among ``reasons`` is one.
    """
    left = numbers("exit_day", exit_day, "day")
    ended = np.array([one is not None for one in reason], dtype=bool)
    right = np.where(ended, left, np.inf) if left.shape == ended.shape else left[:0]
    checked_ = checked(left, right, entry, weights, reason, reasons)
    data = Timed(checked_.left, ended, checked_.entry, checked_.weights)
    every = _Hazards(data, checked_.cause, len(checked_.reasons))
    fraction = np.column_stack([every.alive, every.incidence])
    error = every.error()
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = ends_of(fraction, error / fraction, "log", level)
    states = ("alive", *checked_.reasons)
    return States(every.days, states, fraction, error, low, high, every.risk)


class _Hazards:
    """Hazards by day and reason, and the fractions they make."""

    def __init__(
        self, data: Timed, cause: np.ndarray[tuple[int], np.dtype[np.int64]], reasons: int
    ):
        self.data, self.cause = data, cause
        self.days, self.risk, ends, _ = data.counts()
        place = np.searchsorted(self.days, data.exit)
        chosen, size = cause >= 0, len(self.days)
        flat = place[chosen] * reasons + cause[chosen]
        counts = np.bincount(flat, data.weights[chosen], size * reasons)
        self.hazard = counts.reshape(size, reasons) / self.risk[:, None]
        self.stay = 1 - ends / self.risk
        self.alive = np.cumprod(self.stay)
        self.before = np.concatenate([[1.0], self.alive[:-1]])
        self.incidence = np.cumsum(self.before[:, None] * self.hazard, axis=0)
        self.place = place

    def error(self) -> Floats:
        """The root of Σ w·influence², over like accounts at a time."""
        size, states = self.hazard.shape[0], self.hazard.shape[1] + 1
        keys = np.column_stack(
            [np.searchsorted(self.days, self.data.entry), self.place, self.cause]
        )
        rows, which = np.unique(keys, axis=0, return_inverse=True)
        weight = np.bincount(which.ravel(), self.data.weights, len(rows))
        total = np.zeros((size, states))
        step = max(CHUNK // (size * states), 1)
        for first in range(0, len(rows), step):
            part = slice(first, first + step)
            influence = self._influence(rows[part])
            total += np.einsum("i,its->ts", weight[part], influence**2)
        return np.asarray(np.sqrt(total))

    def _influence(self, rows: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> Floats:
        """For each row (first day at risk, day left, reason): accounts × days × states."""
        at = np.arange(len(self.days))
        watched = (at >= rows[:, :1]) & (at <= rows[:, 1:2])
        ended = (at == rows[:, 1:2])[:, :, None] & (
            np.arange(self.hazard.shape[1]) == rows[:, 2:3, None]
        )
        moved = (ended - watched[:, :, None] * self.hazard) / self.risk[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(self.stay > 0, moved.sum(axis=2) / self.stay, 0.0)
        alive = -self.alive * np.cumsum(relative, axis=1)
        before = np.concatenate([np.zeros((len(rows), 1)), alive[:, :-1]], axis=1)
        steps = before[:, :, None] * self.hazard + self.before[:, None] * moved
        return np.concatenate([alive[:, :, None], np.cumsum(steps, axis=1)], axis=2)
