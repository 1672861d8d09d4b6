"""Who may use which route. A route that is not in the table answers nobody."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from marsad.decide.signing_in import Visitor
from marsad.records.errors import InputError
from marsad.web.limits import hit_token
from marsad.web.site import Site

Access = Literal["public", "visitor"] | str
"""``public``: everybody; ``visitor``: whoever is logged in, even where something is left to do
first; else an act of `marsad.decide.roles`: who may do it."""

ROUTES: Mapping[tuple[str, str], Access] = {
    ("GET", "/login"): "public",
    ("POST", "/login"): "public",
    ("GET", "/login/code"): "public",
    ("POST", "/login/code"): "public",
    ("GET", "/login/oidc"): "public",
    ("GET", "/login/oidc/back"): "public",
    ("POST", "/logout"): "visitor",
    ("POST", "/language"): "public",
    ("GET", "/healthz"): "public",
    ("GET", "/profile"): "visitor",
    ("POST", "/profile/password"): "visitor",
    ("POST", "/profile/factor"): "visitor",
    ("POST", "/profile/tokens"): "make-token",
    ("POST", "/profile/tokens/{token}/end"): "make-token",
    ("GET", "/"): "read",
    ("GET", "/queue.csv"): "export",
    ("GET", "/decisions.csv"): "export",
    ("POST", "/next"): "take",
    ("GET", "/cases/{case}"): "read",
    ("POST", "/cases/{case}/take"): "take",
    ("POST", "/cases/{case}/take-over"): "take-over",
    ("POST", "/cases/{case}/give-back"): "take",
    ("POST", "/cases/{case}/items"): "open-item",
    ("GET", "/cases/{case}/media"): "open-item",
    ("POST", "/cases/{case}/notes"): "note",
    ("POST", "/cases/{case}/decide"): "decide",
    ("POST", "/cases/{case}/alike"): "decide",
    ("POST", "/cases/{case}/threat"): "raise-threat",
    ("POST", "/cases/{case}/told"): "raise-threat",
    ("POST", "/cases/{case}/golden"): "mark-golden",
    ("POST", "/cases/{case}/assign"): "assign",
    ("POST", "/cases/{case}/clock"): "set-clock",
    ("POST", "/cases/{case}/overturn"): "overturn",
    ("GET", "/communities/{case}"): "read",
    ("POST", "/communities/{case}/next"): "take",
    ("POST", "/bulk"): "decide",
    ("GET", "/overview"): "read",
    ("GET", "/dashboard"): "read",
    ("GET", "/dashboard.csv"): "export",
    ("GET", "/audit"): "verify",
    ("POST", "/audit/verify"): "verify",
    ("GET", "/audit/log.ndjson"): "verify",
    ("GET", "/audit/log.csv"): "verify",
    ("GET", "/crises"): "read",
    ("POST", "/crises"): "lead-crisis",
    ("POST", "/crises/suggest"): "lead-crisis",
    ("POST", "/crises/{crisis}/close"): "lead-crisis",
    ("GET", "/report"): "public",
    ("POST", "/report"): "public",
    ("GET", "/status"): "public",
    ("POST", "/status"): "public",
    ("GET", "/status/{code}"): "public",
    ("POST", "/status/{code}/disown"): "public",
    ("POST", "/cases/{case}/notices/{notice}"): "decide",
    ("POST", "/cases/{case}/looked"): "open-item",
    ("GET", "/reporters"): "judge-reporters",
    ("POST", "/reporters/{reporter}"): "judge-reporters",
    ("GET", "/to-do"): "record-action",
    ("POST", "/to-do/{action}"): "record-action",
    ("POST", "/to-do/{action}/retry"): "retry-action",
    ("GET", "/duties"): "export",
    ("GET", "/impact"): "export",
    ("GET", "/transparency"): "public",
    ("GET", "/transparency/{span}/{file}"): "public",
    ("GET", "/orders"): "read-orders",
    ("GET", "/orders/new"): "handle-orders",
    ("POST", "/orders/new"): "handle-orders",
    ("POST", "/orders/informed"): "handle-orders",
    ("GET", "/orders/{order}"): "read-orders",
    ("GET", "/orders/{order}/documents/{name}"): "read-orders",
    ("POST", "/orders/{order}/execute"): "handle-orders",
    ("POST", "/orders/{order}/step"): "handle-orders",
    ("POST", "/orders/{order}/clear"): "handle-orders",
    ("POST", "/orders/{order}/confidential"): "handle-orders",
    ("POST", "/orders/{order}/disclose"): "handle-orders",
    ("POST", "/orders/{order}/locate"): "handle-orders",
    ("POST", "/orders/{order}/part"): "handle-orders",
    ("GET", "/contact"): "public",
    ("GET", "/holds"): "see-kept",
    ("POST", "/holds"): "hold",
    ("POST", "/holds/{hold}/end"): "hold",
    ("POST", "/holds/requests"): "hold",
    ("POST", "/holds/requests/{number}"): "hold",
    ("POST", "/holds/records/{record}/extend"): "hold",
    ("POST", "/holds/records/{record}/ask"): "release",
    ("POST", "/holds/records/{record}/open"): "release",
    ("GET", "/statements"): "see-statements",
    ("POST", "/statements/{statement}/mend"): "mend-statement",
    ("POST", "/statements/{statement}/renew"): "mend-statement",
    ("POST", "/statements/{statement}/drop"): "mend-statement",
    ("GET", "/appeals"): "see-appeals",
    ("GET", "/appeals/{appeal}"): "see-appeals",
    ("POST", "/appeals/{appeal}/ask"): "decide-appeal",
    ("POST", "/appeals/{appeal}/decide"): "decide-appeal",
    ("GET", "/appeal"): "public",
    ("POST", "/appeal"): "public",
    ("GET", "/appeal/{code}"): "public",
    ("POST", "/appeal/{code}"): "public",
    ("POST", "/appeal/{code}/answer"): "public",
    ("GET", "/openapi.json"): "public",
    ("GET", "/metrics"): "export",
    ("GET", "/api/v1/cases"): "read",
    ("GET", "/api/v1/cases/{case}"): "read",
    ("POST", "/api/v1/next"): "take",
    ("POST", "/api/v1/cases/{case}/take"): "take",
    ("POST", "/api/v1/cases/{case}/give-back"): "take",
    ("POST", "/api/v1/cases/{case}/items"): "open-item",
    ("POST", "/api/v1/cases/{case}/notes"): "note",
    ("POST", "/api/v1/cases/{case}/decide"): "decide",
    ("POST", "/api/v1/cases/{case}/overturn"): "overturn",
    ("GET", "/api/v1/cases/{case}/actions"): "read",
    ("GET", "/api/v1/actions"): "read",
    ("POST", "/api/v1/actions/{action}/record"): "record-action",
    ("POST", "/api/v1/actions/{action}/retry"): "retry-action",
    ("POST", "/api/v1/screen"): "screen",
    ("POST", "/api/v1/notices"): "notify",
    ("GET", "/api/v1/notices/{code}"): "notify",
}

SCOPE_OF: Mapping[str, str] = {
    "screen": "screen", "notify": "screen", "read": "read", "export": "read",
}  # fmt: skip
"""Act → the scope that a token needs for it; any other act needs ``review``."""

SESSION_ONLY = ("/login", "/logout", "/language", "/profile")
"""Where a token counts for nothing: it never makes another, nor touches its owner's account."""

