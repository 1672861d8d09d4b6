"""Innermost intervals: where a nonparametric estimate can put ends, and nowhere else.

Turnbull (1976, JRSS B 38:290): from a left end to a right end with neither between. With left
truncation entry times count as right ends too, so that mass can lie just before an entry (Frydman
1994, JRSS B 56:71). An interval is half open, (left, right]; a known time t is (t⁻, t].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.measure.survival.data import Floats, Lifetimes

Ints = NDArray[np.int64]
_BEFORE, _RIGHT, _LEFT = 0, 1, 2  # order of ends at one moment: t⁻, "≤ t", "> t"


@dataclass(frozen=True)
class Innermost:
    """The m innermost intervals and which of them each account concerns.

    ``left`` and ``right`` are their ends. ``known[j]`` is the weight of the accounts known to have
    been watched and alive through interval j. An ended account of ``weight[i]`` ended in one of
    the intervals ``low[i]`` … ``high[i]`` − 1; like accounts are one row.
    """

    left: Floats
    right: Floats
    known: Floats
    low: Ints
    high: Ints
    weight: Floats


def innermost(data: Lifetimes, marks: Floats) -> Innermost:
    """The innermost intervals of ``data``, cut at the days in ``marks`` too."""
    days = np.unique(np.concatenate([data.left, data.right[data.ended], data.entry, marks]))
    left = 3 * np.searchsorted(days, data.left) + np.where(data.exact, _BEFORE, _LEFT)
    right = 3 * np.searchsorted(days, data.right[data.ended]) + _RIGHT
    since = 3 * np.searchsorted(days, data.entry) + _RIGHT
    cut = 3 * np.searchsorted(days, marks)
    ends = np.unique(np.concatenate([left, right, since, cut + _RIGHT, cut + _LEFT]))
    opens = np.flatnonzero((ends[:-1] % 3 != _RIGHT) & (ends[1:] % 3 == _RIGHT))
    from_, to = ends[opens], ends[opens + 1]
    low = np.searchsorted(from_, left)
    high = np.searchsorted(to, right, side="right")
    entered = np.searchsorted(to, since, side="right")
    size = len(opens) + 1
    steps = np.bincount(entered, data.weights, size) - np.bincount(low, data.weights, size)
    rows = _alike(low[data.ended], high, data.weights[data.ended], size)
    return Innermost(days[from_ // 3], days[to // 3], np.cumsum(steps)[:-1].round(9), *rows)


def _alike(low: Ints, high: Ints, weight: Floats, size: int) -> tuple[Ints, Ints, Floats]:
    keys, which = np.unique(low * size + high, return_inverse=True)
    total = np.bincount(which, weight, len(keys)).astype(np.float64)
    return keys // size, keys % size, total
