"""The tables of what is kept apart, of holds, and of what people ask for about their own data.

All are projections of the log and hold no word of anybody: whom a row is about is a number, which
names nobody once that person was erased.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from marsad.store.tables import NUMBER, metadata

holds = Table(
    "holds",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("person", NUMBER, ForeignKey("persons.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("until", NUMBER),
    Column("review_at", NUMBER),
    Column("set_by", Text, nullable=False),
    Column("set_at", NUMBER, nullable=False),
)
"""``until`` is when a hold ends by itself, ``review_at`` when somebody looks at an open one."""

hold_endings = Table(
    "hold_endings",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("hold", NUMBER, ForeignKey("audit.seq"), nullable=False, unique=True),
    Column("ended_by", Text, nullable=False),
    Column("ended_at", NUMBER, nullable=False),
)

person_requests = Table(
    "person_requests",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("person", NUMBER, ForeignKey("persons.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("received_at", NUMBER, nullable=False),
    Column("due_at", NUMBER, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("recorded_at", NUMBER, nullable=False),
)

person_request_steps = Table(
    "person_request_steps",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("request", NUMBER, ForeignKey("audit.seq"), nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("due_at", NUMBER),
    Column("by", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
)
"""``step``: extended (until ``due_at``), done, or refused."""

preservations = Table(
    "preservations",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False),
    Column("person", NUMBER, ForeignKey("persons.id"), nullable=False, index=True),
    Column("cause", Text, nullable=False),
    Column("order_id", NUMBER),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", NUMBER, nullable=False),
    Column("keep_until", NUMBER, nullable=False),
    Index("preservations_of_case", "case_id", "seq"),
)
"""What is to be kept apart, and at first until when."""

preservation_steps = Table(
    "preservation_steps",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("record", NUMBER, ForeignKey("preservations.seq"), nullable=False),
    Column("step", Text, nullable=False),
    Column("until", NUMBER),
    Column("digest", Text),
    Column("purpose", Text),
    Column("by", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Index("preservation_steps_of", "record", "seq"),
)
"""What became of a record: ``preserved``, ``extended``, ``release-asked``, ``opened``, ``deleted``.
``digest`` is the SHA-256 of its ciphertext, in hex."""

PROJECTED: dict[str, Table] = {
    table.name: table
    for table in (
        holds,
        hold_endings,
        person_requests,
        person_request_steps,
        preservations,
        preservation_steps,
    )
}
"""Projections whose rows belong to one entry of the log each, by their ``seq``."""
