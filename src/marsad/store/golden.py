"""Golden cases: which there are, and what was answered in copies of them and of others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, select

from marsad.store.database import Transaction
from marsad.store.quality_tables import golden_marks
from marsad.store.tables import COPIED, cases, decisions

MOST = 500
"""Golden cases that are chosen from."""

MOST_ANSWERS = 5_000


class Answer(NamedTuple):
    """What a reviewer said first in a copy. ``accepted`` are the answers of the golden case that it
    shows, ``known`` the outcome of the case as it was decided; ``outcome`` None: no answer yet."""

    case_id: int
    copy_of: int
    reviewer: str | None
    outcome: str | None
    accepted: tuple[str, ...]
    known: str | None
    at: int


def accepted(transaction: Transaction, case_id: int) -> tuple[str, ...]:
    """The accepted answers of a golden case; none for a case that is not golden."""
    query = select(golden_marks.c.accepted).where(golden_marks.c.case_id == case_id)
    last = transaction.execute(query.order_by(golden_marks.c.seq.desc()).limit(1)).scalar()
    return tuple(last.split(",")) if last else ()


def to_mix(transaction: Transaction, kind: str, platform: str) -> list[int]:
    """Golden cases of a kind on a platform of which no copy waits."""
    waits = cases.alias("waits")
    waiting = exists().where(waits.c.copy_of == cases.c.id, waits.c.state == "open")
    query = select(cases.c.id).join_from(golden_marks, cases, golden_marks.c.case_id == cases.c.id)
    query = query.where(_marked(), cases.c.state == "decided", ~waiting)
    query = query.where(cases.c.kind == kind, cases.c.platform == platform)
    # in the order of the marks, of which there are few, so that nobody walks along the cases
    return list(transaction.execute(query.order_by(golden_marks.c.case_id).limit(MOST)).scalars())


def _marked() -> ColumnElement[bool]:
    """The last mark of a case, where it says that it is golden."""
    newer = golden_marks.alias("newer")
    later = exists().where(
        newer.c.case_id == golden_marks.c.case_id, newer.c.seq > golden_marks.c.seq
    )
    return and_(golden_marks.c.accepted != "", ~later)


def answers(
    transaction: Transaction, route: str, since: int = 0, most: int = MOST_ANSWERS
) -> Sequence[Answer]:
    """The first answers in copies of a ``route`` that were opened since a time, the newest first
    and ``most`` at most; copies of golden cases count while the case is golden. Unsure is no
    answer, and leaves the copy to others."""
    given = decisions.alias("given")
    first = (
        select(func.min(given.c.seq))
        .where(given.c.case_id == cases.c.id, given.c.outcome != "unsure")
        .correlate(cases).scalar_subquery()
    )  # fmt: skip
    earlier = decisions.alias("earlier")
    known = (
        select(earlier.c.outcome)
        .where(earlier.c.case_id == cases.c.copy_of, earlier.c.step == "decided")
        .where(earlier.c.seq < cases.c.id)
        .order_by(earlier.c.seq.desc()).limit(1)
        .correlate(cases).scalar_subquery()
    )  # fmt: skip
    query = (
        select(cases.c.id, cases.c.copy_of, decisions.c.reviewer, decisions.c.outcome,
               golden_marks.c.accepted, known, cases.c.opened_at)
        .select_from(cases)
        .outerjoin(decisions, decisions.c.seq == first)
        .outerjoin(golden_marks, and_(golden_marks.c.case_id == cases.c.copy_of, _marked()))
        .where(COPIED, cases.c.route == route, cases.c.opened_at >= since)
        .order_by(cases.c.opened_at.desc(), cases.c.id.desc()).limit(most)
    )  # fmt: skip
    rows = transaction.execute(query)
    return [
        Answer(number, of, who, said, tuple(taken.split(",")) if taken else (), known, at)
        for number, of, who, said, taken, known, at in rows
    ]
