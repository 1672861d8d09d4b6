"""The items of an order as they stand: what was asked for each, and whether it was seen done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from marsad.decide.actions.proposing import does
from marsad.store import orders
from marsad.store.actions import Action
from marsad.store.database import Transaction
from marsad.store.orders import Act, Item, Order

DISABLE, REMOVE = "hide", "remove"
ACTS = {"remove": REMOVE, "disable": DISABLE}
"""What Article 3(3) leaves to choose: to remove it, or to disable access to it."""

REMOVABLE = ("post", "media")
"""Kinds of subjects that can be removed; access to any other is disabled."""

_BEST = ("confirmed", "requested", "proposed", "failed")


@dataclass(frozen=True)
class Standing:
    """One item: ``act`` is what a person asked for (None: nobody yet), ``action`` what does it on
    the platform, which may be of a decision before, ``back`` what takes that back."""

    item: Item
    act: Act | None
    action: Action | None
    back: Action | None = None

    @property
    def state(self) -> str:
        """One word: waiting, proposed, requested, failed or confirmed."""
        if self.act is None:
            return "waiting"
        return self.action.state if self.action is not None else "failed"

    @property
    def done_at(self) -> int | None:
        """When it was seen done since it was asked for under the order, µs UTC; None for not."""
        return self.action.ended_at if self.action and self.state == "confirmed" else None


def act_for(kind: str, wanted: str) -> str:
    """What is asked of a platform for a subject of a kind; ``wanted`` is one of `ACTS`."""
    return ACTS[wanted] if kind in REMOVABLE else DISABLE


def of(transaction: Transaction, order: Order) -> list[Standing]:
    """The items of an order, by number."""
    acts = orders.acts(transaction, order.id)
    known = orders.actions_of(transaction, order.id)
    return [
        _standing(item, acts.get(item.case_id), known.get(item.case_id, ()))
        for item in orders.items(transaction, order.id)
    ]


def _standing(item: Item, act: Act | None, known: Sequence[Action]) -> Standing:
    wanted = act.act if act is not None else DISABLE
    fit = [one for one in known if one.undoes is None and does(one, wanted)]
    live = [one for one in fit if one.undone_by is None and one.state in _BEST]
    live = [one for one in live if act is None or not _was_seen_before(one, act)]
    best = min(live, key=lambda one: _BEST.index(one.state), default=None)
    back = next((one for one in reversed(known) if one.undoes is not None), None)
    return Standing(item, act, best, back)


def _was_seen_before(action: Action, act: Act) -> bool:
    """Whether an action was confirmed before somebody carried the order out: it may be back. What
    came first the log says; clocks are set."""
    return action.state == "confirmed" and action.version < act.seq


def counts(found: Sequence[Standing]) -> Mapping[str, int]:
    """How many items are in each state."""
    said: dict[str, int] = {}
    for one in found:
        said[one.state] = said.get(one.state, 0) + 1
    return said


def asked_for(found: Sequence[Standing]) -> bool:
    """Whether every item was asked for and left this machine, and there is one."""
    return bool(found) and all(one.state in ("requested", "confirmed") for one in found)


def done_at(found: Sequence[Standing]) -> int | None:
    """When the last item was seen done, µs UTC; None where one was not, and where there is none."""
    times = [one.done_at for one in found]
    if not times or any(one is None for one in times):
        return None
    return max(one for one in times if one is not None)
