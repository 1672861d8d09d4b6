"""Answers of the API under the keys that programs sent with their requests, kept for a while.

An answer is committed together with what it is about. Nothing of what was asked is kept: the key as
its hash, the request as an HMAC under the key, and answers that quote nobody.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Column, Integer, LargeBinary, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from marsad.store.database import Transaction
from marsad.store.tables import NUMBER, metadata

api_answers = Table(
    "api_answers",
    metadata,
    Column("hash", LargeBinary, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("runs_out_at", NUMBER, nullable=False, index=True),
)


class Kept(NamedTuple):
    """The answer under a key: ``digest`` is that of the request it was given to."""

    digest: bytes
    status: int
    body: bytes


def reserve(
    transaction: Transaction, hash_: bytes, digest: bytes, now: int, runs_out_at: int
) -> Kept | None:
    """The answer that was given under a key; None where the key is new: then it is the caller's,
    who says the answer with `keep` in the same transaction. Of two who ask at once the second waits
    until the first has committed, and gets its answer."""
    transaction.execute(delete(api_answers).where(api_answers.c.runs_out_at <= now))
    row = {"hash": hash_, "digest": digest, "status": 0, "body": b"", "runs_out_at": runs_out_at}
    dialect = postgresql if transaction.dialect.name == "postgresql" else sqlite
    done = transaction.execute(dialect.insert(api_answers).values(**row).on_conflict_do_nothing())
    if done.rowcount == 1:
        return None
    columns = api_answers.c
    query = select(columns.digest, columns.status, columns.body).where(columns.hash == hash_)
    return Kept(*transaction.execute(query).one())


def keep(transaction: Transaction, hash_: bytes, status: int, body: bytes) -> None:
    """Says the answer under a key that was reserved."""
    mine = update(api_answers).where(api_answers.c.hash == hash_)
    transaction.execute(mine.values(status=status, body=body))
