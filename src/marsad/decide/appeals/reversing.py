"""Giving back what was restricted, when a complaint is right, and seeing that it was done."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marsad.decide import overturning, priority
from marsad.decide.actions import proposing
from marsad.decide.actions.states import OPEN
from marsad.decide.items import opened
from marsad.decide.outcomes import ACTING, NO_VIOLATION
from marsad.decide.recording import record
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision, Facts, check_milder, check_policy, check_reason
from marsad.decide.statements import making
from marsad.decide.states import WAITING
from marsad.platforms.base import ACTS
from marsad.records.errors import InputError
from marsad.store import actions, appeals, leases, log, projections, statements
from marsad.store.appeals import PARTLY, UPHELD, Appeal
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.log import Event
from marsad.store.orders import OrderOfCase

if TYPE_CHECKING:
    from marsad.decide.appeals.desk import Ruling


@dataclass(frozen=True)
class Acting:
    """Who reverses what, under which policies, and when (µs UTC)."""

    case: Case
    reviewer: Reviewer
    policies: Collection[str]
    now: int


def order_of(transaction: Transaction, appeal: Appeal) -> OrderOfCase | None:
    """The order that the decision complained of rests on."""
    verdict = statements.last_verdict(transaction, appeal.case_id)
    if verdict is None or appeal.notice:
        return None
    return making.order_of(transaction, appeal.case_id, verdict.at)


def reverse(transaction: Transaction, appeal: Appeal, by: Acting, ruling: Ruling) -> None:
    """Takes back what was complained of, in whole or in part; what refused a notice is looked at
    anew. A decision that holds no longer needs nothing. Raises `InputError` where it cannot be."""
    if appeal.notice:
        if ruling.outcome == PARTLY:
            raise InputError("appeal.not-in-part", appeal=appeal.seq)
        if (wrong := check_policy(ruling.policy, by.policies)) is not None:
            raise wrong
        _look_anew(transaction, by)
        return
    if order_of(transaction, appeal) is not None:
        raise InputError("appeal.on-order", appeal=appeal.seq)
    if by.case.state in WAITING:
        _end(transaction, appeal, by, ruling)
        return
    if by.case.state != "decided" or by.case.outcome not in ACTING:
        return
    facts = Facts(by.case, by.reviewer, by.policies, by.now, None)
    deciders = projections.deciders(transaction, by.case.id)
    overturning.check(facts, ruling.policy, ruling.reason, deciders)
    if ruling.outcome == PARTLY:
        _in_part(transaction, facts, ruling)
    else:
        overturning.take_back(transaction, facts, ruling.policy, ruling.reason)


def _end(transaction: Transaction, appeal: Appeal, by: Acting, ruling: Ruling) -> None:
    """Decides a case that was opened again meanwhile: what was done in it before still holds, and
    nothing but a decision takes it back."""
    last = statements.last_verdict(transaction, by.case.id)
    if last is None or last.step == "overturned" or last.outcome not in ACTING:
        return
    if ruling.outcome == PARTLY:
        raise InputError("appeal.open-again", appeal=appeal.seq)
    for wrong in (check_policy(ruling.policy, by.policies), check_reason(ruling.reason)):
        if wrong is not None:
            raise wrong
    data = {"outcome": NO_VIOLATION, "policy": ruling.policy, "exemption": None,
            "evidence": log.head(transaction).hash.hex(), "language": None}  # fmt: skip
    private = {"reason": ruling.reason, "item": None, "copy_of": None}
    changed, event = record(transaction, by.case, "decided", at=by.now, actor=by.reviewer.id,
                            person=by.case.person, data=data, private=private)  # fmt: skip
    proposing.follow(transaction, changed, event)
    leases.end(transaction, by.case.id)


def _look_anew(transaction: Transaction, by: Acting) -> None:
    if by.case.state in ("decided", "overturned"):
        _reopen(transaction, by.case, by)


def _reopen(transaction: Transaction, case: Case, by: Acting) -> Case:
    rank = priority.rank(by.now, case.priority, None)
    data = {"priority": case.priority, "rank": rank, "network_only": case.network_only,
            "signals": [], "opening": []}  # fmt: skip
    private: dict[str, Any] = {"findings": [], "exhibits": {}}
    return record(transaction, case, "reopened", at=by.now, actor=by.reviewer.id,
                  person=case.person, data=data, private=private)[0]  # fmt: skip


def _in_part(transaction: Transaction, facts: Facts, ruling: Ruling) -> None:
    """A milder decision in the place of the one that was taken back, by the same rules as any."""
    case, instead = facts.case, ruling.instead or ""
    severity = ACTS.index(case.outcome or "")
    milder = [one for one in ACTS[:severity] if one != "return"]
    if instead not in milder:
        raise InputError("appeal.not-milder", given=instead[:100], valid=milder)
    item = opened(transaction, case.id, facts.reviewer.id, ruling.item) if ruling.item else None
    decision = Decision(case.id, case.version, 0, instead, ruling.policy, ruling.reason,
                        ruling.item or None)  # fmt: skip
    free = Facts(case, facts.reviewer, facts.policies, facts.now, None, item)
    check_milder(decision, free)
    sealed = log.head(transaction).hash.hex()
    taken = overturning.take_back(transaction, facts, ruling.policy, ruling.reason, undo=False)
    by = Acting(taken, facts.reviewer, facts.policies, facts.now)
    data = {"outcome": instead, "policy": ruling.policy, "exemption": None, "evidence": sealed}
    private = {"reason": ruling.reason, "item": item.to_dict() if item else None, "copy_of": None}
    changed, event = record(
        transaction, _reopen(transaction, taken, by), "decided", at=facts.now,
        actor=facts.reviewer.id, person=case.person, data=data, private=private,
    )  # fmt: skip
    proposing.follow(transaction, changed, event)


def is_done(transaction: Transaction, appeal: Appeal, decided: Event) -> bool:
    """Whether what was decided of a complaint has been seen to be done: all that a platform was to
    give back was confirmed by a look; who was to look anew has decided."""
    if decided.data["outcome"] == UPHELD:
        return True
    if appeal.notice:
        last = statements.last_verdict(transaction, appeal.case_id)
        return last is not None and last.seq > decided.seq
    undoing = [one for one in actions.of_case(transaction, appeal.case_id)
               if one.undoes is not None and one.cause > decided.seq]  # fmt: skip
    return all(one.state not in (*OPEN, "failed") for one in undoing)


def has_failed(transaction: Transaction, appeal: Appeal) -> bool:
    """Whether a platform did not give back what it was asked for: a person has to see to it."""
    steps = appeals.steps_of(transaction, appeal.seq)
    since = next((one.seq for one in steps if one.step == "decided"), 0)
    return any(one.undoes is not None and one.cause > since and one.state == "failed"
               for one in actions.of_case(transaction, appeal.case_id))  # fmt: skip
