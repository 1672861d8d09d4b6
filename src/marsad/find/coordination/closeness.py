"""Which shares of one object fall within a window of one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.shares import Shares

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MOST_PAIRS = 100_000_000
"""Close pairs that are looked at; the objects shared most densely are left out beyond."""

_AT_ONCE = 250_000
"""Pairs made in one go: what a processor holds near it. With millions each step waits for memory,
and takes more than twice as long."""


@dataclass(frozen=True)
class Close:
    """The close pairs of shares: share ``i`` and each share after it and before ``ends[i]``.

    ``used`` says of each object whether it is looked at. One left out is left out of everything:
    which they are follows from when objects were shared, never from who shared them, so a test
    without them stays valid.
    """

    shares: Shares
    ends: Ints
    used: Bools

    @property
    def later(self) -> Ints:
        """Of each share the close ones after it; none for objects left out."""
        found = self.ends - np.arange(len(self.ends)) - 1
        return np.where(self.used[self.shares.object], found, 0)

    @property
    def by_object(self) -> Ints:
        """Close pairs of each object."""
        return _summed(self.shares.object, self.later, len(self.shares.objects))

    def pairs(self, of: Bools | None = None) -> Iterator[tuple[Ints, Ints]]:
        """Places of the two shares of each close pair, the earlier first, so many at a time.

        ``of`` limits them to some objects.
        """
        later = self.later if of is None else np.where(of[self.shares.object], self.later, 0)
        until = np.cumsum(later)
        at = 0
        while at < len(later):
            done = until[at - 1] if at else 0
            end = max(at + 1, int(np.searchsorted(until, done + _AT_ONCE, side="right")))
            counts = later[at:end]
            first = np.repeat(np.arange(at, end), counts)
            step = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
            yield first, first + 1 + step
            at = end


def close(shares: Shares, window: int, most: int = MOST_PAIRS) -> Close:
    """The pairs of shares of one object at most ``window`` µs apart."""
    axis = _one_axis(shares, window)
    ends = np.searchsorted(axis, axis + window, side="right").astype(np.int64)
    everything = Close(shares, ends, np.ones(len(shares.objects), bool))
    return Close(shares, ends, _affordable(everything.by_object, most))


def _one_axis(shares: Shares, window: int) -> Ints:
    """Times of all objects one after another; gaps longer than the window are cut short, so that
    the numbers stay small, and objects lie further apart than the window."""
    gaps = np.minimum(np.diff(shares.at, prepend=0), window + 1)
    fresh = np.ones(len(gaps), bool)
    fresh[1:] = shares.object[1:] != shares.object[:-1]
    gaps[fresh] = window + 1
    return np.cumsum(gaps)


def _affordable(pairs: Ints, most: int) -> Bools:
    """The objects with the fewest close pairs, as many as come to ``most`` pairs together."""
    if pairs.sum() <= most:
        return np.ones(len(pairs), bool)
    levels = np.sort(pairs)
    within = int(np.searchsorted(np.cumsum(levels), most, side="right"))
    return np.asarray(pairs < levels[within])


def _summed(groups: Ints, numbers: Ints, length: int) -> Ints:
    return np.bincount(groups, weights=numbers, minlength=length).astype(np.int64)
