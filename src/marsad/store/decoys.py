"""Rows that say nothing, written in place of others so that nobody can tell the two apart."""

from __future__ import annotations

import secrets

from sqlalchemy import Column, Integer, LargeBinary, Table, insert, update

from marsad.store.database import Transaction
from marsad.store.tables import metadata

SIZE = 256
"""Bytes, about what an entry of the log has."""

decoys = Table(
    "decoys",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)


def write(transaction: Transaction, count: int) -> None:
    """Writes so many rows; there are never more than the most that were written at once. In a
    transaction that may write to the log: no other writes them meanwhile."""
    for number in range(count):
        row = {"content": secrets.token_bytes(SIZE)}
        changed = update(decoys).where(decoys.c.id == number).values(**row)
        if transaction.execute(changed).rowcount == 0:
            transaction.execute(insert(decoys).values(id=number, **row))
