"""Taking back a decision: by somebody who had no part in it, with a reason."""

from __future__ import annotations

from collections.abc import Collection

from marsad.decide.outcomes import ACTING
from marsad.decide.roles import require
from marsad.decide.rules import Facts, check_policy, check_reason
from marsad.records.errors import InputError


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
