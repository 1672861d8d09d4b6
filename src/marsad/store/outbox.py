"""What the account bank has yet to be told, written in the transaction of the decision itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from sqlalchemy import insert, select, update

from marsad.store.database import Transaction
from marsad.store.tables import bank_outbox, persons

Change = Literal["add", "withdraw"]


class Pending(NamedTuple):
    """A change that the bank may not have seen: ``seq`` is the decision it follows from."""

    id: int
    seq: int
    account: str
    change: Change
    at: int


def put(transaction: Transaction, seq: int, person: int, change: Change, at: int) -> None:
    """Adds a change that follows from entry ``seq``."""
    row = {"seq": seq, "person": person, "change": change, "at": at}
    transaction.execute(insert(bank_outbox).values(**row))


def pending(transaction: Transaction) -> Sequence[Pending]:
    """What was not delivered, in the order of the log."""
    columns = bank_outbox.c
    query = select(columns.id, columns.seq, persons.c.name, columns.change, columns.at)
    query = query.join(persons, persons.c.id == columns.person)
    rows = transaction.execute(query.where(columns.delivered_at.is_(None)).order_by(columns.id))
    return [Pending(*row) for row in rows]


def delivered(transaction: Transaction, ids: Sequence[int], at: int) -> None:
    """Says that the bank has these."""
    done = update(bank_outbox).where(bank_outbox.c.id.in_(ids)).values(delivered_at=at)
    transaction.execute(done)
