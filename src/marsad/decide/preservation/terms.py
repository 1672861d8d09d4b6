"""Terms in months, as laws count them."""

from __future__ import annotations

import calendar
from datetime import timedelta

from marsad.records.times import to_datetime

PRESERVED = 6
"""Months that what was removed under an order is kept (Regulation (EU) 2021/784, Article 6)."""

TO_ANSWER, LONGER = 1, 2
"""Months to answer who asks about their data, and by how many that can be extended (Regulation (EU)
2016/679, Article 12(3))."""


def months_after(at: int, months: int) -> int:
    """The same day and hour so many months later (µs UTC); where that month has no such day, its
    last one."""
    given = to_datetime(at)
    year, month = divmod(given.year * 12 + given.month - 1 + months, 12)
    day = min(given.day, calendar.monthrange(year, month + 1)[1])
    moved = given.replace(year=year, month=month + 1, day=day)
    return at + (moved - given) // timedelta(microseconds=1)
