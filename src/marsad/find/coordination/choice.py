"""Whether two accounts pick the same rare objects more often than their numbers explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from marsad.find.coordination.shares import Shares

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

RARE = 50
"""Accounts that share an object which still is a matter of choice; others are everybody's."""

LEAST_DEGREE = 5
"""Rare objects that an account must have shared: of fewer nothing can be told."""

LEAST_COMMON = 3

MOST_PAIRS = 20_000_000
"""Pairs of shares that are looked at; the objects that most share are left out beyond."""

_ROUNDS = 1_000
_NEAR = 1e-10
_MISS = 0.01
_HALVINGS = 50


@dataclass(frozen=True)
class Choices:
    """Pairs of accounts with `LEAST_COMMON` rare objects in common, as places in `Shares`.

    ``count`` of them where λ = ``expected`` would be by chance, with probability ``p`` of as many
    or more. ``tests`` pairs could have been; ``rare`` says which objects were looked at.
    """

    u: Ints
    v: Ints
    count: Ints
    expected: Floats
    p: Floats
    tests: float
    rare: Bools


def choices(shares: Shares) -> Choices:
    """Tests all pairs of accounts by what they picked, never by when.

    Under the null an account picks an object with probability x·y / (1 + x·y), x its own and y the
    object's, such that everybody picks as many and every object is picked as often as was seen
    (the bipartite configuration model: Saracco et al. 2015, *Sci. Rep.* 5, 10595).
    """
    rare = _rare(shares.sizes)
    kept = rare[shares.object]
    degree = np.bincount(shares.account[kept], minlength=len(shares.accounts))
    able = degree >= LEAST_DEGREE
    accounts = int(able.sum())
    u, v, count = _in_common(shares, kept & able[shares.account])
    model = _fitted(degree[able], np.bincount(shares.object[kept & able[shares.account]]))
    expected, p = _tails(model, degree[u], degree[v], count)
    return Choices(u, v, count, expected, p, accounts * (accounts - 1) / 2, rare)


def _rare(sizes: Ints) -> Bools:
    """The objects of few accounts; fewer still where their pairs would be too many."""
    by_size = np.bincount(sizes, minlength=RARE + 1)[: RARE + 1]
    each = np.arange(RARE + 1)
    within = np.cumsum(by_size * each * (each - 1) / 2) <= MOST_PAIRS
    return np.asarray(sizes <= int(np.flatnonzero(within).max(initial=0)))


def _in_common(shares: Shares, kept: Bools) -> tuple[Ints, Ints, Ints]:
    """Pairs of accounts and how many of the kept shares' objects they have in common."""
    account, object_ = shares.account[kept], shares.object[kept]
    places = np.arange(len(object_))
    ends = np.searchsorted(object_, object_, side="right")
    after = ends - places - 1
    first = np.repeat(places, after)
    second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(after) - after, after)
    low = np.minimum(account[first], account[second])
    high = np.maximum(account[first], account[second])
    codes, counts = np.unique(low * len(shares.accounts) + high, return_counts=True)
    many = counts >= LEAST_COMMON
    u, v = np.divmod(codes[many], max(len(shares.accounts), 1))
    return u, v, counts[many].astype(np.int64)


@dataclass(frozen=True)
class _Model:
    """Chances by degree: ``chance[i, j]`` that an account of ``degrees[i]`` picks an object of the
    ``j``-th size, of which there are ``objects[j]``."""

    degrees: Ints
    objects: Ints
    chance: Floats


def _fitted(degree: Ints, sizes: Ints) -> _Model:
    """The model with the degrees and sizes that were seen, by fixed-point iteration."""
    degrees, accounts = np.unique(degree, return_counts=True)
    picked, objects = np.unique(sizes[sizes > 0], return_counts=True)
    total = max(float((degrees * accounts).sum()), 1.0)
    x, y = degrees / np.sqrt(total), picked / np.sqrt(total)
    for _ in range(_ROUNDS):
        fresh = degrees / (objects * y / (1 + np.outer(x, y))).sum(axis=1)
        y = picked / (accounts[:, None] * fresh[:, None] / (1 + np.outer(fresh, y))).sum(axis=0)
        moved = np.abs(fresh / x - 1).max(initial=0.0)
        x = fresh
        if moved < _NEAR:
            break
    product = np.outer(x, y)
    chance = product / (1 + product)
    # an account that picked nearly everything has no finite x: nothing of it is a surprise
    chance[np.abs(chance @ objects / degrees - 1) > _MISS] = 1.0
    return _Model(degrees, objects, chance)


def _tails(model: _Model, first: Ints, second: Ints, count: Ints) -> tuple[Floats, Floats]:
    """Expected objects in common, and Chernoff's bound on as many or more: never too small."""
    if not len(count):
        return np.zeros(0), np.zeros(0)
    low, high = np.minimum(first, second), np.maximum(first, second)
    cases, of = np.unique(np.stack([low, high, count], 1), axis=0, return_inverse=True)
    i, j = (np.searchsorted(model.degrees, cases[:, end]) for end in (0, 1))
    chance = np.clip(model.chance[i] * model.chance[j], 1e-300, 1 - 1e-15)
    means = chance @ model.objects
    bounds = _chernoff(chance, model.objects, cases[:, 2].astype(float))
    found = np.where(cases[:, 2] > means, bounds, 1.0)
    return means[of.ravel()], found[of.ravel()]


def _chernoff(chance: Floats, times: Ints, count: Floats) -> Floats:
    """min over t of exp(−t·count)·Π(1 − q + q·e^t), each chance ``times`` times over."""
    odds = np.log(chance) - np.log1p(-chance)
    low, high = np.zeros(len(count)), np.full(len(count), 700.0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        short = special.expit(odds + middle[:, None]) @ times < count
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    grown = (np.logaddexp(0.0, odds + low[:, None]) - np.logaddexp(0.0, odds)) @ times
    return np.asarray(np.exp(np.minimum(grown - low * count, 0.0)))
