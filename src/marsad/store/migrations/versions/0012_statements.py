"""Statements of reasons, and complaints about decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _statements()
    _sending()
    _appeals()


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("decision", NUMBER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("puid", sa.Text(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["decision"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("decision"),
        sa.UniqueConstraint("puid"),
        sa.UniqueConstraint("code"),
    )
    op.create_index("ix_statements_case_id", "statements", ["case_id"], unique=False)
    op.create_table(
        "statement_steps",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("statement", NUMBER, autoincrement=False, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["statement"], ["statements.seq"]),
        sa.PrimaryKeyConstraint("seq", "statement"),
    )
    op.create_index("statement_steps_of", "statement_steps", ["statement", "seq"], unique=False)
    op.create_index("statement_steps_by_step", "statement_steps", ["step", "seq"], unique=False)


def _sending() -> None:
    op.create_table(
        "statement_work",
        sa.Column("statement", NUMBER, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["statement"], ["statements.seq"]),
        sa.PrimaryKeyConstraint("statement"),
    )
    op.create_index(
        "statement_work_by_state", "statement_work", ["state", "statement"], unique=False
    )
    op.create_table(
        "statement_waits",
        sa.Column("decision", NUMBER, autoincrement=False, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["decision"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("decision"),
    )
    op.create_index("ix_statement_waits_due_at", "statement_waits", ["due_at"], unique=False)
    op.create_table(
        "statement_turns",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("token", NUMBER, nullable=False),
        sa.Column("taken_at", NUMBER, nullable=False),
        sa.Column("runs_out_at", NUMBER, nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    # what was decided before this version has been told of as it was then: none is made of it
    op.execute(
        "INSERT INTO statement_turns (name, seq, tries, due_at, token, taken_at, runs_out_at) "
        "SELECT 'make', COALESCE(MAX(seq), 0), 0, 0, 0, 0, 0 FROM audit_head"
    )


def _appeals() -> None:
    op.create_table(
        "appeals",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("decision", NUMBER, nullable=False),
        sa.Column("notice", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("made_at", NUMBER, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["decision"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["person"], ["persons.id"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("decision", "notice"),
    )
    op.create_index("ix_appeals_case_id", "appeals", ["case_id"], unique=False)
    op.create_table(
        "appeal_steps",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("appeal", NUMBER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["appeal"], ["appeals.seq"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("appeal_steps_of", "appeal_steps", ["appeal", "seq"], unique=False)
    op.create_index("appeal_steps_by_outcome", "appeal_steps", ["outcome", "at"], unique=False)
    op.create_table(
        "appeal_work",
        sa.Column("appeal", NUMBER, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["appeal"], ["appeals.seq"]),
        sa.PrimaryKeyConstraint("appeal"),
    )
    op.create_index("appeal_work_by_due", "appeal_work", ["due_at", "appeal"], unique=False)
