"""Rows beside a case that follow from one entry of the log each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select, update

from marsad.store.database import Transaction
from marsad.store.log import BATCH
from marsad.store.tables import PROJECTIONS, case_findings, cases, decisions, opened_items


class Projected(NamedTuple):
    """A row of a projection (one of `PROJECTIONS`), with its ``seq`` among the values."""

    table: str
    values: Mapping[str, Any]


def add(transaction: Transaction, rows: Iterable[Projected]) -> None:
    """Writes what an entry adds."""
    for table, values in rows:
        transaction.execute(insert(PROJECTIONS[table]).values(**values))


def stored(transaction: Transaction, table: str) -> Iterator[Mapping[str, Any]]:
    """The rows of a projection in the order of the log."""
    columns = PROJECTIONS[table]
    query = select(columns).order_by(*columns.primary_key.columns)
    found = transaction.execution_options(yield_per=BATCH).execute(query)
    yield from (row._asdict() for row in found)


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


def blank(transaction: Transaction, person: int) -> None:
    """Takes a person's ids out of the projections, as a rebuilt log no longer has them."""
    of_person = select(cases.c.id).where(cases.c.person == person).scalar_subquery()
    transaction.execute(delete(case_findings).where(case_findings.c.case_id.in_(of_person)))
    blank = update(opened_items).where(opened_items.c.case_id.in_(of_person))
    transaction.execute(blank.values(item=""))
