"""The time that a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from marsad.records.errors import InputError
from marsad.records.times import SECOND, to_datetime

FIRST_YEAR = 2000


@dataclass(frozen=True)
class Span:
    """From ``first`` on and before ``until``, µs UTC."""

    first: int
    until: int

    def holds(self, at: int) -> bool:
        """Whether a time is in it."""
        return self.first <= at < self.until

    @property
    def name(self) -> str:
        """The first day and the last: ``2026-01-01--2026-12-31``."""
        last = to_datetime(self.until - 1)
        return f"{to_datetime(self.first).date()}--{last.date()}"


def year(number: int) -> Span:
    """A calendar year, UTC. Raises `InputError` for one that cannot be."""
    if not FIRST_YEAR <= number <= 9998:
        raise InputError("transparency.year", given=str(number), low=FIRST_YEAR)
    return Span(_start(date(number, 1, 1)), _start(date(number + 1, 1, 1)))


def between(first: str, last: str) -> Span:
    """Days ``YYYY-MM-DD``, both included. Raises `InputError` for what is no day, or in the wrong
    order."""
    days = [_day(first), _day(last)]
    if days[0] > days[1]:
        raise InputError("transparency.order", first=first[:20], last=last[:20])
    return Span(_start(days[0]), _start(days[1]) + 24 * 3600 * SECOND)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found.year < FIRST_YEAR or found.year > 9998:
        raise InputError("transparency.day", given=text[:20])
    return found


def _start(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * SECOND
