"""How far each webhook has been told of the log: a place in it, and who is telling it now.

A cursor moves only once the entry at it was taken: what is told may be told twice, and is never
left out. Whoever tells holds the cursor for a while; its token refuses who was too slow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import Column, Integer, Table, Text, insert, select, update

from marsad.store.database import Transaction
from marsad.store.tables import NUMBER, metadata

hook_cursors = Table(
    "hook_cursors",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seq", NUMBER, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", NUMBER, nullable=False),
    Column("token", NUMBER, nullable=False),
    Column("taken_at", NUMBER, nullable=False),
    Column("runs_out_at", NUMBER, nullable=False),
    Column("said", Text),
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A webhook's place: it was told of all entries to ``seq``. ``tries`` of the next one have
    failed, ``said`` is what came of the last, ``due_at`` (µs UTC) when it is tried again."""

    name: str
    seq: int
    tries: int = 0
    due_at: int = 0
    token: int = 0
    taken_at: int = 0
    runs_out_at: int = 0
    said: str | None = None

    def held(self, now: int) -> bool:
        """Whether somebody is at it; a clock that jumped frees it."""
        return self.taken_at <= now < self.runs_out_at


def every(transaction: Transaction) -> Sequence[Cursor]:
    """All cursors, by name."""
    rows = transaction.execute(select(hook_cursors).order_by(hook_cursors.c.name))
    return [Cursor(*row) for row in rows]


def read(transaction: Transaction, name: str) -> Cursor | None:
    """The cursor of a webhook; on PostgreSQL nobody else can take it meanwhile."""
    query = select(hook_cursors).where(hook_cursors.c.name == name)
    row = transaction.execute(query.with_for_update()).first()
    return Cursor(*row) if row else None


def add(transaction: Transaction, name: str, seq: int) -> Cursor:
    """A new cursor at a place."""
    made = Cursor(name, seq)
    transaction.execute(insert(hook_cursors).values(**asdict(made)))
    return made


def take(transaction: Transaction, cursor: Cursor, now: int, length: int) -> Cursor:
    """Holds a cursor that was read in this transaction and that nobody holds."""
    taken = replace(cursor, token=cursor.token + 1, taken_at=now, runs_out_at=now + length)
    write(transaction, taken, cursor.token)
    return taken


def write(transaction: Transaction, cursor: Cursor, token: int | None = None) -> bool:
    """Puts a cursor in the place of the stored one; whether it was still held under ``token``, by
    default its own."""
    mine = (hook_cursors.c.name == cursor.name) & (
        hook_cursors.c.token == (cursor.token if token is None else token)
    )
    changed = update(hook_cursors).where(mine).values(**asdict(cursor))
    return transaction.execute(changed).rowcount == 1
