"""Floods: many more notices against one account than it used to get, and than all others get.

As with `marsad.decide.surges`, two Poisson counts are compared. What is found is a sentence on the
page and an entry of the log; it moves no case.

Threats to life from strangers about ever other accounts are another flood: each asks for urgency.
Of those within an hour only some get it (`of_threats`); the others are looked at as any notice is.
"""

from __future__ import annotations

from typing import Any

from marsad.decide.notices.notice import THREAT
from marsad.decide.notices.settings import NoticeSettings
from marsad.decide.surges import times_usual
from marsad.records.times import DAY, HOUR
from marsad.store import notices
from marsad.store.database import Transaction

HOURS, PAST_DAYS = 6, 28
LEAST = 8
AGAIN = DAY
"""How long after it was said that there is a flood it is said again, where there still is one."""
SHOWN = 7 * DAY


def of_threats(transaction: Transaction, at: int, settings: NoticeSettings) -> bool:
    """Whether strangers have spoken of threats in so many cases within the hour before, that a
    further one is no more urgent for it."""
    most = settings.threats_an_hour
    return notices.threatened(transaction, THREAT, at - HOUR, most) == most


def noticed(transaction: Transaction, about: int, at: int) -> dict[str, Any] | None:
    """What an entry says of a flood against somebody; None where there is none, or it was said. A
    site that has few hours behind it is taken to have been as quiet before as it was until then."""
    since = at - HOURS * HOUR
    count = notices.between(transaction, since, at + 1, about)
    if count < LEAST or notices.last_flood(transaction, about, at - AGAIN) is not None:
        return None
    start = at - PAST_DAYS * DAY
    began = notices.first_at(transaction, start)
    past = max(since - (began if began is not None else since), 3 * HOURS * HOUR)
    shares = HOURS * HOUR / (HOURS * HOUR + past)
    before = notices.between(transaction, start, since, about)
    every = (
        notices.between(transaction, since, at + 1), notices.between(transaction, start, since)
    )  # fmt: skip
    rates = times_usual(count, before, shares, every)
    if rates is None:
        return None
    usual = before * shares / (1 - shares)
    return {"about": about, "count": count, "hours": HOURS, "usual": round(usual, 2),
            "low": round(rates[1], 2)}  # fmt: skip
