"""What a code lets somebody complain of: the decision it came with, or one that refused a notice.

Codes are all there is to go by. A code that nobody has, one whose time has run out, and one of a
case that was erased are told apart by nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from marsad.decide import codes
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.notices import status
from marsad.store import appeals, cases, log, notices, statements
from marsad.store.appeals import Appeal
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.statements import Statement

REFUSING = frozenset({"no-violation", "exempt"})
"""Outcomes by which a notice has been refused; so it is by taking back what was decided."""


class Ground(NamedTuple):
    """What can be complained of: ``decision`` is the entry, ``notice`` the notice that it refused
    (0 where it is of whom it was decided against), ``person`` whoever complains. ``until`` (µs UTC)
    is until when; ``over``: it holds no longer, and there is nothing left to complain of."""

    case: Case
    decision: int
    decided_at: int
    notice: int
    person: int
    lang: str
    until: int
    over: bool
    appeal: Appeal | None


def find(transaction: Transaction, typed: str, settings: AppealSettings, now: int) -> Ground | None:
    """What a code that somebody typed lets them complain of, or has let them; None for nothing."""
    digest = codes.digest(typed)
    found = _of_statement(transaction, digest, now) or _of_notice(
        transaction, digest, settings, now
    )
    if found is None or found.case.state == "erased":
        return None
    return found if found.appeal is not None or now < found.until else None


def _of_statement(transaction: Transaction, digest: bytes, now: int) -> Ground | None:
    statement = statements.by_code(transaction, digest)
    case = cases.read(transaction, statement.case_id) if statement is not None else None
    if statement is None or case is None:
        return None
    made = log.event(transaction, statement.seq).data
    verdict = statements.verdict(transaction, statement.decision)
    assert verdict is not None
    return Ground(
        case, statement.decision, verdict.at, 0, case.person, statement.lang, made["until"],
        _is_over(transaction, statement, now), appeals.about(transaction, statement.decision),
    )  # fmt: skip


def _is_over(transaction: Transaction, statement: Statement, now: int) -> bool:
    """Whether the desk has said something else of a case since, that may be told: took the decision
    back, or decided anew, of which there is a code of its own. What was done because an order said
    so is no word of the desk: whether there was one cannot be told from here."""
    until = status.told_until(transaction, statement.case_id, now)
    last = statements.last_verdict(transaction, statement.case_id, until)
    return last is not None and last.seq > statement.decision


def _of_notice(
    transaction: Transaction, digest: bytes, settings: AppealSettings, now: int
) -> Ground | None:  # fmt: skip
    """The decision that refused what somebody had reported, the last that answers them; a former
    complaint of theirs counts until there is another. What their status page does not tell, this
    does not either."""
    notice = notices.by_code(transaction, digest)
    case = cases.read(transaction, notice.case_id) if notice and notice.case_id else None
    if notice is None or case is None:
        return None
    made = next(iter(appeals.of_notice(transaction, notice.seq)), None)
    told = status.told(transaction, notice, now)
    if made is not None:
        told = [one for one in told if one.seq == made.decision]
    if not told or (told[-1].step == "decided" and told[-1].outcome not in REFUSING):
        return None
    last = told[-1]
    until = settings.until(status.told_at(transaction, case.id, last.at))
    return Ground(case, last.seq, last.at, notice.seq, notice.reporter, "", until, False, made)
