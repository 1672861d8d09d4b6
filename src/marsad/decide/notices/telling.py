"""Telling reporters what became of their notices, by mail, once it may be told."""

from __future__ import annotations

from collections.abc import Callable

from marsad.decide.notices import status
from marsad.decide.notices.kinds import ANSWERED
from marsad.decide.opening import DESK
from marsad.decide.recording import record_apart
from marsad.store import log, mails, notices
from marsad.store.database import Database, Transaction
from marsad.store.notices import Notice

AT_ONCE = 100


def answer_due(database: Database, clock: Callable[[], int], limit: int = AT_ONCE) -> int:
    """Writes the mails that are due, at most about ``limit``; returns how many. Those whose outcome
    may not be told yet are passed over."""
    done, after = 0, 0
    while done < limit:
        with database.reading() as transaction:
            due = notices.to_answer(transaction, AT_ONCE, after)
            now = clock()
            told = [one for one in due if _decided(transaction, one, now)]
        if told:
            with database.writing() as transaction:
                done += sum(_answer(transaction, one, clock()) for one in told)
        if len(due) < AT_ONCE:
            break
        after = due[-1].seq
    return done


def _decided(transaction: Transaction, notice: Notice, now: int) -> bool:
    return status.of(transaction, notice, now).state == status.DECIDED


def _answer(transaction: Transaction, notice: Notice, now: int) -> bool:
    """Writes one mail, with its entry; False where another process has, or nobody can be told: none
    was given, or whoever has the address says that it was not them."""
    found = status.of(transaction, notice, now)
    if found.state != status.DECIDED or not notices.settled(transaction, notice.seq):
        return False
    email = (log.event(transaction, notice.seq).private or {}).get("email")
    if not email or found.disowned or found.outcome is None:
        return False
    mails.put(
        transaction, to=email, message="notice-decided",
        values={"outcome": {"words": [f"desk.status.outcome.{found.outcome}"]},
                "date": status.day(notice.received_at)},
        lang=notice.lang, at=now, person=notice.reporter,
    )  # fmt: skip
    data = {"notice": notice.seq, "case": notice.case_id, "outcome": found.outcome}
    record_apart(transaction, ANSWERED, at=now, actor=DESK, data=data)
    return True
