"""Lifetimes whose ends are timed: when each account left, and whether by an end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.numbers import numbers
from marsad.measure.survival.data import Floats, checked
from marsad.records.errors import InputError


@dataclass(frozen=True)
class Timed:
    """``exit`` days, whether by an end, ``entry`` days and weights of n accounts."""

    exit: Floats
    ended: NDArray[np.bool_]
    entry: Floats
    weights: Floats

    def where(self, chosen: NDArray[np.bool_]) -> Timed:
        return Timed(
            self.exit[chosen], self.ended[chosen], self.entry[chosen], self.weights[chosen]
        )

    def since(self, start: float) -> Timed:
        return self.where(self.exit >= start) if start > 0 else self

    def at_risk(self, days: Floats) -> Floats:
        """The weight of those with entry < day ≤ exit."""
        return _below(self.entry, self.weights, days) - _below(self.exit, self.weights, days)

    def counts(self, days: Floats | None = None) -> tuple[Floats, Floats, Floats, Floats]:
        """Days on which somebody left, at risk, ended, and left otherwise on each."""
        at = np.unique(self.exit) if days is None else days
        place = np.searchsorted(at, self.exit)
        ends, left = (
            np.bincount(place, self.weights * which, len(at)).astype(np.float64)
            for which in (self.ended, ~self.ended)
        )
        return at, self.at_risk(at), ends, left


def timed(
    exit_day: ArrayLike,
    ended: ArrayLike,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Timed:
    """Checked arrays; errors as in `marsad.measure.survival.data.checked`."""
    left = numbers("exit_day", exit_day, "day")
    happened = numbers("ended", ended, "truth").astype(bool)
    if happened.shape != left.shape:
        raise InputError("measure.survival.lengths")
    data = checked(left, np.where(happened, left, np.inf), entry, weights)
    return Timed(data.left, happened, data.entry, data.weights)


def _below(of: Floats, weights: Floats, days: Floats) -> Floats:
    """The weight of those whose day lies below each of ``days``."""
    order = np.argsort(of, kind="stable")
    upto = np.concatenate([[0.0], np.cumsum(weights[order])])
    return np.asarray(upto[np.searchsorted(of[order], days, side="left")])
