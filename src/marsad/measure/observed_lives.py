"""Lives of accounts as looks at them show: alive until here, gone by there, and why.

Nobody sees an account end. It ended between two looks (interval-censored), and it is known only
from its first look on (left-truncated).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Strings = npt.NDArray[np.str_]

ENDS = ("suspended", "removed", "deactivated", "missing")
"""States of an account that is gone, whoever made it go."""
SCHEDULED = "probe"
"""The route of looks that come whatever became of the account. One after a report, or one that a
search led to, comes because of it."""


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
    """One element an account that a look showed alive and that was looked at on schedule since;
    times in µs UTC.

    ``account`` as in `Looks`, ascending; ``seen`` when any look first showed it; it was alive at
    ``alive`` and gone by ``gone``, for the ``reason`` of the first look that failed; where it did
    not end ``gone`` is -1 and ``reason`` empty. ``back`` says that a look after the end showed it
    alive again. ``doubtful`` are accounts whose last look failed, which alone makes no end,
    ``never_alive`` those that no look showed alive, and ``unscheduled`` those that no scheduled
    look came to after the one that first showed them.
    """

    account: Ints
    seen: Ints
    alive: Ints
    gone: Ints
    reason: Strings
    back: Bools
    doubtful: int = 0
    never_alive: int = 0
    unscheduled: int = 0

    def __len__(self) -> int:
        return len(self.account)


def schedule(looks: Looks, ends: Sequence[str] = ENDS) -> str:
    """The route of looks on schedule.

    Where none is known to be, looks of an ``unknown`` route are taken for it, unless all of them
    show accounts alive: those are sightings, such as posts.
    """
    if (looks.route == SCHEDULED).any():
        return SCHEDULED
    unknown = looks.state[looks.route == "unknown"]
    return "unknown" if np.isin(unknown, list(ends)).any() else SCHEDULED


def lives(looks: Looks, ends: Sequence[str] = ENDS, route: str = "") -> Lives:
    """Lives from the look that first showed each account, whatever led to it, and from looks by
    ``route`` (the one of `schedule`, if none is named) after it.

    Two failed looks in a row make an end, as one alone may be a fault of the looking; looks that
    saw nothing (state ``unknown``) do not count at all.
    """
    known = looks.only(looks.state != "unknown").in_order()
    failed = np.isin(known.state, list(ends))
    of, starts = _by_account(known)
    begin = _first(~failed, of, len(starts))
    scheduled = known.route == (route or schedule(known, ends))
    place = np.arange(len(known))
    after = scheduled & (place > begin[of])
    watched = np.bincount(of[after], minlength=len(starts)) > 0
    used = (after | (place == begin[of])) & watched[of]
    found = _lives(known.only(used), failed[used])
    never = begin == len(known)
    return replace(found, never_alive=int(never.sum()), unscheduled=int((~watched & ~never).sum()))


def _lives(looks: Looks, failed: Bools) -> Lives:
    """Lives from looks in order, of each account the first of which shows it."""
    if not len(looks):
        return _none()
    of, starts = _by_account(looks)
    place = np.arange(len(looks))
    twice = np.zeros(len(looks), bool)
    twice[:-1] = failed[:-1] & failed[1:] & (of[:-1] == of[1:])
    end = _first(twice, of, len(starts))
    alive = _last(~failed & (place < end[of]), of, len(starts))
    ended, final = end < len(looks), np.append(starts[1:], len(looks)) - 1
    at_end = np.minimum(end, len(looks) - 1)
    return Lives(
        looks.account[starts],
        looks.at[starts],
        looks.at[alive],
        np.where(ended, looks.at[at_end], -1),
        np.where(ended, looks.state[at_end], ""),
        np.bincount(of[~failed & (place > end[of])], minlength=len(starts)) > 0,
        int((failed[final] & ~ended).sum()),
    )


def _by_account(looks: Looks) -> tuple[Ints, Ints]:
    """Of looks in order the number of each one's account among them, and where each begins."""
    fresh = np.diff(looks.account, prepend=-1) != 0
    return np.cumsum(fresh) - 1, np.flatnonzero(fresh)


def _first(chosen: Bools, of: Ints, accounts: int) -> Ints:
    """Of each account the place of the first chosen look; the number of looks where none is."""
    first = np.full(accounts, len(chosen))
    np.minimum.at(first, of[chosen], np.flatnonzero(chosen))
    return first


def _last(chosen: Bools, of: Ints, accounts: int) -> Ints:
    """Of each account the place of the last chosen look; -1 where none is."""
    last = np.full(accounts, -1)
    np.maximum.at(last, of[chosen], np.flatnonzero(chosen))
    return last


def _none() -> Lives:
    ints, bools = np.zeros(0, np.int64), np.zeros(0, bool)
    return Lives(ints, ints, ints, ints, np.zeros(0, np.str_), bools)
