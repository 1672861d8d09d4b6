"""What became of a notice, as somebody with its code may know it.

It tells of nobody and of nothing but what was decided about what they reported: not who looked,
what was found, who else reported. While an order is kept secret, everything is as it was when the
order came: what was decided since then is told of when it may be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from marsad.decide.outcomes import ACTING, EXEMPT
from marsad.decide.states import WAITING
from marsad.records.times import to_datetime
from marsad.store import cases, notices, orders
from marsad.store.database import Transaction
from marsad.store.notices import Notice, Result

RECEIVED, LOOKED_AT, DECIDED, SET_ASIDE = "received", "looked-at", "decided", "set-aside"
ACTED, NO_VIOLATION, EXEMPTED, TAKEN_BACK, CLOSED = (
    "acted", "no-violation", "exempt", "taken-back", "closed",
)  # fmt: skip
NEVER = 1 << 62

NONE = Notice(0, 0, None, 0, "form", True, False, "post", "", "other", "en", None, None, False, 0)
"""Stands for a code that there is not: it is looked up as any other."""


@dataclass(frozen=True)
class Status:
    """``state`` and, once decided, the ``outcome`` in a word that is fit for everybody; times in µs
    UTC. ``kind`` is that of what was reported; ``by_address``: it came with an address that anybody
    can have given; ``disowned``: whoever has that said since that it was not them."""

    state: str
    outcome: str | None
    kind: str
    received_at: int
    decided_at: int | None = None
    ground: str = "other"
    by_address: bool = False
    disowned: bool = False


def of(transaction: Transaction, notice: Notice, now: int) -> Status:
    """The status of a notice."""
    found = _of(transaction, notice, now)
    disowned = found.by_address and notice.seq < notices.disowned(transaction, notice.reporter)
    return replace(found, disowned=disowned)


def _of(transaction: Transaction, notice: Notice, now: int) -> Status:
    if notice.set_aside and notice.channel == "form":
        return _said(notice, RECEIVED, None, None)  # whose address it is, is told there alone
    if notice.set_aside or notice.case_id is None:
        return _said(notice, SET_ASIDE, None, None)
    until = told_until(transaction, notice.case_id, now)
    found = told(transaction, notice, now)
    before = notices.last_verdict(transaction, notice.case_id, notice.seq)
    looked = notices.looked_at(transaction, notice.case_id, max(before, notice.seq), until)
    case = cases.read(transaction, notice.case_id, lock=False)
    if found:
        return _said(notice, DECIDED, _word(found), found[-1].at)
    secret = until != NEVER
    if case is not None and case.state == "erased" and not secret:
        return _said(notice, DECIDED, CLOSED, None)
    waits = case is None or case.state in WAITING or secret
    return _said(notice, LOOKED_AT if looked and waits else RECEIVED, None, None)


def told(transaction: Transaction, notice: Notice, now: int) -> list[Result]:
    """What was decided about what somebody reported and answers them, in order, as far as it may be
    told."""
    if notice.set_aside or notice.case_id is None:
        return []
    until = told_until(transaction, notice.case_id, now)
    return [one for one in notices.results(transaction, notice.case_id, notice) if one.at < until]


def day(at: int) -> str:
    """The day of a time, for a sentence: 2026-01-02."""
    return to_datetime(at).strftime("%Y-%m-%d")


def told_until(transaction: Transaction, case_id: int, now: int) -> int:
    """The time before which all that was decided in a case may be told of; far ahead as a rule."""
    secret = [
        one.received_at for one in orders.of_case(transaction, case_id)
        if one.confidential_until is not None and one.confidential_until > now
    ]  # fmt: skip
    return min(secret, default=NEVER)


def told_at(transaction: Transaction, case_id: int, at: int) -> int:
    """From when on somebody could be told of what was decided in a case at a time (µs UTC): from
    then, but for an order that had come and was kept secret."""
    secret = (one.confidential_until or 0 for one in orders.of_case(transaction, case_id)
              if one.received_at <= at)  # fmt: skip
    return max(at, *secret, 0)


def _said(notice: Notice, state: str, outcome: str | None, at: int | None) -> Status:
    by_address = not notice.anonymous and notice.channel != "flagger"
    return Status(state, outcome, notice.kind, notice.received_at, at, notice.ground, by_address)


def _word(found: list[Result]) -> str:
    last = found[-1]
    if last.step == "overturned":
        return TAKEN_BACK
    if last.outcome in ACTING:
        return ACTED
    return EXEMPTED if last.outcome == EXEMPT else NO_VIOLATION
