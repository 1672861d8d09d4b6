"""Quality: what cases share, verdicts, golden cases and copies, crises, threats, exposure."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITS = sa.text("state IN ('open', 'second', 'escalated') AND copy_of IS NULL")
COPIED = sa.text("copy_of IS NOT NULL")


def upgrade() -> None:
    _cases()
    _case_keys()
    _case_signals()
    _verdicts()
    _golden_marks()
    _told()
    _crises()
    _facets()
    _exposures()


def _cases() -> None:
    op.add_column("cases", sa.Column("route", sa.Text(), server_default="signal", nullable=False))
    op.add_column("cases", sa.Column("copy_of", NUMBER, nullable=True))
    op.add_column("cases", sa.Column("shown_to", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("crisis", NUMBER, server_default="0", nullable=False))
    op.create_index("cases_by_crisis", "cases", ["crisis", "state", "rank", "id"], unique=False)
    op.create_index(
        "cases_waiting", "cases", ["priority", "opened_at"], unique=False,
        sqlite_where=WAITS, postgresql_where=WAITS,
    )  # fmt: skip
    op.create_index(
        "cases_copied", "cases", ["copy_of"], unique=False,
        sqlite_where=COPIED, postgresql_where=COPIED,
    )  # fmt: skip
    op.create_index(
        "cases_shown", "cases", ["route", "opened_at"], unique=False,
        sqlite_where=COPIED, postgresql_where=COPIED,
    )  # fmt: skip


def _case_keys() -> None:
    op.create_table(
        "case_keys",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("decided", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq", "key"),
        sa.UniqueConstraint("case_id", "key"),
    )
    op.create_index("case_keys_shared", "case_keys", ["key", "decided", "case_id"], unique=False)


def _case_signals() -> None:
    op.create_table(
        "case_signals",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("signal", sa.Text(), nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq", "signal"),
    )
    op.create_index(op.f("ix_case_signals_case_id"), "case_signals", ["case_id"], unique=False)


def _verdicts() -> None:
    op.create_table(
        "verdicts",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("exemption", sa.Text(), nullable=True),
        sa.Column("policy", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["person"], ["persons.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(op.f("ix_verdicts_case_id"), "verdicts", ["case_id"], unique=False)
    op.create_index("verdicts_of_person", "verdicts", ["person", "seq"], unique=False)


def _golden_marks() -> None:
    op.create_table(
        "golden_marks",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("accepted", sa.Text(), nullable=False),
        sa.Column("marked_by", sa.Text(), nullable=False),
        sa.Column("marked_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(op.f("ix_golden_marks_case_id"), "golden_marks", ["case_id"], unique=False)


def _told() -> None:
    op.create_table(
        "threats",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("raised_by", sa.Text(), nullable=False),
        sa.Column("raised_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(op.f("ix_threats_case_id"), "threats", ["case_id"], unique=False)
    op.create_table(
        "told",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("told_by", sa.Text(), nullable=False),
        sa.Column("told_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(op.f("ix_told_case_id"), "told", ["case_id"], unique=False)


def _crises() -> None:
    op.create_table(
        "crises",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "crisis_closings",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("crisis", NUMBER, nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["crisis"], ["crises.seq"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("crisis"),
    )


def _facets() -> None:
    op.create_table(
        "facets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("name", "bucket"),
    )


def _exposures() -> None:
    op.create_table(
        "exposures",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("media", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("exposures_of", "exposures", ["reviewer", "at"], unique=False)
