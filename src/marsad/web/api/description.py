"""The OpenAPI of the API, at an address that everybody may read: it names no data."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response

from marsad.records.version import VERSION

router = APIRouter(include_in_schema=False)

ABOUT = """What the desk does, for programs. See docs/api.md.

Every request carries a token (`Authorization: Bearer KEY`), every error has one shape, pages of a
list are asked for with `after`, and a POST under an `Idempotency-Key` is done once."""


@router.get("/openapi.json")
def openapi(request: Request) -> Response:
    """The description."""
    return JSONResponse(described(request.app))


def described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI of an application, made once."""
    if app.openapi_schema is None:
        made = get_openapi(title="Marsad", version=VERSION, description=ABOUT, routes=app.routes)
        parts = made.setdefault("components", {})
        parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        made["security"] = [{"token": []}]
        app.openapi_schema = made
    return app.openapi_schema
