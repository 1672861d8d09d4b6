"""Complaints by whoever has a code: no login, no scripts. A code that shows nothing says nothing of
why it does not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from marsad.decide import codes
from marsad.decide.appeals.desk import LONGEST, SHORTEST, Public
from marsad.outputs.passage import Passage, passage
from marsad.records.errors import MarsadError
from marsad.records.message import Message
from marsad.web.access import TheSite
from marsad.web.limits import APPEALS, CODES, hit
from marsad.web.pages import lang_of, page, to
from marsad.web.statuses import status_of

router = APIRouter(include_in_schema=False)
Typed = Annotated[str, Form(max_length=2_000)]
Long = Annotated[str, Form(max_length=50_000)]
UNKNOWN = 404


@router.get("/appeal")
def begin(request: Request) -> Response:
    """The page that asks for a code."""
    return page(request, "appeal_code.html.j2", problem=None)


@router.post("/appeal")
def go_on(request: Request, code: Typed = "") -> Response:
    """Goes on to the page of a code, in the letters that codes have."""
    plain = codes.plain(code)
    return to(f"/appeal/{plain}") if plain else _unknown(request)


@router.get("/appeal/{code}")
def look(request: Request, site: TheSite, code: str) -> Response:
    """What a code shows."""
    hit(CODES, request)
    return _page(request, code, site.appeals.look(code))


@router.post("/appeal/{code}")
def make(
    request: Request, site: TheSite, code: str, text: Long = "", email: Typed = ""
) -> Response:
    """Makes the complaint; whoever comes again is shown the first one."""
    hit(APPEALS, request)
    try:
        found = site.appeals.make(code, text, lang_of(request), email)
    except MarsadError as error:
        return _page(request, code, site.appeals.look(code), error, text, email)
    return _unknown(request) if found is None else to(f"/appeal/{codes.plain(code)}")


@router.post("/appeal/{code}/answer")
def answer(request: Request, site: TheSite, code: str, text: Long = "") -> Response:
    """Answers what was asked."""
    hit(APPEALS, request)
    try:
        found = site.appeals.answer(code, text)
    except MarsadError as error:
        return _page(request, code, site.appeals.look(code), error, text)
    return _unknown(request) if found is None else to(f"/appeal/{codes.plain(code)}")


def _unknown(request: Request) -> Response:
    problem = Message("desk.appeal.unknown")
    return page(request, "appeal_code.html.j2", UNKNOWN, problem=problem, here="/appeal")


def _page(
    request: Request, code: str, found: Public | None, error: MarsadError | None = None,
    text: str = "", email: str = "",
) -> Response:  # fmt: skip
    if found is None:
        return _unknown(request)
    return page(
        request, "appeal.html.j2", status_of(error) if error else 200, code=codes.plain(code),
        appeal=found, error=error, text=text, email=email, whole=_whole, low=SHORTEST, high=LONGEST,
    )  # fmt: skip


def _whole(text: str) -> Passage:
    return passage(text, shown=LONGEST)
