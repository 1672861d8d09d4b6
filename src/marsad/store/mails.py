"""Mail that is yet to be sent, written in the transaction of what it tells of.

A mail is sent at least once: it is taken for a while under a token, and its row goes when the
server has it. What cannot be delivered stays, with what the server said, until somebody looks.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from marsad.store.database import Transaction
from marsad.store.tables import NUMBER, metadata

mails = Table(
    "mails",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("person", NUMBER, ForeignKey("persons.id"), index=True),
    Column("recipient", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("lang", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Column("due_at", NUMBER),
    Column("tries", Integer, nullable=False),
    Column("token", NUMBER, nullable=False),
    Column("said", Text),
    Index("mails_due", "due_at"),
)


ORDERS = "order-"
"""How the names of mails about removal orders begin: they leave before all other."""


class Mail(NamedTuple):
    """A mail: ``message`` names its sentences, ``values`` fill them, ``at`` (µs UTC) is when it was
    written, ``tries`` how often it was tried, ``token`` who has it."""

    id: int
    recipient: str
    message: str
    values: Mapping[str, Any]
    lang: str
    at: int
    tries: int
    token: int


class Told(NamedTuple):
    """A mail to somebody who asks what is known of them."""

    recipient: str
    message: str
    values: Mapping[str, Any]
    at: int


def put(
    transaction: Transaction, *, to: str, message: str, values: Mapping[str, Any], lang: str,
    at: int, person: int | None = None,
) -> None:  # fmt: skip
    """Writes a mail to somebody: the messages ``mail.<message>.subject`` and ``.text`` in their
    language. ``person`` is whose data it holds: with them it is erased."""
    row = {"person": person, "recipient": to, "message": message, "lang": lang, "at": at,
           "content": json.dumps(dict(values)).encode("ascii"), "due_at": at, "tries": 0,
           "token": 0, "said": None}  # fmt: skip
    transaction.execute(insert(mails).values(**row))


def take(transaction: Transaction, now: int, until: int, eager: int = 0) -> Mail | None:
    """The next mail that is due, those about orders first, taken until a time: if it was not sent
    by then, somebody else may send it. None where none is due. Those about orders wait no longer
    than that for their first ``eager`` tries."""
    pressing = mails.c.message.startswith(ORDERS)
    set_back = or_(  # the clock was, since it was written or tried
        and_(mails.c.tries == 0, mails.c.at > now),
        and_(pressing, mails.c.tries <= eager, mails.c.due_at > until),
    )
    due = select(mails).where(or_(mails.c.due_at <= now, set_back))
    due = due.order_by(pressing.desc(), mails.c.due_at, mails.c.id)
    row = transaction.execute(due.limit(1).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    said = {"token": row.token + 1, "tries": row.tries + 1, "due_at": until}
    transaction.execute(update(mails).where(mails.c.id == row.id).values(**said))
    return Mail(row.id, row.recipient, row.message, json.loads(row.content), row.lang, row.at,
                row.tries + 1, row.token + 1)  # fmt: skip


def sent(transaction: Transaction, mail: Mail) -> None:
    """Says that the server has it: nothing of it is kept."""
    mine = (mails.c.id == mail.id) & (mails.c.token == mail.token)
    transaction.execute(delete(mails).where(mine))


def failed(transaction: Transaction, mail: Mail, said: str, due_at: int | None) -> None:
    """Says that it could not be sent, and when it is tried again; None: not by itself."""
    mine = (mails.c.id == mail.id) & (mails.c.token == mail.token)
    transaction.execute(update(mails).where(mine).values(said=said, due_at=due_at))


def waiting(transaction: Transaction) -> tuple[int, int]:
    """How many mails wait to be sent, and how many cannot be."""
    query = select(func.count(mails.c.due_at), func.count(mails.c.id))
    due, every = transaction.execute(query).one()
    return due, every - due


def forget(transaction: Transaction, person: int) -> None:
    """Deletes the mails that hold somebody's data."""
    transaction.execute(delete(mails).where(mails.c.person == person))


def count_of(transaction: Transaction, person: int) -> int:
    """How many mails hold somebody's data."""
    query = select(func.count()).select_from(mails).where(mails.c.person == person)
    return int(transaction.execute(query).scalar_one())


def count_to(transaction: Transaction, recipient: str) -> int:
    """How many mails are for an address, of those that name no person."""
    query = select(func.count()).select_from(mails).where(_to(recipient))
    return int(transaction.execute(query).scalar_one())


def forget_to(transaction: Transaction, recipient: str) -> None:
    """Deletes the mails for an address, whoever's data they hold."""
    if recipient:
        transaction.execute(delete(mails).where(mails.c.recipient == recipient))


def told(transaction: Transaction, persons: Collection[int], recipient: str) -> list[Told]:
    """The mails that hold somebody's data or are for their address, the oldest first."""
    mine = mails.c.person.in_(persons)
    wanted = mine | (mails.c.recipient == recipient) if recipient else mine
    query = select(mails.c.recipient, mails.c.message, mails.c.content, mails.c.at)
    rows = transaction.execute(query.where(wanted).order_by(mails.c.id))
    return [Told(to, message, json.loads(content), at) for to, message, content, at in rows]


def _to(recipient: str) -> ColumnElement[bool]:
    return (mails.c.recipient == recipient) & mails.c.person.is_(None)
