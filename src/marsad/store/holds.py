"""Holds and requests as they are stored."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from marsad.store.database import Transaction
from marsad.store.preservation_tables import (
    hold_endings,
    holds,
    person_request_steps,
    person_requests,
)
from marsad.store.tables import persons


class Hold(NamedTuple):
    """A hold: its number, whom it is about (``name`` None once erased), of which kind. It ends by
    itself at ``until``, or somebody looks at it at ``review_at``. Times are µs UTC."""

    id: int
    person: int
    name: str | None
    kind: str
    until: int | None
    review_at: int | None
    set_by: str
    set_at: int
    ended_at: int | None

    def stands(self, at: int) -> bool:
        """Whether it holds at a time."""
        return self.ended_at is None and (self.until is None or at < self.until)


class Request(NamedTuple):
    """What somebody asked for about their own data, and by when it has to be answered;
    ``outcome`` is None where it was not."""

    id: int
    person: int
    name: str | None
    kind: str
    received_at: int
    due_at: int
    outcome: str | None
    answered_at: int | None


def all_holds(transaction: Transaction, person: int | None = None) -> list[Hold]:
    """Every hold there was, the newest first; of one person where they are named."""
    query = _holds()
    query = query.where(holds.c.person == person) if person is not None else query
    return [Hold(*row) for row in transaction.execute(query.order_by(holds.c.seq.desc()))]


def hold(transaction: Transaction, number: int) -> Hold | None:
    """One hold."""
    row = transaction.execute(_holds().where(holds.c.seq == number)).first()
    return Hold(*row) if row else None


def _holds() -> Select[Any]:
    columns = (holds.c.seq, holds.c.person, persons.c.name, holds.c.kind, holds.c.until,
               holds.c.review_at, holds.c.set_by, holds.c.set_at,
               hold_endings.c.ended_at)  # fmt: skip
    joined = holds.join(persons, persons.c.id == holds.c.person)
    return select(*columns).select_from(
        joined.outerjoin(hold_endings, hold_endings.c.hold == holds.c.seq)
    )


def requests(
    transaction: Transaction, person: int | None = None, number: int | None = None
) -> list[Request]:
    """What was asked for, the newest first: of one person, or one of them, where that is named."""
    ends = person_request_steps.alias("ends")
    moved = (
        select(func.max(person_request_steps.c.due_at))
        .where(
            person_request_steps.c.request == person_requests.c.seq,
            person_request_steps.c.step == "extended",
        )
        .scalar_subquery()
    )
    columns = (person_requests.c.seq, person_requests.c.person, persons.c.name,
               person_requests.c.kind, person_requests.c.received_at,
               func.coalesce(moved, person_requests.c.due_at), ends.c.step, ends.c.at)  # fmt: skip
    ended = (ends.c.request == person_requests.c.seq) & ends.c.step.in_(("done", "refused"))
    joined = person_requests.join(persons, persons.c.id == person_requests.c.person)
    query = select(*columns).select_from(joined.outerjoin(ends, ended))
    query = query.where(person_requests.c.person == person) if person is not None else query
    query = query.where(person_requests.c.seq == number) if number is not None else query
    rows = transaction.execute(query.order_by(person_requests.c.seq.desc()))
    return [Request(*row) for row in rows]
