"""Logging in: whose login at a provider is whose, how a session began, which logins are used up;
what is written for names that nobody has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("users", sa.Column("identity", sa.LargeBinary(), nullable=True))
    op.create_index("users_by_identity", "users", ["identity"], unique=True)
    via = sa.Column("via", sa.Text(), nullable=False, server_default="password")
    op.add_column("sessions", via)
    op.create_table(
        "used_logins",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_index("ix_used_logins_used_at", "used_logins", ["used_at"], unique=False)
    op.create_table(
        "decoys",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
