"""The states of an order and what leads from one to the next; what is not in the table is refused.

Doubt stops no hour: it runs from receipt through ``received``, ``checking``, ``in-force`` and
``acted`` until every item is confirmed by a look, or a person has recorded why the order cannot be
carried out.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from marsad.decide.orders.kinds import MARKS
from marsad.records.errors import InputError

NEW = "new"
"""Before its first entry."""

STATES = (
    "received", "checking", "in-force", "impossible", "refused", "acted", "confirmed", "scrutiny",
    "infringing", "withdrawn", "reinstated", "closed",
)  # fmt: skip

RUNNING = ("received", "checking", "in-force", "acted")
"""States in which the hour runs."""

PRESSING = (*RUNNING, "infringing", "withdrawn")
"""States in which something is to be done, or taken back, before all else."""

DONE = ("confirmed", "scrutiny", "closed")
"""States of an order that was carried out: the same words again ask for nothing more."""

TAKEN_BACK = ("withdrawn", "infringing")
"""States of an order of which what was done is given back."""

_ANY_TIME = {"order-infringing": "infringing", "order-withdrawn": "withdrawn"}
_HOUR = {"order-stopped": "impossible", **_ANY_TIME}

_MOVES: Mapping[str, Mapping[str, str]] = {
    NEW: {"order-received": "received"},
    "received": {
        "order-taken": "checking", "order-accepted": "in-force", "order-refused": "refused", **_HOUR
    },
    "checking": {"order-accepted": "in-force", "order-refused": "refused", **_HOUR},
    "in-force": {
        "order-accepted": "in-force", "order-acted": "acted", "order-confirmed": "confirmed",
        **_HOUR,
    },
    "acted": {"order-accepted": "in-force", "order-confirmed": "confirmed", **_HOUR},
    "impossible": {
        "order-cleared": "checking", "order-refused": "refused", "order-closed": "closed",
        **_ANY_TIME,
    },
    "refused": {
        "order-reopened": "checking", "order-withdrawn": "withdrawn", "order-closed": "closed",
    },
    "confirmed": {"order-scrutiny": "scrutiny", "order-closed": "closed", **_ANY_TIME},
    "scrutiny": {"order-upheld": "confirmed", **_ANY_TIME},
    "infringing": {"order-reinstated": "reinstated", "order-closed": "closed"},
    "withdrawn": {"order-reinstated": "reinstated", "order-closed": "closed"},
    "reinstated": {"order-closed": "closed"},
    "closed": {"order-scrutiny": "scrutiny", **_ANY_TIME},
}  # fmt: skip

_WHILE = {"order-late": RUNNING, "order-alarm": (*RUNNING, *DONE)}
"""Marks of a clock that runs, and the states in which one may."""

TRANSITIONS: Mapping[tuple[str, str], str] = MappingProxyType(
    {(state, kind): after for state, moves in _MOVES.items() for kind, after in moves.items()}
    | {(state, kind): state for state in STATES for kind in MARKS
       if state in _WHILE.get(kind, STATES)}
)  # fmt: skip
"""(state, kind of entry) → the state after it."""


def after(state: str, kind: str) -> str:
    """The state that an entry leads to. Raises `InputError` where it leads nowhere."""
    try:
        return TRANSITIONS[state, kind]
    except KeyError:
        valid = sorted(known for before, known in TRANSITIONS if before == state)
        raise InputError("order.no-transition", state=state, given=kind, valid=valid) from None
