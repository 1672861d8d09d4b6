"""Two readings of the same pairs: timing (T1), and objects without an outside audience (T2)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.acts import acts_of_accounts
from marsad.find.coordination.candidates import Candidates
from marsad.find.coordination.closeness import Close
from marsad.find.coordination.habits import CELLS, PARTS, Habits
from marsad.find.coordination.shares import Shares
from marsad.find.coordination.tails import tails

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CONCENTRATED = 0.5
"""An object is concentrated where more than this fraction of its pairs lies within the window."""

COMPANIONS = 0.5
"""Two accounts are companions if they have at least this fraction of the concentrated objects in
common of the one that shared fewer of them."""

PUBLIC = 50
"""A concentrated object of more accounts may be an event that a crowd attends."""

INSEPARABLE, MANY = 0.9, 10
"""The same fraction for such objects, of the one that shared more of them, and how many at least:
of a regular crowd everybody misses some events, and of few events some miss none."""

_AT_ONCE = 20_000


def timing_chances(close: Close, pairs: Candidates, own: Floats, habits: Habits) -> Floats:
    """T1: for each common object of each pair the chance that they come close on it.

    Not less than the object's own fraction of close pairs, and raised by what the habits of the
    two make of it: Σ f_u(c)·f_v(c')·π(c, c') over the cells of the object's life, where f are
    the fractions of an account's shares in each cell and π the fraction of the object's pairs
    in these cells that are close; and the same for parts of the day, as a ratio.
    """
    wanted = np.zeros(len(close.used), bool)
    wanted[pairs.object] = True
    lives, days = _Lives(close, wanted, habits), _Days(close, wanted, habits)
    found = np.empty(len(pairs.object))
    pair = pairs.pair
    for at in range(0, len(found), _AT_ONCE):
        some = slice(at, at + _AT_ONCE)
        u, v, objects = pairs.u[pair[some]], pairs.v[pair[some]], pairs.object[some]
        by_life = np.maximum(own[objects], lives.chance(u, v, objects))
        found[some] = by_life * np.maximum(1, days.ratio(u, v, objects))
    return np.minimum(found, 1.0)


def audience_chances(pairs: Candidates, alike: Floats, habits: Habits) -> Floats:
    """T2: the same chance from objects of the same kind and size, raised by common hours."""
    shared = habits.days[pairs.u] * habits.days[pairs.v]
    usual = np.bincount(habits.part, minlength=PARTS) / max(len(habits.part), 1)
    ratio = np.maximum(1, shared @ usual)[pairs.pair]
    return np.minimum(alike[pairs.object] * ratio, 1.0)


def p_values(pairs: Candidates, chances: Floats) -> Floats:
    """The probability of as many close objects as a pair has, or more, by chance."""
    return tails(chances, pairs.starts, pairs.count)


def companions(close: Close, pairs: Candidates, own: Floats) -> Bools:
    """Of each pair's common objects those on which the two are companions: where they have most of
    the concentrated objects in common, two at least; objects of a crowd and others apart.

    Where a crowd shares in the same minute (a match, a prayer), each of its members has another
    part of it in common with each other; a group without an outside audience is always together.
    """
    concentrated = (own > CONCENTRATED) & close.used
    public = close.shares.sizes > PUBLIC
    common, fewer, _ = _in_common(close.shares, pairs, concentrated & ~public)
    few = (common >= 2) & (common >= COMPANIONS * fewer)
    common, _, more = _in_common(close.shares, pairs, concentrated & public)
    many = (common >= MANY) & (common >= INSEPARABLE * more)
    return np.asarray(np.where(public[pairs.object], many[pairs.pair], (few | many)[pairs.pair]))


def _in_common(shares: Shares, pairs: Candidates, among: Bools) -> tuple[Floats, Ints, Ints]:
    """Of some objects how many each pair has in common, and how many the two shared: the one with
    fewer, the one with more."""
    degree = acts_of_accounts(shares, among[shares.object])
    ends = degree[pairs.u], degree[pairs.v]
    return pairs.summed(among[pairs.object]), np.minimum(*ends), np.maximum(*ends)


class _Lives:
    """How the shares and the close pairs of some objects lie in the cells of their lives."""

    def __init__(self, close: Close, wanted: Bools, habits: Habits) -> None:
        shares, count = close.shares, int(wanted.sum())
        self.lives = habits.lives
        self.place = np.cumsum(wanted) - 1
        cells = self.place[shares.object] * CELLS + habits.cell
        held = np.bincount(cells[wanted[shares.object]], minlength=count * CELLS)
        met = np.zeros(count * CELLS * CELLS)
        for first, second in close.pairs(wanted):
            met += np.bincount(cells[first] * CELLS + habits.cell[second], minlength=len(met))
        self.held = held.reshape(count, CELLS)
        one_way = met.reshape(count, CELLS, CELLS)
        self.close = _ratio(one_way + one_way.transpose(0, 2, 1), _pairs_of_cells(self.held))

    def chance(self, u: Ints, v: Ints, objects: Ints) -> Floats:
        """The chance that two accounts come close that behave on an object as they always do."""
        at = self.place[objects]
        there = self.held[at] > 0
        of_u, of_v = (self.lives[who] * there for who in (u, v))
        of_u /= of_u.sum(axis=1, keepdims=True)
        of_v /= of_v.sum(axis=1, keepdims=True)
        return np.asarray(np.einsum("ia,iab,ib->i", of_u, self.close[at], of_v))


class _Days:
    """How the shares and the close pairs of some objects lie in the day."""

    def __init__(self, close: Close, wanted: Bools, habits: Habits) -> None:
        shares, count = close.shares, int(wanted.sum())
        self.days = habits.days
        self.place = np.cumsum(wanted) - 1
        mine = wanted[shares.object]
        parts = self.place[shares.object[mine]] * PARTS + habits.part[mine]
        met = np.bincount(parts, weights=_degrees(close)[mine], minlength=count * PARTS)
        here = np.bincount(parts, minlength=count * PARTS)
        self.here, self.met = (_fractions(x.reshape(count, PARTS)) for x in (here, met))

    def ratio(self, u: Ints, v: Ints, objects: Ints) -> Floats:
        """How many times as often as others two accounts come close that keep their hours."""
        at = self.place[objects]
        of_u, of_v, here = self.days[u], self.days[v], self.here[at]
        both = (self.met[at] * of_u * of_v).sum(axis=1)
        return np.asarray(both / ((here * of_u).sum(axis=1) * (here * of_v).sum(axis=1)))


def _pairs_of_cells(held: Ints) -> Floats:
    """Of each object the ordered pairs of its shares in every two cells."""
    every = held[:, :, None] * held[:, None, :].astype(float)
    every[:, np.arange(CELLS), np.arange(CELLS)] -= held
    return np.asarray(every)


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _fractions(counts: npt.NDArray[np.generic]) -> Floats:
    rows = counts.astype(float)
    return _ratio(rows, np.broadcast_to(rows.sum(axis=1, keepdims=True), rows.shape))


def _degrees(close: Close) -> Ints:
    """Of each share how many shares lie within the window, before and after it."""
    later = close.later
    steps = np.zeros(len(later) + 1, np.int64)
    has = np.flatnonzero(later)
    np.add.at(steps, has + 1, 1)
    np.add.at(steps, close.ends[has], -1)
    return later + np.cumsum(steps)[:-1]
