"""Events: what happened when, and which other causes stood beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from marsad.measure.effect.series import day_text, epoch_day
from marsad.records.errors import InputError

EventKind = Literal["takedown", "rival"]


@dataclass(frozen=True)
class Event:
    """Something that happened on ``day`` (epoch day), or from ``day`` to ``until``, both included.

    ``takedown`` is what is measured; ``rival`` another cause that may move the same outcomes: a
    defeat, an order of the group's own, a purge elsewhere. Where there is an ``until`` those days
    are left out, as neither before nor after.
    """

    day: int
    name: str
    kind: EventKind = "takedown"
    until: int | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.day:
            raise InputError("measure.effect.event.ends-before", name=self.name)

    @classmethod
    def on(
        cls, day: str, name: str, kind: EventKind = "takedown", until: str | None = None
    ) -> Event:
        """From texts like 2021-01-06."""
        return cls(epoch_day(day), name, kind, None if until is None else epoch_day(until))

    @property
    def after(self) -> int:
        """The first day after: that of the event, or the one that follows ``until``."""
        return self.day if self.until is None else self.until + 1

    @property
    def date(self) -> str:
        return day_text(self.day)


def in_order(events: Sequence[Event]) -> list[Event]:
    """The takedowns among ``events`` by day. Raises `InputError` where there is none, or two at
    once."""
    chosen = sorted((one for one in events if one.kind == "takedown"), key=lambda one: one.day)
    if not chosen:
        raise InputError("measure.effect.no-event")
    for first, second in pairwise(chosen):
        if second.day < first.after or second.day == first.day:
            raise InputError("measure.effect.events-overlap", first=first.name, second=second.name)
    return chosen


def check_tested(calendar: Sequence[Event], tested: Sequence[str]) -> None:
    """Raises `InputError` for a name of ``tested`` that is none of the calendar's rival causes."""
    rivals = sorted({one.name for one in calendar if one.kind == "rival"})
    for name in tested:
        if name not in rivals:
            message = "measure.effect.not-a-rival" if rivals else "measure.effect.no-rivals"
            raise InputError(message, given=name, valid=rivals)


def rivals_of(
    event: Event, calendar: Sequence[Event], window: int, tested: Sequence[str] = ()
) -> tuple[Event, ...]:
    """Other events of the calendar within ``window`` days before or after, that no outcome or
    control was chosen to tell apart: those not named in ``tested``."""
    first, last = event.day - window, event.after + window
    return tuple(
        one for one in sorted(calendar, key=lambda one: one.day)
        if one != event and one.name not in tested
        and one.day < last and (one.until or one.day) >= first
    )  # fmt: skip
