"""The audit log: events are appended to it, and read back in order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import exists, func, insert, select, update

from marsad.records.errors import InputError
from marsad.store import chain, persons
from marsad.store.chain import Entry, Head
from marsad.store.database import Transaction, is_apart
from marsad.store.notice_tables import notices as notice_rows
from marsad.store.tables import audit, audit_head, case_events, private
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
        raise InputError("store.erased-person", person=person)
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
    until this transaction has ended. A transaction that is apart from the log cannot: it would
    lock in another order than the rest."""
    if for_update and is_apart(transaction):
        raise RuntimeError("a transaction that writes to the log begins with writing()")
    query = select(audit_head.c.seq, audit_head.c.hash)
    row = transaction.execute(query.with_for_update() if for_update else query).first()
    return Head(*row) if row else chain.EMPTY


def entries(transaction: Transaction, after: int = 0) -> Iterator[Row]:
    """The entries in order, as they are stored, without holding more than a few in memory."""
    columns = (audit.c.seq, audit.c.prev, audit.c.body, audit.c.hash)
    query = select(*columns).where(audit.c.seq > after).order_by(audit.c.seq)
    yield from transaction.execute(query, execution_options={"yield_per": BATCH})


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
    for row in transaction.execute(query, execution_options={"yield_per": BATCH}):
        yield Stored(*row)


class Page(NamedTuple):
    """Entries as a page shows them, the newest first, each with its hash. ``before`` is where the
    next page goes on (entries with smaller numbers), None where there are no more."""

    entries: list[tuple[Event, bytes]]
    before: int | None


MOST_SCANNED = 20_000
"""Entries that are looked through for one page; what passes a filter may be rare."""


def page(
    transaction: Transaction, limit: int, before: int | None = None, kind: str | None = None,
    case: int | None = None,
) -> Page:  # fmt: skip
    """A page of entries without private content, of one kind and one case where these are named.
    It may hold fewer than ``limit``, none even, and still go on."""
    query = select(audit.c.seq, audit.c.body, audit.c.hash)
    if case is not None:
        query = query.join(case_events, case_events.c.seq == audit.c.seq)
        query = query.where(case_events.c.case_id == case)
    query = query.where(audit.c.seq < before) if before is not None else query
    query = query.order_by(audit.c.seq.desc()).limit(MOST_SCANNED)
    wanted = f'"kind":{json.dumps(kind)}'.encode("ascii", "replace") if kind else b""
    found: list[tuple[Event, bytes]] = []
    last, scanned = 0, 0
    with transaction.execute(query.execution_options(yield_per=500)) as rows:
        for seq, body, digest in rows:
            if len(found) == limit:
                return Page(found, last)
            last, scanned = seq, scanned + 1
            if wanted in body:
                event = event_of(seq, body, None)
                if kind in (None, event.kind):
                    found.append((event, digest))
    return Page(found, last if scanned == MOST_SCANNED else None)


def hash_at(transaction: Transaction, seq: int) -> bytes | None:
    """The hash of one entry, None where there is no such entry."""
    return transaction.execute(select(audit.c.hash).where(audit.c.seq == seq)).scalar()


def after(transaction: Transaction, seq: int, limit: int) -> list[Event]:
    """The next entries after one, without what is private in them."""
    query = select(audit.c.seq, audit.c.body).where(audit.c.seq > seq).order_by(audit.c.seq)
    return [event_of(*row, None) for row in transaction.execute(query.limit(limit))]


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


def count_private(transaction: Transaction, person: int) -> int:
    """How many entries have private content about a person."""
    query = select(func.count()).select_from(private).where(private.c.person == person)
    return int(transaction.execute(query).scalar_one())


def of_person(transaction: Transaction, person: int) -> Iterator[Event]:
    """The entries with private content about a person, in order."""
    query = select(audit.c.seq, audit.c.body, private.c.content).join(
        private, private.c.seq == audit.c.seq
    )
    query = query.where(private.c.person == person).order_by(audit.c.seq)
    for row in transaction.execute(query, execution_options={"yield_per": BATCH}):
        yield event_of(*row)


def events_of(
    transaction: Transaction, case_id: int, below: int | None = None, notices: bool = True
) -> list[Event]:
    """All that happened in a case, in order, with what is left of its private content; ``below`` an
    entry alone. ``notices`` that came are left out where they are not wanted: there may be
    thousands."""
    query = select(audit.c.seq, audit.c.body, private.c.content).select_from(
        case_events.join(audit, audit.c.seq == case_events.c.seq).outerjoin(
            private, private.c.seq == audit.c.seq
        )
    )
    query = query.where(case_events.c.case_id == case_id)
    query = query.where(case_events.c.seq < below) if below is not None else query
    if not notices:
        query = query.where(~exists().where(notice_rows.c.seq == case_events.c.seq))
    rows = transaction.execute(query.order_by(audit.c.seq))
    return [event_of(*row) for row in rows]
