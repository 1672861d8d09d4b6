"""Removal orders: what was ordered, how far it has come, and who was alarmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _orders()
    _steps()
    _items()
    _acts()
    _alarms()
    _authorities()
    op.create_table(
        "order_watch",
        sa.Column("order_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("seen_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.seq"]),
        sa.PrimaryKeyConstraint("order_id"),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("issuer_state", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("received_at", NUMBER, nullable=False),
        sa.Column("emergency", sa.Boolean(), nullable=False),
        sa.Column("cross_border", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="received"),
        sa.Column("version", NUMBER, nullable=False, server_default="0"),
        sa.Column("hour", NUMBER, nullable=False, server_default="0"),
        sa.Column("due_at", NUMBER, nullable=False, server_default="0"),
        sa.Column("size", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("ended_at", NUMBER, nullable=True),
        sa.Column("late_at", NUMBER, nullable=True),
        sa.Column("confidential_until", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("orders_by_state", "orders", ["state", "due_at"], unique=False)
    op.create_index("orders_of_authority", "orders", ["authority", "reference"], unique=False)


def _steps() -> None:
    op.create_table(
        "order_steps",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", NUMBER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.seq"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("order_steps_of", "order_steps", ["order_id", "seq"], unique=False)


def _items() -> None:
    op.create_table(
        "order_items",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["orders.seq"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("order_id", "number"),
    )
    op.create_index(op.f("ix_order_items_case_id"), "order_items", ["case_id"], unique=False)


def _acts() -> None:
    op.create_table(
        "order_acts",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", NUMBER, nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["orders.seq"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("order_acts_of", "order_acts", ["order_id", "case_id", "seq"], unique=False)
    op.create_index("order_acts_in_case", "order_acts", ["case_id", "seq"], unique=False)


def _alarms() -> None:
    op.create_table(
        "order_alarms",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", NUMBER, nullable=False),
        sa.Column("hour", NUMBER, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.seq"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("order_id", "hour", "minutes"),
    )


def _authorities() -> None:
    op.create_table(
        "authority_informed",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("informed_at", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(
        op.f("ix_authority_informed_authority"), "authority_informed", ["authority"], unique=False
    )
