"""``[appeals]`` in marsad.toml: how long a decision can be appealed, how soon it is answered.

```toml
[appeals]
months = 6          # from the decision; the law allows no fewer
answer_days = 14
address = "https://desk.example/appeal"   # where people find the page
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from marsad.decide.section import section, wrong
from marsad.records.times import DAY, SECOND, to_datetime

FEWEST_MONTHS, MOST_MONTHS = 6, 120
MOST_DAYS = 60
LONGEST = 300


@dataclass(frozen=True)
class AppealSettings:
    """What is set; see the module."""

    months: int = FEWEST_MONTHS
    answer_days: int = 14
    address: str = ""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> AppealSettings:
        """Out of marsad.toml. Raises `InputError` that names what is wrong."""
        made = cls(**section(settings, "appeals", [one.name for one in fields(cls)]))
        _whole("appeals.months", made.months, FEWEST_MONTHS, MOST_MONTHS)
        _whole("appeals.answer_days", made.answer_days, 1, MOST_DAYS)
        address = made.address
        fits = isinstance(address, str) and len(address) <= LONGEST and address.isprintable()
        if not fits or (address and not address.startswith(("https://", "http://"))):
            raise wrong("appeals.address", address, "https://desk.example/appeal")
        return made

    def until(self, decided_at: int) -> int:
        """Until when a decision of a time (both µs UTC) can be appealed: the end of the day so many
        months later, and where that month has no such day, of its last day's next."""
        at = to_datetime(decided_at)
        months = at.month - 1 + self.months
        year, month = at.year + months // 12, months % 12 + 1
        try:
            day = at.replace(year=year, month=month, hour=0, minute=0, second=0, microsecond=0)
        except ValueError:  # 31 August: six months later is the end of February
            first = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=at.tzinfo)
            return int(first.timestamp()) * SECOND + DAY
        return int(day.timestamp()) * SECOND + DAY

    def answer_by(self, made_at: int) -> int:
        """By when an appeal of a time (both µs UTC) is to be answered."""
        return made_at + self.answer_days * DAY


def _whole(name: str, value: Any, low: int, high: int) -> None:
    if type(value) is not int or not low <= value <= high:
        raise wrong(name, value, f"{low} … {high}")
