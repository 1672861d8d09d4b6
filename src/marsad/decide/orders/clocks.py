"""The clocks of an order: its hour (Article 3(3)), and across borders those of Article 4: 48 hours
in which the provider may ask for scrutiny, 72 in which the authority of establishment decides.

By the order's state one of them runs at a time, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.decide.orders import hour
from marsad.decide.orders.states import DONE, RUNNING
from marsad.records.times import HOUR, MINUTE
from marsad.store import log, orders
from marsad.store.database import Transaction
from marsad.store.orders import Order

FOR_ASKING, FOR_DECIDING = 48 * HOUR, 72 * HOUR


@dataclass(frozen=True)
class Clock:
    """``name`` is hour, ask or decide, ``began`` the entry of the log that began it, ``ends_at``
    its end (µs UTC), and ``alarms`` the minutes left at which somebody is alarmed."""

    name: str
    began: int
    ends_at: int
    alarms: Sequence[int]

    def due(self, now: int) -> list[int]:
        """The alarms that are due, the earliest first. One that is over is told of where that is an
        alarm of its own; else there is nothing to be done about it any more."""
        if now >= self.ends_at and 0 not in self.alarms:
            return []
        return [one for one in self.alarms if self.due_at(one) <= now]

    def due_at(self, minutes: int) -> int:
        """When an alarm is due, µs UTC."""
        return self.ends_at - minutes * MINUTE


def running(transaction: Transaction, order: Order) -> Clock | None:
    """The clock that runs."""
    if order.state in RUNNING:
        return Clock("hour", order.hour, order.due_at, hour.ALARMS)
    if order.state not in DONE or not order.cross_border:
        return None
    asked = [one for one in orders.steps(transaction, order.id) if one.step == "order-scrutiny"]
    if order.state == "scrutiny":
        last = asked[-1]
        since = log.event(transaction, last.seq).data["said_at"] or last.at
        return Clock("decide", last.seq, since + FOR_DECIDING, (24 * 60, 0))
    if asked:
        return None
    return Clock("ask", order.id, order.received_at + FOR_ASKING, (24 * 60, 4 * 60))
