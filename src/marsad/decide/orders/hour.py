"""The hour of Article 3(3): from receipt, in µs UTC, whatever the clocks on the wall do.

Where it ends is stored when it begins; summer time is nothing to it. What time it is now is never
less than what was seen since: a clock that jumps back gives nothing back. One that jumps forward
and is set right leaves an order looking later than it is, which errs on the safe side.
"""

from __future__ import annotations

from marsad.records.times import HOUR, MINUTE
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


def now(transaction: Transaction, order: Order, clock: int) -> int:
    """What time it is for an order, µs UTC; ``clock`` is what the clock says."""
    return max(clock, orders.latest_seen(transaction, order))


def due(order: Order, minutes: int) -> int:
    """When an alarm is due, µs UTC."""
    return order.due_at - minutes * MINUTE
