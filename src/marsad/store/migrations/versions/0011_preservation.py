"""What is kept apart, holds against deleting, and what people ask for about their own data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _holds()
    _requests()
    _preservations()


def _holds() -> None:
    op.create_table(
        "holds",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until", NUMBER, nullable=True),
        sa.Column("review_at", NUMBER, nullable=True),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["person"], ["persons.id"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_holds_person", "holds", ["person"], unique=False)
    op.create_table(
        "hold_endings",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("hold", NUMBER, nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=False),
        sa.Column("ended_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["hold"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("hold"),
    )


def _requests() -> None:
    op.create_table(
        "person_requests",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("received_at", NUMBER, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["person"], ["persons.id"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_person_requests_person", "person_requests", ["person"], unique=False)
    op.create_table(
        "person_request_steps",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("request", NUMBER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("due_at", NUMBER, nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["request"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(
        "ix_person_request_steps_request", "person_request_steps", ["request"], unique=False
    )


def _preservations() -> None:
    op.create_table(
        "preservations",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("order_id", NUMBER, nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", NUMBER, nullable=False),
        sa.Column("keep_until", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["person"], ["persons.id"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("ix_preservations_person", "preservations", ["person"], unique=False)
    op.create_index("preservations_of_case", "preservations", ["case_id", "seq"], unique=False)
    op.create_table(
        "preservation_steps",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("record", NUMBER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("until", NUMBER, nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.ForeignKeyConstraint(["record"], ["preservations.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("preservation_steps_of", "preservation_steps", ["record", "seq"], unique=False)
