"""Pages out of templates: in the visitor's language, with nothing of strangers unescaped."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from marsad import locale
from marsad.decide.orders.listing import Running
from marsad.locale import LANGUAGES
from marsad.outputs import report
from marsad.outputs.passage import harmless
from marsad.outputs.report.wording import Words
from marsad.records.errors import ConflictError, MarsadError, OutsideError
from marsad.records.times import DAY, HOUR, MINUTE, SECOND, now
from marsad.web.access import ROUTES, form_key, session_key
from marsad.web.site import Site

HERE = Path(__file__).parent
LANG_COOKIE = "lang"
SEE_OTHER, TOO_OFTEN = 303, 429
PAGES = frozenset(path for method, path in ROUTES if method == "GET")
BACK = {
    "/login/oidc": "/", "/login/oidc/back": "/", "/login/code": "/", "/status/{code}": "/status",
}  # fmt: skip
"""Where somebody comes back to from a page that is a step of something, or whose address is what
they typed: that is in no page."""

NAV = (
    ("/", "queue", "read"),
    ("/orders", "orders", "read-orders"),
    ("/appeals", "appeals", "see-appeals"),
    ("/to-do", "to-do", "record-action"),
    ("/crises", "crises", "read"),
    ("/dashboard", "dashboard", "read"),
    ("/overview", "report", "read"),
    ("/statements", "statements", "see-statements"),
    ("/reporters", "reporters", "judge-reporters"),
    ("/holds", "holds", "see-kept"),
    ("/audit", "audit", "verify"),
)
"""The pages at the head of each: address, name, and which act lets somebody see it."""

OUTSIDE = {"disk.full": "web.disk-full", "store.busy": "web.busy"}
"""What is said in place of what went wrong on the machine; of anything else ``web.unavailable``."""

_OUTPUT = logging.getLogger(__name__)

Text = Callable[..., str]


def lang_of(request: Request) -> str:
    """The visitor's language: what they chose, else the cookie's, else the browser's first."""
    visitor = getattr(request.state, "visitor", None)
    if visitor is not None and visitor.user.lang:
        return str(visitor.user.lang)
    chosen = request.cookies.get(LANG_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "")[:200].split(","):
        asked = part.strip()[:2].lower()
        if asked in LANGUAGES:
            return asked
    return "en"


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. Templates have ``t`` for sentences (``desk.`` is put before the id), ``words`` for
    numbers and dates, ``visitor``, ``form`` (what each form must carry), ``here`` (where to come
    back to: this page, or the queue where it is none to come back to), and ``now``."""
    lang = lang_of(request)
    if isinstance(error := values.get("error"), MarsadError):
        values["error"] = told(error)
    given = {
        "t": _sentences(lang),
        "words": Words(lang),  # type: ignore[arg-type]
        "lang": lang,
        "visitor": getattr(request.state, "visitor", None),
        "form": form_key(session_key(request)),
        "site": request.app.state.site,
        "path": request.url.path,
        "nav": NAV,
        "here": _here(request),
        "now": now(),
        "wait": _wait(lang),
        "clock": _clock(lang),
        "hours": _hours(request),
    }
    text = environment().get_template(template).render(given | values)
    headers = {"Vary": "Cookie, Accept-Language", "Content-Language": lang}
    headers |= {"Retry-After": str(MINUTE // SECOND)} if status == TOO_OFTEN else {}
    return HTMLResponse(text, status, headers)


def _here(request: Request) -> str:
    """Where to come back to from a page."""
    route = getattr(request.scope.get("route"), "path", "")
    return BACK.get(route, request.url.path if route in PAGES else "/")


def told(error: MarsadError) -> MarsadError:
    """An error as a visitor is told it: where things lie on the machine, and what its database
    said, is not for them."""
    if error.message.id == "store.conflict":
        return ConflictError("web.conflict")
    if isinstance(error, OutsideError) and not error.message.id.startswith("api."):
        _OUTPUT.error(error.message.render("en"))  # who runs the desk has to know where it fails
        return OutsideError(OUTSIDE.get(error.message.id, "web.unavailable"))
    return error


def to(address: str, **query: str) -> RedirectResponse:
    """Goes on to another page after a form."""
    asked = f"?{urlencode(query)}" if query else ""
    return RedirectResponse(f"{address}{asked}", SEE_OTHER)


@cache
def environment() -> Environment:
    """The templates: those of the desk, and the small parts that the report has, too."""
    parts = Path(report.__file__).parent / "templates"
    made = Environment(
        loader=FileSystemLoader([HERE / "templates", parts]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["asset"] = asset
    return made


@cache
def asset(name: str) -> str:
    """The address of a static file; it changes with the file."""
    from hashlib import sha256

    digest = sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{digest}"


def _sentences(lang: str) -> Text:
    def said(message_id: str, **values: Any) -> str:
        return locale.render(f"desk.{message_id}", values, lang)

    return said


def _hours(request: Request) -> Sequence[Running]:
    """The orders whose hour runs, for whoever is at the desk. A page that tells of a database that
    fails has none."""
    visitor = getattr(request.state, "visitor", None)
    if visitor is None or not visitor.complete:
        return ()
    try:
        site: Site = request.app.state.site
        return site.orders.running()
    except MarsadError:
        return ()


def _clock(lang: str) -> Callable[[int], str]:
    """A length of time (µs) in minutes and seconds, whatever side of its end it is on."""

    def said(length: int) -> str:
        minutes, seconds = divmod(abs(length) // SECOND, 60)
        return locale._digits(f"{minutes}:{seconds:02}", lang)

    return said


def _wait(lang: str) -> Callable[[int], str]:
    """A length of time (µs) in its largest unit."""

    def said(length: int) -> str:
        length = abs(length)
        for name, unit in (("days", DAY), ("hours", HOUR)):
            if length >= unit:
                return locale.render(f"desk.wait.{name}", {"count": length // unit}, lang)
        return locale.render("desk.wait.minutes", {"count": length // MINUTE}, lang)

    return said
