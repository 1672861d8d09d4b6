"""The tables of notices. All but `notice_work` follow from the log."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, Table, Text

from marsad.store.tables import NUMBER, metadata


def _seq() -> Column[int]:
    return Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False)


def _person(name: str, nullable: bool = False) -> Column[int]:
    return Column(name, NUMBER, ForeignKey("persons.id"), nullable=nullable)


notices = Table(
    "notices",
    metadata,
    _seq(),
    Column("case_id", NUMBER, ForeignKey("cases.id")),
    _person("about", nullable=True),
    _person("reporter"),
    Column("channel", Text, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("state_body", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("ground", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("code", LargeBinary, nullable=False, unique=True),
    Column("repeats", NUMBER),
    Column("standing", NUMBER),
    Column("set_aside", Boolean, nullable=False),
    Column("received_at", NUMBER, nullable=False, index=True),
    Index("notices_of_case", "case_id", "seq"),
    Index("notices_by_reporter", "reporter", "seq"),
    Index("notices_about", "about", "received_at"),
)
"""A notice each. ``about`` is whom its subject belongs to, ``repeats`` the first notice of the same
reporter in the same round of the case, ``standing`` the verdict that it was answered with. Who
reported and why is private content of the entry."""

notice_marks = Table(
    "notice_marks",
    metadata,
    _seq(),
    Column("notice", NUMBER, ForeignKey("notices.seq"), nullable=False, index=True),
    _person("reporter"),
    Column("unfounded", Boolean, nullable=False),
    Column("marked_by", Text, nullable=False),
    Column("marked_at", NUMBER, nullable=False, index=True),
)
"""Of each notice the last mark counts: whether it is manifestly unfounded."""

reporter_measures = Table(
    "reporter_measures",
    metadata,
    _seq(),
    _person("reporter"),
    Column("step", Text, nullable=False),
    Column("until", NUMBER),
    Column("taken_by", Text, nullable=False),
    Column("taken_at", NUMBER, nullable=False),
    Index("reporter_measures_of", "reporter", "seq"),
)
"""Warnings and suspensions of reporters; of each the last measure counts."""

notice_floods = Table(
    "notice_floods",
    metadata,
    _seq(),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False),
    _person("about"),
    Column("count", Integer, nullable=False),
    Column("hours", Integer, nullable=False),
    Column("usual", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("noticed_at", NUMBER, nullable=False),
    Index("notice_floods_about", "about", "seq"),
)
"""Many more notices against one account than usual."""

notice_answers = Table(
    "notice_answers",
    metadata,
    _seq(),
    Column("notice", NUMBER, ForeignKey("notices.seq"), nullable=False, index=True),
    Column("outcome", Text, nullable=False),
    Column("answered_at", NUMBER, nullable=False),
)
"""What a reporter was told by mail."""

notice_work = Table(
    "notice_work",
    metadata,
    Column("notice", NUMBER, ForeignKey("notices.seq"), primary_key=True, autoincrement=False),
)
"""Notices whose reporter is yet to be told by mail what became of them."""

_BESIDE = (notices, notice_marks, reporter_measures, notice_floods, notice_answers)
PROJECTED: dict[str, Table] = {table.name: table for table in _BESIDE}
"""Projections whose rows belong to one entry of the log each, by their ``seq``."""
