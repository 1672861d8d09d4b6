"""When accounts were closed: as a bank says, or between two looks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.banks import Entry
from marsad.banks.kinds import closed_at
from marsad.records.times import DAY

FAILED = ("suspended", "removed")
"""States of a look that say a platform closed the account."""
ALIVE = ("alive", "dormant", "protected", "withheld")
CLOSED = (*FAILED, "deactivated")
LOOKS_THAT_END = 2
"""Failed looks in a row that make an end: one alone may be a fault of the looking."""


@dataclass(frozen=True)
class Look:
    """What a look at an account showed; ``at`` in µs UTC."""

    at: int
    state: str
    followers: int | None = None
    posts: int | None = None


@dataclass(frozen=True)
class Closing:
    """A listed account was closed between ``earliest`` and ``latest`` (µs UTC)."""

    account: str
    earliest: int
    latest: int


@dataclass(frozen=True)
class Closings:
    """The closings that can be used, and why the other listed accounts cannot (reason → how many).

    ``no-date``: no date in the bank and no end in the looks; ``bad-date``: one that cannot be read;
    ``not-in-data``: no post of it and no look at it; ``outside-data``: closed before the first
    record or after the last.
    """

    usable: tuple[Closing, ...]
    left_out: Mapping[str, int]


def closings(
    listed: Mapping[str, Entry],
    looks: Mapping[str, Sequence[Look]],
    seen: frozenset[str],
    start: int,
    stop: int,
) -> Closings:
    """The closings of listed accounts (id → entry).

    ``looks`` are by account and in order of time, ``seen`` the accounts that any record shows,
    ``start`` and ``stop`` when records begin and end. The date of an entry is its option ``since``;
    without one the end lies between the last look that showed the account and the first of two in a
    row that found it suspended or removed. The time of a link does not serve: only accounts that
    came back have one.
    """
    usable, left_out = [], Counter[str]()
    for account, entry in listed.items():
        found = _closing(account, entry, looks.get(account, ()))
        if account not in seen:
            left_out["not-in-data"] += 1
        elif isinstance(found, str):
            left_out[found] += 1
        elif not start <= found.latest <= stop:
            left_out["outside-data"] += 1
        else:
            usable.append(found)
    return Closings(tuple(usable), dict(left_out))


def _closing(account: str, entry: Entry, looks: Sequence[Look]) -> Closing | str:
    since = entry.options.get("since")
    if since in (None, ""):
        between = end_between(looks)
        return Closing(account, *between) if between else "no-date"
    at = closed_at(str(since))
    if at is None:
        return "bad-date"
    if len(str(since).strip()) <= len("2024-03-05"):  # some time that day; `at` is its end
        return Closing(account, at - DAY + 1, at)
    return Closing(account, at, at)


def end_between(looks: Sequence[Look]) -> tuple[int, int] | None:
    """Between which times an account was closed: the last look that showed it, and the first of
    the failed ones that ended it. None where it was not seen alive before, or only one failed."""
    alive: int | None = None
    failed: list[int] = []
    for look in looks:
        if look.state in ALIVE:
            alive, failed = look.at, []
        elif look.state in FAILED:
            failed.append(look.at)
            if len(failed) == LOOKS_THAT_END:
                return None if alive is None else (alive, failed[0])
    return None
