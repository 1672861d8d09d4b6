"""One's own page: password, second factor, tokens for the API."""

from __future__ import annotations

from typing import Annotated

import segno
from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from marsad.decide import credentials
from marsad.decide.signing_in import SCOPES, Visitor
from marsad.records.errors import MarsadError
from marsad.store import users
from marsad.web.access import Someone, TheSite
from marsad.web.limits import LOGINS, hit
from marsad.web.login import with_session
from marsad.web.pages import page, to
from marsad.web.site import Site

router = APIRouter(include_in_schema=False)
Field = Annotated[str, Form(max_length=2_000)]


@router.get("/profile")
def profile(request: Request, site: TheSite, visitor: Someone) -> Response:
    """The page."""
    return _profile(request, site, visitor)


@router.post("/profile/password")
def password(
    request: Request, site: TheSite, visitor: Someone, old: Field = "", new: Field = ""
) -> Response:
    """Changes the password; every other session ends."""
    hit(LOGINS, request)
    try:
        key = site.door.change_password(visitor, old, new)
    except MarsadError as error:
        return _profile(request, site, visitor, error)
    return with_session(to("/profile", done="password"), site, key)


@router.post("/profile/factor")
def factor(
    request: Request, site: TheSite, visitor: Someone, secret: Field = "", code: Field = ""
) -> Response:
    """Takes a second factor into use."""
    hit(LOGINS, request)
    try:
        site.door.set_factor(visitor, secret, code)
    except MarsadError as error:
        return _profile(request, site, visitor, error)
    return to("/profile", done="factor")


@router.post("/profile/tokens")
def new_token(
    request: Request, site: TheSite, visitor: Someone, label: Field = "", scope: Field = "",
    days: Annotated[int, Form()] = 90,
) -> Response:  # fmt: skip
    """Makes a token; its key is on the page that comes back, and nowhere else."""
    try:
        _, key = site.door.new_token(visitor, label, SCOPES[: _place(scope) + 1], days)
    except MarsadError as error:
        return _profile(request, site, visitor, error)
    return _profile(request, site, visitor, key=key)


@router.post("/profile/tokens/{token}/end")
def end_token(site: TheSite, visitor: Someone, token: str) -> Response:
    """Ends a token."""
    site.door.end_token(visitor, token)
    return to("/profile")


def _place(scope: str) -> int:
    return SCOPES.index(scope) if scope in SCOPES else -1


def _profile(
    request: Request,
    site: Site,
    visitor: Visitor,
    error: MarsadError | None = None,
    key: str | None = None,
) -> Response:
    secret = credentials.new_factor()
    address = credentials.factor_address(secret, visitor.user.name)
    with site.door.database.reading() as transaction:
        tokens = users.tokens_of(transaction, visitor.user.id)
    return page(
        request, "profile.html.j2", 422 if error else 200,
        error=error, key=key, tokens=tokens, secret=secret, scopes=SCOPES,
        must_have_factor=site.door.lacks_factor(visitor),
        picture=segno.make(address, error="m").svg_data_uri(scale=4, border=2),
        done=request.query_params.get("done", ""),
    )  # fmt: skip
