"""Holds, requests about one's own data, and what is kept apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from marsad.decide.preservation import holds, records, requests
from marsad.decide.preservation.holds import Wanted
from marsad.decide.signing_in import Visitor
from marsad.records.errors import InputError, MarsadError
from marsad.records.times import SECOND
from marsad.store.preservations import Record
from marsad.web.access import Someone, TheSite
from marsad.web.numbers import Number, number_of
from marsad.web.pages import page, to
from marsad.web.site import Site
from marsad.web.statuses import status_of
from marsad.workspace import preserving

router = APIRouter(include_in_schema=False)

Short = Annotated[str, Form(max_length=500)]
Long = Annotated[str, Form(max_length=10_000)]
SHOWN = 100
"""Of what is over, the newest so many; of what is kept, so many at a time."""

EMPTY = {"name": "", "kind": "", "basis": "", "reason": "", "until": "", "review": ""}


@router.get("/holds")
def shown(request: Request, site: TheSite, visitor: Someone) -> Response:
    """The page."""
    return _page(request, site, visitor)


@router.post("/holds")
def set_(
    request: Request, site: TheSite, visitor: Someone, name: Short = "", kind: Short = "",
    basis: Long = "", reason: Long = "", until: Short = "", review: Short = "",
) -> Response:  # fmt: skip
    """Sets a hold."""
    filled = {"name": name, "kind": kind, "basis": basis, "reason": reason, "until": until,
              "review": review}  # fmt: skip

    def act() -> None:
        wanted = Wanted(name.strip(), kind, basis, reason, _day(until), _day(review))
        site.preservation.set_hold(visitor.reviewer, wanted)

    return _done(request, site, visitor, act, filled=filled)


@router.post("/holds/{hold}/end")
def end(
    request: Request, site: TheSite, visitor: Someone, hold: Number, reason: Long = ""
) -> Response:
    """Ends a hold."""
    return _done(request, site, visitor,
                 lambda: site.preservation.end_hold(visitor.reviewer, hold, reason))  # fmt: skip


@router.post("/holds/requests")
def receive(
    request: Request, site: TheSite, visitor: Someone, name: Short = "", kind: Short = "",
    received: Short = "", note: Long = "",
) -> Response:  # fmt: skip
    """Records what somebody asks for."""

    def act() -> None:
        at = _day(received)
        moment = site.desk.clock() if at is None else at
        site.preservation.receive(visitor.reviewer, name.strip(), kind, moment, note)

    return _done(request, site, visitor, act)


@router.post("/holds/requests/{number}")
def answer(
    request: Request, site: TheSite, visitor: Someone, number: Number, outcome: Short = "",
    note: Long = "",
) -> Response:  # fmt: skip
    """Says what became of a request, or takes more time."""

    def act() -> None:
        if outcome == "extended":
            site.preservation.extend_request(visitor.reviewer, number, note)
        else:
            site.preservation.answer(visitor.reviewer, number, outcome, note)

    return _done(request, site, visitor, act)


@router.post("/holds/records/{record}/extend")
def extend(
    request: Request, site: TheSite, visitor: Someone, record: Number, until: Short = "",
    purpose: Short = "", why: Long = "",
) -> Response:  # fmt: skip
    """Keeps a record longer."""

    def act() -> None:
        day = _day(until) or 0
        site.preservation.extend(visitor.reviewer, record, day, purpose, why)

    return _done(request, site, visitor, act)


@router.post("/holds/records/{record}/ask")
def ask(
    request: Request, site: TheSite, visitor: Someone, record: Number, purpose: Short = "",
    why: Long = "",
) -> Response:  # fmt: skip
    """The first of two people asks for a record to be opened."""
    return _done(request, site, visitor, lambda: site.preservation.ask_release(
        visitor.reviewer, record, purpose, why))  # fmt: skip


@router.post("/holds/records/{record}/open")
def open_(request: Request, site: TheSite, visitor: Someone, record: Number) -> Response:
    """The second agrees, and is given what is in it."""
    if site.workspace is None:
        raise HTTPException(404)
    try:
        site.preservation.release(visitor.reviewer, record)
        content = preserving.opened(site.workspace, site.desk.database, record, site.desk.clock)
    except MarsadError as error:
        return _page(request, site, visitor, error=error)
    name = f'attachment; filename="record-{record}.tar"'
    return Response(content, media_type="application/x-tar",
                    headers={"Content-Disposition": name})  # fmt: skip


def _done(
    request: Request, site: Site, visitor: Visitor, act: Callable[[], object], **more: Any
) -> Response:
    try:
        act()
    except MarsadError as error:
        return _page(request, site, visitor, error=error, **more)
    return to("/holds")


def _day(text: str) -> int | None:
    """A day of a form, from its beginning in UTC; None for none."""
    if not text.strip():
        return None
    try:
        return int(datetime.fromisoformat(text.strip()).replace(tzinfo=UTC).timestamp()) * SECOND
    except (ValueError, OverflowError) as error:
        raise InputError("cli.day", given=text[:100]) from error


def _page(
    request: Request, site: Site, visitor: Visitor, error: MarsadError | None = None, **more: Any
) -> Response:
    me, at = visitor.reviewer, site.desk.clock()
    every = site.preservation.holds(me)
    asked = site.preservation.requests(me)
    apart = site.preservation.records(me)
    standing = [one for one in every if one.hold.stands(at)]
    kept, older = _some(apart, number_of(request.query_params.get("before", "")))
    return page(
        request, "holds.html.j2", status_of(error) if error else 200, error=error,
        standing=standing, over=[one for one in every if one not in standing][:SHOWN],
        waiting=[one for one in asked if one[0].outcome is None],
        answered=[one for one in asked if one[0].outcome is not None][:SHOWN],
        kept=kept, older=older,
        gone=[one for one in reversed(apart) if one.deleted is not None][:SHOWN],
        held={one.hold.person for one in standing}, may_hold=me.may("hold"),
        may_release=me.may("release"), me=me.id, kinds=holds.KINDS, asks=requests.KINDS,
        purposes=records.PURPOSES, **{"filled": EMPTY} | more,
    )  # fmt: skip


def _some(apart: Sequence[Record], before: int | None) -> tuple[list[Record], int | None]:
    """Of what is kept the newest before a number, and first those that somebody wants opened; the
    number from which there are older ones."""
    kept = [one for one in reversed(apart) if one.deleted is None]
    asked = [one for one in kept if one.release and before is None]
    rest = [one for one in kept if not one.release and (before is None or one.id < before)]
    older = rest[SHOWN - 1].id if len(rest) > SHOWN else None
    return asked + rest[:SHOWN], older
