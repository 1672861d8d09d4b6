"""Terms: in months as laws count them, and ``[keeping]`` in marsad.toml.

```toml
[keeping]
reporters_days = 365     # after which who reported something is erased
```
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marsad.decide.section import section, wrong
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


FEWEST_DAYS, MOST_DAYS = 190, 3_650
"""Of a reporter: not fewer than they may complain in."""


@dataclass(frozen=True)
class Keeping:
    """``reporters_days``: for how long it is kept who reported something, after the last notice of
    theirs came or was decided about."""

    reporters_days: int = 365

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Keeping:
        """Out of marsad.toml. Raises `InputError` that names what is wrong."""
        made = cls(**section(settings, "keeping", ["reporters_days"]))
        days = made.reporters_days
        whole = isinstance(days, int) and not isinstance(days, bool)
        if not whole or not FEWEST_DAYS <= days <= MOST_DAYS:
            raise wrong("keeping.reporters_days", days, f"{FEWEST_DAYS} … {MOST_DAYS}")
        return made
