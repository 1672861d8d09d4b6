"""Final decisions about real cases and people, and those that were taken back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from marsad.store.database import Transaction
from marsad.store.quality_tables import verdicts
from marsad.store.tables import cases, persons


class Verdict(NamedTuple):
    """A final decision (``step`` decided) or its taking back (overturned), as entry ``seq`` of the
    log says; ``at`` in µs UTC. Of one taken back, ``outcome`` is what no longer holds."""

    seq: int
    case_id: int
    kind: str
    subject: str | None
    step: str
    outcome: str
    exemption: str | None
    policy: str
    reviewer: str
    at: int


def _selected() -> tuple[object, ...]:
    said = verdicts.c
    return (said.seq, said.case_id, cases.c.kind, cases.c.subject, said.step, said.outcome,
            said.exemption, said.policy, said.reviewer, said.at)  # fmt: skip


def of_person(
    transaction: Transaction, person: int, limit: int, below: int | None = None
) -> list[Verdict]:
    """What was decided about somebody, the newest first; ``below`` is an entry before which."""
    query = select(*_selected()).join(cases, cases.c.id == verdicts.c.case_id)  # type: ignore[call-overload]
    query = query.where(verdicts.c.person == person)
    query = query.where(verdicts.c.seq < below) if below is not None else query
    rows = transaction.execute(query.order_by(verdicts.c.seq.desc()).limit(limit))
    return [Verdict(*row) for row in rows]


def last_of_cases(transaction: Transaction, case_ids: Collection[int]) -> dict[int, Verdict]:
    """The last verdict of each of some cases that have one."""
    last = select(func.max(verdicts.c.seq)).where(verdicts.c.case_id.in_(case_ids))
    last = last.group_by(verdicts.c.case_id)
    query = select(*_selected()).join(cases, cases.c.id == verdicts.c.case_id)  # type: ignore[call-overload]
    rows = transaction.execute(query.where(verdicts.c.seq.in_(last)))
    return {row.case_id: Verdict(*row) for row in rows}


def first_of_case(transaction: Transaction, case_id: int) -> int | None:
    """The entry that first decided a case finally."""
    query = select(func.min(verdicts.c.seq)).where(verdicts.c.case_id == case_id)
    return transaction.execute(query).scalar()


def standing(found: Sequence[Verdict]) -> list[Verdict]:
    """Decisions that were not taken back: of each case, an overturning takes back the last decision
    before it. ``found`` may be in any order; what stands comes in the log's."""
    stands: dict[int, list[Verdict]] = {}
    for one in sorted(found):
        of_case = stands.setdefault(one.case_id, [])
        if one.step == "decided":
            of_case.append(one)
        elif of_case:
            of_case.pop()
    return sorted(one for of_case in stands.values() for one in of_case)


def account_case(transaction: Transaction, person: int) -> int | None:
    """The case about the account of a person itself."""
    query = select(cases.c.id).join(persons, persons.c.name == cases.c.subject)
    query = query.where(persons.c.id == person, cases.c.kind == "account")
    return transaction.execute(query).scalar()


def cases_of(transaction: Transaction, person: int, among: Collection[int]) -> set[int]:
    """Which of some cases are about a person."""
    query = select(cases.c.id).where(cases.c.id.in_(among), cases.c.person == person)
    return set(transaction.execute(query).scalars())
