"""The tables of removal orders.

All but `order_watch` follow from the log. Of an order only what names nobody stands here: its
addresses and the rest of the form are private content.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from marsad.store.tables import NUMBER, metadata


def _later(name: str, type_: Any, **more: Any) -> Column[Any]:
    """A column that later entries change; `marsad.decide.orders.rebuilding` compares it."""
    return Column(name, type_, info={"later": True}, **more)


orders = Table(
    "orders",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("authority", Text, nullable=False),
    Column("issuer_state", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("received_at", NUMBER, nullable=False),
    Column("emergency", Boolean, nullable=False),
    Column("cross_border", Boolean, nullable=False),
    _later("state", Text, nullable=False, server_default="received"),
    _later("version", NUMBER, nullable=False, server_default="0"),
    _later("hour", NUMBER, nullable=False, server_default="0"),
    _later("due_at", NUMBER, nullable=False, server_default="0"),
    _later("size", Integer, nullable=False, server_default="0"),
    _later("ended_at", NUMBER),
    _later("late_at", NUMBER),
    _later("confidential_until", NUMBER),
    Index("orders_by_state", "state", "due_at"),
    Index("orders_of_authority", "authority", "reference"),
)

order_steps = Table(
    "order_steps",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("order_id", NUMBER, ForeignKey("orders.seq"), nullable=False),
    Column("step", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ground", Text),
    Column("at", NUMBER, nullable=False),
    Column("actor", Text, nullable=False),
    Index("order_steps_of", "order_id", "seq"),
)

order_items = Table(
    "order_items",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("order_id", NUMBER, ForeignKey("orders.seq"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False, index=True),
    Column("joined", Boolean, nullable=False),
    Index("order_items_of", "order_id", "number", "seq"),
)
"""Addresses joined to cases, and parted from them: the last row of a number in an order counts."""

order_acts = Table(
    "order_acts",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("order_id", NUMBER, ForeignKey("orders.seq"), nullable=False),
    Column("case_id", NUMBER, ForeignKey("cases.id"), nullable=False),
    Column("step", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("at", NUMBER, nullable=False),
    Index("order_acts_of", "order_id", "case_id", "seq"),
    Index("order_acts_in_case", "case_id", "seq"),
)

order_alarms = Table(
    "order_alarms",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("order_id", NUMBER, ForeignKey("orders.seq"), nullable=False),
    Column("hour", NUMBER, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("at", NUMBER, nullable=False),
    UniqueConstraint("order_id", "hour", "minutes"),
)

authority_informed = Table(
    "authority_informed",
    metadata,
    Column("seq", NUMBER, ForeignKey("audit.seq"), primary_key=True, autoincrement=False),
    Column("authority", Text, nullable=False, index=True),
    Column("informed_at", NUMBER, nullable=False),
)

order_watch = Table(
    "order_watch",
    metadata,
    Column("order_id", NUMBER, ForeignKey("orders.seq"), primary_key=True, autoincrement=False),
    Column("seen_at", NUMBER, nullable=False),
)
"""The latest time that was seen while the hour of an order ran: a clock that is set back gives
none of it back."""

_ALL = (orders, order_steps, order_items, order_acts, order_alarms, authority_informed)
PROJECTED: dict[str, Table] = {table.name: table for table in _ALL}
"""Projections whose rows belong to one entry of the log each, by their ``seq``."""
