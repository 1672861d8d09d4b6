"""What the entries about what is kept mean: the same code writes the rows and makes them anew.

Whom an entry is about stands in its data, as a number: what is private in it may be gone.
"""

from __future__ import annotations

from typing import Any

from marsad.store.log import Event
from marsad.store.projections import Projected

STEPS = {
    "preserved": "preserved", "preservation-extended": "extended", "release-asked": "release-asked",
    "preservation-opened": "opened", "preservation-deleted": "deleted",
}  # fmt: skip
"""Kind of entry → the step of a record that it is."""


def rows_of(event: Event) -> list[Projected]:
    """The rows that an entry adds."""
    row = _row(event)
    if row is None:
        return []
    table, values = row
    return [Projected(table, {"seq": event.seq, **values})]


def _row(event: Event) -> tuple[str, dict[str, Any]] | None:
    data = event.data
    match event.kind:
        case "hold-set":
            said = {name: data[name] for name in ("person", "kind", "until", "review_at")}
            return "holds", said | {"set_by": event.actor, "set_at": event.at}
        case "hold-ended":
            return "hold_endings", {"hold": data["hold"], "ended_by": event.actor,
                                    "ended_at": event.at}  # fmt: skip
        case "request-received":
            said = {name: data[name] for name in ("person", "kind", "received_at", "due_at")}
            by = {"recorded_by": event.actor, "recorded_at": event.at}
            return "person_requests", said | by
        case "request-extended" | "request-answered":
            step = "extended" if event.kind == "request-extended" else data["outcome"]
            return "person_request_steps", {
                "request": data["request"], "step": step, "due_at": data.get("due_at"),
                "by": event.actor, "at": event.at,
            }  # fmt: skip
        case "preservation-asked":
            names = ("case_id", "person", "cause", "order_id", "keep_until")
            said = {name: data[name] for name in names}
            return "preservations", said | {"asked_by": event.actor, "asked_at": event.at}
    return _step(event)


def _step(event: Event) -> tuple[str, dict[str, Any]] | None:
    if event.kind not in STEPS:
        return None
    names = ("until", "digest", "purpose")
    said = {name: event.data.get(name) for name in names}
    return "preservation_steps", {
        "record": event.data["record"], "step": STEPS[event.kind], "by": event.actor,
        "at": event.at, **said,
    }  # fmt: skip
