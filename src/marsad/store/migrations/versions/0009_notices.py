"""Notices, what was thought of them, and measures against who misuses them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _notices()
    _marks()
    _measures()
    _floods()
    _answers()


def _seq() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    ]


def _notices() -> None:
    op.create_table(
        "notices",
        *_seq(),
        sa.Column("case_id", NUMBER, nullable=True),
        sa.Column("about", NUMBER, nullable=True),
        sa.Column("reporter", NUMBER, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("state_body", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("repeats", NUMBER, nullable=True),
        sa.Column("standing", NUMBER, nullable=True),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.Column("received_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["about"], ["persons.id"]),
        sa.ForeignKeyConstraint(["reporter"], ["persons.id"]),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_notices_received_at", "notices", ["received_at"], unique=False)
    op.create_index("notices_of_case", "notices", ["case_id", "seq"], unique=False)
    op.create_index("notices_by_reporter", "notices", ["reporter", "seq"], unique=False)
    op.create_index("notices_about", "notices", ["about", "received_at"], unique=False)


def _marks() -> None:
    op.create_table(
        "notice_marks",
        *_seq(),
        sa.Column("notice", NUMBER, nullable=False),
        sa.Column("reporter", NUMBER, nullable=False),
        sa.Column("unfounded", sa.Boolean(), nullable=False),
        sa.Column("marked_by", sa.Text(), nullable=False),
        sa.Column("marked_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["notice"], ["notices.seq"]),
        sa.ForeignKeyConstraint(["reporter"], ["persons.id"]),
    )
    op.create_index("ix_notice_marks_notice", "notice_marks", ["notice"], unique=False)
    op.create_index("ix_notice_marks_marked_at", "notice_marks", ["marked_at"], unique=False)


def _measures() -> None:
    op.create_table(
        "reporter_measures",
        *_seq(),
        sa.Column("reporter", NUMBER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("until", NUMBER, nullable=True),
        sa.Column("taken_by", sa.Text(), nullable=False),
        sa.Column("taken_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["reporter"], ["persons.id"]),
    )
    op.create_index("reporter_measures_of", "reporter_measures", ["reporter", "seq"], unique=False)


def _floods() -> None:
    op.create_table(
        "notice_floods",
        *_seq(),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("about", NUMBER, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("usual", sa.Float(), nullable=False),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("noticed_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["about"], ["persons.id"]),
    )
    op.create_index("notice_floods_about", "notice_floods", ["about", "seq"], unique=False)


def _answers() -> None:
    op.create_table(
        "notice_answers",
        *_seq(),
        sa.Column("notice", NUMBER, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answered_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["notice"], ["notices.seq"]),
    )
    op.create_index("ix_notice_answers_notice", "notice_answers", ["notice"], unique=False)
    op.create_table(
        "notice_work",
        sa.Column("notice", NUMBER, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["notice"], ["notices.seq"]),
        sa.PrimaryKeyConstraint("notice"),
    )
