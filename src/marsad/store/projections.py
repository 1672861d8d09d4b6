"""Rows beside a case that follow from one entry of the log each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, Text, delete, insert, select, update

from marsad.store import notice_tables, order_tables, preservation_tables, statement_tables
from marsad.store.database import Transaction
from marsad.store.log import BATCH
from marsad.store.quality_tables import PROJECTED, case_keys, facets
from marsad.store.tables import (
    PROJECTIONS,
    case_findings,
    cases,
    decisions,
    lane_signals,
    opened_items,
)

TABLES = {
    **PROJECTIONS, **PROJECTED, **notice_tables.PROJECTED, **order_tables.PROJECTED,
    **preservation_tables.PROJECTED, **statement_tables.PROJECTED,
}  # fmt: skip
"""Projections by name, rows of which belong to one entry of the log each."""


class Projected(NamedTuple):
    """A row of a projection (one of `TABLES`), with its ``seq`` among the values."""

    table: str
    values: Mapping[str, Any]


def add(transaction: Transaction, rows: Iterable[Projected]) -> None:
    """Writes what an entry adds."""
    for table, values in rows:
        transaction.execute(insert(TABLES[table]).values(**values))


def stored(transaction: Transaction, table: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a projection in the log's order, but for columns that later entries change."""
    source = TABLES[table]
    columns = [column for column in source.columns if not column.info.get("later")]
    order = [_by_number(transaction, column) for column in source.primary_key.columns]
    query = select(*columns).order_by(*order)
    found = transaction.execute(query, execution_options={"yield_per": BATCH})
    yield from (row._asdict() for row in found)


def _by_number(transaction: Transaction, column: Column[Any]) -> ColumnElement[Any]:
    """Letters in the order of their numbers, as Python has it, whatever the server's language."""
    server = transaction.dialect.name == "postgresql"
    return column.collate("C") if server and isinstance(column.type, Text) else column


def opening_of(transaction: Transaction, case_id: int, reviewer: str, item: str) -> int | None:
    """The number of the entry that says what a reviewer saw in an item; the last one, None where
    the reviewer has not opened it in this case."""
    query = select(opened_items.c.seq).where(
        opened_items.c.case_id == case_id,
        opened_items.c.reviewer == reviewer,
        opened_items.c.item == item,
    )
    return transaction.execute(query.order_by(opened_items.c.seq.desc()).limit(1)).scalar()


def deciders(transaction: Transaction, case_id: int) -> set[str]:
    """Everybody who has decided something in a case."""
    query = select(decisions.c.reviewer).where(decisions.c.case_id == case_id)
    return set(transaction.execute(query).scalars())


def empty(transaction: Transaction) -> None:
    """Deletes all rows of the projections of quality, and the counters."""
    for table in (*reversed(PROJECTED.values()), facets):
        transaction.execute(delete(table))


def blank(transaction: Transaction, person: int) -> None:
    """Takes a person's ids out of the projections, as a rebuilt log no longer has them."""
    of_person = select(cases.c.id).where(cases.c.person == person).scalar_subquery()
    transaction.execute(delete(case_findings).where(case_findings.c.case_id.in_(of_person)))
    transaction.execute(delete(lane_signals).where(lane_signals.c.case_id.in_(of_person)))
    transaction.execute(delete(case_keys).where(case_keys.c.case_id.in_(of_person)))
    blank = update(opened_items).where(opened_items.c.case_id.in_(of_person))
    transaction.execute(blank.values(item=""))
