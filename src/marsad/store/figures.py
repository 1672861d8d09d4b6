"""Figures of the queue, read from counters and indexes: the same work however many cases wait."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import func, select

from marsad.records.times import HOUR
from marsad.store import facets
from marsad.store.database import Transaction
from marsad.store.tables import WAITS, cases


class Waiting(NamedTuple):
    """Cases of a priority that wait: how many, and when the one in the middle, the one that nine in
    ten are younger than, and the oldest were opened (µs UTC)."""

    priority: int
    waits: int
    median: int
    ninth: int
    oldest: int


def waiting(transaction: Transaction) -> list[Waiting]:
    """The age of the queue by priority."""
    hours: dict[int, dict[int, int]] = defaultdict(dict)
    for bucket, count in facets.read(transaction, "waits").items():
        level, _, hour = bucket.partition("|")
        hours[int(level)][int(hour)] = count
    return [_of(transaction, level, hours[level]) for level in sorted(hours)]


def _of(transaction: Transaction, level: int, hours: dict[int, int]) -> Waiting:
    count = sum(hours.values())
    # Oldest first: the case that a tenth are older than, and the one in the middle.
    places = ((count - 1) // 2, (count - 1) // 10, 0)
    median, ninth, oldest = (_opened(transaction, level, hours, place) for place in places)
    return Waiting(level, count, median, ninth, oldest)


def _opened(transaction: Transaction, level: int, hours: dict[int, int], place: int) -> int:
    """When the case at a place, counted from the oldest, was opened."""
    for hour in sorted(hours):
        if place < hours[hour]:
            return _within(transaction, level, hour, place)
        place -= hours[hour]
    raise AssertionError("a place beyond the last case")


def _within(transaction: Transaction, level: int, hour: int, place: int) -> int:
    mine = (
        WAITS, cases.c.priority == level, cases.c.opened_at >= hour * HOUR,
        cases.c.opened_at < (hour + 1) * HOUR,
    )  # fmt: skip
    ends = (func.min(cases.c.opened_at), func.max(cases.c.opened_at))
    # One at a time: SQLite walks the index for both together.
    first, last = (transaction.execute(select(end).where(*mine)).scalar_one() for end in ends)
    if first == last:
        return int(first)
    query = select(cases.c.opened_at).where(*mine).order_by(cases.c.opened_at)
    return int(transaction.execute(query.offset(place).limit(1)).scalar_one())
