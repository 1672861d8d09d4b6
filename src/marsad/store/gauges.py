"""Counts for who keeps the desk running, read from indexes and counters."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from marsad.store import facets
from marsad.store.action_tables import actions
from marsad.store.database import Transaction
from marsad.store.tables import WAITS, bank_outbox, cases, lanes


def cases_by_state(transaction: Transaction) -> dict[tuple[str, int], int]:
    """State and priority → cases; copies for quality apart."""
    count = func.count().label("count")
    counted = select(cases.c.lane, count).group_by(cases.c.lane).subquery()
    sort = (lanes.c.state, lanes.c.priority)
    query = select(*sort, func.sum(counted.c.count)).group_by(*sort).where(~lanes.c.copied)
    query = query.join_from(lanes, counted, counted.c.lane == lanes.c.lane)
    return {(state, level): int(total) for state, level, total in transaction.execute(query)}


def oldest_waiting(transaction: Transaction, priority: int) -> int | None:
    """When the oldest case of a priority that waits was opened, µs UTC."""
    query = select(func.min(cases.c.opened_at)).where(WAITS, cases.c.priority == priority)
    return transaction.execute(query).scalar()


def decisions(transaction: Transaction, name: str = "decided") -> dict[str, int]:
    """Outcome → final decisions there ever were; of ``overturned``, those that were taken back."""
    total: Counter[str] = Counter()
    for bucket, count in facets.read(transaction, name).items():
        total[bucket.partition("|")[2]] += count
    return dict(total)


def actions_by_state(transaction: Transaction) -> dict[tuple[str, bool], int]:
    """State, and whether a person is asked → actions."""
    sort = (actions.c.state, actions.c.by_hand)
    query = select(*sort, func.count()).group_by(*sort)
    return {(state, bool(by_hand)): count for state, by_hand, count in transaction.execute(query)}


def undelivered(transaction: Transaction) -> int:
    """Changes that the account bank was not told yet."""
    query = select(func.count()).where(bank_outbox.c.delivered_at.is_(None))
    return int(transaction.execute(query).scalar_one())
