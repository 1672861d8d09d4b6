"""Pairs of accounts worth a test: those whose count could be a discovery at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.closeness import Close
from marsad.find.coordination.orders import places
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

    def only(self, wanted: Bools, rows: Bools | None = None) -> Candidates:
        """Some pairs, with some of their rows."""
        pair = self.pair
        rows = wanted[pair] if rows is None else rows & wanted[pair]
        sizes = np.bincount(pair[rows], minlength=len(self))[wanted]
        return Candidates(
            self.u[wanted],
            self.v[wanted],
            self.count[wanted],
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            self.object[rows],
            self.share_u[rows],
            self.share_v[rows],
        )


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
    most = np.log(level * len(code) / tests)
    logs = np.log(np.maximum(least, 1e-300))
    if _steps(close.shares, code) <= len(close.shares.at) + close.later.sum():
        every = _with_objects(close, code, count)
        return every.only(_sums_of_common(close, every, logs) <= most)
    possible = _sums_of_all(close, code, logs) <= most
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


def _steps(shares: Shares, code: Ints) -> int:
    """How many shares are looked at to find what the accounts of pairs have in common."""
    degree = np.bincount(shares.account, minlength=len(shares.accounts))
    u, v = np.divmod(code, len(shares.accounts))
    return int(np.minimum(degree[u], degree[v]).sum())


def _sums_of_common(close: Close, pairs: Candidates, logs: Floats) -> Floats:
    """For each pair the sum of ``logs`` over the objects on which it came close."""
    earlier = np.minimum(pairs.share_u, pairs.share_v)
    near = np.maximum(pairs.share_u, pairs.share_v) < close.ends[earlier]
    return pairs.summed(np.where(near, logs[pairs.object], 0.0))


def _sums_of_all(close: Close, code: Ints, logs: Floats) -> Floats:
    """The same from all close pairs of shares: where as many pairs meet again and again as meet at
    all, sooner done than to look up what each two have in common."""
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
        np.add.at(sums, at[hit], logs[objects])
    return sums


def _with_objects(close: Close, code: Ints, count: Ints) -> Candidates:
    shares = close.shares
    u, v = np.divmod(code, max(len(shares.accounts), 1))
    share_u, share_v, starts = _common(shares, u, v, close.used)
    return Candidates(u, v, count, starts, shares.object[share_u], share_u, share_v)


def _common(shares: Shares, u: Ints, v: Ints, used: Bools) -> tuple[Ints, Ints, Ints]:
    """The shares of two accounts on the same objects: found by walking along the one with fewer."""
    objects = max(len(shares.objects), 1)
    named = np.zeros(len(shares.accounts), bool)
    named[u] = named[v] = True
    own = np.flatnonzero(named[shares.account])
    code = shares.account[own] * objects + shares.object[own]
    order = places(code)
    ordered, order = code[order], own[order]
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
