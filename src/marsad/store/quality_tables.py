"""Tables beside the cases that tell of quality: what cases share, verdicts, golden cases, crises.

All but `exposures` are projections of the log.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint
from sqlalchemy.sql import expression

from marsad.store.tables import NUMBER, metadata

case_keys = Table(
    "case_keys",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("key", NUMBER, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False),
    Column(
        "decided", Boolean, nullable=False, server_default=expression.false(),
        info={"later": True},
    ),
    UniqueConstraint("case_id", "key"),
    Index("case_keys_shared", "key", "decided", "case_id"),
)  # fmt: skip
"""What a case can have in common with others. ``decided`` follows the case's state."""

case_signals = Table(
    "case_signals",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("signal", Text, primary_key=True),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False, index=True),
)

verdicts = Table(
    "verdicts",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False, index=True),
    Column("person", NUMBER, ForeignKey("persons.id"), nullable=False),
    Column("step", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("exemption", Text),
    Column("policy", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Index("verdicts_of_person", "person", "seq"),
)
"""Final decisions about real cases, and what took them back (``step`` overturned)."""

golden_marks = Table(
    "golden_marks",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False, index=True),
    Column("accepted", Text, nullable=False),
    Column("marked_by", Text, nullable=False),
    Column("marked_at", NUMBER, nullable=False),
)
"""Of each case the last mark counts; ``accepted``: outcomes with commas, empty: golden no more."""

threats = Table(
    "threats",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False, index=True),
    Column("raised_by", Text, nullable=False),
    Column("raised_at", NUMBER, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False, index=True),
    Column("contact", Text, nullable=False),
    Column("told_by", Text, nullable=False),
    Column("told_at", NUMBER, nullable=False),
)

crises = Table(
    "crises",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("wanted", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", NUMBER, nullable=False),
)

crisis_closings = Table(
    "crisis_closings",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("crisis", NUMBER, ForeignKey("crises.seq"), nullable=False, unique=True),
    Column("closed_by", Text, nullable=False),
    Column("closed_at", NUMBER, nullable=False),
)

facets = Table(
    "facets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("bucket", Text, primary_key=True),
    Column("count", NUMBER, nullable=False),
)
"""How many real cases there are of each sort, counted as they change."""

exposures = Table(
    "exposures",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("reviewer", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("media", Boolean, nullable=False),
    Index("exposures_of", "reviewer", "at"),
)
"""What a reviewer has had to look at: for their own sake, no part of the log, not kept for long."""

PROJECTED = {
    table.name: table
    for table in (
        case_keys,
        case_signals,
        verdicts,
        golden_marks,
        threats,
        told,
        crises,
        crisis_closings,
    )
}
"""Projections whose rows belong to one entry of the log each, by their ``seq``."""
