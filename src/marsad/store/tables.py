"""The tables of the desk's database, the same on SQLite and PostgreSQL.

`audit` is the truth. `private` holds what people may ask to have erased. The next eight are
projections: they follow from the log and can be rebuilt from it. `leases` and `bank_outbox` are
neither: who is looking at what, and what other parts of the workspace have yet to be told.

Times are int64 µs UTC. A change here needs a migration; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

NUMBER = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows only in a column of type INTEGER, which there has 64 bits."""

WAITING = ("open", "second", "escalated")
"""The states of cases that somebody has yet to decide."""

WAITS = text("state IN ('open', 'second', 'escalated') AND copy_of IS NULL")
"""Cases that somebody has yet to decide, copies for quality apart: literally as the index has it,
for with bound parameters SQLite would not use it."""

COPIED = text("copy_of IS NOT NULL")

metadata = MetaData()

audit = Table(
    "audit",
    metadata,
    Column("seq", NUMBER, primary_key=True, autoincrement=False),
    Column("prev", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", NUMBER, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("seq", NUMBER, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    Column("made_at", NUMBER, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)

persons = Table(
    "persons",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("name", Text, unique=True),
    Column("salt", LargeBinary),
)

private = Table(
    "private",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("person", NUMBER, ForeignKey("persons.id"), nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", NUMBER, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text),
    Column("person", NUMBER, ForeignKey("persons.id"), nullable=False, index=True),
    Column("platform", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("clock", Text),
    Column("due_at", NUMBER),
    Column("rank", NUMBER, nullable=False),
    Column("opened_at", NUMBER, nullable=False),
    Column("version", NUMBER, nullable=False),
    Column("network_only", Boolean, nullable=False),
    Column("outcome", Text),
    Column("policy", Text),
    Column("decided_at", NUMBER),
    Column("proposed_by", Text),
    Column("assigned_to", Text),
    Column("route", Text, nullable=False, server_default="signal"),
    Column("copy_of", NUMBER),
    Column("shown_to", Text),
    Column("crisis", NUMBER, nullable=False, server_default="0"),
    Column("lane", NUMBER, nullable=False, server_default="0"),
    UniqueConstraint("kind", "subject"),
    Index("cases_in_lane", "lane", "rank", "id"),
    Index("cases_in_lane_by_age", "lane", "opened_at", "id"),
    Index("cases_by_owner", "assigned_to", "state", "rank", "id"),
    Index("cases_by_crisis", "crisis", "state", "rank", "id"),
    Index("cases_waiting", "priority", "opened_at", sqlite_where=WAITS, postgresql_where=WAITS),
    Index("cases_copied", "copy_of", sqlite_where=COPIED, postgresql_where=COPIED),
    Index("cases_shown", "route", "opened_at", sqlite_where=COPIED, postgresql_where=COPIED),
)

lanes = Table(
    "lanes",
    metadata,
    Column("lane", NUMBER, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("clock", Text, nullable=False),
    Column("crisis", NUMBER, nullable=False),
    Column("copied", Boolean, nullable=False),
    Column("shown_to", Text, nullable=False),
)
"""What the cases with a number in their column ``lane`` have in common; see `marsad.store.lanes`.
A lane stays when its last case has left it."""

lane_signals = Table(
    "lane_signals",
    metadata,
    Column("case_id", NUMBER, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("signal", Text, primary_key=True),
    Column("lane", NUMBER, nullable=False),
    Column("rank", NUMBER, nullable=False),
    Column("opened_at", NUMBER, nullable=False),
    Index("lane_signals_by_rank", "signal", "lane", "rank", "case_id"),
    Index("lane_signals_by_age", "signal", "lane", "opened_at", "case_id"),
    sqlite_with_rowid=False,
)
"""Each signal that has findings in a case, with the case's place in the queue."""

case_findings = Table(
    "case_findings",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("finding_id", Text, primary_key=True),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False),
    Column("signal", Text, nullable=False),
    Column("score", Float, nullable=False),
    UniqueConstraint("case_id", "finding_id"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False, index=True),
    Column("step", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("exemption", Text),
    Column("policy", Text, nullable=False),
    Column("reviewer", Text, nullable=False, index=True),
    Column("decided_at", NUMBER, nullable=False),
)

opened_items = Table(
    "opened_items",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("opened_at", NUMBER, nullable=False),
    Index("opened_items_of", "case_id", "reviewer", "item"),
)

notes = Table(
    "notes",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False, index=True),
    Column("writer", Text, nullable=False),
    Column("written_at", NUMBER, nullable=False),
)

case_events = Table(
    "case_events",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False),
    Index("case_events_of", "case_id", "seq"),
)

leases = Table(
    "leases",
    metadata,
    Column("case_id", NUMBER, ForeignKey("cases.id"), primary_key=True, autoincrement=False),
    Column("holder", Text, nullable=False),
    Column("token", NUMBER, nullable=False),
    Column("taken_at", NUMBER, nullable=False),
    Column("runs_out_at", NUMBER, nullable=False),
)

bank_outbox = Table(
    "bank_outbox",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("seq", NUMBER, ForeignKey("audit.seq"), nullable=False, unique=True),
    Column("person", NUMBER, ForeignKey("persons.id"), nullable=False),
    Column("change", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Column("delivered_at", NUMBER, index=True),
)

_BESIDE = (case_events, case_findings, decisions, opened_items, notes)
PROJECTIONS = {table.name: table for table in _BESIDE}
"""Projections beside `cases`: each row belongs to one entry of the log, by its ``seq``."""
