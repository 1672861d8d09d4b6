"""How likely a count is at least as large as seen: tails of Poisson-binomial counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CELLS = 4_000_000
"""Numbers held at once while tails are computed."""

_TINY = 1e-14
"""A tail whose bound is below is told by its bound: such a pair is a discovery either way."""

_LARGE = 100
"""Counts above are told by their bound too: it is some ten times the tail there, which takes time
in the square of the count."""

_STEPS = 40


def tails(chances: Floats, starts: Ints, counts: Ints) -> Floats:
    """P(X ≥ count) for sums of independent trials, one a group; never too small.

    The trials of group ``g`` succeed with probabilities ``chances[starts[g]:starts[g + 1]]``, in
    [0, 1]; ``counts[g]`` ≥ 1. Returns one probability a group: exact where it matters. A count that
    is not above its expectation is no discovery and gets 1; where Chernoff's bound is below
    `_TINY`, or the count above `_LARGE`, the bound.
    """
    means = _sums(chances, starts)
    found = np.ones(len(counts))
    above = np.flatnonzero(counts > means)
    if not len(above):
        return found
    some, begins = _chosen(chances, starts, above)
    bounds = _chernoff(some, begins, counts[above])
    found[above] = bounds
    open_ = (bounds >= _TINY) & (counts[above] <= _LARGE)
    left, begins = _chosen(chances, starts, above[open_])
    found[above[open_]] = exact_tails(left, begins, counts[above[open_]])
    return found


def exact_tails(chances: Floats, starts: Ints, counts: Ints) -> Floats:
    """The same by dynamic programming, which takes time in trials times count."""
    sizes = np.diff(starts)
    found = np.ones(len(counts))
    order = np.lexsort((counts, sizes))
    at = 0
    while at < len(order):
        taken = max(1, _CELLS // _room(order[at:], sizes, counts))
        group = order[at : at + taken]
        found[group] = _tails(_padded(chances, starts[group], sizes[group]), counts[group])
        at += taken
    return found


def _chernoff(chances: Floats, starts: Ints, counts: Ints) -> Floats:
    """min over t ≥ 0 of exp(−t·count)·Π(1 − q + q·e^t), an upper bound of each tail.

    The best t solves Σ q·e^t / (1 − q + q·e^t) = count; halving an interval finds it. Any t gives
    a bound, so that it is found only nearly does no harm. In logarithms, which do not overflow.
    """
    sizes = np.diff(starts)
    with np.errstate(divide="ignore"):
        odds = np.clip(np.log(chances) - np.log1p(-chances), -700.0, 700.0)
    low, high = np.zeros(len(counts)), np.full(len(counts), 60.0)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        reached = _sums(special.expit(odds + np.repeat(middle, sizes)), starts)
        short = reached < counts
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    # log(1 − q + q·e^t), where 1 − q is 1 / (1 + odds)
    grown = np.logaddexp(0.0, odds + np.repeat(low, sizes)) - np.logaddexp(0.0, odds)
    return np.asarray(np.exp(np.minimum(_sums(grown, starts) - low * counts, 0.0)))


def _sums(numbers: Floats, starts: Ints) -> Floats:
    """The sum of each group's numbers; none is empty."""
    return np.asarray(np.add.reduceat(numbers, starts[:-1])) if len(numbers) else np.zeros(0)


def _chosen(chances: Floats, starts: Ints, groups: Ints) -> tuple[Floats, Ints]:
    """The chances of some groups alone."""
    sizes = np.diff(starts)
    kept = np.zeros(len(sizes), bool)
    kept[groups] = True
    return chances[np.repeat(kept, sizes)], np.concatenate([[0], np.cumsum(sizes[kept])])


def _room(order: Ints, sizes: Ints, counts: Ints) -> int:
    """The numbers one group needs, judged by one a little further on than the next."""
    ahead = order[min(len(order) - 1, 1000)]
    return int(sizes[ahead] + counts[ahead] + 1)


def _padded(chances: Floats, starts: Ints, sizes: Ints) -> Floats:
    """The chances of groups as rows, filled up with trials that never succeed."""
    width = int(sizes.max(initial=0))
    places = np.arange(width)
    inside = places < sizes[:, None]
    rows = np.zeros((len(sizes), width))
    rows[inside] = chances[(starts[:, None] + places)[inside]]
    return rows


def _tails(chances: Floats, counts: Ints) -> Floats:
    """``below[g, k]`` is the probability of k successes so far and never yet ``counts[g]``."""
    below = np.zeros((len(counts), int(counts.max()) + 1))
    below[:, 0] = 1
    reached = np.zeros(len(counts))
    groups = np.arange(len(counts))
    for trial in range(chances.shape[1]):
        chance = chances[:, trial]
        reached += below[groups, counts - 1] * chance
        moved = below[:, :-1] * chance[:, None]
        below *= 1 - chance[:, None]
        below[:, 1:] += moved
        below[groups, counts] = 0
    return np.minimum(reached, 1.0)
