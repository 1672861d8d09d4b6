"""A community: its accounts one after another, each decided in its own case."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from marsad.records.errors import ConflictError, InputError
from marsad.web.access import Someone, TheSite
from marsad.web.numbers import Number
from marsad.web.pages import page, to

router = APIRouter(include_in_schema=False)


@router.get("/communities/{case}")
def community(request: Request, site: TheSite, visitor: Someone, case: Number) -> Response:
    """The page."""
    shown, members = site.desk.members(visitor.reviewer, case)
    return page(
        request, "community.html.j2", case=shown, members=members,
        done=sum(not one.waits for one in members if one.case),
        next=any(one.waits for one in members),
        error=None,
    )  # fmt: skip


@router.post("/communities/{case}/next")
def step(site: TheSite, visitor: Someone, case: Number) -> Response:
    """Takes the case of the next account that waits and that this reviewer can take."""
    _, members = site.desk.members(visitor.reviewer, case)
    for one in members:
        if one.case is None or not one.waits:
            continue
        try:
            site.desk.take(visitor.reviewer, one.case.id)
        except (ConflictError, InputError):
            continue  # somebody else's
        return to(f"/cases/{one.case.id}", community=str(case))
    return to(f"/communities/{case}")
