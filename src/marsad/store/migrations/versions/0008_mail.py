"""Mail that is yet to be sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=True),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("lang", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("due_at", NUMBER, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("token", NUMBER, nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["persons.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_mails_person", "mails", ["person"], unique=False)
    op.create_index("mails_due", "mails", ["due_at"], unique=False)
