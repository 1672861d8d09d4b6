"""What became of a notice, for who has its code. A code that there is not and what is no code look
the same, and take the same work."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from marsad.decide import codes
from marsad.web.access import TheSite
from marsad.web.limits import STATUSES, hit
from marsad.web.pages import page, to
from marsad.web.site import Site

router = APIRouter(include_in_schema=False)


@router.get("/status")
def ask(request: Request) -> Response:
    """The page on which a code is given."""
    return page(request, "status_ask.html.j2", unknown=False)


@router.post("/status")
def asked(
    request: Request, site: TheSite, code: Annotated[str, Form(max_length=1_000)] = ""
) -> Response:  # fmt: skip
    """The status of the notice whose code was given."""
    return _status(request, site, code)


@router.get("/status/{code}")
def status(request: Request, site: TheSite, code: str) -> Response:
    """The status of a notice."""
    return _status(request, site, code)


@router.post("/status/{code}/disown")
def disown(request: Request, site: TheSite, code: str) -> Response:
    """Whoever has the code says that somebody else used their address."""
    hit(STATUSES, request)
    if site.notices.disown(code) is None:
        return _unknown(request)
    return to(f"/status/{codes.written(code)}")


def _status(request: Request, site: Site, code: str) -> Response:
    hit(STATUSES, request)
    found = site.notices.status(code)
    if found is None:
        return _unknown(request)
    known, complaint = codes.written(code), site.appeals.look(code)
    return page(request, "status.html.j2", code=known, notice=found, new=False, mailed=False,
                complaint=complaint, here=f"/status/{known}")  # fmt: skip


def _unknown(request: Request) -> Response:
    return page(request, "status_ask.html.j2", 404, unknown=True, here="/status")
