"""What was seen of subjects and what left for platforms: rows that are only added."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select, update

from marsad.records.times import HOUR
from marsad.store.action_tables import action_looks, action_sends, action_work, actions
from marsad.store.database import Transaction
from marsad.store.tables import cases


class Look(NamedTuple):
    """What somebody saw of an action's subject: its state, one of
    `marsad.records.tables.STATES`, and the measures in force, apart by spaces. ``verdict`` is what
    that said about the action: done, gone, not-yet or unknown."""

    id: int
    action_id: int
    at: int
    state: str
    measures: str
    verdict: str
    note: str | None


def add_look(
    transaction: Transaction, action_id: int, at: int, state: str, measures: Collection[str],
    verdict: str, note: str | None,
) -> None:  # fmt: skip
    """Keeps what was seen."""
    row = {"action_id": action_id, "at": at, "state": state, "verdict": verdict, "note": note}
    measured = " ".join(sorted(measures))
    transaction.execute(insert(action_looks).values(measures=measured, **row))


def looks(transaction: Transaction, ids: Collection[int]) -> list[Look]:
    """What was seen of the subjects of some actions, in the order it was seen."""
    query = select(action_looks).where(action_looks.c.action_id.in_(ids))
    return [Look(*row) for row in transaction.execute(query.order_by(action_looks.c.id))]


def all_looks(transaction: Transaction, after: int = 0, limit: int = 10_000) -> list[Look]:
    """Looks in the order they were taken, for measures; ``after`` is the last one's id so far."""
    query = select(action_looks).where(action_looks.c.id > after)
    return [
        Look(*row) for row in transaction.execute(query.order_by(action_looks.c.id).limit(limit))
    ]


def add_send(transaction: Transaction, platform: str, at: int, action_id: int) -> int:
    """Counts a request that is about to leave; returns its number."""
    row = {"platform": platform, "at": at, "action_id": action_id}
    made = transaction.execute(insert(action_sends).values(**row)).inserted_primary_key
    assert made is not None
    return int(made[0])


def not_sent(transaction: Transaction, send: int) -> None:
    """Takes back a count: nothing has left."""
    transaction.execute(delete(action_sends).where(action_sends.c.id == send))


def sent_lately(transaction: Transaction, platform: str, now: int) -> tuple[int, int | None]:
    """How many requests left for a platform within an hour of now, and the first one's time.

    An hour before or after: requests of a time to come are those of a clock that was ahead.
    """
    within = action_sends.c.at.between(now - HOUR + 1, now + HOUR - 1)
    query = select(func.count(), func.min(action_sends.c.at))
    count, first = transaction.execute(
        query.where(action_sends.c.platform == platform, within)
    ).one()
    return int(count), first


def forget(transaction: Transaction, person: int) -> None:
    """Takes out what platforms and people have said about a person's subjects."""
    of_person = select(actions.c.id).join(cases, cases.c.id == actions.c.case_id)
    ids = of_person.where(cases.c.person == person).scalar_subquery()
    transaction.execute(delete(action_looks).where(action_looks.c.action_id.in_(ids)))
    blank = update(action_work).where(action_work.c.action_id.in_(ids))
    transaction.execute(blank.values(said=None, due_at=None))
