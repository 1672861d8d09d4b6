"""The tables of statements of reasons and appeals.

`statements`, `statement_steps`, `appeals` and `appeal_steps` follow from the log and can be rebuilt
from it. The others cannot: `statement_work` and `appeal_work` are what somebody has yet to do,
`statement_waits` decisions nobody may be told of yet, `statement_turns` how far making and sending
have come, and who is at it.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from marsad.store.tables import NUMBER, metadata

statements = Table(
    "statements",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False, index=True),
    Column("decision", NUMBER, ForeignKey("audit.seq"), nullable=False, unique=True),
    Column("step", Text, nullable=False),
    Column("puid", Text, nullable=False, unique=True),
    Column("lang", Text, nullable=False),
    Column("code", LargeBinary, unique=True),
    Column("public", Boolean, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("made_at", NUMBER, nullable=False),
)
"""``decision`` is the entry that decided, or took back. ``code`` is the digest of the code to
appeal with; ``public``: there is a record for the transparency database."""

statement_steps = Table(
    "statement_steps",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("statement", NUMBER, ForeignKey("statements.seq"), primary_key=True,
           autoincrement=False),
    Column("step", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Index("statement_steps_of", "statement", "seq"),
    Index("statement_steps_by_step", "step", "seq"),
)  # fmt: skip

statement_work = Table(
    "statement_work",
    metadata,
    Column("statement", NUMBER, ForeignKey("statements.seq"), primary_key=True,
           autoincrement=False),
    Column("state", Text, nullable=False),
    Index("statement_work_by_state", "state", "statement"),
)  # fmt: skip
"""What has yet to be accepted: waiting, held or refused."""

statement_waits = Table(
    "statement_waits",
    metadata,
    Column("decision", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("due_at", NUMBER, nullable=False, index=True),
)

statement_turns = Table(
    "statement_turns",
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

appeals = Table(
    "appeals",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False, index=True),
    Column("decision", NUMBER, ForeignKey("audit.seq"), nullable=False),
    Column("notice", NUMBER, nullable=False),
    Column("person", NUMBER, ForeignKey("persons.id"), nullable=False),
    Column("made_at", NUMBER, nullable=False),
    Column("due_at", NUMBER, nullable=False),
    UniqueConstraint("decision", "notice"),
)
"""``decision`` is what is complained of; ``notice`` is the notice that it refused, 0 where the
complaint is of whom it was decided against. ``person`` is who complains."""

appeal_steps = Table(
    "appeal_steps",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("appeal", NUMBER, ForeignKey("appeals.seq"), nullable=False),
    Column("step", Text, nullable=False),
    Column("outcome", Text),
    Column("actor", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Index("appeal_steps_of", "appeal", "seq"),
    Index("appeal_steps_by_outcome", "outcome", "at"),
)

appeal_work = Table(
    "appeal_work",
    metadata,
    Column("appeal", NUMBER, ForeignKey("appeals.seq"), primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("due_at", NUMBER, nullable=False),
    Index("appeal_work_by_due", "due_at", "appeal"),
)
"""What is not closed: open, asked (the person is to answer) or reversing (a platform is)."""

PROJECTED: dict[str, Table] = {
    table.name: table for table in (statements, statement_steps, appeals, appeal_steps)
}
"""Projections whose rows belong to one entry of the log each, by their ``seq``."""
