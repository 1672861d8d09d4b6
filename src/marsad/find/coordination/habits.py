"""When in the life of an object, and when in the day, accounts share.

Somebody who always reacts within seconds, or only at five in the morning, meets others like
themselves without any agreement. So each share stands in a cell of its object's life and in a part
of the day, and an account's habits are how often it stands in each.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.shares import Shares
from marsad.records.times import DAY

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FRONT = (0.5, 1.0, 2.0, 4.0)
"""Ends of the first cells, in windows after the first share of an object."""

LATE = 5
"""Cells, of equal number, of the shares that come later."""

CELLS = len(FRONT) + LATE

PARTS = 8
"""Parts of a day, in UTC."""

_CELL_PRIOR = 1.0
_PART_PRIOR = 4.0
"""Shares that everybody is taken to have made as all do, beside their own. Few for cells: those who
always react at once must not look slower than they are. More for parts of a day, of which a few
shares say little."""


@dataclass(frozen=True)
class Habits:
    """Where shares and accounts stand.

    ``cell`` and ``part`` are of shares; ``lives`` (accounts by `CELLS`) are fractions that sum to 1
    a row; ``days`` (accounts by `PARTS`) say how many times as often as everybody an account is
    active in each part of the day.
    """

    cell: Ints
    part: Ints
    lives: Floats
    days: Floats


def habits(shares: Shares, window: int) -> Habits:
    """The habits of all accounts; an account's shares on every object count, the tested ones too,
    which makes tests cautious."""
    cell, part = _cells(shares, window), shares.at // (DAY // PARTS) % PARTS
    return Habits(
        cell,
        part,
        _fractions(shares, cell, CELLS, _CELL_PRIOR),
        _fractions(shares, part, PARTS, _PART_PRIOR) / _usual(part, PARTS),
    )


def _cells(shares: Shares, window: int) -> Ints:
    starts = shares.starts
    delay = shares.at - shares.at[starts[shares.object]]
    front = np.searchsorted(np.array(FRONT) * window, delay, side="left")
    late = front == len(FRONT)
    fronted = np.bincount(shares.object[~late], minlength=len(shares.objects))
    rank = np.arange(len(delay)) - starts[shares.object] - fronted[shares.object]
    held = np.maximum((shares.sizes - fronted)[shares.object], 1)
    return np.where(late, len(FRONT) + rank * LATE // held, front)


def _fractions(shares: Shares, place: Ints, places: int, prior: float) -> Floats:
    accounts = len(shares.accounts)
    counts = np.bincount(shares.account * places + place, minlength=accounts * places)
    counts = counts.reshape(accounts, places)
    own = counts.sum(axis=1, keepdims=True)
    return np.asarray((counts + prior * _usual(place, places)) / (own + prior))


def _usual(place: Ints, places: int) -> Floats:
    """The fraction of all shares in each place; none is quite nought."""
    counts = np.bincount(place, minlength=places) + 1e-9
    return np.asarray(counts / counts.sum())
