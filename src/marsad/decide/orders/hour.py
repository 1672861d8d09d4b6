"""The hour of Article 3(3): from receipt, in µs UTC, whatever the clocks on the wall do.

Where it ends is stored when it begins; summer time is nothing to it. What time it is for an order
whose hour runs is the latest of

- what the clock says;
- what was seen since the hour began: written down every 15 seconds, so a restart knows it;
- what this process has told last, and what has gone by since on a clock that nobody can set.

A clock that is set back gives nothing back, then, and stops nothing either: the hour goes on from
where it was. That is so too where it was fast at receipt. A clock that leaps ahead may be right,
for the desk may have stood still: the hour is over. It is no more than over, and nothing but the
hours that ran is touched once the clock is right again: an hour that begins then is a whole one.

Hours and their alarms alone are reckoned so. What is written down, in the log and in documents, has
the time of the clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from marsad.decide.orders.states import RUNNING
from marsad.records.times import HOUR, MINUTE, SECOND
from marsad.store import orders
from marsad.store.database import Transaction
from marsad.store.orders import Order

LENGTH = HOUR
ALARMS = (60, 30, 15, 5, 0)
"""Minutes left at which somebody is alarmed: when it begins, three times, and when it is over."""

LATE_AFTER = MINUTE
"""An alarm that is given later than this after its time is told to be late, µs."""

WRITTEN_EVERY = MINUTE // 4
"""How often the time that is seen is written down while an hour runs, µs."""

SLACK = 5 * SECOND
"""How far two clocks may drift apart before one is believed to have been set, µs."""


def _steady() -> int:
    return time.monotonic_ns() // 1_000


@dataclass(frozen=True)
class Hours:
    """What time it is for orders, as one process knows it. ``steady`` is a clock that nobody can
    set (µs since whenever)."""

    steady: Callable[[], int] = _steady
    _told: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The entry that began an hour → the time that was told last, and what was steady then."""

    def now(self, transaction: Transaction, order: Order, clock: int) -> int:
        """What time it is for an order, µs UTC; ``clock`` is what the clock says."""
        if order.state not in RUNNING:
            return clock
        steady, seen = self.steady(), orders.watched(transaction, order.id)
        told, then = self._told.get(order.hour, (seen, steady))
        gone = told + steady - then
        known = max(seen, gone) if gone > clock + SLACK else seen
        now = max(clock, min(known, order.due_at))
        self._told[order.hour] = now, steady
        return now
