"""The states of a case and what leads from one to the next; what is not in the table is refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marsad.decide.actions.states import KINDS as ACTIONS
from marsad.decide.appeals.kinds import KINDS as APPEALS
from marsad.decide.notices.kinds import KINDS as NOTICES
from marsad.decide.orders.kinds import KINDS as ORDERS
from marsad.decide.statements.kinds import KINDS as STATEMENTS
from marsad.records.errors import InputError
from marsad.store import tables

NEW = "new"
"""Before its first entry."""

STATES = ("open", "second", "escalated", "decided", "overturned", "erased")
"""``second`` waits for a second reviewer, ``escalated`` for a senior one."""

WAITING = tables.WAITING
"""States in which somebody has yet to decide."""

ASIDE = frozenset({"noted", "item-opened", "golden-set", "threat-told"}).union(
    ACTIONS, NOTICES, ORDERS, STATEMENTS, APPEALS
)
"""Entries that leave a case as it is, its version too."""

FINAL = ("decided", "overturned")
"""States in which something was decided. In these alone a decision can have an action proposed; an
order that a person carries out can in any."""

_MOVES = {
    NEW: {"opened": "open"},
    "open": {
        "found": "open", "clock-set": "open", "clock-ended": "open", "assigned": "open",
        "unsure": "open", "escalated": "escalated", "proposed": "second", "decided": "decided",
        "threat-raised": "open",
    },
    "second": {
        "found": "second", "clock-set": "second", "clock-ended": "second", "assigned": "second",
        "unsure": "second", "escalated": "escalated", "dissented": "escalated",
        "decided": "decided", "threat-raised": "second",
    },
    "escalated": {
        "found": "escalated", "clock-set": "escalated", "clock-ended": "escalated",
        "assigned": "escalated", "unsure": "escalated", "proposed": "second", "decided": "decided",
        "threat-raised": "escalated",
    },
    "decided": {
        "found": "decided", "reopened": "open", "overturned": "overturned",
        "threat-raised": "decided",
    },
    "overturned": {
        "found": "overturned", "reopened": "open", "threat-raised": "overturned",
    },
    "erased": {},
}  # fmt: skip

TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {(state, kind): after for state, moves in _MOVES.items() for kind, after in moves.items()}
    | {(state, kind): state for state in STATES if state != "erased" for kind in ASIDE
       if state in FINAL or kind != "action-proposed"}
    | {(state, "erased"): "erased" for state in STATES if state != "erased"}
)  # fmt: skip
"""(state, kind of entry) → the state after it."""

KINDS = tuple(sorted({kind for _, kind in TRANSITIONS}))
"""Every kind of entry that is about a case."""


def after(state: str, kind: str) -> str:
    """The state that an entry leads to. Raises `InputError` where it leads nowhere."""
    try:
        return TRANSITIONS[state, kind]
    except KeyError:
        valid = sorted(known for before, known in TRANSITIONS if before == state)
        raise InputError("decide.no-transition", state=state, given=kind, valid=valid) from None
