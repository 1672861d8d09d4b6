"""How likely a count is at least as large as seen: exact tails of Poisson-binomial counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_CELLS = 4_000_000
"""Numbers held at once while tails are computed."""


def tails(chances: Floats, starts: Ints, counts: Ints) -> Floats:
    """P(X ≥ count) for sums of independent trials, one a group; exact, by dynamic programming.

    The trials of group ``g`` succeed with probabilities ``chances[starts[g]:starts[g + 1]]``, in
    [0, 1]; ``counts[g]`` ≥ 1. Returns one probability a group. Takes time in trials times count.
    """
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
