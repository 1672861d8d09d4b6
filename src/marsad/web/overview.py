"""The report that was written for this workspace, behind the login."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException

from marsad.outputs.report.page import content_policy, stylesheet
from marsad.web.access import TheSite
from marsad.web.pages import lang_of

router = APIRouter(include_in_schema=False)


@router.get("/overview")
def overview(request: Request, site: TheSite) -> Response:
    """The report in the visitor's language, where one was written."""
    path = site.reports.get(lang_of(request))
    if path is None or not path.is_file():
        raise HTTPException(404)
    allowed = f"{content_policy(stylesheet())}; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": allowed}
    return FileResponse(path, headers=headers, media_type="text/html; charset=utf-8")
