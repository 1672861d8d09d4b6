"""What holds for every request and every answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marsad.web.guard import HEADERS, LARGEST
from tests.web.conftest import House


@pytest.mark.parametrize("path", ["/login", "/", "/static/desk.css", "/nothing", "/healthz"])
def test_every_answer_carries_the_headers(house: House, path: str) -> None:
    answer = house.browser().get(path)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert "server" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "a@127.0.0.1", "", "[::1", "localhost."]
)
def test_other_host_names_get_no_answer(house: House, host: str) -> None:
    assert house.browser().get("/login", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:80"])
def test_this_machines_names_do(house: House, host: str) -> None:
    assert house.browser().get("/login", headers={"host": host}).status_code == 200


def test_too_large_a_body_is_refused_whatever_was_announced(house: House) -> None:
    client = house.browser().client
    assert client.post("/login", content=b"x" * (LARGEST + 1)).status_code == 413

    def endless() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=endless(), headers=headers).status_code == 413


def test_pages_name_no_other_host(house: House) -> None:
    assert "//" not in house.browser().get("/login").text


def test_an_unknown_page_says_so(house: House) -> None:
    answer = house.browser().get("/nothing")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
