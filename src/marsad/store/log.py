"""The audit log: events are appended to it, and read back in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update

from marsad.records.errors import MarsadError
from marsad.store import chain, persons
from marsad.store.chain import Entry, Head
from marsad.store.database import Transaction
from marsad.store.tables import audit, audit_head, private
from marsad.store.tables import persons as persons_table

FORM = 1
BATCH = 5_000
Row = tuple[int, bytes, bytes, bytes]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, as an entry of the log says it.

    ``at`` is what the clock said (µs UTC; entries are ordered by ``seq``, not by it), ``actor`` a
    pseudonym, ``data`` what may stay for ever, ``private`` what names a person or quotes one: None
    where there is none or it was erased. ``person`` is the number of whom it is about.
    """

    seq: int
    at: int
    actor: str
    kind: str
    case: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    person: int | None = None
    private: Mapping[str, Any] | None = None


def append(
    transaction: Transaction,
    *,
    at: int,
    actor: str,
    kind: str,
    case: int | None = None,
    data: Mapping[str, Any] | None = None,
    person: int | None = None,
    private_data: Mapping[str, Any] | None = None,
) -> Event:
    """Adds an entry; it is there when the transaction is committed, and not before.

    A case that is opened is numbered after its first entry: for ``case=0`` the number of the
    entry is taken.
    """
    end = head(transaction, for_update=True)
    seq = end.seq + 1
    case = seq if case == 0 else case
    body: dict[str, Any] = {"v": FORM, "at": at, "actor": actor, "kind": kind}
    body |= {"case": case, "data": dict(data or {})}
    content = None
    if person is not None and private_data is not None:
        content, body["private"] = _sealed(transaction, person, private_data)
    _write(transaction, end, Entry(seq, end.hash, chain.canonical(body), b""))
    if content is not None:
        row = {"seq": seq, "person": person, "content": content}
        transaction.execute(insert(private).values(**row))
    return Event(seq, at, actor, kind, case, dict(data or {}), person, private_data)


def _sealed(
    transaction: Transaction, person: int, content: Mapping[str, Any]
) -> tuple[bytes, list[Any]]:
    salt = persons.salt_of(transaction, person)
    if salt is None:
        raise MarsadError("store.erased-person", person=person)
    stored = chain.canonical(content)
    return stored, [person, chain.keyed(salt, stored).hex()]


def _write(transaction: Transaction, end: Head, entry: Entry) -> None:
    digest = chain.link(entry.prev, entry.body)
    row = {"seq": entry.seq, "prev": entry.prev, "body": entry.body, "hash": digest}
    transaction.execute(insert(audit).values(**row))
    moved = {"seq": entry.seq, "hash": digest}
    if end.seq == 0:
        transaction.execute(insert(audit_head).values(id=1, **moved))
    else:
        transaction.execute(update(audit_head).values(**moved))


def head(transaction: Transaction, for_update: bool = False) -> Head:
    """Where the log ends, as the last append left it; with ``for_update`` nobody else appends
    until this transaction has ended."""
    query = select(audit_head.c.seq, audit_head.c.hash)
    row = transaction.execute(query.with_for_update() if for_update else query).first()
    return Head(*row) if row else chain.EMPTY


def entries(transaction: Transaction, after: int = 0) -> Iterator[Row]:
    """The entries in order, as they are stored, without holding more than a few in memory."""
    columns = (audit.c.seq, audit.c.prev, audit.c.body, audit.c.hash)
    query = select(*columns).where(audit.c.seq > after).order_by(audit.c.seq)
    yield from transaction.execution_options(yield_per=BATCH).execute(query)


class Stored(NamedTuple):
    """An entry's bytes with the private content and salt that are kept apart from it."""

    seq: int
    body: bytes
    person: int | None
    content: bytes | None
    salt: bytes | None


def with_private(transaction: Transaction) -> Iterator[Stored]:
    """The entries in order, each with what is private in it, as far as it is still there."""
    columns = (audit.c.seq, audit.c.body, private.c.person, private.c.content, persons_table.c.salt)
    joined = audit.outerjoin(private, audit.c.seq == private.c.seq).outerjoin(
        persons_table, persons_table.c.id == private.c.person
    )
    query = select(*columns).select_from(joined).order_by(audit.c.seq)
    for row in transaction.execution_options(yield_per=BATCH).execute(query):
        yield Stored(*row)


def hash_at(transaction: Transaction, seq: int) -> bytes | None:
    """The hash of one entry, None where there is no such entry."""
    return transaction.execute(select(audit.c.hash).where(audit.c.seq == seq)).scalar()


def event_of(seq: int, body: bytes, content: bytes | None) -> Event:
    """The event in an entry and its private content. Raises `ValueError` or `KeyError` where the
    bytes are none that `append` wrote."""
    said = json.loads(body)
    person = said["private"][0] if "private" in said else None
    found = json.loads(content) if content is not None else None
    return Event(
        seq, said["at"], said["actor"], said["kind"], said["case"], said["data"], person, found
    )


def event(transaction: Transaction, seq: int) -> Event:
    """One event, with what is left of its private content."""
    query = select(audit.c.body, private.c.content).outerjoin(private, audit.c.seq == private.c.seq)
    body, content = transaction.execute(query.where(audit.c.seq == seq)).one()
    return event_of(seq, body, content)
