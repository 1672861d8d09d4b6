"""Whom an entry of the log is about, and the salt that erasing that person destroys."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update

from marsad.store import mails
from marsad.store.database import Transaction
from marsad.store.tables import bank_outbox, persons, private

SALT_BYTES = 32
AT_ONCE = 500


def number_of(transaction: Transaction, name: str) -> int:
    """The number that stands for a person in the log; given out at the first call.

    ``name`` is the id of the account, or of the subject where there is no account behind it.
    """
    known = find(transaction, name)
    if known is not None:
        return known
    row = {"name": name, "salt": secrets.token_bytes(SALT_BYTES)}
    made = transaction.execute(insert(persons).values(**row)).inserted_primary_key
    assert made is not None
    return int(made[0])


def find(transaction: Transaction, name: str) -> int | None:
    """The number of a person, None for one that the log does not know (any more)."""
    return transaction.execute(select(persons.c.id).where(persons.c.name == name)).scalar()


def among(transaction: Transaction, names: Sequence[str]) -> dict[str, int]:
    """The numbers of those of some names whom the log knows, by name."""
    found: dict[str, int] = {}
    for start in range(0, len(names), AT_ONCE):
        some = persons.c.name.in_(names[start : start + AT_ONCE])
        rows = transaction.execute(select(persons.c.name, persons.c.id).where(some))
        found |= {row.name: row.id for row in rows}
    return found


def name_of(transaction: Transaction, person: int) -> str | None:
    """The id behind a number; None once it was erased."""
    return transaction.execute(select(persons.c.name).where(persons.c.id == person)).scalar()


def salt_of(transaction: Transaction, person: int) -> bytes | None:
    """The salt of a person; None once it was erased."""
    return transaction.execute(select(persons.c.salt).where(persons.c.id == person)).scalar()


def forget(transaction: Transaction, person: int) -> None:
    """Destroys a person's salt, id, and all private content about them. The row stays, so that
    its number is never given to anybody else."""
    transaction.execute(delete(private).where(private.c.person == person))
    transaction.execute(delete(bank_outbox).where(bank_outbox.c.person == person))
    mails.forget(transaction, person)
    gone = update(persons).where(persons.c.id == person).values(name=None, salt=None)
    transaction.execute(gone)
