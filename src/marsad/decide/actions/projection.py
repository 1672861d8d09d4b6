"""What the log's entries mean for actions: the same code writes the table and rebuilds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from marsad.decide.actions.states import BEGINNINGS, KINDS, NEW, after
from marsad.store.actions import Action
from marsad.store.log import Event
from marsad.store.projections import Projected

Read = Callable[[int], Action | None]


def is_about_an_action(event: Event) -> bool:
    """Whether an entry changes an action."""
    return event.kind in KINDS


def changed(event: Event, read: Read) -> list[tuple[Action | None, Action]]:
    """The actions that an entry makes or changes, before and after it.

    Raises `InputError` where the entry cannot follow, `KeyError` where it is none that could be
    written.
    """
    if event.kind not in BEGINNINGS:
        old = _known(read, event.data["action"])
        return [(old, _moved(old, event))]
    made = _proposed(event)
    if made.undoes is None:
        return [(None, made)]
    undone = _known(read, made.undoes)
    return [(None, made), (undone, replace(undone, undone_by=made.id, version=event.seq))]


def rows_of(event: Event) -> list[Projected]:
    """The line of an action's history that an entry is."""
    if event.kind not in KINDS:
        return []
    data = event.data
    return [
        Projected("action_steps", {
            "seq": event.seq, "action_id": data.get("action", event.seq),
            "step": event.kind.removeprefix("action-"), "actor": event.actor, "at": event.at,
            "why": data.get("why"), "seen": data.get("seen"),
        })
    ]  # fmt: skip


def _known(read: Read, action: int) -> Action:
    found = read(action)
    if found is None:
        raise KeyError(f"action {action}")
    return found


def _proposed(event: Event) -> Action:
    data = event.data
    assert event.case is not None
    return Action(
        event.seq, event.case, data["decision"], data["cause"], data["kind"], data["platform"],
        data["act"], data["undoes"], None, data["key"], data["evidence"],
        after(NEW, event.kind), 0, data["by_hand"], None, event.at, None, None, None, None,
        event.seq,
    )  # fmt: skip


def _moved(action: Action, event: Event) -> Action:
    if event.case != action.case_id:
        raise KeyError(f"case {event.case}")
    state = after(action.state, event.kind)
    return replace(action, state=state, version=event.seq, **_changes(action, event))


def _changes(action: Action, event: Event) -> Mapping[str, Any]:
    data = event.data
    match event.kind:
        case "action-requested":
            return {"requested_at": event.at, "answer": data["answer"], "by_hand": data["by_hand"]}
        case "action-retried":
            fresh = {"requested_at": None, "ended_at": None, "answer": None, "why": None}
            again = {"round": action.round + 1, "by_hand": data["by_hand"], "seen": None}
            return fresh | again
    return {"ended_at": event.at, "why": data["why"], "seen": data.get("seen") or action.seen}
