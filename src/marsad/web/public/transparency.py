"""The reports that were published, for everybody: which there are, and each in four files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as PathParameter
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException

from marsad.outputs.report.page import content_policy, stylesheet
from marsad.outputs.transparency.publishing import Published, published
from marsad.outputs.transparency.writing import FIGURES, PAGES, ROWS
from marsad.web.access import TheSite
from marsad.web.pages import lang_of, page
from marsad.web.site import Site

router = APIRouter(include_in_schema=False)

TYPES = {
    FIGURES: "application/json", ROWS: "text/csv; charset=utf-8",
    **dict.fromkeys(PAGES.values(), "text/html; charset=utf-8"),
}  # fmt: skip
Name = Annotated[str, PathParameter(max_length=40)]


@router.get("/transparency")
def transparency(request: Request, site: TheSite) -> Response:
    """Which reports there are."""
    files = {"page": PAGES[lang_of(request)], "csv": ROWS, "json": FIGURES}
    return page(request, "transparency.html.j2", reports=_published(site), files=files)


@router.get("/transparency/{span}/{file}")
def file(site: TheSite, span: Name, file: Name) -> Response:
    """A file of a report."""
    one = next((one for one in _published(site) if one.name == span), None)
    path = one.file(file) if one is not None else None
    if path is None:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'attachment; filename="{span}-{file}"'}
    if file in PAGES.values():
        headers = {"Content-Security-Policy":
                   f"{content_policy(stylesheet())}; frame-ancestors 'none'"}  # fmt: skip
    return FileResponse(path, headers=headers, media_type=TYPES[file])


def _published(site: Site) -> list[Published]:
    return published(site.workspace) if site.workspace is not None else []
