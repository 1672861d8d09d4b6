"""What was joined to an order by mistake can be parted from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # an address may be joined again: SQLite lets go of a constraint only with its table
    op.create_table(
        "order_items_anew",
        sa.Column("seq", NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.ForeignKeyConstraint(["order_id"], ["orders.seq"]),
        sa.ForeignKeyConstraint(["seq"], ["audit.seq"]),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.execute(
        "INSERT INTO order_items_anew (seq, order_id, number, case_id, joined) "
        "SELECT seq, order_id, number, case_id, 1 = 1 FROM order_items"
    )
    op.drop_table("order_items")
    op.rename_table("order_items_anew", "order_items")
    op.create_index("ix_order_items_case_id", "order_items", ["case_id"], unique=False)
    op.create_index("order_items_of", "order_items", ["order_id", "number", "seq"], unique=False)
