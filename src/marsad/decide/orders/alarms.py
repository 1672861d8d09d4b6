"""Alarms while a clock of an order runs: of its hour at receipt, with 30, 15 and 5 minutes left,
and when it is over; of those of Article 4 a day before the end, and once more.

Each is an entry of the log, with the mails to whoever is on duty in the same transaction: two
processes that look at once give it once, and a server that was down gives what it missed as late.
Webhooks are told of the entry (`marsad.workspace.notifying`).
"""

from __future__ import annotations

from marsad.decide.orders import clocks, hour
from marsad.decide.orders.clocks import Clock
from marsad.decide.orders.duty import Duty
from marsad.decide.orders.recording import DESK, step
from marsad.records.times import HOUR, MINUTE, to_datetime
from marsad.store import mails, orders
from marsad.store.database import Transaction
from marsad.store.orders import Order


def missing(transaction: Transaction, order: Order, now: int) -> list[tuple[Clock, int]]:
    """The alarms (of a clock, at minutes left) that are due and were not given, the earliest
    first."""
    clock = clocks.running(transaction, order)
    if clock is None or not (due := clock.due(now)):
        return []
    given = [(one.hour, one.minutes) for one in orders.alarms(transaction, order.id)]
    return [(clock, one) for one in due if (clock.began, one) not in given]


def give(transaction: Transaction, order: Order, at: int, now: int, duty: Duty) -> Order:
    """Gives every alarm that is due; ``at`` is what the clock says, ``now`` what time it is for the
    order."""
    for clock, minutes in missing(transaction, order, now):
        late = now > clock.due_at(minutes) + hour.LATE_AFTER
        left = clock.ends_at - now
        data = {"clock": clock.name, "hour": clock.began, "ends_at": clock.ends_at,
                "minutes": minutes, "late": late}  # fmt: skip
        order = step(transaction, order, "order-alarm", at=at, actor=DESK, data=data)
        message, unit = _message(clock, minutes, late)
        _mail(transaction, order, message, max(0, left // unit), at + left, at, duty)
    return order


def _message(clock: Clock, minutes: int, late: bool) -> tuple[str, int]:
    """The mail of an alarm, and what it counts in, µs."""
    if clock.name != "hour":
        return f"order-{clock.name}" + ("" if minutes else "-over"), HOUR
    return "order-over" if minutes == 0 else "order-late-alarm" if late else "order-alarm", MINUTE


def tell_more(
    transaction: Transaction, order: Order, count: int, at: int, now: int, duty: Duty
) -> None:
    """Says at once that an order whose hour runs names more addresses than it did."""
    _mail(transaction, order, "order-more", count, at + order.due_at - now, at, duty)


def _mail(
    transaction: Transaction, order: Order, message: str, count: int, due_at: int, at: int,
    duty: Duty,
) -> None:  # fmt: skip
    """Says which order and until when; nothing of what it is about leaves the desk."""
    values = {"order": str(order.id), "count": count, "link": f"{duty.link}/orders/{order.id}",
              "due": to_datetime(due_at).strftime("%Y-%m-%d %H:%M UTC")}  # fmt: skip
    for one in duty.at(at):
        mails.put(transaction, to=one.email, message=message, values=values, lang=one.lang, at=at)


def tell_exposed(transaction: Transaction, order: Order, count: int, now: int, duty: Duty) -> None:
    """Says to everybody on the rota that there was a second final order within twelve months."""
    values = {"count": count, "link": f"{duty.link}/orders/{order.id}"}
    for one in {turn.email: turn for turn in duty.rota}.values():
        mails.put(transaction, to=one.email, message="order-exposed", values=values, lang=one.lang,
                  at=now)  # fmt: skip
