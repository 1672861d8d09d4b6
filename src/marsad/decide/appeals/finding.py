"""What a code lets somebody complain of: the decision it came with, or one that refused a notice.

Codes are all there is to go by. A code that nobody has, one whose time has run out, and one of a
case that was erased are told apart by nothing.
"""

from __future__ import annotations

from typing import NamedTuple

from marsad.decide import codes
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.notices import status
from marsad.decide.outcomes import ACTING
from marsad.store import appeals, cases, log, notices, statements
from marsad.store.appeals import Appeal
from marsad.store.cases import Case
from marsad.store.database import Transaction

REFUSING = frozenset({"no-violation", "exempt"})
"""Outcomes by which a notice has been refused."""


class Ground(NamedTuple):
    """What can be complained of: ``decision`` is the entry, ``notice`` the notice that it refused
    (0 where it is of whom it was decided against), ``person`` whoever complains. ``until`` (µs UTC)
    is until when; ``taken_back``: there is nothing left to complain of."""

    case: Case
    decision: int
    decided_at: int
    notice: int
    person: int
    lang: str
    until: int
    taken_back: bool
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
        _is_taken_back(transaction, case.id, now), appeals.about(transaction, statement.decision),
    )  # fmt: skip


def _is_taken_back(transaction: Transaction, case_id: int, now: int) -> bool:
    """Whether the last that the desk has said of a case, and that may be told, restricts nobody.
    What was done because an order said so is no word of the desk: whether there was one cannot be
    told from here."""
    until = status.told_until(transaction, case_id, now)
    last = statements.last_verdict(transaction, case_id, until)
    return last is not None and (last.step == "overturned" or last.outcome not in ACTING)


def _of_notice(
    transaction: Transaction, digest: bytes, settings: AppealSettings, now: int
) -> Ground | None:  # fmt: skip
    """The newest decision that refused what somebody had reported; a former complaint of theirs
    counts until there is another. What their status page may not tell yet, this does not either."""
    notice = notices.by_code(transaction, digest)
    case = cases.read(transaction, notice.case_id) if notice and notice.case_id else None
    if notice is None or case is None:
        return None
    made = next(iter(appeals.of_notice(transaction, notice.seq)), None)
    decision = made.decision if made is not None else None
    last = (statements.verdict(transaction, decision) if decision is not None
            else statements.last_verdict(transaction, case.id))  # fmt: skip
    if last is None or last.step != "decided" or last.outcome not in REFUSING:
        return None
    if last.at >= status.told_until(transaction, case.id, now):
        return None
    told = max(last.at, status.secret_until(transaction, case.id))
    return Ground(case, last.seq, last.at, notice.seq, notice.reporter, "", settings.until(told),
                  False, made)  # fmt: skip
