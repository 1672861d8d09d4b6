"""Pairs of accounts worth a test: those whose count could be a discovery at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.closeness import Close
from marsad.find.coordination.shares import Shares

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SLOTS = 1 << 24


@dataclass(frozen=True)
class Candidates:
    """Pairs of accounts ``u`` < ``v`` that came close on ``count`` objects, two at least.

    Their common objects, close or not, lie one pair after another: ``starts`` (one more than there
    are pairs), ``object``, and the shares of ``u`` and ``v`` as places in `Shares`.
    """

    u: Ints
    v: Ints
    count: Ints
    starts: Ints
    object: Ints
    share_u: Ints
    share_v: Ints

    def __len__(self) -> int:
        return len(self.u)

    @property
    def pair(self) -> Ints:
        """The pair that each common object belongs to."""
        return np.repeat(np.arange(len(self.u)), np.diff(self.starts))

    def summed(self, numbers: npt.NDArray[np.generic]) -> Floats:
        """Of each pair the sum over its common objects."""
        return np.bincount(self.pair, weights=numbers, minlength=len(self.u)).astype(float)


def candidates(close: Close, least: Floats, tests: float, level: float) -> Candidates:
    """The pairs whose p-value could be small enough for a discovery.

    ``least`` is for each object a chance that no test goes below. The product of these over the
    objects on which a pair came close is below its p-value, and of ``tests`` that could have been
    at most as many are discoveries as there are pairs that came close twice: a pair whose product
    is larger than ``level`` times that fraction is none.
    """
    code, count = met_twice(close)
    if not len(code):
        return _with_objects(close, code, count)
    logs = _log_products(close, code, least)
    possible = logs <= np.log(level * len(code) / tests)
    return _with_objects(close, code[possible], count[possible])


def _codes(close: Close) -> Ints:
    blocks = [_code(close.shares, *block) for block in close.pairs()]
    return np.concatenate(blocks) if blocks else np.zeros(0, np.int64)


def _code(shares: Shares, first: Ints, second: Ints) -> Ints:
    """One number for a pair of accounts."""
    a, b = shares.account[first], shares.account[second]
    return np.minimum(a, b) * len(shares.accounts) + np.maximum(a, b)


def met_twice(close: Close) -> tuple[Ints, Ints]:
    """The codes of pairs that came close on two objects or more, ascending, and on how many."""
    codes = _codes(close)
    codes.sort()
    again = np.flatnonzero(codes[1:] == codes[:-1])
    if not len(again):
        return codes[:0], codes[:0]
    # of one pair they stand side by side; nearly all pairs met once, and have no place here
    begins = np.flatnonzero(np.concatenate([[True], np.diff(again) > 1]))
    return codes[again[begins]], 1 + np.diff(begins, append=len(again))


def _log_products(close: Close, code: Ints, least: Floats) -> Floats:
    """For each pair the sum of logarithms of ``least`` over the objects on which it came close."""
    logs = np.log(np.maximum(least, 1e-300))
    sums = np.zeros(len(code))
    slots = np.zeros(_SLOTS, bool)
    slots[code % _SLOTS] = True
    for first, second in close.pairs():
        found = _code(close.shares, first, second)
        # most pairs met once: a table of marks sets them aside without a search
        some = np.flatnonzero(slots[found % _SLOTS])
        at = np.minimum(np.searchsorted(code, found[some]), len(code) - 1)
        hit = code[at] == found[some]
        objects = close.shares.object[first[some[hit]]]
        sums += np.bincount(at[hit], weights=logs[objects], minlength=len(code))
    return sums


def _with_objects(close: Close, code: Ints, count: Ints) -> Candidates:
    shares = close.shares
    u, v = np.divmod(code, max(len(shares.accounts), 1))
    share_u, share_v, starts = _common(shares, u, v, close.used)
    return Candidates(u, v, count, starts, shares.object[share_u], share_u, share_v)


def _common(shares: Shares, u: Ints, v: Ints, used: Bools) -> tuple[Ints, Ints, Ints]:
    """The shares of two accounts on the same objects: found by walking along the one with fewer."""
    objects = max(len(shares.objects), 1)
    named = shares.account * objects + shares.object
    order = np.argsort(named)
    ordered = named[order]
    begins = np.searchsorted(ordered, np.arange(len(shares.accounts) + 1) * objects)
    degree = np.diff(begins)
    swap = degree[u] > degree[v]
    few, many = np.where(swap, v, u), np.where(swap, u, v)
    pair = np.repeat(np.arange(len(u)), degree[few])
    step = np.arange(len(pair)) - np.repeat(np.cumsum(degree[few]) - degree[few], degree[few])
    mine = order[begins[few][pair] + step]
    wanted = many[pair] * objects + shares.object[mine]
    at = np.minimum(np.searchsorted(ordered, wanted), max(len(ordered) - 1, 0))
    both = (ordered[at] == wanted) & used[shares.object[mine]]
    pair, mine, theirs = pair[both], mine[both], order[at[both]]
    starts = np.searchsorted(pair, np.arange(len(u) + 1))
    turned = swap[pair]
    return np.where(turned, theirs, mine), np.where(turned, mine, theirs), starts
