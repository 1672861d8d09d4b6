"""The API: answers under the keys of requests, and how far webhooks have been told of the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "api_answers",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("runs_out_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_api_answers_runs_out_at", "api_answers", ["runs_out_at"], unique=False)
    op.create_table(
        "hook_cursors",
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
