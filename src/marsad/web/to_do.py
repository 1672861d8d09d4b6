"""What people are asked to do on platforms by hand, and what has failed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi import Path as PathParameter
from fastapi.responses import Response

from marsad.decide.actions.hand import SAW
from marsad.decide.actions.listing import ToDo
from marsad.decide.signing_in import Visitor
from marsad.platforms.base import Place
from marsad.records.errors import MarsadError
from marsad.web.access import Someone, TheSite
from marsad.web.pages import page, to
from marsad.web.site import Site
from marsad.web.statuses import status_of
from marsad.workspace.acting import Platforms, platforms

router = APIRouter(include_in_schema=False)

A_PAGE, FAILED = 50, 20
Number = Annotated[int, PathParameter(ge=1, lt=1 << 63)]
Whole = Annotated[int, Query(ge=0, lt=1 << 63)]
Short = Annotated[str, Form(max_length=500)]
Long = Annotated[str, Form(max_length=50_000)]


@router.get("/to-do")
def to_do(
    request: Request, site: TheSite, visitor: Someone, after: Whole = 0, before: Whole = 0,
    platform: Annotated[str, Query(max_length=64)] = "",
) -> Response:  # fmt: skip
    """The page: to-dos from one number on, failures below another."""
    return _page(request, site, visitor, after, before, platform)


@router.post("/to-do/{action}")
def record(
    request: Request, site: TheSite, visitor: Someone, action: Number, saw: Short = "",
    note: Long = "",
) -> Response:  # fmt: skip
    """Records what a person saw."""
    try:
        site.desk.record_manual(visitor.reviewer, action, saw, note)
    except MarsadError as error:
        return _page(request, site, visitor, error=error, noted=(action, note))
    return to("/to-do", done=str(action))


@router.post("/to-do/{action}/retry")
def retry(
    request: Request, site: TheSite, visitor: Someone, action: Number, by_hand: Short = ""
) -> Response:
    """Asks anew for what has failed, a person where that is wanted."""
    try:
        site.desk.retry_action(visitor.reviewer, action, bool(by_hand))
    except MarsadError as error:
        return _page(request, site, visitor, error=error)
    return to("/to-do", again=str(action))


def _page(
    request: Request, site: Site, visitor: Visitor, after: int = 0, before: int = 0,
    platform: str = "", error: MarsadError | None = None, noted: tuple[int, str] = (0, ""),
) -> Response:  # fmt: skip
    chosen = platform.strip() or None
    listed = site.desk.to_do(visitor.reviewer, A_PAGE + 1, after, chosen)
    failed = site.desk.failed_actions(visitor.reviewer, FAILED + 1, before or None)
    known = _platforms(site)
    others = [one for one in listed if not one.ordered]
    shown = [one for one in listed if one.ordered] + others[:A_PAGE]
    rows = [(one, _link(site, known, one)) for one in shown]
    return page(
        request, "to_do.html.j2", status_of(error) if error else 200,
        rows=rows, saw=SAW, error=error, noted=noted, platform=platform,
        later=others[A_PAGE - 1].action.id if len(others) > A_PAGE else None,
        failed=failed[:FAILED], may_retry=visitor.reviewer.may("retry-action"),
        earlier=failed[FAILED - 1].action.id if len(failed) > FAILED else None,
        hindered=request.app.state.background.problems.get("act"),
        done=request.query_params.get("done", ""), again=request.query_params.get("again", ""),
    )  # fmt: skip


def _link(site: Site, known: Platforms, one: ToDo) -> str | None:
    """Where the subject is found: as its platform says, else as the site's own addresses are."""
    said = known.link(one.action, one.subject)
    return said or site.places.address(one.action.kind, one.subject)


def _platforms(site: Site) -> Platforms:
    """The platforms of the workspace, for their links; the usual ones where its settings cannot be
    read, which the work in the background says."""
    if site.workspace is None:
        return Platforms({}, lambda name: Place(name, Path(), site.desk.clock))
    try:
        return platforms(site.workspace, site.desk.clock)
    except MarsadError:
        folder = site.workspace.folder
        return Platforms({}, lambda name: Place(name, folder, site.desk.clock))
