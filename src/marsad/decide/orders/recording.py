"""Writing what happens to an order: an entry of the log and the order's row, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marsad.decide.orders.projection import changes, received
from marsad.decide.orders.states import NEW, after
from marsad.decide.recording import record_apart
from marsad.records.errors import InputError
from marsad.store import log, orders, persons
from marsad.store.database import Transaction
from marsad.store.log import Event
from marsad.store.orders import Order

DESK = "marsad"
"""The actor of what no person did."""


def begin(
    transaction: Transaction, *, at: int, actor: str, data: Mapping[str, Any],
    private: Mapping[str, Any],
) -> Order:  # fmt: skip
    """Writes down an order that was received."""
    event = record_apart(
        transaction, "order-received", at=at, actor=actor,
        data=dict(data) | {"state": after(NEW, "order-received")},
        person=person_of(transaction, data["authority"]), private=private,
    )  # fmt: skip
    return orders.fill(transaction, received(event))


def step(
    transaction: Transaction, order: Order, kind: str, *, at: int, actor: str,
    data: Mapping[str, Any] | None = None, private: Mapping[str, Any] | None = None,
) -> Order:  # fmt: skip
    """Appends an entry about an order; returns the order after it. Raises `InputError` where the
    entry cannot follow, `ConflictError` where somebody else has changed the order since."""
    said = {"order": order.id, **(data or {}), "state": after(order.state, kind)}
    event = record_apart(
        transaction, kind, at=at, actor=actor, data=said,
        person=person_of(transaction, order.authority), private=private,
    )  # fmt: skip
    return orders.change(transaction, order, event.seq, **changes(order, event))


def existing(transaction: Transaction, order_id: int) -> Order:
    """An order. Raises `InputError` where there is none of this number."""
    found = orders.read(transaction, order_id)
    if found is None:
        raise InputError("order.none", order=order_id)
    return found


def person_of(transaction: Transaction, authority: str) -> int:
    """The number that stands for an authority: its people are named in what it sends."""
    return persons.number_of(transaction, f"authority:{authority}")


def beginning(transaction: Transaction, order_id: int) -> Event:
    """The entry that received an order, with what is left of the form."""
    return log.event(transaction, order_id)
