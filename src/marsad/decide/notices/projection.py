"""What the entries about notices mean: the same code writes the rows and makes them anew."""

from __future__ import annotations

from typing import Any

from marsad.decide.notices.kinds import ANSWERED, DISOWNED, FLOOD, MARKED, MEASURES, RECEIVED
from marsad.store.log import Event
from marsad.store.projections import Projected

_OF_NOTICE = (
    "about", "channel", "anonymous", "state_body", "kind", "platform", "ground", "lang", "repeats",
    "standing", "set_aside",
)  # fmt: skip
_OF_FLOOD = ("about", "count", "hours", "usual", "low")


def rows_of(event: Event) -> list[Projected]:
    """The rows that an entry adds."""
    data, said = event.data, {"seq": event.seq}
    by: dict[str, Any]
    if event.kind == RECEIVED:
        by = {"case_id": event.case, "reporter": event.person, "received_at": event.at}
        by |= {"code": bytes.fromhex(data["code"])} | {name: data[name] for name in _OF_NOTICE}
        return [Projected("notices", said | by)]
    if event.kind == MARKED:
        if data["copy"]:  # shown for quality: what is said of it is said of nobody
            return []
        by = {name: data[name] for name in ("notice", "reporter", "unfounded")}
        by |= {"marked_by": event.actor, "marked_at": event.at}
        return [Projected("notice_marks", said | by)]
    if event.kind == FLOOD:
        by = {name: data[name] for name in _OF_FLOOD}
        return [Projected("notice_floods", said | by | {"case_id": event.case,
                                                        "noticed_at": event.at})]  # fmt: skip
    if event.kind == ANSWERED:
        by = {"notice": data["notice"], "outcome": data["outcome"], "answered_at": event.at}
        return [Projected("notice_answers", said | by)]
    if event.kind in (*MEASURES, DISOWNED):
        step = event.kind.partition("-")[2]
        by = {"reporter": data.get("reporter", event.person), "step": step, "until": data["until"]}
        return [Projected("reporter_measures", said | by | {"taken_by": event.actor,
                                                            "taken_at": event.at})]  # fmt: skip
    return []
