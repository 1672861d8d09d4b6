"""Lives of accounts as looks at them show: alive until here, gone by there, and why.

Nobody sees an account end. It ended between two looks (interval-censored), and it is known only
from its first look on (left-truncated).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Strings = npt.NDArray[np.str_]

ENDS = ("suspended", "removed", "deactivated", "missing")
"""States of an account that is gone, whoever made it go."""
SCHEDULED = ("probe", "unknown")
"""Routes of looks that come whatever became of the account. One after a report, or one that a
search led to, comes because of it. Of an ``unknown`` route nothing better is known."""


@dataclass(frozen=True)
class Looks:
    """Looks at accounts, one element a look, in any order.

    ``account`` numbers accounts from 0, ``at`` is µs UTC, ``state`` and ``route`` as in
    `marsad.records.tables.STATES` and ``ROUTES``.
    """

    account: Ints
    at: Ints
    state: Strings
    route: Strings

    def __len__(self) -> int:
        return len(self.account)

    def only(self, kept: Bools) -> Looks:
        """Some of the looks."""
        return Looks(self.account[kept], self.at[kept], self.state[kept], self.route[kept])

    def in_order(self) -> Looks:
        """By account and time."""
        order = np.lexsort((self.at, self.account))
        return Looks(self.account[order], self.at[order], self.state[order], self.route[order])


@dataclass(frozen=True)
class Lives:
    """One element an account that a scheduled look showed alive; times in µs UTC.

    ``account`` as in `Looks`, ascending; ``seen`` when any look first showed it; it was alive at
    ``alive`` and gone by ``gone``, for the ``reason`` of the first look that failed; where it did
    not end ``gone`` is -1 and ``reason`` empty. ``back`` says that a look after the end showed it
    alive again. ``looks`` counts scheduled looks. ``doubtful`` are accounts whose last look failed,
    which alone makes no end, and ``never_alive`` those whose scheduled looks all failed.
    """

    account: Ints
    seen: Ints
    alive: Ints
    gone: Ints
    reason: Strings
    back: Bools
    looks: Ints
    doubtful: int = 0
    never_alive: int = 0

    def __len__(self) -> int:
        return len(self.account)


def lives(looks: Looks, ends: Sequence[str] = ENDS, routes: Sequence[str] = SCHEDULED) -> Lives:
    """Lives from looks by ``routes``: two failed looks in a row make an end, as one alone may be a
    fault of the looking; looks that saw nothing (state ``unknown``) do not count at all."""
    known = looks.only(looks.state != "unknown").in_order()
    shows = known.only(~np.isin(known.state, list(ends)))
    scheduled = known.only(np.isin(known.route, list(routes)))
    if not len(scheduled):
        return _none()
    failed = np.isin(scheduled.state, list(ends))
    starts = np.flatnonzero(np.diff(scheduled.account, prepend=-1))
    of = np.cumsum(np.diff(scheduled.account, prepend=-1) != 0) - 1
    place = np.arange(len(scheduled))
    end = _first_ends(failed, of, len(starts))
    before = ~failed & (place < end[of])
    last = _last(place, before, of, len(starts))
    kept = last >= 0
    after = ~failed & (place > end[of])
    ended = end < len(scheduled)
    final = np.append(starts[1:], len(scheduled)) - 1
    account = scheduled.account[starts]
    return Lives(
        account[kept],
        _first_seen(shows, account[kept]),
        scheduled.at[last[kept]],
        np.where(ended, scheduled.at[np.minimum(end, len(scheduled) - 1)], -1)[kept],
        np.where(ended, scheduled.state[np.minimum(end, len(scheduled) - 1)], "")[kept],
        (np.bincount(of, weights=after, minlength=len(starts)) > 0)[kept],
        np.bincount(of, minlength=len(starts))[kept],
        int((failed[final] & ~ended & kept).sum()),
        int((~kept).sum()),
    )


def _first_ends(failed: Bools, of: Ints, accounts: int) -> Ints:
    """Of each account the first of two failed looks in a row; the number of looks where none is."""
    twice = np.zeros(len(failed), bool)
    twice[:-1] = failed[:-1] & failed[1:] & (of[:-1] == of[1:])
    end = np.full(accounts, len(failed))
    np.minimum.at(end, of[twice], np.flatnonzero(twice))
    return end


def _last(place: Ints, chosen: Bools, of: Ints, accounts: int) -> Ints:
    """Of each account the last of the chosen looks; -1 where none is."""
    last = np.full(accounts, -1)
    np.maximum.at(last, of[chosen], place[chosen])
    return last


def _first_seen(shows: Looks, accounts: Ints) -> Ints:
    """When looks, in order of account and time, first showed each of the accounts."""
    return shows.at[np.searchsorted(shows.account, accounts)]


def _none() -> Lives:
    ints, bools = np.zeros(0, np.int64), np.zeros(0, bool)
    return Lives(ints, ints, ints, ints, np.zeros(0, np.str_), bools, ints)
