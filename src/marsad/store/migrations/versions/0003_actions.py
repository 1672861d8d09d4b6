"""Actions: what was decided to be done on a platform, and how far it has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _actions()
    _steps()
    _work()
    _looks()
    _sends()


def _actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("decision", NUMBER, nullable=False),
        sa.Column("cause", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("undoes", NUMBER, nullable=True),
        sa.Column("undone_by", NUMBER, nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("proposed_at", NUMBER, nullable=False),
        sa.Column("requested_at", NUMBER, nullable=True),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("seen", sa.Text(), nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["cause"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["decision"], ["decisions.seq"]),
        sa.ForeignKeyConstraint(["id"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["undoes"], ["actions.id"]),
        sa.ForeignKeyConstraint(["undone_by"], ["actions.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("undoes"),
    )
    op.create_index("actions_of_case", "actions", ["case_id", "id"], unique=False)
    op.create_index("actions_by_state", "actions", ["state", "by_hand", "id"], unique=False)


def _steps() -> None:
    op.create_table(
        "action_steps",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("action_id", NUMBER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("seen", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(op.f("ix_action_steps_action_id"), "action_steps", ["action_id"], unique=False)


def _work() -> None:
    op.create_table(
        "action_work",
        sa.Column("action_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("due_at", NUMBER, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("token", NUMBER, nullable=False),
        sa.Column("taken_at", NUMBER, nullable=False),
        sa.Column("runs_out_at", NUMBER, nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"]),
        sa.PrimaryKeyConstraint("action_id"),
    )
    op.create_index(op.f("ix_action_work_due_at"), "action_work", ["due_at"], unique=False)


def _looks() -> None:
    op.create_table(
        "action_looks",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("action_id", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_action_looks_action_id"), "action_looks", ["action_id"], unique=False)


def _sends() -> None:
    op.create_table(
        "action_sends",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("action_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["actions.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("action_sends_by_hour", "action_sends", ["platform", "at"], unique=False)
