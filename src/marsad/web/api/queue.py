"""The queue: its pages, and taking the most urgent case."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from marsad.decide.desk import Desk
from marsad.decide.states import WAITING
from marsad.records.errors import InputError
from marsad.store.cases import Filter
from marsad.store.queue import ORDERS
from marsad.web.access import Someone, TheSite
from marsad.web.api.errors import answers
from marsad.web.api.repeating import Repeatable
from marsad.web.api.shapes import (
    CaseOut,
    CasePage,
    Clock,
    Done,
    Kind,
    Lang,
    Listed,
    NextIn,
    Order,
    State,
    Taken,
)

router = APIRouter(prefix="/api/v1", tags=["queue"])
Name = Annotated[str, Query(max_length=40)]


@router.get("/cases", responses=answers())
def queue(
    site: TheSite, visitor: Someone,
    state: Annotated[list[State], Query(max_length=8)] = list(WAITING),  # noqa: B006
    kind: Kind | None = None,
    platform: Name | None = None,
    priority: Annotated[int | None, Query(ge=0, le=4)] = None,
    clock: Clock | None = None,
    signal: Name | None = None,
    crisis: Annotated[int | None, Query(ge=1, lt=1 << 63)] = None,
    mine: bool = False,
    order: Order = "urgent",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str, Query(max_length=64, description="`next` of the page before")] = "",
    lang: Lang = "en",
) -> CasePage:  # fmt: skip
    """A page of cases: the most urgent first, or by when they were opened."""
    asked = Filter(
        states=tuple(dict.fromkeys(state)), kind=kind, platform=_plain(platform),
        priority=priority, clock=clock, signal=_plain(signal), crisis=crisis,
        assigned_to=visitor.reviewer.id if mine else None,
    )  # fmt: skip
    place = _place(after)
    listed = site.desk.queue(visitor.reviewer, asked, limit, place, order)
    rows = site.desk.summaries(visitor.reviewer, listed)
    last = listed[-1] if len(listed) == limit else None
    more = last and site.desk.queue(visitor.reviewer, asked, 1, ORDERS[order].place(last), order)
    shown = [
        Listed(**dict(CaseOut.of(one.case)), signals=one.signals, holder=one.holder)
        for one in rows
    ]  # fmt: skip
    return CasePage(cases=shown, next=ORDERS[order].cursor(last) if last and more else None)


@router.post("/next", response_model=Taken, responses=answers(409))
def take_next(visitor: Someone, once: Repeatable, wanted: NextIn | None = None) -> Response:
    """Takes the most urgent case that you may decide and nobody holds."""
    said = wanted or NextIn()
    asked = Filter(WAITING, said.kind, _plain(said.platform), said.priority, said.clock,
                   _plain(said.signal))  # fmt: skip

    def act(desk: Desk) -> Taken:
        taken = desk.take_next(visitor.reviewer, asked)
        done = Done.of(*taken, visitor.reviewer.id) if taken else None
        return Taken(taken=done)

    return once.do(act)


def _plain(name: str | None) -> str | None:
    """A name to look for, as one that a database can be asked for."""
    return None if name is None else name.replace("\x00", "\ufffd")


def _place(after: str) -> tuple[int, int] | None:
    if not after:
        return None
    found = re.fullmatch(r"(-?[0-9]{1,18})\.([0-9]{1,18})", after)
    if found is None:
        raise InputError("api.cursor", given=ascii(after))
    return int(found[1]), int(found[2])
