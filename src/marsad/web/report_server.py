"""Serves a written report to the browser of this machine, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from marsad.records.errors import InputError, OutsideError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def report_server(pages: Mapping[str, Path], host: str, port: int) -> ThreadingHTTPServer:
    """A server for pages by path (``/`` → file). Only loopback addresses are taken.

    Port 0 takes a free one; the caller runs ``serve_forever`` and closes it.
    """
    if host not in LOOPBACK:
        raise InputError("serve.host", given=host, valid=list(LOOPBACK))
    try:
        return ThreadingHTTPServer((host, port), _handler(dict(pages)))
    except (OSError, OverflowError) as error:
        raise OutsideError("serve.port", port=str(port), error=str(error)) from error


def _host_name(header: str) -> str:
    """The host in a Host header, without its port and brackets."""
    return (urlsplit(f"//{header}").hostname or "") if "@" not in header else ""


def _handler(pages: Mapping[str, Path]) -> Callable[..., BaseHTTPRequestHandler]:  # noqa: C901
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "marsad", ""

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, with_body: bool) -> None:
            path = pages.get(self.path.partition("?")[0])
            # another site's name for this address is a page that tries to read the report
            if not self._asked_for_this_machine():
                self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            elif path is None or not path.is_file():
                self.send_error(HTTPStatus.NOT_FOUND)
            else:
                self._send(path.read_bytes(), with_body)

        def _send(self, body: bytes, with_body: bool) -> None:
            self.send_response(HTTPStatus.OK)
            for name, value in HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def _asked_for_this_machine(self) -> bool:
            return _host_name(self.headers.get("Host") or "") in LOOPBACK

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: what a person reads is not written down."""

    return Handler
