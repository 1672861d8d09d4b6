"""Medians and other quantiles with intervals that ask nothing of the distribution.

The ends of a median's are order statistics, interpolated as Hettmansperger and Sheather (1986,
Statistics & Probability Letters 4:75) do, so that few values do not make it wider than it has to
be.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special


def fewest(level: float = 0.95) -> int:
    """The fewest values whose range holds the median at ``level``: 6 at 95 %."""
    return int(np.ceil(1 - np.log2(1 - level)))


def median_interval(values: ArrayLike, level: float = 0.95) -> tuple[float, float, float]:
    """Median, low and high end. ValueError with fewer values than `fewest`.

    The values are independent draws; ties and gaps only make the interval hold more often.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    if n < fewest(level):
        raise ValueError(f"{n} values; a median's interval needs {fewest(level)}")
    held = 1 - 2 * special.bdtr(np.arange(n // 2), n, 0.5)  # by the (k+1)-th smallest and largest
    k = int(np.flatnonzero(held >= level)[-1]) + 1
    low, high = ordered[k - 1], ordered[n - k]
    if k < n / 2 and k < len(held):
        share = (held[k - 1] - level) / (held[k - 1] - held[k])
        inward = (n - k) * share / (k + (n - 2 * k) * share)
        low += inward * (ordered[k] - low)
        high -= inward * (high - ordered[n - k - 1])
    return float(np.median(ordered)), float(low), float(high)


def fewest_for(quantile: float, level: float = 0.95) -> int:
    """The fewest values whose range holds a quantile in (0, 1) at ``level``: 72 for the 95th
    percentile at 95 %."""
    return int(np.ceil(np.log((1 - level) / 2) / np.log(max(quantile, 1 - quantile))))


def quantile_interval(
    values: ArrayLike, quantile: float, level: float = 0.95
) -> tuple[float, float]:
    """Low and high end of an interval for a quantile in (0, 1): two of the values themselves, so
    that each side is missed at most half as often as ``level`` allows (David and Nagaraja 2003,
    Order Statistics, 7.1). ValueError with fewer values than `fewest_for`.
    """
    ordered = np.sort(np.asarray(values, dtype=float))
    n = len(ordered)
    if n < fewest_for(quantile, level):
        raise ValueError(f"{n} values; this quantile needs {fewest_for(quantile, level)}")
    below = special.bdtr(np.arange(n), n, quantile)  # P(at most k values lie below the quantile)
    miss = (1 - level) / 2
    low = int(np.searchsorted(below, miss, side="right"))  # one more than the ranks left out
    high = int(np.searchsorted(below, 1 - miss, side="left"))
    return float(ordered[max(low - 1, 0)]), float(ordered[min(high, n - 1)])
