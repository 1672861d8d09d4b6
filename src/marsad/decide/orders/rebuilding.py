"""The rows of orders made anew from the log, and compared with those that are stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from marsad.decide.orders.projection import about, changes, received
from marsad.decide.orders.states import NEW, after
from marsad.store import orders
from marsad.store.chain import Break
from marsad.store.database import Transaction
from marsad.store.log import Event
from marsad.store.orders import Order


@dataclass
class RebuiltOrders:
    """Takes the entries of the log in order. An entry that leads where none can is a break."""

    known: dict[int, Order] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        """Raises `KeyError` or `InputError` for an entry that cannot follow."""
        number = about(event)
        if number is None:
            return
        old = None if event.kind == "order-received" else self.known[number]
        if after(old.state if old else NEW, event.kind) != event.data["state"]:
            raise KeyError(f"order {number}")
        if old is None:
            self.known[number] = received(event)
        else:
            self.known[number] = old._replace(version=event.seq, **changes(old, event))

    def compare(self, transaction: Transaction) -> Break | None:
        """The first order that is stored otherwise."""
        stored = {one.id: one for one in orders.everything(transaction)}
        for number in sorted(self.known.keys() | stored.keys()):
            if self.known.get(number) != stored.get(number):
                made = self.known.get(number) or stored[number]
                return Break(made.version, "projection", f"orders {number}")
        return None
