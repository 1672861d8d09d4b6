"""Whether accounts meet by the clock: in the same minutes of each day, or of each week.

An app that posts for its users keeps hours that nobody keeps by hand. Often the data do not name
it: platforms no longer say with which client a post was written.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from marsad.records.times import DAY, HOUR, MINUTE, to_datetime

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

DRIFT = 3 * MINUTE
"""How far from a day or a week earlier a slot may lie: hours that follow the sun move by a minute
or two a day."""

LONGEST = 5 * MINUTE
"""A slot is over after so long; what takes longer is a busy hour and no minute of the day."""

PERIODS = (DAY, 7 * DAY)
SHIFTS = tuple(minutes * MINUTE for minutes in (10, 15, 20, 25))
REGULAR, BY_CHANCE = 0.9, 0.3
FEWEST_SLOTS = 6
SHOWN = 6

Slots = tuple[tuple[int, int], ...]
"""Beginning and end of each slot, µs UTC, ascending."""


def timetable(times: Sequence[int]) -> Slots:
    """The slots of the day that nearly all of these times (µs UTC) fall into; none where they keep
    no hours.

    Times less than `DRIFT` apart are one slot. Of the times `REGULAR` lie in slots of at most
    `LONGEST` that have another one period earlier or later; and of those same slots, moved by a
    quarter of an hour or so, no more than `BY_CHANCE`, or they are merely frequent.
    """
    ordered = np.sort(np.asarray(times, np.int64))
    if not len(ordered):
        return ()
    breaks = np.flatnonzero(np.diff(ordered) > DRIFT)
    begins, ends = ordered[np.append(0, breaks + 1)], ordered[np.append(breaks, -1)]
    weights = np.diff(np.concatenate([[0], breaks + 1, [len(ordered)]]))
    short = ends - begins <= LONGEST
    kept = short & _again(begins, short, 0)
    moved = [weights[short & _again(begins, short, shift)].sum() for shift in SHIFTS]
    enough = kept.sum() >= FEWEST_SLOTS and weights[kept].sum() >= REGULAR * len(ordered)
    if not enough or np.mean(moved) > BY_CHANCE * len(ordered):
        return ()
    return tuple(zip(begins[kept].tolist(), ends[kept].tolist(), strict=True))


def _again(begins: Ints, short: Bools, shift: int) -> Bools:
    """Which slots have a short one a period earlier or later, give or take ``shift``."""
    others = begins[short]
    if not len(others):
        return np.zeros(len(begins), bool)
    found = np.zeros(len(begins), bool)
    for period in PERIODS:
        for wanted in (begins - period + shift, begins + period + shift):
            at = np.searchsorted(others, wanted)
            for near in (np.maximum(at - 1, 0), np.minimum(at, len(others) - 1)):
                found |= np.abs(others[near] - wanted) <= DRIFT
    return found


def within(slots: Slots, at: int) -> bool:
    """Whether a time lies in a slot or within `DRIFT` of one."""
    place = bisect_right(slots, at + DRIFT, key=lambda slot: slot[0]) - 1
    return place >= 0 and at <= slots[place][1] + DRIFT


def hours(slots: Slots) -> str:
    """The minutes of the day that slots begin at, as ``05:00, 12:10 UTC``: of those within an hour
    of one another the middle one, `SHOWN` at most."""
    of_day = sorted(begin % DAY for begin, _ in slots)
    parts = np.split(np.array(of_day), np.flatnonzero(np.diff(of_day) > HOUR // 2) + 1)
    told = [to_datetime(int(part[len(part) // 2])).strftime("%H:%M") for part in parts]
    return ", ".join(told[:SHOWN]) + (", …" if len(told) > SHOWN else "") + " UTC"
