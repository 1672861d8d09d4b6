"""What holds for every request: which host it is for, how large it is, where it comes from; and
what every answer carries."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as Sent

from marsad.records.message import Message
from marsad.web.api.errors import for_programs, shape

LARGEST = 1_000_000
"""Bytes of a request's body."""

LARGEST_UNKNOWN = 16_384
"""Bytes of the body of somebody who is not logged in: a name and a password, the longest there can
be. What is longer is not read, for it would be read before anybody looks at the login."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self' data:; media-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex, nofollow",
}
YEAR = 31_536_000
Known = Callable[[HTTPConnection], bool]
"""Whether who sends a request is logged in."""


class Guard:
    """Refuses what no page should see. It stands before everything else."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], https: bool, known: Known) -> None:
        self.app = app
        self.hosts = frozenset(hosts)
        self.https = https
        self.known = known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers itself where it refuses."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        body = Bounded(receive, partial(run_in_threadpool, self.known, HTTPConnection(scope)))
        if refusal is None and not await body.may_be(_announced(headers)):
            refusal = _said(scope, 413, Message("api.too-large", {"bytes": LARGEST_UNKNOWN}))
        if refusal is not None:
            await refusal(scope, receive, self._with_headers(send))
            return
        await self.app(scope, body, self._with_headers(send))

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if _host(headers.get("host", "")) not in self.hosts:
            # another site's name for this address is a page that tries to read the desk
            return _said(scope, 421, Message("api.host", {}))
        if not 0 <= _announced(headers) <= LARGEST:
            return _said(scope, 413, Message("api.too-large", {"bytes": LARGEST}))
        if scope["method"] not in SAFE and not self._own(headers):
            return _said(scope, 403, Message("api.other-site", {}))
        return None

    def _own(self, headers: Headers) -> bool:
        """Whether a request that changes something was sent by a page of this site, or by a
        program: those send no Origin."""
        site, origin = headers.get("sec-fetch-site"), headers.get("origin")
        if site not in (None, "same-origin", "none"):
            return False
        host = headers.get("host", "")
        return origin in (None, f"http://{host}", f"https://{host}")

    def _with_headers(self, send: Send) -> Send:
        async def sending(message: Sent) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
                if self.https:
                    headers["Strict-Transport-Security"] = f"max-age={YEAR}"
            await send(message)

        return sending


class Bounded:
    """A body that ends at `LARGEST` bytes, whatever was announced; at `LARGEST_UNKNOWN` where
    nobody is ``known`` to have sent it, which is asked once, and only of what is longer."""

    def __init__(self, receive: Receive, known: Callable[[], Awaitable[bool]]) -> None:
        self.receive = receive
        self.known = known
        self.most = LARGEST_UNKNOWN
        self.read = 0

    async def may_be(self, length: int) -> bool:
        """Whether the body may have so many bytes."""
        if self.most < length <= LARGEST and await self.known():
            self.most = LARGEST
        return length <= self.most

    async def __call__(self) -> Sent:
        """The next piece of the body."""
        message = await self.receive()
        if message["type"] == "http.request":
            self.read += len(message.get("body", b""))
            if not await self.may_be(self.read):
                raise HTTPException(413, str(self.most))
        return message


def _announced(headers: Headers) -> int:
    """How many bytes a body is said to have; -1 for what is no number."""
    length = headers.get("content-length", "0")
    return int(length[:20]) if length.isascii() and length.isdigit() else -1


def _host(header: str) -> str:
    """The host in a Host header, without its port and brackets."""
    if "@" in header:
        return ""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _said(scope: Scope, status: int, message: Message) -> Response:
    if for_programs(scope["path"]):
        return JSONResponse(shape(message, status), status)
    return PlainTextResponse(f"{message.render('en')}\n", status)
