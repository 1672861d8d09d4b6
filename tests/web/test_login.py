"""Logging in: wrong passwords, lock-out, second factor, sessions that end, forms of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from sqlalchemy import event

from marsad.decide import users
from marsad.decide.oidc.identity import Identity
from marsad.decide.signing_in import IDLE, LONGEST
from marsad.records.times import HOUR, MINUTE, SECOND
from marsad.web.limits import forget
from marsad.web.login import own_address
from tests.web.conftest import PASSWORD, Browser, House


@pytest.fixture(autouse=True)
def moderator(house: House) -> None:
    house.add("mona", "moderator")


def test_the_right_password_leads_to_the_queue(house: House) -> None:
    browser = house.browser()
    assert browser.get("/").headers["location"] == "/login"
    assert browser.log_in("mona").headers["location"] == "/"
    assert "Queue" in browser.get("/").text


@pytest.mark.parametrize(
    ("name", "password"),
    [("mona", "wrong password"), ("nobody", PASSWORD), ("mona", ""), ("", ""),
     ("mona\x00", PASSWORD), ("mona", "كلمة أخرى")],
)  # fmt: skip
def test_what_is_wrong_says_the_same(house: House, name: str, password: str) -> None:
    answer = house.browser().log_in(name, password)
    assert answer.status_code == 403
    assert "not right together" in answer.text
    assert "marsad=" not in answer.headers.get("set-cookie", "")


def test_after_five_failures_the_right_password_fails_too_for_a_while(house: House) -> None:
    browser = house.browser()
    for _ in range(5):
        browser.log_in("mona", "wrong password")
    assert browser.log_in("mona").status_code == 403
    house.clock.now += MINUTE
    assert browser.log_in("mona").status_code == 303


def test_a_clock_that_jumps_back_does_not_lock_for_ever(house: House) -> None:
    browser = house.browser()
    for _ in range(9):
        browser.log_in("mona", "wrong password")
    house.clock.now -= 48 * HOUR
    assert browser.log_in("mona").status_code == 303


class Work:
    """Counts the rows that a database writes."""

    def __init__(self, house: House) -> None:
        self.rows = 0
        event.listen(house.site.desk.database.engine, "after_cursor_execute", self._count)

    def _count(self, _: Any, cursor: Any, statement: str, *__: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            self.rows += cursor.rowcount

    def of(self, act: Callable[[], object]) -> int:
        """Rows that something writes."""
        before = self.rows
        act()
        return self.rows - before


@pytest.mark.parametrize("password", ["wrong password", PASSWORD, ""])
def test_whoever_a_name_belongs_to_a_failure_writes_as_much(house: House, password: str) -> None:
    """Known, locked, locked out for good, without a password, unknown: nobody can tell from the
    time, which is that of writing, whether there is such a name."""
    database = house.site.desk.database
    house.add("gone", "moderator")
    users.set_roles(database, "gone", [], at=house.clock())
    provider = Identity("https://login.example.org", "subject")
    house.add("provided", "moderator", password=None, identity=provider)
    if password == PASSWORD:  # right, but locked
        for _ in range(5):
            house.browser().log_in("mona", "wrong password")
    work, door = Work(house), house.site.door
    door.log_in("nobody", password)  # what is made the first time
    for name in ("mona", "gone", "provided", "nobody", "nobody else", ""):
        written = []
        for _ in range(7):
            written.append(work.of(lambda name=name: door.log_in(name, password)))
            forget()
        assert written == [3] * 7, name


def test_too_many_tries_from_one_address_are_refused(house: House) -> None:
    browser = house.browser()
    answers = [browser.log_in(f"name-{n}").status_code for n in range(21)]
    assert answers == [403] * 20 + [429]


@pytest.mark.parametrize(
    "length", [IDLE, LONGEST, -2 * MINUTE, 400 * 24 * HOUR], ids=["idle", "shift", "back", "far"]
)
def test_a_session_ends(house: House, length: int) -> None:
    browser = house.browser("mona")
    house.clock.now += length
    assert browser.get("/").headers["location"] == "/login"


def test_logging_out_ends_the_session_for_whoever_has_its_key(house: House) -> None:
    browser = house.browser("mona")
    stolen = browser.client.cookies["marsad"]
    assert browser.post("/logout").status_code == 303
    other = house.browser()
    other.client.cookies.set("marsad", stolen)
    assert other.get("/").headers["location"] == "/login"


def test_a_form_that_no_page_of_the_session_sent_is_refused(house: House) -> None:
    browser = house.browser("mona")
    for form in ("", "0" * 64, house.browser("mona").form()):
        assert browser.client.post("/logout", data={"form": form}).status_code == 403
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://other.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"},
     {"sec-fetch-site": "same-site"}],
)  # fmt: skip
def test_a_request_of_another_site_is_refused(house: House, headers: dict[str, str]) -> None:
    sent = {"name": "mona", "password": PASSWORD}
    answer = house.browser().client.post("/login", data=sent, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def give_code(browser: Browser, code: str) -> int:
    sent = {"code": code, "form": browser.form("/login/code")}
    return browser.client.post("/login/code", data=sent).status_code


def test_the_second_factor(house: House) -> None:
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at(house.clock.now // SECOND)
    browser = house.browser("mona")
    assert browser.post("/profile/factor", secret=secret, code=code).status_code == 303
    other = house.browser()
    assert other.log_in("mona").headers["location"].startswith("/login/code")
    assert other.get("/").headers["location"] == "/login/code"
    for wrong in ("", "000000", code):  # the last was used to set it up
        assert give_code(other, wrong) == 403
    house.clock.now += 30 * SECOND
    right = pyotp.TOTP(secret).at(house.clock.now // SECOND)
    before = other.client.cookies["marsad"]
    assert give_code(other, right) == 303
    assert other.client.cookies["marsad"] != before
    assert other.get("/").status_code == 200
    third = house.browser()
    third.log_in("mona")
    assert give_code(third, right) == 403


@pytest.mark.parametrize("secret", ["", "abc", "A" * 31, "1" * 32, "A" * 2_000])
def test_a_secret_that_is_none_is_refused(house: House, secret: str) -> None:
    answer = house.browser("mona").post("/profile/factor", secret=secret, code="000000")
    assert answer.status_code == 422


def test_a_first_password_has_to_be_changed(house: House) -> None:
    added = house.add("new", "moderator", password=None)
    browser = house.browser()
    assert browser.log_in("new", added.password).status_code == 303
    assert browser.get("/").headers["location"] == "/profile"
    changed = browser.post("/profile/password", old=added.password, new="one of my own")
    assert changed.status_code == 303
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(
    ("old", "new"),
    [(PASSWORD, "short"), ("wrong", "long enough"), (PASSWORD, PASSWORD), (PASSWORD, "x" * 1_001)],
)
def test_passwords_that_are_refused(house: House, old: str, new: str) -> None:
    assert house.browser("mona").post("/profile/password", old=old, new=new).status_code == 422
    assert house.browser().log_in("mona").status_code == 303


@pytest.mark.parametrize(
    ("address", "own"),
    [("/cases/3", "/cases/3"), ("//evil.example", "/"), ("https://evil.example", "/"),
     ("/\\evil.example", "/"), ("", "/"), ("/a\r\nSet-Cookie: x", "/"), ("javascript:x", "/")],
)  # fmt: skip
def test_after_the_login_only_own_addresses_are_gone_to(address: str, own: str) -> None:
    assert own_address(address) == own
