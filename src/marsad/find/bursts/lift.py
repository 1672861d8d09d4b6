"""Lift: how many times as often new accounts are in a burst as accounts that were silent before.

It is the odds ratio of a table of two by two: new accounts inside a burst (a) and elsewhere at the
time (b), known accounts inside (c) and elsewhere (d). Conditional on its margins a follows Fisher's
noncentral hypergeometric law; tail and limits are exact (Cornfield 1956).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]

_WIDEST = 40.0
"""Logarithm of the largest odds ratio that is told from an infinite one."""

_HALVINGS = 60


@dataclass(frozen=True)
class Table:
    """Accounts by whether they are new, and whether they were in the burst."""

    new_inside: int
    new_outside: int
    known_inside: int
    known_outside: int

    @property
    def expected(self) -> float:
        """New accounts inside, had they been as likely there as known ones; ½ in each cell."""
        return (self.new_outside + 0.5) * (self.known_inside + 0.5) / (self.known_outside + 0.5)

    @property
    def lift(self) -> float:
        """The odds ratio with ½ added to each cell, finite and not too large (Haldane 1956)."""
        return (self.new_inside + 0.5) / self.expected


@dataclass(frozen=True)
class Limits:
    """The interval of a lift; ``high`` is None where the data set no upper limit."""

    low: float
    high: float | None
    level: float


def tail(table: Table, odds: float) -> float:
    """P(A ≥ a) where new accounts are ``odds`` times as likely inside as known ones."""
    values, base = _law(table)
    return _upper(values, base, table.new_inside, np.log(odds))


def limits(table: Table, level: float = 0.95) -> Limits:
    """The exact interval of the lift: the odds at which either tail is half of what is left."""
    values, base = _law(table)
    a, each = table.new_inside, (1 - level) / 2
    low = 0.0
    if a > values[0]:
        low = float(np.exp(_crossing(lambda t: _upper(values, base, a, t) - each)))
    high = None
    if a < values[-1]:
        high = float(np.exp(_crossing(lambda t: each - 1 + _upper(values, base, a + 1, t))))
    return Limits(low, high, level)


def _law(table: Table) -> tuple[Floats, Floats]:
    """The values the first cell can take, and the logarithms of their weights at odds 1."""
    new = table.new_inside + table.new_outside
    known = table.known_inside + table.known_outside
    inside = table.new_inside + table.known_inside
    values = np.arange(max(0, inside - known), min(new, inside) + 1, dtype=np.float64)
    base = _choose(new, values) + _choose(known, inside - values)
    return values, base


def _choose(of: int, taken: Floats) -> Floats:
    found = special.gammaln(of + 1) - special.gammaln(taken + 1) - special.gammaln(of - taken + 1)
    return np.asarray(found)


def _upper(values: Floats, base: Floats, least: float, log_odds: float) -> float:
    weights = base + values * log_odds
    weights = np.exp(weights - weights.max())
    return float(min(weights[values >= least].sum() / weights.sum(), 1.0))


def _crossing(rising: Callable[[float], float]) -> float:
    """Where a rising function of the log odds passes 0, by halving."""
    low, high = -_WIDEST, _WIDEST
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2
