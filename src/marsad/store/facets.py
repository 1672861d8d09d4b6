"""Counters of cases by sort, kept up to date in the transaction that changes a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import delete, insert, select, update

from marsad.store.database import Transaction
from marsad.store.quality_tables import facets

Facet = tuple[str, str]
"""The name of a counter and its bucket."""


def move(transaction: Transaction, changes: Mapping[Facet, int]) -> None:
    """Adds to counters; one that comes to 0 is gone."""
    for (name, bucket), change in sorted(changes.items()):
        if change == 0:
            continue
        mine = (facets.c.name == name) & (facets.c.bucket == bucket)
        changed = update(facets).where(mine).values(count=facets.c.count + change)
        if transaction.execute(changed).rowcount == 0:
            row = {"name": name, "bucket": bucket, "count": change}
            transaction.execute(insert(facets).values(**row))
        elif change < 0:
            transaction.execute(delete(facets).where(mine, facets.c.count == 0))


def read(transaction: Transaction, name: str, since: str = "") -> dict[str, int]:
    """The buckets of a counter, from bucket ``since`` on."""
    query = select(facets.c.bucket, facets.c.count).where(facets.c.name == name)
    query = query.where(facets.c.bucket >= since) if since else query
    return dict(transaction.execute(query).all())


def everything(transaction: Transaction) -> Counter[Facet]:
    """All counters."""
    rows = transaction.execute(select(facets.c.name, facets.c.bucket, facets.c.count))
    return Counter({(name, bucket): count for name, bucket, count in rows})
