"""Logging in through a provider: to it, and back from it."""

from __future__ import annotations

import logging
from typing import Annotated
from urllib.parse import quote, unquote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.responses import RedirectResponse

from marsad.decide.oidc import attempt
from marsad.decide.oidc.attempt import Attempt
from marsad.decide.oidc.identity import Identity
from marsad.decide.oidc.provider import Provider
from marsad.records.errors import InputError, MarsadError, OutsideError
from marsad.records.message import Message
from marsad.web.access import TheSite
from marsad.web.limits import LOGINS, hit
from marsad.web.login import logged_in, login_page, own_address
from marsad.web.pages import SEE_OTHER, to
from marsad.web.site import Site
from marsad.web.statuses import status_of

router = APIRouter(include_in_schema=False)

BACK = "/login/oidc/back"
COOKIE, SECURE_COOKIE = "marsad-login", "__Host-marsad-login"
LASTS = 600
"""Seconds that somebody has to log in at the provider."""
OWN = (None, "same-origin", "none")
Field = Annotated[str, Query(max_length=5_000)]
Address = Annotated[str, Query(max_length=300)]

_OUTPUT = logging.getLogger(__name__)


@router.get("/login/oidc")
def go(request: Request, site: TheSite, next: Address = "/") -> Response:
    """Sends the browser to the provider. Another site's link leads to the login page instead: who
    is sent away has asked for it here."""
    if request.headers.get("sec-fetch-site") not in OWN:
        return to("/login", next=own_address(next))
    hit(LOGINS, request)
    begun = attempt.begin()
    try:
        address = _provider(site).address(begun, _back(request, site))
    except MarsadError as error:
        return _refused(request, site, error, next)
    answer = RedirectResponse(address, SEE_OTHER)
    answer.set_cookie(
        _cookie(site), begun.key + quote(own_address(next)), LASTS, path="/", samesite="lax",
        secure=site.settings.https, httponly=True,
    )  # fmt: skip
    return answer


@router.get(BACK)
def back(
    request: Request, site: TheSite, state: Field = "", code: Field = "", error: Field = "",
    iss: Field = "",
) -> Response:  # fmt: skip
    """Takes back who was sent to the provider, and begins a session."""
    hit(LOGINS, request)
    begun, next_ = _begun(request, site)
    try:
        provider = _provider(site)
        if begun is None or not begun.is_for(state):
            raise InputError("oidc.state")
        if error:
            raise InputError("oidc.denied")
        identity = provider.identify(begun, code, _back(request, site), iss)
        answer = _let_in(site, begun, identity, next_)
    except MarsadError as problem:
        answer = _refused(request, site, problem, next_)
    answer.delete_cookie(_cookie(site), secure=site.settings.https, httponly=True)
    return answer


def _let_in(site: Site, begun: Attempt, identity: Identity, next_: str) -> Response:
    found = site.door.log_in_through(begun, identity)
    if found is None:
        raise InputError("oidc.unknown", subject=identity.subject)
    return logged_in(site, *found, next_)


def _provider(site: Site) -> Provider:
    if site.provider is None:
        raise InputError("oidc.none")
    return site.provider


def _refused(request: Request, site: Site, error: MarsadError, next_: str) -> Response:
    """The login page, saying why; who runs the desk reads of a provider that does not work."""
    if not isinstance(error, InputError):
        _OUTPUT.error(error.message.render("en"))
    outside = isinstance(error, OutsideError)
    said = error.message if error.message.id.startswith("oidc.") else Message("web.unavailable")
    return login_page(request, site, next_, said, status_of(error) if outside else 403)


def _begun(request: Request, site: Site) -> tuple[Attempt | None, str]:
    """The attempt that the browser keeps, and where somebody wanted to go."""
    key, slash, rest = request.cookies.get(_cookie(site), "").partition("/")
    return attempt.begun(key), own_address(unquote(slash + rest))


def _back(request: Request, site: Site) -> str:
    """This desk's address that the provider sends people back to. The host is one of the desk's
    own: others are refused before."""
    scheme = "https" if site.settings.https else "http"
    return f"{scheme}://{request.headers.get('host', '')}{BACK}"


def _cookie(site: Site) -> str:
    return SECURE_COOKIE if site.settings.https else COOKIE
