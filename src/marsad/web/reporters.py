"""Who misuses notices: what is proposed, what was done, and a person who decides it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi import Path as PathParameter
from fastapi.responses import Response

from marsad.decide.signing_in import Visitor
from marsad.records.errors import MarsadError
from marsad.web.access import Someone, TheSite
from marsad.web.evidence import short_passage
from marsad.web.pages import page, to
from marsad.web.site import Site
from marsad.web.statuses import status_of

router = APIRouter(include_in_schema=False)
Number = Annotated[int, PathParameter(ge=1, lt=1 << 63)]


@router.get("/reporters")
def reporters(request: Request, site: TheSite, visitor: Someone) -> Response:
    """The page."""
    return _page(request, site, visitor)


@router.post("/reporters/{reporter}")
def measure(
    request: Request, site: TheSite, visitor: Someone, reporter: Number,
    step: Annotated[str, Form(max_length=50)] = "",
    reason: Annotated[str, Form(max_length=50_000)] = "",
) -> Response:  # fmt: skip
    """Warns, suspends or restores somebody."""
    try:
        site.notices.measure(visitor.reviewer, reporter, step, reason)
    except MarsadError as error:
        return _page(request, site, visitor, error)
    return to("/reporters")


def _page(
    request: Request, site: Site, visitor: Visitor, error: MarsadError | None = None
) -> Response:
    at = site.notices.clock()
    return page(
        request, "reporters.html.j2", status_of(error) if error else 200, error=error, at=at,
        standings=site.notices.reporters(visitor.reviewer), short=short_passage,
        days=site.noticing.suspend_days,
    )  # fmt: skip
