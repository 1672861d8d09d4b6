"""How much a reviewer has had to look at, told to them alone, and when a pause would do them good.

It is no measure of work: nobody is compared by it, and there is no list of reviewers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from marsad.decide import priority
from marsad.decide.items import WORDLESS, Item
from marsad.decide.settings import Care
from marsad.records.message import Message
from marsad.records.times import DAY, HOUR
from marsad.store import exposures
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.exposures import Seen

DAYS = 14


@dataclass(frozen=True)
class Counts:
    """Items opened, those among them of urgent and severe cases, and media shown unblurred."""

    items: int = 0
    severe: int = 0
    media: int = 0


@dataclass(frozen=True)
class Exposure:
    """Of the last hour, the last 24 hours, and each of the last days that had any (its number since
    1970). ``pause`` suggests one, with the reason."""

    hour: Counts
    day: Counts
    days: Mapping[int, Counts]
    pause: Message | None


def of(transaction: Transaction, reviewer: str, now: int, care: Care) -> Exposure:
    """The exposure of one reviewer."""
    seen = exposures.of(transaction, reviewer, now - DAYS * DAY, now)
    hour = _counts(one for one in seen if one.at > now - HOUR)
    day = _counts(one for one in seen if one.at > now - DAY)
    numbers = sorted({one.at // DAY for one in seen})
    days = {n: _counts(one for one in seen if one.at // DAY == n) for n in numbers}
    return Exposure(hour, day, days, _pause(hour, day, care))


def is_media(case: Case, item: Item) -> bool:
    """Whether an item is looked at rather than read."""
    return case.kind == "media" or item.language == WORDLESS


def _counts(seen: Iterable[Seen]) -> Counts:
    items = severe = media = 0
    for one in seen:
        items += 1
        severe += one.severity <= priority.HIGH
        media += one.media
    return Counts(items, severe, media)


def _pause(hour: Counts, day: Counts, care: Care) -> Message | None:
    if care.media_an_hour and hour.media >= care.media_an_hour:
        return Message("care.media-hour", {"count": hour.media})
    if care.items_an_hour and hour.items >= care.items_an_hour:
        return Message("care.items-hour", {"count": hour.items})
    if care.items_a_day and day.items >= care.items_a_day:
        return Message("care.items-day", {"count": day.items})
    return None
