"""Complaints about decisions as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Subquery, and_, delete, distinct, exists, func, insert, select

from marsad.store.database import Transaction
from marsad.store.quality_tables import case_signals
from marsad.store.statement_tables import appeal_steps, appeal_work, appeals
from marsad.store.tables import cases, decisions

OPEN, ASKED, REVERSING, CLOSED = "open", "asked", "reversing", "closed"
STATES = (OPEN, ASKED, REVERSING, CLOSED)
"""``asked``: the person is to answer; ``reversing``: a platform has yet to give back what was
restricted, and somebody to see it."""

UPHELD, REVERSED, PARTLY = "upheld", "reversed", "partly"
OUTCOMES = (UPHELD, REVERSED, PARTLY)


class Appeal(NamedTuple):
    """An appeal: ``decision`` is the entry complained of, ``notice`` the notice that it refused (0
    where it is of whom it was decided against), ``person`` who complains."""

    seq: int
    case_id: int
    decision: int
    notice: int
    person: int
    made_at: int
    due_at: int


class Step(NamedTuple):
    """What was done in an appeal: ``step`` is asked, answered, decided or closed."""

    seq: int
    appeal: int
    step: str
    outcome: str | None
    actor: str
    at: int


def read(transaction: Transaction, appeal: int) -> Appeal | None:
    """One appeal by its number."""
    row = transaction.execute(select(appeals).where(appeals.c.seq == appeal)).first()
    return Appeal(*row) if row else None


def about(transaction: Transaction, decision: int, notice: int = 0) -> Appeal | None:
    """The appeal of a decision by whom it was decided against, or by whose notice it refused."""
    query = select(appeals).where(appeals.c.decision == decision, appeals.c.notice == notice)
    row = transaction.execute(query).first()
    return Appeal(*row) if row else None


def of_case(transaction: Transaction, case_id: int) -> list[Appeal]:
    """The appeals in a case, the newest first."""
    query = select(appeals).where(appeals.c.case_id == case_id).order_by(appeals.c.seq.desc())
    return [Appeal(*row) for row in transaction.execute(query)]


def of_notice(transaction: Transaction, notice: int) -> list[Appeal]:
    """The appeals of whoever sent a notice, the newest first."""
    query = select(appeals).where(appeals.c.notice == notice).order_by(appeals.c.seq.desc())
    return [Appeal(*row) for row in transaction.execute(query)]


def steps_of(transaction: Transaction, appeal: int) -> list[Step]:
    """What was done in an appeal, in order."""
    query = select(appeal_steps).where(appeal_steps.c.appeal == appeal)
    return [Step(*row) for row in transaction.execute(query.order_by(appeal_steps.c.seq))]


def set_state(transaction: Transaction, appeal: int, state: str, due_at: int) -> None:
    """Says what an appeal waits for; a closed one for nothing."""
    transaction.execute(delete(appeal_work).where(appeal_work.c.appeal == appeal))
    if state != CLOSED:
        row = {"appeal": appeal, "state": state, "due_at": due_at}
        transaction.execute(insert(appeal_work).values(**row))


def state_of(transaction: Transaction, appeal: int) -> str:
    """One of `STATES`."""
    query = select(appeal_work.c.state).where(appeal_work.c.appeal == appeal)
    return transaction.execute(query).scalar() or CLOSED


def waiting(
    transaction: Transaction, limit: int, state: str | None = None
) -> list[tuple[Appeal, str]]:
    """Appeals that are not closed with their states, those to be answered soonest first; but for
    those of cases that were erased."""
    query = select(appeals, appeal_work.c.state).select_from(
        appeals.join(appeal_work, appeal_work.c.appeal == appeals.c.seq)
        .join(cases, cases.c.id == appeals.c.case_id)
    ).where(cases.c.state != "erased")  # fmt: skip
    query = query.where(appeal_work.c.state == state) if state is not None else query
    rows = transaction.execute(query.order_by(appeal_work.c.due_at, appeals.c.seq).limit(limit))
    return [(Appeal(*row[:-1]), row[-1]) for row in rows]


def closed(transaction: Transaction, limit: int) -> list[Appeal]:
    """The appeals that were closed last."""
    query = select(appeals).join(appeal_steps, appeal_steps.c.appeal == appeals.c.seq)
    query = query.where(appeal_steps.c.step == CLOSED).order_by(appeal_steps.c.seq.desc())
    return [Appeal(*row) for row in transaction.execute(query.limit(limit))]


# ── what they say of whoever decided first, and of the signals that led there


_TAKEN_BACK = (REVERSED, PARTLY)


def _decided(since: int) -> Subquery:
    return (
        select(appeals.c.decision, appeals.c.case_id, appeal_steps.c.outcome)
        .join(appeal_steps, appeal_steps.c.appeal == appeals.c.seq)
        .where(appeal_steps.c.outcome.in_(OUTCOMES), appeal_steps.c.at >= since,
               appeals.c.notice == 0)
        .subquery()
    )  # fmt: skip


class Tally(NamedTuple):
    """Appeals decided, and those of them that took the decision back, in whole or in part."""

    decided: int
    reversed: int


def by_signal(transaction: Transaction, since: int) -> Mapping[str, Tally]:
    """Appeals decided since a time (µs UTC), by the signals that had opened their cases."""
    made = _decided(since)
    query = select(case_signals.c.signal, made.c.outcome, func.count(distinct(made.c.decision)))
    query = query.join(made, made.c.case_id == case_signals.c.case_id)
    query = query.group_by(case_signals.c.signal, made.c.outcome)
    return _tallies(transaction.execute(query).all())


def by_reviewer(transaction: Transaction, since: int) -> Mapping[str, Tally]:
    """Appeals decided since a time (µs UTC), by whoever had part in the decision: who proposed and
    who seconded."""
    made = _decided(since)
    query = select(decisions.c.reviewer, made.c.outcome, func.count(distinct(made.c.decision)))
    query = query.join(made, made.c.case_id == decisions.c.case_id).where(
        decisions.c.seq <= made.c.decision, decisions.c.step.in_(("proposed", "decided"))
    )
    query = query.group_by(decisions.c.reviewer, made.c.outcome)
    return _tallies(transaction.execute(query).all())


def total(transaction: Transaction, since: int) -> Tally:
    """All appeals decided since a time (µs UTC)."""
    made = _decided(since)
    query = select(made.c.outcome, func.count()).group_by(made.c.outcome)
    counted = {row[0]: row[1] for row in transaction.execute(query)}
    return Tally(sum(counted.values()), sum(counted.get(one, 0) for one in _TAKEN_BACK))


def _tallies(rows: Iterable[Any]) -> dict[str, Tally]:
    found: dict[str, Tally] = {}
    for name, outcome, count in rows:
        before = found.get(name, Tally(0, 0))
        back = count if outcome in _TAKEN_BACK else 0
        found[name] = Tally(before.decided + count, before.reversed + back)
    return found


def bars(case_id: ColumnElement[int] | int, reviewer: str) -> ColumnElement[bool]:
    """A case is to be looked at anew because a complaint of a notice's refusal was right, and this
    reviewer has decided in it before: somebody else looks."""
    anew = exists().where(
        appeals.c.case_id == case_id, appeals.c.notice != 0,
        appeal_work.c.appeal == appeals.c.seq, appeal_work.c.state == REVERSING,
    )  # fmt: skip
    before = exists().where(decisions.c.case_id == case_id, decisions.c.reviewer == reviewer)
    return and_(anew, before)


def is_barred(transaction: Transaction, case_id: int, reviewer: str) -> bool:
    """Whether a case is for somebody else, see `bars`."""
    return bool(transaction.execute(select(bars(case_id, reviewer))).scalar())
