"""Threats to life that were raised in cases, and who was told of them."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from marsad.store.database import Transaction
from marsad.store.quality_tables import threats as raised
from marsad.store.quality_tables import told as told_table
from marsad.store.tables import opened_items


class Row(NamedTuple):
    """An entry that says who was told."""

    seq: int
    contact: str
    told_by: str
    told_at: int


def last_raised(transaction: Transaction, case_id: int) -> int | None:
    """The last entry that raised a threat in a case."""
    query = select(func.max(raised.c.seq)).where(raised.c.case_id == case_id)
    return transaction.execute(query).scalar()


def items(transaction: Transaction, case_id: int, limit: int) -> list[str]:
    """The items that reviewers opened in a case, each once."""
    query = select(opened_items.c.item).where(
        opened_items.c.case_id == case_id, opened_items.c.item != ""
    )
    rows = transaction.execute(query.distinct().order_by(opened_items.c.item).limit(limit))
    return list(rows.scalars())


def told(transaction: Transaction, case_id: int) -> list[Row]:
    """Who was told, in the order in which it was recorded."""
    kept = told_table.c
    query = select(kept.seq, kept.contact, kept.told_by, kept.told_at)
    query = query.where(kept.case_id == case_id).order_by(kept.seq)
    return [Row(*row) for row in transaction.execute(query)]