TOKEN_ONLY = ("/api/", "/metrics")
"""Where only tokens count: a browser sends its cookie whoever makes it ask, a token nobody else
has."""

COOKIE, SECURE_COOKIE = "marsad", "__Host-marsad"


class NotAllowedError(Exception):
    """Somebody who is logged in asks for what their roles do not allow."""


class ScopeError(Exception):
    """A token that its owner made for something else; ``scope`` is what it lacks."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(scope)


class NotLoggedInError(Exception):
    """Nobody is logged in, or something is left to do before the desk."""

    def __init__(self, next_: str = "/login") -> None:
        self.next = next_
        super().__init__(next_)


class NotJsonError(Exception):
    """A body that does not say that it is JSON."""


class ForgedError(Exception):
    """A form that no page of this session has sent."""


def cookie_name(site: Site) -> str:
    """The cookie of the session; over TLS browsers hold it to this very host."""
    return SECURE_COOKIE if site.settings.https else COOKIE


def session_key(request: Request) -> str:
    """The session's key that the browser sent, or nothing."""
    return request.cookies.get(cookie_name(request.app.state.site), "")


def form_key(key: str) -> str:
    """What each form of a session carries: who cannot read its pages cannot make it up."""
    return hmac.digest(key.encode("utf-8", "replace"), b"marsad form", "sha256").hex()


