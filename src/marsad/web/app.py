"""The desk over HTTP. Routes call the library; no logic of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from marsad.records.errors import MarsadError
from marsad.records.message import Message
from marsad.records.version import VERSION
from marsad.web import (
    appeals,
    audit,
    cases,
    communities,
    crises,
    dashboard,
    downloads,
    duties,
    health,
    holds,
    login,
    login_oidc,
    media,
    metrics,
    order_documents,
    orders,
    overview,
    profile,
    queue,
    reporters,
    statements,
    to_do,
)
from marsad.web.access import (
    ForgedError,
    NotAllowedError,
    NotJsonError,
    NotLoggedInError,
    ScopeError,
    admit,
    is_known,
)
from marsad.web.api import actions as api_actions
from marsad.web.api import cases as api_cases
from marsad.web.api import description, screen
from marsad.web.api import notices as api_notices
from marsad.web.api import queue as api_queue
from marsad.web.api.errors import error_answer, for_programs, invalid
from marsad.web.background import Background
from marsad.web.guard import Guard
from marsad.web.pages import HERE, page, to, told
from marsad.web.public import appeal, contact, report, status, transparency
from marsad.web.requests import Counted, Requests
from marsad.web.site import Site
from marsad.web.statuses import status_of

ROUTERS = tuple(part.router for part in (
    health, login, login_oidc, profile, queue, cases, media, communities, overview, dashboard,
    audit, downloads, crises, to_do, holds, orders, order_documents, statements, appeals, duties,
    reporters, appeal, contact, report, status, transparency, metrics,
    api_queue, api_cases, api_actions, api_notices, screen, description,
))  # fmt: skip


def create_app(site: Site, background: Background | None = None) -> FastAPI:
    """The application for one site. Everything but ``/static`` goes through `access.admit`. What is
    done in the ``background`` begins and ends with the application."""
    works = background or Background(())

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        works.start()
        yield
        await run_in_threadpool(works.stop)

    app = FastAPI(
        title="Marsad", version=VERSION, dependencies=[Depends(admit)], lifespan=running,
        docs_url=None, redoc_url=None, openapi_url=None,
    )  # fmt: skip
    app.state.site = site
    app.state.background = works
    app.state.requests = Requests()
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), "static")
    app.add_exception_handler(MarsadError, _failed)
    app.add_exception_handler(NotLoggedInError, _not_logged_in)
    app.add_exception_handler(NotAllowedError, _not_allowed)
    app.add_exception_handler(ForgedError, _forged)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ScopeError, _scope)
    app.add_exception_handler(NotJsonError, _not_json)
    app.add_exception_handler(Exception, _broken)
    known = partial(is_known, site)
    app.add_middleware(Guard, hosts=site.names, https=site.settings.https, known=known)
    app.add_middleware(Counted, requests=app.state.requests)
    return app


def answer(request: Request, status: int, message: Message) -> Response:
    """An error in the form that was asked for: a page, or for programs JSON."""
    if for_programs(request.url.path):
        return error_answer(request, status, message)
    inside = getattr(request.state, "visitor", None) is not None
    if status == 404 and not inside:  # of a page that is nowhere nobody has asked who comes
        inside = is_known(request.app.state.site, request)
    return page(request, "error.html.j2", status, code=status, message=message, inside=inside)


def _failed(request: Request, error: Any) -> Response:
    return answer(request, status_of(error), told(error).message)


def _not_logged_in(request: Request, error: Any) -> Response:
    if for_programs(request.url.path):
        return answer(request, 401, Message("api.no-token", {}))
    if request.method == "GET" and error.next == "/login" and request.url.path != "/":
        return to("/login", next=request.url.path)
    return to(error.next)


def _not_allowed(request: Request, _: Any) -> Response:
    return answer(request, 403, Message("web.not-allowed", {}))


def _forged(request: Request, _: Any) -> Response:
    return answer(request, 403, Message("web.forged", {}))


def _scope(request: Request, error: Any) -> Response:
    return answer(request, 403, Message("api.scope", {"scope": error.scope}))


def _not_json(request: Request, _: Any) -> Response:
    return answer(request, 415, Message("api.not-json", {}))


def _invalid(request: Request, error: Any) -> Response:
    if for_programs(request.url.path):
        return invalid(request, error)
    return answer(request, 422, Message("web.not-fitting", {}))  # what was sent may be a password


def _broken(request: Request, _: Any) -> Response:
    if for_programs(request.url.path):
        return answer(request, 500, Message("api.failed", {}))
    return PlainTextResponse("Internal Server Error", 500)


def _http(request: Request, error: Any) -> Response:
    if for_programs(request.url.path):
        return error_answer(request, error.status_code, _of_http(request, error), None,
                            error.headers)  # fmt: skip
    message = Message("web.no-page" if error.status_code == 404 else "web.not-so", {})
    request.state.visitor = getattr(request.state, "visitor", None)
    return answer(request, error.status_code, message)


def _of_http(request: Request, error: Any) -> Message:
    """The message of an error that Starlette or FastAPI raised."""
    status = error.status_code
    if status == 405:
        return Message("api.method", {"method": request.method[:20]})
    if status == 413:
        return Message("api.too-large", {"bytes": int(error.detail)})
    return Message("api.no-page" if status == 404 else "api.unreadable", {})
