"""The form on which anybody reports something, without a login and without scripts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from marsad.decide.notices.notice import (
    GROUNDS,
    KINDS,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_REASONS,
    Given,
    problems,
)
from marsad.records import mail_addresses
from marsad.records.errors import MarsadError
from marsad.records.times import now
from marsad.web.access import TheSite
from marsad.web.limits import ALL_REPORTS, REPORTS, hit
from marsad.web.pages import lang_of, page
from marsad.web.site import Site

router = APIRouter(include_in_schema=False)

LONGEST = {"address": LONGEST_ADDRESS, "reasons": LONGEST_REASONS, "name": LONGEST_NAME,
           "email": mail_addresses.LONGEST}  # fmt: skip
EVERYBODY = "everybody"
Text = Annotated[str, Form(max_length=16_000)]


@router.get("/report")
def report(request: Request, site: TheSite) -> Response:
    """The empty form."""
    return _form(request, site, Given(), {})


@router.post("/report")
def send(
    request: Request, site: TheSite, address: Text = "", kind: Text = "", ground: Text = "",
    reasons: Text = "", name: Text = "", email: Text = "", good_faith: Text = "",
    state_body: Text = "", website: Text = "",
) -> Response:  # fmt: skip
    """Takes a notice in, and shows its code; or the form again with what is wrong. A field that no
    person sees stays empty, but for programs that fill in whatever there is."""
    hit(REPORTS, request)
    given = Given(
        address, ground, reasons.replace("\r\n", "\n"), kind, name, email, bool(good_faith),
        bool(state_body), lang_of(request),
    )  # fmt: skip
    wrong = problems(given, site.places)
    if wrong or website:
        return _form(request, site, given, wrong, 422)
    hit(ALL_REPORTS, request, EVERYBODY)
    receipt = site.notices.receive(given)
    return page(
        request, "status.html.j2", code=receipt.code, notice=receipt.status, new=True,
        mailed=site.sends_mail and bool(email.strip()), complaint=None,
        here=f"/status/{receipt.code}",
    )  # fmt: skip


def _form(
    request: Request, site: Site, given: Given, wrong: dict[str, MarsadError], status: int = 200
) -> Response:
    return page(
        request, "report.html.j2", status, given=given, filled=asdict(given), wrong=wrong,
        kinds=tuple(KINDS), grounds=GROUNDS, longest=LONGEST, at=now(),
        forms=[one for place in site.places.sites for one in place.forms][:6],
    )  # fmt: skip
