"""What the log's entries mean: the same code writes the tables and rebuilds them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marsad.decide.actions import projection as actions
from marsad.decide.appeals import projection as appeals
from marsad.decide.notices import projection as notices
from marsad.decide.orders import projection as orders
from marsad.decide.preservation import projection as preservation
from marsad.decide.statements import projection as statements
from marsad.decide.states import ASIDE, NEW, after
from marsad.store.cases import Case
from marsad.store.log import Event
from marsad.store.projections import Projected

DECIDING = frozenset({"decided", "proposed", "dissented", "escalated", "unsure"})
"""Entries in which a reviewer says what they think of a case."""


def apply(case: Case | None, event: Event) -> Case:
    """The case after an event. Raises `InputError` where the event cannot follow."""
    state = after(case.state if case else NEW, event.kind)
    if case is None:
        return _opened(event, state)
    if event.kind in ASIDE:
        return case
    changes: dict[str, Any] = {"state": state, "version": event.seq} | _changes(event)
    if case.copy_of is not None and event.kind in _ANSWERS:
        changes["shown_to"] = event.actor  # whoever answered a copy sees what became of it, alone
    return replace(case, **changes)


_ANSWERS = frozenset({"proposed", "escalated", "decided"})


def _opened(event: Event, state: str) -> Case:
    data, copy_of = event.data, event.data.get("copy_of")
    subject = (event.private or {}).get("subject") if copy_of is None else None
    assert event.case is not None
    assert event.person is not None
    return Case(
        event.case, data["kind"], subject, event.person, data["platform"], state,
        data["priority"], data["clock"], data["due_at"], data["rank"], event.at, event.seq,
        data["network_only"], route=data.get("route", "signal"), copy_of=copy_of,
        crisis=data.get("crisis", 0),
    )  # fmt: skip


_UNDECIDED: dict[str, Any] = {
    "outcome": None,
    "policy": None,
    "decided_at": None,
    "proposed_by": None,
}


def _changes(event: Event) -> dict[str, Any]:
    data = event.data
    match event.kind:
        case "found":
            return _pick(data, "priority", "rank", "network_only") | _crisis(data)
        case "reopened":
            stopped = {"clock": None, "due_at": None}
            again = _pick(data, "priority", "rank", "network_only") | _crisis(data)
            return _UNDECIDED | stopped | again
        case "clock-set" | "clock-ended" | "threat-raised":
            return _pick(data, "clock", "due_at", "rank", "priority")
        case "assigned":
            return {"assigned_to": data["to"]}
        case "proposed":
            return _pick(data, "outcome", "policy") | {"proposed_by": event.actor}
        case "decided":
            done = {"decided_at": event.at, "proposed_by": None, "assigned_to": None}
            return _pick(data, "outcome", "policy") | done
        case "overturned":
            return _UNDECIDED
        case "escalated" | "dissented":
            return {"assigned_to": None}
        case "erased":
            return {"subject": None, "assigned_to": None}
    return {}


def _crisis(data: Mapping[str, Any]) -> dict[str, Any]:
    return _pick(data, "crisis") if "crisis" in data else {}


def _pick(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names}


def rows_of(event: Event) -> list[Projected]:
    """The rows beside its case that an event adds, ordered as the tables are."""
    known = {"seq": event.seq, "case_id": event.case}
    return [Projected("case_events", known), *_rows_of_kind(event), *rows_apart(event)]


def rows_apart(event: Event) -> list[Projected]:
    """The rows of notices, orders, statements, appeals and what is kept, whether or not the entry
    is about a case."""
    return [row for part in _PARTS for row in part.rows_of(event)]


_PARTS = (notices, orders, statements, appeals, preservation)


def _rows_of_kind(event: Event) -> list[Projected]:
    if event.kind in ("opened", "found", "reopened"):
        return _findings(event)
    if event.kind in DECIDING:
        return [Projected("decisions", _decision(event))]
    base = {"seq": event.seq, "case_id": event.case}
    if event.kind == "item-opened":
        item = (event.private or {}).get("item", {}).get("id", "")
        seen = {"reviewer": event.actor, "item": item, "opened_at": event.at}
        return [Projected("opened_items", base | seen)]
    if event.kind == "noted":
        return [Projected("notes", base | {"writer": event.actor, "written_at": event.at})]
    return actions.rows_of(event)


def _findings(event: Event) -> list[Projected]:
    found = sorted((event.private or {}).get("findings", ()), key=lambda one: one["finding_id"])
    base = {"seq": event.seq, "case_id": event.case}
    names = ("finding_id", "signal", "score")
    return [Projected("case_findings", base | _pick(one, *names)) for one in found]


def _decision(event: Event) -> dict[str, Any]:
    said = _pick(event.data, "outcome", "exemption", "policy")
    by = {"reviewer": event.actor, "decided_at": event.at, "step": event.kind}
    return {"seq": event.seq, "case_id": event.case} | by | said
