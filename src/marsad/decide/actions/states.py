"""The states of an action and what leads from one to the next; what is not in the table is refused.

Asked is not done: ``requested`` is an action that a platform took, ``confirmed`` one whose effect
somebody saw. Taking an action back is an action of its own with the same states; when it is
confirmed, what it takes back is ``reversed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marsad.records.errors import InputError

NEW = "new"
"""Before its first entry."""

STATES = ("proposed", "requested", "confirmed", "failed", "reversed")

OPEN = ("proposed", "requested")
"""States in which something is yet to be done."""

_MOVES = {
    NEW: {"action-proposed": "proposed", "action-ordered": "proposed"},
    "proposed": {
        "action-requested": "requested", "action-failed": "failed", "action-reversed": "reversed",
    },
    "requested": {
        "action-confirmed": "confirmed", "action-failed": "failed", "action-reversed": "reversed",
    },
    "confirmed": {"action-reversed": "reversed"},
    "failed": {"action-retried": "proposed", "action-reversed": "reversed"},
    "reversed": {},
}  # fmt: skip

TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {(state, kind): after for state, moves in _MOVES.items() for kind, after in moves.items()}
)
"""(state, kind of entry) → the state after it."""

BEGINNINGS = frozenset(_MOVES[NEW])
"""Entries that make an action: from a decision, or from an authority's order."""

KINDS = frozenset(kind for _, kind in TRANSITIONS)
"""Every kind of entry that is about an action."""


def after(state: str, kind: str) -> str:
    """The state that an entry leads to. Raises `InputError` where it leads nowhere."""
    try:
        return TRANSITIONS[state, kind]
    except KeyError:
        valid = sorted(known for before, known in TRANSITIONS if before == state)
        raise InputError("action.no-transition", state=state, given=kind, valid=valid) from None
