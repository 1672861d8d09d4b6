"""What a decision must satisfy before it counts. Everything is refused that no rule lets through.

Each rule looks at one thing and answers with a message where it does not hold. They are asked in
order, from who decides to what is decided on what ground, and the first answer is the error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from marsad.decide.items import WORDLESS, Item
from marsad.decide.outcomes import ACTING, ESCALATE, EXEMPT, EXEMPTIONS, NEEDS_SECOND, UNSURE, VALID
from marsad.decide.roles import Reviewer, require
from marsad.decide.states import WAITING
from marsad.records.errors import ConflictError, InputError, MarsadError
from marsad.store.cases import Case
from marsad.store.leases import Lease

SHORTEST_REASON, LONGEST_REASON = 10, 5_000
"""Characters. The upper bound is that of the facts in a statement of reasons (DSA)."""

FEWEST_LETTERS = 5


@dataclass(frozen=True)
class Decision:
    """What a reviewer decides about a case.

    ``version`` is that of the case as the reviewer saw it, ``token`` that of their lease,
    ``policy`` a reference (``name@version``), ``item`` the id of the violating item they opened.
    """

    case: int
    version: int
    token: int
    outcome: str
    policy: str
    reason: str
    item: str | None = None
    exemption: str | None = None


@dataclass(frozen=True)
class Facts:
    """What a decision is held against. ``policies`` are those in force, ``now`` is µs UTC, ``item``
    the named item as this reviewer opened it, or a copy of it in a bulk decision."""

    case: Case
    reviewer: Reviewer
    policies: Collection[str]
    now: int
    lease: Lease | None
    item: Item | None = None


Rule = Callable[[Decision, Facts], MarsadError | None]


def check(decision: Decision, facts: Facts) -> None:
    """Raises the error of the first rule that does not hold."""
    require(facts.reviewer, "decide")
    for rule in RULES:
        error = rule(decision, facts)
        if error is not None:
            raise error


def check_taking(case: Case, reviewer: Reviewer) -> None:
    """Raises where a case is none that this reviewer may decide: nobody else should wait for it."""
    if case.state not in WAITING:
        raise InputError("decide.not-waiting", case=case.id, state=case.state)
    if case.state == "escalated":
        require(reviewer, "decide-escalated")
    if case.assigned_to not in (None, reviewer.id):
        raise InputError("decide.assigned", case=case.id)
    if case.state == "second" and case.proposed_by == reviewer.id:
        raise InputError("decide.second", case=case.id)


def check_milder(decision: Decision, facts: Facts) -> None:
    """Raises the error of the first rule that a decision breaks which takes the place of a severer
    one on appeal: all that is asked of any decision but that the case waits and is held."""
    for rule in OF_ANY:
        error = rule(decision, facts)
        if error is not None:
            raise error


def step(decision: Decision, facts: Facts) -> str:
    """The kind of entry that an allowed decision is: one of `projection.DECIDING`."""
    case, outcome = facts.case, decision.outcome
    if outcome in (ESCALATE, UNSURE):
        return {ESCALATE: "escalated", UNSURE: "unsure"}[outcome]
    if case.state == "second":
        return "decided" if outcome == case.outcome else "dissented"
    if outcome not in NEEDS_SECOND:
        return "decided"
    seconded = case.proposed_by is not None and case.outcome == outcome
    return "decided" if seconded else "proposed"


def _waiting(decision: Decision, facts: Facts) -> MarsadError | None:
    if facts.case.state in WAITING:
        return None
    return InputError("decide.not-waiting", case=facts.case.id, state=facts.case.state)


def _escalated_to_seniors(decision: Decision, facts: Facts) -> MarsadError | None:
    if facts.case.state == "escalated":
        require(facts.reviewer, "decide-escalated")
        if decision.outcome == ESCALATE:
            return InputError("decide.escalated-already", case=facts.case.id)
    return None


def _assigned(decision: Decision, facts: Facts) -> MarsadError | None:
    if facts.case.assigned_to in (None, facts.reviewer.id):
        return None
    return InputError("decide.assigned", case=facts.case.id)


def _held(decision: Decision, facts: Facts) -> MarsadError | None:
    lease = facts.lease
    mine = lease is not None and lease.holder == facts.reviewer.id and lease.token == decision.token
    if mine and lease is not None and lease.holds(facts.now):
        return None
    return ConflictError("decide.not-held", case=facts.case.id)


def _as_seen(decision: Decision, facts: Facts) -> MarsadError | None:
    if decision.version == facts.case.version:
        return None
    return ConflictError("decide.changed", case=facts.case.id)


def _valid_outcome(decision: Decision, facts: Facts) -> MarsadError | None:
    valid = VALID.get(facts.case.kind, ())
    if decision.outcome in valid:
        return None
    return _bad("decide.outcome", decision.outcome, valid, kind=facts.case.kind)


def _policy_in_force(decision: Decision, facts: Facts) -> MarsadError | None:
    return check_policy(decision.policy, facts.policies)


def _reasoned(decision: Decision, facts: Facts) -> MarsadError | None:
    return check_reason(decision.reason)


def check_policy(policy: str, in_force: Collection[str]) -> MarsadError | None:
    """The error of a policy that is not in force."""
    return None if policy in in_force else _bad("decide.policy", policy, in_force)


def check_reason(reason: str) -> MarsadError | None:
    """The error of a reason that is not in words, or too short or long."""
    length = len(reason.strip())
    words = sum(letter.isalpha() for letter in reason) >= FEWEST_LETTERS
    if words and SHORTEST_REASON <= length <= LONGEST_REASON:
        return None
    return InputError("decide.reason", length=length, low=SHORTEST_REASON, high=LONGEST_REASON)


def _exempted(decision: Decision, facts: Facts) -> MarsadError | None:
    if decision.outcome == EXEMPT and decision.exemption not in EXEMPTIONS:
        return _bad("decide.exemption", decision.exemption or "", EXEMPTIONS)
    if decision.outcome != EXEMPT and decision.exemption is not None:
        return InputError("decide.no-exemption", given=decision.outcome)
    return None


def _another_pair_of_eyes(decision: Decision, facts: Facts) -> MarsadError | None:
    case = facts.case
    if case.proposed_by != facts.reviewer.id or decision.outcome == UNSURE:
        return None
    if case.state == "second" or decision.outcome == case.outcome:
        return InputError("decide.second", case=case.id)
    return None


def _on_an_item(decision: Decision, facts: Facts) -> MarsadError | None:
    if decision.outcome not in ACTING or facts.case.kind == "site":
        return None
    if decision.item is None:
        return InputError("decide.network-only" if facts.case.network_only else "decide.no-item")
    if facts.item is None:
        return InputError("decide.item-not-opened", item=decision.item)
    return None


def _on_the_site(decision: Decision, facts: Facts) -> MarsadError | None:
    """A site is its own item; who acts on it has opened it all the same."""
    if decision.outcome not in ACTING or facts.case.kind != "site":
        return None
    if facts.item is None or facts.item.id != facts.case.subject:
        return InputError("decide.item-not-opened", item=str(facts.case.subject))
    return None


def _of_their_own(decision: Decision, facts: Facts) -> MarsadError | None:
    item, case = facts.item, facts.case
    if decision.outcome not in ACTING or item is None or case.kind == "site":
        return None
    theirs = item.account if case.kind == "account" else item.id
    if case.subject is not None and theirs == case.subject:
        return None
    return InputError("decide.item-of-others", item=item.id)


def _read_by_the_reviewer(decision: Decision, facts: Facts) -> MarsadError | None:
    item = facts.item
    if decision.outcome not in ACTING or item is None:
        return None
    if item.language == WORDLESS or item.language in facts.reviewer.languages:
        return None
    return _bad("decide.language", item.language, facts.reviewer.languages)


def _bad(message: str, given: str, valid: Collection[str], **values: Any) -> InputError:
    return InputError(message, given=given[:200], valid=sorted(valid), **values)


OF_ANY: tuple[Rule, ...] = (
    _valid_outcome, _policy_in_force, _reasoned, _exempted, _another_pair_of_eyes, _on_an_item,
    _on_the_site, _of_their_own, _read_by_the_reviewer,
)  # fmt: skip
"""What is asked of a decision whoever takes it, and however they came to the case."""

RULES: tuple[Rule, ...] = (
    _waiting, _escalated_to_seniors, _assigned, _held, _as_seen, *OF_ANY,
)  # fmt: skip
