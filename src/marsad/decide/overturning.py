"""Taking back a decision: by somebody who had no part in it, with a reason."""

from __future__ import annotations

from collections.abc import Collection

from marsad.decide.actions import proposing
from marsad.decide.outcomes import ACTING, BANKED
from marsad.decide.recording import record
from marsad.decide.roles import require
from marsad.decide.rules import Facts, check_policy, check_reason
from marsad.records.errors import InputError
from marsad.store import outbox
from marsad.store.cases import Case
from marsad.store.database import Transaction


def check(facts: Facts, policy: str, reason: str, deciders: Collection[str]) -> None:
    """Raises `InputError` where a final decision may not be taken back like this."""
    require(facts.reviewer, "overturn")
    case = facts.case
    if case.state != "decided" or case.outcome not in ACTING or case.copy_of is not None:
        raise InputError("decide.nothing-to-overturn", case=case.id, state=case.state)
    if facts.reviewer.id in deciders:
        raise InputError("decide.own-decision", case=case.id)
    for error in (check_policy(policy, facts.policies), check_reason(reason)):
        if error is not None:
            raise error


def take_back(
    transaction: Transaction, facts: Facts, policy: str, reason: str, undo: bool = True
) -> Case:
    """Takes back a final decision that `check` lets be taken back: the account bank loses what it
    put in, and what was done on a platform is undone. Without ``undo`` a milder decision follows,
    from which it follows what is."""
    case = facts.case
    changed, event = record(
        transaction, case, "overturned", at=facts.now, actor=facts.reviewer.id,
        person=case.person, data={"policy": policy, "outcome": case.outcome},
        private={"reason": reason},
    )  # fmt: skip
    if case.outcome in BANKED:
        outbox.put(transaction, event.seq, case.person, "withdraw", event.at)
    if undo:
        proposing.follow(transaction, changed, event)
    return changed
