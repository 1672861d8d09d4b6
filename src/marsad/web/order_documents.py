"""What is sent about an order: Annexes II and III, the notice to an uploader; as a page or PDF."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from marsad.decide.operator import Operator
from marsad.decide.orders import listing
from marsad.decide.orders.listing import File
from marsad.outputs.documents import annexes, html, uploader
from marsad.outputs.documents.document import Document, Language
from marsad.outputs.documents.pdf import as_pdf
from marsad.web.access import Someone, TheSite
from marsad.web.numbers import Number

router = APIRouter(include_in_schema=False)

NAMES = ("annex-2", "annex-3", "uploader")
Whole = Annotated[int, Query(ge=0, lt=1 << 63)]


@router.get("/orders/{order}/documents/{name}")
def document(
    request: Request, site: TheSite, visitor: Someone, order: Number, name: str,
    lang: Literal["en", "ar"] = "en", form: Literal["html", "pdf"] = "html", person: Whole = 0,
) -> Response:  # fmt: skip
    """One document; 404 while there is nothing that it could say."""
    found = site.orders.file(visitor.reviewer, order)
    made = _made(found, site.operator, name, lang, person)
    if made is None:
        raise HTTPException(404)
    if form == "html":
        return HTMLResponse(html.as_html(made), headers=html.headers())
    file = f"order-{order}-{name}-{lang}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(as_pdf(made), media_type="application/pdf", headers=headers)


def _made(
    found: File, operator: Operator, name: str, lang: Language, person: int
) -> Document | None:  # fmt: skip
    provider = operator.legal_name or operator.name
    if name == "annex-2":
        second = listing.annex_ii(found, provider)
        return annexes.annex_ii(second, operator, lang) if second else None
    if name == "annex-3":
        third = listing.annex_iii(found, provider)
        return annexes.annex_iii(third, operator, lang) if third else None
    theirs = listing.executed(found, person)
    if name != "uploader" or found.form is None or not theirs:
        return None
    form = replace(found.form, confidential_until=found.order.confidential_until)
    return uploader.notice_to_uploader(
        form, theirs, operator, lang, found.clock, found.order.cross_border
    )
