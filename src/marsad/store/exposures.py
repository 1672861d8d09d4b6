"""What reviewers have had to look at. Not in the log, not tied to a case, and soon forgotten."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import delete, insert, select

from marsad.records.times import DAY
from marsad.store.database import Transaction
from marsad.store.quality_tables import exposures

KEPT = 35 * DAY
"""How long it is kept, µs."""


class Seen(NamedTuple):
    """One item or picture: when (µs UTC), the priority of its case, whether it was media."""

    at: int
    severity: int
    media: bool


def add(transaction: Transaction, reviewer: str, at: int, severity: int, media: bool) -> None:
    """Counts one, and forgets what is too old."""
    old = (exposures.c.reviewer == reviewer) & (exposures.c.at < at - KEPT)
    transaction.execute(delete(exposures).where(old))
    row = {"reviewer": reviewer, "at": at, "severity": severity, "media": media}
    transaction.execute(insert(exposures).values(**row))


def of(transaction: Transaction, reviewer: str, since: int, until: int) -> list[Seen]:
    """What one reviewer saw from a time on and not after another."""
    query = select(exposures.c.at, exposures.c.severity, exposures.c.media).where(
        exposures.c.reviewer == reviewer, exposures.c.at >= since, exposures.c.at <= until
    )
    return [Seen(*row) for row in transaction.execute(query.order_by(exposures.c.at))]
