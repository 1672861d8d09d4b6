"""Notices as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, delete, exists, func, insert, select

from marsad.store.database import Transaction
from marsad.store.notice_tables import (
    notice_floods,
    notice_marks,
    notice_work,
    notices,
    reporter_measures,
)
from marsad.store.quality_tables import verdicts
from marsad.store.tables import (
    decisions,
    opened_items,
    private,
)

DISOWNED = "disowned"


class NoticeOfCase(NamedTuple):
    """A notice about the subject of a case: its number, the person who reported, by which way it
    came, whether without a name, and when (µs UTC)."""

    notice: int
    reporter: int
    channel: str
    anonymous: bool
    received_at: int


class Notice(NamedTuple):
    """A notice; the columns of the table, in its order, but for its code."""

    seq: int
    case_id: int | None
    about: int | None
    reporter: int
    channel: str
    anonymous: bool
    state_body: bool
    kind: str
    platform: str
    ground: str
    lang: str
    repeats: int | None
    standing: int | None
    set_aside: bool
    received_at: int


COLUMNS = tuple(notices.c[name] for name in Notice._fields)


def _read(transaction: Transaction, query: Select[Any]) -> list[Notice]:
    return [Notice(*row) for row in transaction.execute(query)]


def of_case(transaction: Transaction, case_id: int) -> list[NoticeOfCase]:
    """The notices about the subject of a case, the newest first."""
    names = notices.c
    query = select(names.seq, names.reporter, names.channel, names.anonymous, names.received_at)
    query = query.where(names.case_id == case_id).order_by(names.seq.desc())
    return [NoticeOfCase(*row) for row in transaction.execute(query)]


def newest(
    transaction: Transaction, case_id: int, limit: int, below: int | None = None
) -> list[Notice]:
    """The newest notices of a case; ``below`` an entry alone."""
    query = select(*COLUMNS).where(notices.c.case_id == case_id)
    query = query.where(notices.c.seq < below) if below is not None else query
    return _read(transaction, query.order_by(notices.c.seq.desc()).limit(limit))


class Counts(NamedTuple):
    """How many notices a case has, and how many people gave their names with them."""

    notices: int
    named: int
    anonymous: int
    state: int


def counts(transaction: Transaction, case_id: int, below: int | None = None) -> Counts:
    """Of the notices of a case, those before an entry alone where it is named."""
    anonymous, state = notices.c.anonymous, notices.c.state_body
    people = func.count(notices.c.reporter.distinct()).filter(anonymous.is_(False))
    total = func.count().filter
    every = select(func.count(), people, total(anonymous), total(state)).select_from(notices)
    query = every.where(notices.c.case_id == case_id)
    query = query.where(notices.c.seq < below) if below is not None else query
    return Counts(*transaction.execute(query).one())


def by_code(transaction: Transaction, digest: bytes) -> Notice | None:
    """The notice of a code, by what `marsad.decide.codes.digest` makes of it."""
    row = transaction.execute(select(*COLUMNS).where(notices.c.code == digest)).first()
    return Notice(*row) if row else None


def read(transaction: Transaction, notice: int) -> Notice | None:
    """A notice by its number."""
    row = transaction.execute(select(*COLUMNS).where(notices.c.seq == notice)).first()
    return Notice(*row) if row else None


def first_of_reporter(
    transaction: Transaction, case_id: int, reporter: int, since: int, answered: bool
) -> int | None:
    """The first notice of somebody about a case from an entry on, that was or was not ``answered``
    with what had been decided before."""
    query = select(func.min(notices.c.seq)).where(
        notices.c.case_id == case_id, notices.c.reporter == reporter, notices.c.seq > since,
        notices.c.standing.is_not(None) if answered else notices.c.standing.is_(None),
    )  # fmt: skip
    return transaction.execute(query).scalar()


def of_reporter_since(transaction: Transaction, reporter: int, since: int) -> int:
    """How many notices somebody sent since a time (µs UTC)."""
    query = select(func.count()).select_from(notices)
    query = query.where(notices.c.reporter == reporter, notices.c.received_at >= since)
    return int(transaction.execute(query).scalar_one())


def forget(transaction: Transaction, case_id: int) -> list[int]:
    """Deletes what reporters said about the subject of a case, and that they are owed an answer;
    returns the entries it was in."""
    of_case = select(notices.c.seq).where(notices.c.case_id == case_id)
    held = select(private.c.seq).where(private.c.seq.in_(of_case)).order_by(private.c.seq)
    entries = list(transaction.execute(held).scalars())
    transaction.execute(delete(private).where(private.c.seq.in_(of_case)))
    transaction.execute(delete(notice_work).where(notice_work.c.notice.in_(of_case)))
    return entries


# ── rates


def between(transaction: Transaction, since: int, until: int, about: int | None = None) -> int:
    """How many notices came in [since, until), about one person where they are named."""
    query = select(func.count()).select_from(notices)
    query = query.where(notices.c.received_at >= since, notices.c.received_at < until)
    query = query.where(notices.c.about == about) if about is not None else query
    return int(transaction.execute(query).scalar_one())


def threatened(transaction: Transaction, ground: str, since: int, most: int) -> int:
    """In how many cases, but no more than ``most``, somebody nobody knows has named a ground since
    a time (µs UTC), where it was not answered with an earlier decision."""
    rows = notices.c
    query = select(rows.case_id).distinct().where(
        rows.received_at >= since, rows.ground == ground, rows.channel == "form",
        rows.case_id.is_not(None), rows.standing.is_(None),
    )  # fmt: skip
    return len(transaction.execute(query.limit(most)).all())


def first_at(transaction: Transaction, since: int) -> int | None:
    """When the first notice came from a time on."""
    query = select(func.min(notices.c.received_at)).where(notices.c.received_at >= since)
    return transaction.execute(query).scalar()


class Flood(NamedTuple):
    """``size`` notices about one account within ``hours``, where ``usual`` would be that many; at
    least ``low`` times the usual rate."""

    seq: int
    case_id: int
    size: int
    hours: int
    usual: float
    low: float
    noticed_at: int


def last_flood(
    transaction: Transaction, about: int, since: int, below: int | None = None
) -> Flood | None:
    """The last flood against somebody since a time; before an entry where it is named."""
    rows = notice_floods.c
    query = select(rows.seq, rows.case_id, rows["count"], rows.hours, rows.usual, rows.low,
                   rows.noticed_at)  # fmt: skip
    query = query.where(notice_floods.c.about == about, notice_floods.c.noticed_at >= since)
    query = query.where(notice_floods.c.seq < below) if below is not None else query
    row = transaction.execute(query.order_by(notice_floods.c.seq.desc()).limit(1)).first()
    return Flood(*row) if row else None


# ── what came of them


def last_verdict(transaction: Transaction, case_id: int, below: int | None = None) -> int:
    """The last entry that decided a case finally or took that back; 0 for none."""
    query = select(func.max(verdicts.c.seq)).where(verdicts.c.case_id == case_id)
    query = query.where(verdicts.c.seq < below) if below is not None else query
    return transaction.execute(query).scalar() or 0


class Result(NamedTuple):
    """A verdict of a case: its entry, ``decided`` or ``overturned``, the outcome, when."""

    seq: int
    step: str
    outcome: str
    at: int


def results(transaction: Transaction, case_id: int, notice: Notice) -> list[Result]:
    """The verdicts that answer a notice, in order: those after it, and the one it came upon."""
    rows = verdicts.c
    after = rows.seq > notice.seq
    if notice.standing is not None:
        after |= rows.seq == notice.standing
    query = select(rows.seq, rows.step, rows.outcome, rows.at).where(rows.case_id == case_id, after)
    return [Result(*row) for row in transaction.execute(query.order_by(rows.seq))]


def looked_at(transaction: Transaction, case_id: int, since: int, before: int) -> bool:
    """Whether somebody has looked into a case after an entry and before a time (µs UTC)."""
    items, said = opened_items.c.opened_at, decisions.c.decided_at
    for table, at in ((opened_items, items), (decisions, said)):
        query = select(table.c.seq).where(table.c.case_id == case_id, table.c.seq > since)
        if transaction.execute(query.where(at < before).limit(1)).first() is not None:
            return True
    return False


def judged(
    transaction: Transaction, reporter: int, most: int, but: int | None = None
) -> list[tuple[int, str, str]]:
    """Of the cases that somebody's newest ``most`` notices are about, each verdict after their
    first notice of it: (case, step, outcome), in order. Cases that they were answered about with
    what had been decided before do not count, nor what they disowned, nor case ``but``."""
    rows = notices.c
    counted = (rows.reporter == reporter, rows.set_aside.is_(False), rows.standing.is_(None),
               rows.seq > disowned(transaction, reporter))  # fmt: skip
    last = select(rows.case_id, rows.seq).where(*counted).order_by(rows.seq.desc()).limit(most)
    some = last.subquery()
    firsts = select(some.c.case_id, func.min(some.c.seq).label("first")).group_by(some.c.case_id)
    first = firsts.subquery()
    after = and_(verdicts.c.case_id == first.c.case_id, verdicts.c.seq > first.c.first)
    query = select(verdicts.c.case_id, verdicts.c.step, verdicts.c.outcome).join(first, after)
    query = query.where(verdicts.c.case_id != but) if but is not None else query
    ordered = query.order_by(verdicts.c.case_id, verdicts.c.seq)
    return [(case, step, outcome) for case, step, outcome in transaction.execute(ordered)]


# ── misuse


def unfounded(transaction: Transaction, seqs: Sequence[int]) -> set[int]:
    """Which of some notices are marked as manifestly unfounded."""
    query = select(notice_marks.c.notice).where(
        notice_marks.c.notice.in_(seqs), notice_marks.c.unfounded, ~_newer()
    )
    return set(transaction.execute(query).scalars())


def _newer() -> Any:
    newer = notice_marks.alias("newer")
    return exists().where(newer.c.notice == notice_marks.c.notice, newer.c.seq > notice_marks.c.seq)


class Marked(NamedTuple):
    """A reporter with manifestly unfounded notices: how many, and the last one."""

    reporter: int
    unfounded: int
    last: int


def marked(
    transaction: Transaction, since: int, least: int, reporter: int | None = None
) -> list[Marked]:
    """Who has at least so many notices that were marked since a time, the most first."""
    count = func.count()
    query = select(notice_marks.c.reporter, count, func.max(notices.c.seq))
    query = query.join(notices, notices.c.seq == notice_marks.c.notice)
    last = select(func.max(reporter_measures.c.seq)).where(
        reporter_measures.c.reporter == notice_marks.c.reporter,
        reporter_measures.c.step == DISOWNED,
    )  # fmt: skip
    query = query.where(notice_marks.c.marked_at >= since, notice_marks.c.unfounded, ~_newer(),
                        notices.c.seq > func.coalesce(last.scalar_subquery(), 0))  # fmt: skip
    query = query.where(notice_marks.c.reporter == reporter) if reporter is not None else query
    query = query.group_by(notice_marks.c.reporter).having(count >= least)
    rows = transaction.execute(query.order_by(count.desc(), notice_marks.c.reporter).limit(200))
    return [Marked(*row) for row in rows]


class Measure(NamedTuple):
    """What was done about a reporter: ``warned``, ``suspended`` until a time, ``restored``."""

    seq: int
    reporter: int
    step: str
    until: int | None
    taken_by: str
    taken_at: int


def measures(transaction: Transaction, reporter: int | None = None) -> list[Measure]:
    """Of each reporter the last measure, the newest first; of one where they are named."""
    newer = reporter_measures.alias("newer")
    later = exists().where(
        newer.c.reporter == reporter_measures.c.reporter, newer.c.seq > reporter_measures.c.seq,
        newer.c.step != DISOWNED,
    )  # fmt: skip
    query = select(*(reporter_measures.c[name] for name in Measure._fields)).where(~later)
    query = query.where(reporter_measures.c.step != DISOWNED)
    if reporter is not None:
        query = query.where(reporter_measures.c.reporter == reporter)
    rows = transaction.execute(query.order_by(reporter_measures.c.seq.desc()).limit(200))
    return [Measure(*row) for row in rows]


def disowned(transaction: Transaction, reporter: int) -> int:
    """The entry by which somebody last disowned the notices that had come with their address; 0
    for none."""
    rows = reporter_measures.c
    query = select(func.max(rows.seq)).where(rows.reporter == reporter, rows.step == DISOWNED)
    return transaction.execute(query).scalar() or 0


def is_newer(transaction: Transaction, reporter: int, seq: int) -> bool:
    """Whether a notice of somebody came after an entry."""
    query = select(notices.c.seq).where(notices.c.reporter == reporter, notices.c.seq > seq)
    return transaction.execute(query.limit(1)).first() is not None


# ── telling


def owe(transaction: Transaction, notice: int) -> None:
    """Says that a reporter is to be told by mail what becomes of their notice."""
    transaction.execute(insert(notice_work).values(notice=notice))


def settled(transaction: Transaction, notice: int) -> bool:
    """Says that nothing is owed any more; whether something was."""
    done = transaction.execute(delete(notice_work).where(notice_work.c.notice == notice))
    return done.rowcount == 1


def to_answer(transaction: Transaction, limit: int, after: int = 0) -> list[Notice]:
    """Notices whose case was decided and whose reporter is yet to be told, in order."""
    decided = exists().where(
        verdicts.c.case_id == notices.c.case_id, verdicts.c.seq > notices.c.seq
    ) | notices.c.standing.is_not(None)
    owed = notice_work.c.notice  # what is owed is little, notices are many
    query = select(*COLUMNS).select_from(notice_work.join(notices, owed == notices.c.seq))
    query = query.where(decided, owed > after).order_by(owed)
    return _read(transaction, query.limit(limit))


def last_lang(transaction: Transaction, reporter: int) -> str:
    """The language of somebody's last notice."""
    query = select(notices.c.lang).where(notices.c.reporter == reporter)
    return transaction.execute(query.order_by(notices.c.seq.desc()).limit(1)).scalar() or "en"
