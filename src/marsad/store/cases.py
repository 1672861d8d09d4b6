"""The rows of cases: what stands in the queue, by rank and by every filter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, insert, or_, select, update

from marsad.records.errors import ConflictError
from marsad.store.database import Transaction
from marsad.store.tables import case_findings, cases, decisions, leases


@dataclass(frozen=True, slots=True)
class Case:
    """A case as the log leaves it; the columns of the table, in its order.

    ``subject`` is None once the person was erased. ``rank`` is the time (µs UTC) by which somebody
    should have looked: the queue is in its order. ``version`` is the number of the last entry that
    changed the case; notes and items that were opened do not. ``proposed_by`` is who asked for what
    needs a second reviewer, ``outcome`` and ``policy`` what was proposed or decided.
    """

    id: int
    kind: str
    subject: str | None
    person: int
    platform: str
    state: str
    priority: int
    clock: str | None
    due_at: int | None
    rank: int
    opened_at: int
    version: int
    network_only: bool
    outcome: str | None = None
    policy: str | None = None
    decided_at: int | None = None
    proposed_by: str | None = None
    assigned_to: str | None = None


@dataclass(frozen=True)
class Filter:
    """Which cases a queue shows; what is None does not matter.

    ``states`` are alternatives. ``second_for`` leaves out what this reviewer proposed, for nobody
    is the second reviewer of their own proposal, and what they were unsure of.
    """

    states: tuple[str, ...]
    kind: str | None = None
    platform: str | None = None
    priority: int | None = None
    clock: str | None = None
    signal: str | None = None
    assigned_to: str | None = None
    second_for: str | None = None


def read(transaction: Transaction, case_id: int) -> Case | None:
    """One case; on PostgreSQL nobody else can change it until the transaction has ended."""
    row = transaction.execute(select(cases).where(cases.c.id == case_id).with_for_update()).first()
    return Case(*row) if row else None


def of_subject(transaction: Transaction, kind: str, subject: str) -> Case | None:
    """The case of a subject: there is one at most."""
    query = select(cases).where(cases.c.kind == kind, cases.c.subject == subject)
    row = transaction.execute(query.with_for_update()).first()
    return Case(*row) if row else None


def of_person(transaction: Transaction, person: int) -> list[Case]:
    """All cases about one person: the account's and those of its posts."""
    rows = transaction.execute(select(cases).where(cases.c.person == person).order_by(cases.c.id))
    return [Case(*row) for row in rows]


def write(transaction: Transaction, old: Case | None, new: Case) -> None:
    """Puts a case in the place of the one that was read. Raises `ConflictError` where somebody
    else has changed it since."""
    if old is None:
        transaction.execute(insert(cases).values(**asdict(new)))
    elif old != new:
        same = and_(cases.c.id == old.id, cases.c.version == old.version)
        done = transaction.execute(update(cases).where(same).values(**asdict(new)))
        if done.rowcount != 1:
            raise ConflictError("decide.changed", case=old.id)


def queue(
    transaction: Transaction, wanted: Filter, limit: int, after: tuple[int, int] | None = None
) -> list[Case]:
    """The cases that pass a filter, the most urgent first; ``after`` is the (rank, id) of the last
    one of the page before."""
    query = _filtered(wanted)
    if after is not None:
        rank, last = after
        query = query.where(or_(cases.c.rank > rank, and_(cases.c.rank == rank, cases.c.id > last)))
    rows = transaction.execute(query.order_by(cases.c.rank, cases.c.id).limit(limit))
    return [Case(*row) for row in rows]


def first_free(transaction: Transaction, wanted: Filter, now: int) -> Case | None:
    """The most urgent case that nobody holds. Two who ask at once get two cases: on SQLite one
    waits for the other, on PostgreSQL the second passes over what the first has locked."""
    held = exists().where(
        leases.c.case_id == cases.c.id, leases.c.taken_at <= now, leases.c.runs_out_at > now
    )
    query = _filtered(wanted).where(~held).order_by(cases.c.rank, cases.c.id).limit(1)
    row = transaction.execute(query.with_for_update(skip_locked=True)).first()
    return Case(*row) if row else None


def known_findings(transaction: Transaction, case_id: int) -> set[str]:
    """The ids of the findings that a case has."""
    query = select(case_findings.c.finding_id).where(case_findings.c.case_id == case_id)
    return set(transaction.execute(query).scalars())


def all_in_order(transaction: Transaction) -> Sequence[Case]:
    """Every case, by number."""
    rows = transaction.execute(select(cases).order_by(cases.c.id))
    return [Case(*row) for row in rows]


def _filtered(wanted: Filter) -> Select[Any]:
    query = select(cases).where(cases.c.state.in_(wanted.states))
    for name in ("kind", "platform", "priority", "clock", "assigned_to"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(cases.c[name] == value)
    if wanted.signal is not None:
        has = case_findings.c.signal == wanted.signal
        query = query.where(exists().where(case_findings.c.case_id == cases.c.id, has))
    if wanted.second_for is not None:
        query = query.where(*_open_to(wanted.second_for))
    return query


def _open_to(reviewer: str) -> tuple[ColumnElement[bool], ...]:
    theirs = and_(cases.c.state == "second", cases.c.proposed_by == reviewer)
    unsure = exists().where(
        decisions.c.case_id == cases.c.id,
        decisions.c.reviewer == reviewer,
        decisions.c.outcome == "unsure",
    )
    others = or_(cases.c.assigned_to.is_(None), cases.c.assigned_to == reviewer)
    return ~theirs, ~unsure, others
