"""Whom authorities reach, and in which languages (Article 15 of Regulation (EU) 2021/784)."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from marsad.web.pages import page

router = APIRouter(include_in_schema=False)


@router.get("/contact")
def contact(request: Request) -> Response:
    """The page: what the settings say of the operator, and nothing that anybody did."""
    return page(request, "contact.html.j2")
