"""What the entries about appeals mean: the same code writes the rows and makes them anew."""

from __future__ import annotations

from typing import Any

from marsad.decide.appeals.kinds import KINDS, MADE
from marsad.store.log import Event
from marsad.store.projections import Projected


def rows_of(event: Event) -> list[Projected]:
    """The rows that an entry adds."""
    if event.kind not in KINDS:
        return []
    data = event.data
    by: dict[str, Any]
    if event.kind == MADE:
        said = {name: data[name] for name in ("decision", "notice", "due_at")}
        by = {"case_id": event.case, "person": event.person, "made_at": event.at}
        return [Projected("appeals", {"seq": event.seq} | said | by)]
    row: dict[str, Any] = {
        "seq": event.seq,
        "appeal": data["appeal"],
        "outcome": data.get("outcome"),
    }
    by = {"step": event.kind.partition("-")[2], "actor": event.actor, "at": event.at}
    return [Projected("appeal_steps", row | by)]
