"""The report's server: this machine alone, these pages alone."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.records.errors import InputError, OutsideError
from marsad.web.report_server import report_server


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    page = tmp_path / "report.html"
    page.write_text("<p>report</p>")
    with report_server({"/": page}, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def ask(port: int, method: str, path: str, host: str | None = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={"Host": host} if host else {})
    return connection.getresponse()


ANSWERS = [
    ("GET", "/", None, 200),
    ("HEAD", "/", None, 200),
    ("GET", "/?x=1", None, 200),
    ("GET", "/../etc/passwd", None, 404),
    ("GET", "/report.html", None, 404),
    ("POST", "/", None, 501),
    ("GET", "/", "elsewhere.example", 421),
    ("GET", "/", "localhost:80", 200),
]


@pytest.mark.parametrize(("method", "path", "host", "status"), ANSWERS)
def test_answers(port: int, method: str, path: str, host: str | None, status: int) -> None:
    assert ask(port, method, path, host).status == status


def test_the_page_may_load_nothing(port: int) -> None:
    answer = ask(port, "GET", "/")
    assert answer.read() == b"<p>report</p>"
    assert "default-src 'none'" in (answer.getheader("Content-Security-Policy") or "")


def test_other_addresses_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this machine"):
        report_server({}, "0.0.0.0", 0)


def test_a_taken_port_is_said(port: int) -> None:
    with pytest.raises(OutsideError, match="--port 0"):
        report_server({}, "127.0.0.1", port)
