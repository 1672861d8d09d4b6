"""Who may do what at the desk. What is not in the table nobody may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marsad.records.errors import InputError

_READS = {"read", "screen", "make-token"}
_REVIEWS = _READS | {"take", "open-item", "note", "decide", "record-action", "raise-threat"}
_LEADS = _REVIEWS | {
    "decide-escalated", "take-over", "assign", "set-clock", "retry-action", "mark-golden",
    "lead-crisis", "export", "judge-reporters", "see-kept", "hold", "release", "read-orders",
    "handle-orders", "see-statements", "mend-statement",
}  # fmt: skip

PERMISSIONS: Mapping[str, frozenset[str]] = {
    "moderator": frozenset(_REVIEWS),
    "senior": frozenset(_LEADS),
    "appeals": frozenset(_READS | {
        "open-item", "note", "overturn", "raise-threat", "see-appeals", "decide-appeal",
        "see-statements",
    }),
    "analyst": frozenset(_READS | {"export"}),
    "auditor": frozenset(_READS | {
        "export", "verify", "see-kept", "release", "read-orders", "see-appeals", "see-statements",
    }),
    "admin": frozenset({"erase", "see-kept", "hold"}),
    "trusted-flagger": frozenset({"notify", "make-token"}),
    "platform": frozenset({"notify", "notify-for-others", "make-token"}),
}  # fmt: skip
"""Role → what it may do. An admin keeps the desk running and decides nothing."""

ACTS = tuple(sorted(set().union(*PERMISSIONS.values())))


@dataclass(frozen=True)
class Reviewer:
    """Somebody at the desk: a pseudonym, roles, and the languages they read (``ar``, ``en``…)."""

    id: str
    roles: frozenset[str]
    languages: frozenset[str] = frozenset()

    def may(self, act: str) -> bool:
        """Whether one of the roles allows it; unknown roles and acts allow nothing."""
        return any(act in PERMISSIONS.get(role, ()) for role in self.roles)


def require(reviewer: Reviewer, act: str) -> None:
    """Raises `InputError` where a reviewer may not do something."""
    if not reviewer.may(act):
        allowed = [role for role, acts in PERMISSIONS.items() if act in acts]
        raise InputError("decide.not-allowed", act=act, roles=sorted(reviewer.roles), valid=allowed)
