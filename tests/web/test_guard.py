"""What holds for every request and every answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.types import Message as Sent

from marsad.store import users
from marsad.web.guard import HEADERS, LARGEST, LARGEST_UNKNOWN, Bounded
from tests.web.conftest import PASSWORD, House


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


LONG = b"x" * (LARGEST_UNKNOWN + 1)
TYPED = {"content-type": "application/x-www-form-urlencoded"}


def in_pieces(content: bytes) -> Iterator[bytes]:
    """Content whose length is not announced."""
    yield from (content[start : start + 4_000] for start in range(0, len(content), 4_000))


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize("path", ["/login", "/cases/1/notes", "/api/v1/screen", "/nothing"])
@pytest.mark.parametrize("key", ["", "none", "waits"], ids=["nobody", "no session", "half a login"])
def test_nobody_knows_who_sends_more_than_a_login(
    house: House, monkeypatch: pytest.MonkeyPatch, path: str, announced: bool, key: str
) -> None:
    """Not a byte of what was announced is read; of what was not, no more than that."""
    if key == "waits":
        house.add("mona", "moderator")
        with house.site.desk.database.writing() as transaction:
            user = users.by_name(transaction, "mona")
            assert user is not None
            users.change(transaction, user.id, second_factor="A" * 32)
        key = house.site.door.log_in("mona", PASSWORD)[0]  # type: ignore[index]
    client = house.browser().client
    client.cookies.set("marsad", key)
    counted = Counting(monkeypatch)
    content = LONG if announced else in_pieces(LONG * 5)
    answer = client.post(path, content=content, headers=TYPED)
    if path == "/nothing" and not announced:
        assert answer.status_code == 404  # of what is nowhere no body is read
        return
    if path == "/api/v1/screen" and not announced:
        assert answer.status_code in (401, 413)
        return
    assert answer.status_code == 413
    assert counted.read <= (0 if announced else LARGEST_UNKNOWN)


class Counting:
    """Counts the bytes of bodies that are read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read = 0
        before = Bounded.__call__

        async def counted(body: Bounded) -> Sent:
            message = await before(body)
            self.read += len(message.get("body", b""))
            return message

        monkeypatch.setattr(Bounded, "__call__", counted)


@pytest.mark.parametrize("announced", [True, False])
def test_who_is_logged_in_may_send_more(house: House, announced: bool) -> None:
    house.add("mona", "moderator")
    case = house.open()
    browser = house.browser("mona")
    said = f"form={browser.form()}&text=".encode()
    content = said + b"a%20" * 5_000
    sent = content if announced else in_pieces(content)
    path = f"/cases/{case.id}/notes"
    assert browser.client.post(path, content=sent, headers=TYPED).status_code == 303


def test_a_token_is_asked_for_before_a_long_post_is_read(house: House) -> None:
    house.add("mona", "moderator")
    client = house.browser().client
    for key, status in ((house.token("mona"), 422), ("none", 413)):
        headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
        answer = client.post("/api/v1/cases/1/notes", content=LONG, headers=headers)
        assert answer.status_code == status


def test_the_longest_password_fits(house: House) -> None:
    password = "\U0001d504" * 1_000  # twelve bytes each in a form
    house.add("mona", "moderator", password=password)
    assert house.browser().log_in("mona", password).status_code == 303


def test_pages_name_no_other_host(house: House) -> None:
    assert "//" not in house.browser().get("/login").text


def test_an_unknown_page_says_so(house: House) -> None:
    answer = house.browser().get("/nothing")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
