"""Orders bind what somebody posted: while one is to be carried out, nothing of it is erased."""

from __future__ import annotations

from marsad.decide.actions.states import OPEN
from marsad.decide.orders.states import RUNNING
from marsad.records.errors import InputError
from marsad.store import actions, cases, orders
from marsad.store.database import Transaction


def refuse(transaction: Transaction, person: int) -> None:
    """Raises `InputError` while an order is to be carried out against somebody, or what was done
    under one is to be given back: what it orders to be removed would stay, or what is theirs would
    stay removed, and nobody could find it any more."""
    for case in cases.of_person(transaction, person):
        bound = [one for one in orders.of_case(transaction, case.id) if one.joined]
        if any(one.state in (*RUNNING, "impossible") for one in bound):
            raise InputError("erase.order-runs")
        done = (
            actions.of_case(transaction, case.id) if orders.mentions(transaction, case.id) else ()
        )
        if any(one.undoes is not None and one.state in OPEN for one in done):
            raise InputError("erase.given-back")
