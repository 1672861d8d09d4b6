"""What the operator has to do by its size, and what the desk means for people's data."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from marsad.decide import duties as list_of_duties
from marsad.web.access import TheSite
from marsad.web.pages import page
from marsad.workspace.assessing import assessment

router = APIRouter(include_in_schema=False)


@router.get("/duties")
def duties(request: Request, site: TheSite) -> Response:
    """Which duties follow from what the operator says it is."""
    return page(request, "duties.html.j2", duties=list_of_duties.of(site.operator))


@router.get("/impact")
def impact(request: Request, site: TheSite) -> Response:
    """The data-protection impact page."""
    if site.workspace is None:
        raise HTTPException(404)
    return page(request, "impact.html.j2", told=assessment(site.workspace))
