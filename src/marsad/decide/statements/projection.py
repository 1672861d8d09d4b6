"""What the entries about statements mean: the same code writes the rows and makes them anew."""

from __future__ import annotations

from marsad.decide.statements.kinds import DROPPED, MADE, MENDED, SENT
from marsad.store.log import Event
from marsad.store.projections import Projected


def rows_of(event: Event) -> list[Projected]:
    """The rows that an entry adds."""
    if event.kind == MADE:
        return [_made(event)]
    if event.kind == SENT:
        said = [(number, "accepted") for number in event.data["accepted"]]
        said += [(int(number), "refused") for number in event.data["refused"]]
        return [_step(event, number, step) for number, step in sorted(said)]
    if event.kind in (MENDED, DROPPED):
        return [_step(event, event.data["statement"], event.kind.partition("-")[2])]
    return []


def _made(event: Event) -> Projected:
    data = event.data
    said = {name: data[name] for name in ("decision", "step", "puid", "lang", "public")}
    code = bytes.fromhex(data["code"]) if data["code"] else None
    known = {"seq": event.seq, "case_id": event.case, "code": code, "held": bool(data["faults"])}
    return Projected("statements", known | said | {"made_at": event.at})


def _step(event: Event, statement: int, step: str) -> Projected:
    row = {"seq": event.seq, "statement": statement, "step": step}
    return Projected("statement_steps", row | {"actor": event.actor, "at": event.at})
