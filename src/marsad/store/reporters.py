"""Reporters of long ago: what is known of them is of use to nobody any more."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import exists, or_, select

from marsad.store import persons as known
from marsad.store.database import Transaction
from marsad.store.notice_tables import notice_work, notices, reporter_measures
from marsad.store.preservation_tables import person_request_steps, person_requests
from marsad.store.quality_tables import verdicts
from marsad.store.statement_tables import appeal_work, appeals
from marsad.store.tables import WAITING, cases, persons

NAMED = "reporter:"
"""How the log names them: by address, or by what their code was made into."""


def done_with(
    transaction: Transaction,
    before: int,
    now: int,
    limit: int,
    reporter: int | None = None,
    held: Sequence[str] = (),
) -> dict[int, str]:
    """Reporters, by number with their names, from whom nothing came since a time and about whose
    notices nothing was decided since, whom nobody owes anything and no measure concerns. Times in
    µs UTC; the first who reported come first. Of one ``reporter`` where they are named; of none who
    reported somebody that is ``held``."""
    mine = notices.c.reporter == persons.c.id
    theirs = (
        mine & (notices.c.received_at >= before),
        mine & (notices.c.case_id == cases.c.id) & cases.c.state.in_(WAITING),
        mine & (notices.c.case_id == verdicts.c.case_id) & (verdicts.c.at >= before),
        mine & (notice_work.c.notice == notices.c.seq),
    )
    numbers = list(known.among(transaction, held).values())
    about = or_(cases.c.subject.in_(held), cases.c.person.in_(numbers))
    complaint = appeals.c.person == persons.c.id
    open_ = exists().where(appeal_work.c.appeal == appeals.c.seq)
    request = person_requests.c.person == persons.c.id
    answered = exists().where(
        person_request_steps.c.request == person_requests.c.seq,
        person_request_steps.c.step.in_(("done", "refused")),
    )
    measure = reporter_measures.c.reporter == persons.c.id
    lasts = or_(reporter_measures.c.taken_at >= before, reporter_measures.c.until > now)
    query = select(persons.c.id, persons.c.name).where(
        persons.c.name.like(f"{NAMED}%"),
        or_(exists().where(mine), exists().where(request)),
        *(~exists().where(one) for one in theirs),
        ~exists().where(mine, notices.c.case_id == cases.c.id, about),
        ~exists().where(complaint, or_(appeals.c.made_at >= before, open_)),
        ~exists().where(request, or_(person_requests.c.recorded_at >= before, ~answered)),
        ~exists().where(measure, lasts),
    )
    query = query.where(persons.c.id == reporter) if reporter is not None else query
    rows = transaction.execute(query.order_by(persons.c.id).limit(limit))
    return {row.id: row.name for row in rows}