async def admit(request: Request) -> None:
    """Lets a request through, or raises. The visitor is left in ``request.state.visitor``."""
    route = request.scope["route"]
    access = ROUTES.get((_method(request), route.path))
    visitor = await run_in_threadpool(_visitor, request)
    request.state.visitor = visitor
    if access is None:
        raise NotAllowedError
    if visitor is not None and visitor.token is not None:
        hit_token(visitor.token, access == "screen")
    if access != "public":
        _check(visitor, access)
    if request.method == "POST" and route.path.startswith(TOKEN_ONLY):
        _check_type(request)
    if route.path.startswith(TOKEN_ONLY):
        _check_query(request)
    if request.method == "POST" and visitor is not None and visitor.session is not None:
        await _check_form(request)


def _check_type(request: Request) -> None:
    """A body has to say that it is JSON; a request without one says nothing."""
    if request.headers.get("content-length", "") == "0":
        return
    if "content-length" not in request.headers and "transfer-encoding" not in request.headers:
        return
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != "application/json":
        raise NotJsonError


def _check_query(request: Request) -> None:
    """A filter whose name was mistyped must not be taken for none."""
    known = [one.alias for one in request.scope["route"].dependant.query_params]
    for name in request.query_params:
        if name not in known:
            raise InputError("api.query", given=ascii(name[:100]), valid=known)


def _method(request: Request) -> str:
    return "GET" if request.method == "HEAD" else request.method


def is_known(site: Site, request: HTTPConnection) -> bool:
    """Whether somebody is logged in, by a session or a token, whatever they may then do."""
    visitor = _behind(site, request)
    return visitor is not None and (visitor.session is None or visitor.session.verified)


def _visitor(request: Request) -> Visitor | None:
    given = "authorization" in request.headers
    if given and request.scope["route"].path.startswith(SESSION_ONLY):
        return None
    if not given and request.url.path.startswith(TOKEN_ONLY):
        return None
    return _behind(request.app.state.site, request)


def _behind(site: Site, request: HTTPConnection) -> Visitor | None:
    given = request.headers.get("authorization", "")
    if given:
        scheme, _, key = given.partition(" ")
        return site.door.bearer(key.strip()) if scheme.lower() == "bearer" else None
    key = request.cookies.get(cookie_name(site), "")
    return site.door.visitor(key) if key else None


def _check(visitor: Visitor | None, access: Access) -> None:
    if visitor is None:
        raise NotLoggedInError
    if visitor.session is not None and not visitor.session.verified:
        raise NotLoggedInError("/login/code")
    if access == "visitor":
        return
    if not visitor.complete:
        raise NotLoggedInError("/profile")
    if not visitor.reviewer.may(access):
        raise NotAllowedError
    scope = SCOPE_OF.get(access, "review")
    if visitor.scopes is not None and scope not in visitor.scopes:
        raise ScopeError(scope)


async def _check_form(request: Request) -> None:
    form = await request.form()
    given, right = form.get("form"), form_key(session_key(request))
    sent = given.encode("utf-8", "replace") if isinstance(given, str) else b""
    if not hmac.compare_digest(sent, right.encode()):
        raise ForgedError


def someone(request: Request) -> Visitor:
    """The visitor of a route that is not public."""
    visitor = request.state.visitor
    if not isinstance(visitor, Visitor):
        raise NotLoggedInError
    return visitor


def the_site(request: Request) -> Site:
    """The site that a request is for."""
    site: Site = request.app.state.site
    return site


async def _someone(request: Request) -> Visitor:
    return someone(request)


async def _the_site(request: Request) -> Site:
    return the_site(request)


# async, for whatever is not is handed to another thread, and that takes longer than these do
Someone = Annotated[Visitor, Depends(_someone)]
TheSite = Annotated[Site, Depends(_the_site)]
