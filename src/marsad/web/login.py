"""Logging in and out, and the language before that."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from starlette.responses import RedirectResponse

from marsad.decide.signing_in import LONGEST
from marsad.locale import LANGUAGES
from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.records.times import SECOND
from marsad.web.access import TheSite, cookie_name, session_key
from marsad.web.limits import LOGINS, hit
from marsad.web.pages import LANG_COOKIE, page, to
from marsad.web.site import Site

router = APIRouter(include_in_schema=False)
Field = Annotated[str, Form(max_length=2_000)]
YEAR = 31_536_000


@router.get("/login")
def login(request: Request, site: TheSite, next: str = "/") -> Response:
    """The page to log in on."""
    return login_page(request, site, next)


@router.post("/login")
def log_in(
    request: Request, site: TheSite, name: Field = "", password: Field = "", next: Field = "/"
) -> Response:
    """Begins a session."""
    hit(LOGINS, request)
    found = site.door.log_in(name.strip(), password)
    if found is None:
        return login_page(request, site, next, Message("desk.login.wrong"))
    return logged_in(site, *found, next)


@router.get("/login/code")
def code(request: Request, next: str = "/") -> Response:
    """The page for a one-time code."""
    return page(request, "code.html.j2", wrong=False, next=own_address(next))


@router.post("/login/code")
def give_code(
    request: Request, site: TheSite, code: Field = "", next: Field = "/"
) -> Response:  # fmt: skip
    """Takes a one-time code."""
    hit(LOGINS, request)
    key = site.door.give_code(session_key(request), code)
    if key is None:
        return page(request, "code.html.j2", 403, wrong=True, next=own_address(next))
    return with_session(to(own_address(next)), site, key)


@router.post("/logout")
def log_out(request: Request, site: TheSite) -> Response:
    """Ends the session."""
    site.door.log_out(session_key(request))
    answer = to("/login")
    answer.delete_cookie(cookie_name(site), secure=site.settings.https, httponly=True)
    return answer


@router.post("/language")
def language(request: Request, site: TheSite, lang: Field = "", next: Field = "/") -> Response:
    """Changes the language of the pages."""
    if lang not in LANGUAGES:
        raise InputError("user.lang", given=lang[:20], valid=list(LANGUAGES))
    if request.state.visitor is not None:
        site.door.set_lang(request.state.visitor, lang)
    answer = to(own_address(next))
    answer.set_cookie(LANG_COOKIE, lang, YEAR, secure=site.settings.https, samesite="lax")
    return answer


def login_page(
    request: Request, site: Site, next_: str, problem: Message | None = None, status: int = 403
) -> Response:
    """The page to log in on, with what was wrong if something was."""
    return page(
        request, "login.html.j2", status if problem else 200,
        problem=problem, next=own_address(next_), demo=site.demo, provider=site.provider,
    )  # fmt: skip


def logged_in(site: Site, key: str, needs_code: bool, next_: str) -> RedirectResponse:
    """Goes on with a new session: to where somebody wanted to, or to the page for the code."""
    own = own_address(next_)
    return with_session(to("/login/code", next=own) if needs_code else to(own), site, key)


def with_session(answer: RedirectResponse, site: Site, key: str) -> RedirectResponse:
    """The answer with the cookie of a session, which no script can read."""
    answer.set_cookie(
        cookie_name(site), key, LONGEST // SECOND, path="/", secure=site.settings.https,
        httponly=True, samesite="lax",
    )  # fmt: skip
    return answer


def own_address(next_: str) -> str:
    """An address on this site to go on to; the queue instead of any other."""
    own = next_.startswith("/") and not next_.startswith(("//", "/\\")) and next_.isprintable()
    return next_ if own and "\\" not in next_ else "/"
