"""Who was hit by which routes: the table of patterns, and what can be read off it directly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.capture_recapture.poisson import Array
from marsad.records.errors import InputError

MOST_ROUTES = 9


@lru_cache(maxsize=16)
def patterns(k: int) -> NDArray[np.int64]:
    """The 2^k − 1 non-empty patterns of k routes, (2^k − 1) × k, from 1…1 down to 0…01."""
    return np.array(list(product((1, 0), repeat=k))[:-1], dtype=np.int64)


@dataclass(frozen=True)
class Histories:
    """How many units have each non-empty pattern of ``routes``, in the order of `patterns`."""

    routes: tuple[str, ...]
    counts: Array

    @property
    def k(self) -> int:
        return len(self.routes)

    @property
    def n(self) -> int:
        """Units seen by at least one route."""
        return int(self.counts.sum())

    @property
    def times(self) -> NDArray[np.int64]:
        """By pattern: how many routes it has."""
        found: NDArray[np.int64] = patterns(self.k).sum(axis=1)
        return found

    def frequencies(self) -> tuple[int, ...]:
        """f_1 … f_k: units seen by exactly so many routes."""
        seen = np.bincount(self.times, self.counts, self.k + 1)[1:]
        return tuple(int(one) for one in seen)

    def by_route(self) -> tuple[int, ...]:
        """n_j: units seen by each route."""
        return tuple(int(one) for one in self.counts @ patterns(self.k))

    def first_seen(self) -> tuple[int, ...]:
        """u_j: units that route j saw and none before it."""
        first = patterns(self.k).argmax(axis=1)
        return tuple(int(one) for one in np.bincount(first, self.counts, self.k))

    def last_seen(self) -> tuple[int, ...]:
        """v_j: units that route j saw and none after it."""
        last = self.k - 1 - patterns(self.k)[:, ::-1].argmax(axis=1)
        return tuple(int(one) for one in np.bincount(last, self.counts, self.k))

    def overlaps(self) -> Array:
        """k × k: units that two routes share; the diagonal is 0."""
        found: Array = (patterns(self.k) * self.counts[:, None]).T @ patterns(self.k).astype(float)
        np.fill_diagonal(found, 0.0)
        return found


def tabulate(hits: NDArray[np.bool_], counts: Array, routes: tuple[str, ...]) -> Histories:
    """The table of a units × routes matrix; rows without a hit say nothing and are left out."""
    k = len(routes)
    code = hits.astype(np.int64) @ (1 << np.arange(k)[::-1])
    tally = np.bincount(code, counts, 2**k)
    return Histories(routes, tally[:0:-1].astype(float))


def read_hits(hits: ArrayLike, counts: ArrayLike | None) -> tuple[NDArray[np.bool_], Array]:
    """Units × routes as booleans, and how many units each row stands for (1).

    Raises `InputError` for what is no matrix of 0 and 1, and for counts that are not whole numbers
    ≥ 0, one a row.
    """
    given = np.asarray(hits)
    if given.ndim != 2:
        raise InputError("measure.capture.matrix")
    if given.dtype != np.bool_:
        given = _numbers(given, "measure.capture.hits")
        if not np.isin(given, (0, 1)).all():
            raise InputError("measure.capture.hits")
    return given.astype(bool), _tallies(counts, len(given))


def _tallies(counts: ArrayLike | None, rows: int) -> Array:
    if counts is None:
        return np.ones(rows)
    tallies = _numbers(np.asarray(counts), "measure.capture.counts")
    if tallies.shape != (rows,):
        raise InputError("measure.capture.lengths", rows=rows, given=tallies.size)
    if (tallies < 0).any() or (tallies != np.round(tallies)).any():
        raise InputError("measure.capture.counts")
    return tallies


def _numbers(given: NDArray[np.generic], otherwise: str) -> Array:
    try:
        found = given.astype(float)
    except (TypeError, ValueError):
        raise InputError(otherwise) from None
    if not np.isfinite(found).all():
        raise InputError(otherwise)
    return found
