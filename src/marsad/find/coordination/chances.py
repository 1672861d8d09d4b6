"""The chance that two accounts on an object fall within the window: by itself, and by its like."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.closeness import Close

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NEIGHBOURS = 200
"""Objects of nearly the same size that one is compared with, at least."""

FEWEST_NEIGHBOURS = 20
"""With fewer, nothing is known of objects of that size."""


def own_chances(close: Close) -> Floats:
    """Of all pairs of accounts on each object the fraction within the window; in [0, 1].

    The object's own rhythm is in it: bursts and days need no model.
    """
    sizes = close.shares.sizes
    every = sizes * (sizes - 1) / 2
    return np.divide(close.by_object, every, out=np.zeros(len(sizes)), where=every > 0)


def alike_chances(sizes: Ints, own: Floats, used: npt.NDArray[np.bool_]) -> Floats:
    """For each object the mean of ``own`` over others of nearly its size; in (0, 1].

    The others are all used objects of half its size to twice, and as many sizes further up and
    down, as evenly as can be, as hold `NEIGHBOURS` of them; 1 where there are fewer than
    `FEWEST_NEIGHBOURS`. It is not less than one success in all those trials would make it: what
    was never seen is not impossible.
    """
    if not used.any():
        return np.ones(len(sizes))
    held = np.bincount(sizes[used])
    total = np.bincount(sizes[used], weights=own[used])
    counts, sums = (np.concatenate([[0], np.cumsum(part)]) for part in (held, total))
    low, high = _reaches(counts)
    others = (counts[high + 1] - counts[low] - 1)[_within(sizes, held)]
    rest = (sums[high + 1] - sums[low])[_within(sizes, held)] - own
    mean = np.divide(rest, others, out=np.ones(len(sizes)), where=others > 0)
    floor = 1 / (1 + others) / np.maximum(sizes.astype(float), 1) ** 2
    known = used & (others >= FEWEST_NEIGHBOURS)
    return np.where(known, np.clip(mean, floor, 1.0), 1.0)


def _within(sizes: Ints, held: Ints) -> Ints:
    """Sizes as places; those of objects that are not used may lie beyond all others."""
    return np.minimum(sizes, len(held) - 1)


def _reaches(counts: Ints) -> tuple[Ints, Ints]:
    """For each size the least and the greatest size of its neighbours."""
    top = len(counts) - 2
    sizes = np.arange(top + 1)
    # from half to twice the size at least: a ring that shares much would be its own neighbours
    low, high = (sizes + 1) // 2, np.minimum(2 * sizes, top)
    wanted = min(NEIGHBOURS, int(counts[-1]) - 1)
    step = np.ones(top + 1, np.int64)
    # each round the reach grows, by a tenth of the size once it is large, as sizes are scarce there
    while (short := (counts[high + 1] - counts[low] - 1 < wanted)).any():
        low = np.where(short, np.maximum(low - step, 0), low)
        high = np.where(short, np.minimum(high + step, top), high)
        step = np.maximum(step, (high - low) // 10)
    return low, high
