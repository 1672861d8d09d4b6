"""Whether the desk is well, for who keeps it running."""

from __future__ import annotations

from fastapi import APIRouter

from marsad.web.access import TheSite

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def healthz(site: TheSite) -> dict[str, str]:
    """Whether it answers and reaches its database."""
    with site.desk.database.reading():
        return {"status": "ok"}
