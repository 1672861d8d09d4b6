"""What a hostile visitor tries: odd headers and forms, tokens, stolen sessions, a full disk."""

from __future__ import annotations

import time
from threading import Lock, Thread

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection

from marsad.decide import blind, credentials, users
from marsad.decide.signing_in import FREE_TRIES, SCOPES
from marsad.records.errors import InputError, OutsideError
from marsad.records.times import MINUTE, SECOND
from marsad.store import cases
from marsad.web.limits import forget
from tests.decide.conftest import POLICY, REASON
from tests.web.conftest import PASSWORD, Browser, House
from tests.web.test_cases import decide, take_and_open


@pytest.fixture(autouse=True)
def crew(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """One of each role, with passwords whose hashes cost nothing."""
    monkeypatch.setattr(credentials, "_HASHER", PasswordHasher(1, 8, 1))
    request.getfixturevalue("people")


# ── headers and forms


@pytest.mark.parametrize(
    "origin",
    ["http://[", "http://127.0.0.1", "http://127.0.0.1:8000.evil.example", "127.0.0.1:8000",
     "http://127.0.0.1:8000/", "http://evil@127.0.0.1:8000"],
)  # fmt: skip
def test_an_origin_that_is_not_this_sites_is_refused(house: House, origin: str) -> None:
    sent = {"name": "moderator", "password": PASSWORD}
    answer = house.browser().client.post("/login", data=sent, headers={"origin": origin})
    assert answer.status_code == 403


def test_the_sites_own_origin_is_not(house: House) -> None:
    sent = {"name": "moderator", "password": PASSWORD}
    headers = {"origin": "http://127.0.0.1:8000"}
    assert house.browser().client.post("/login", data=sent, headers=headers).status_code == 303


@pytest.mark.parametrize("charset", ["unicode_escape", "raw_unicode_escape", "utf-7", "idna", "x"])
@pytest.mark.parametrize("field", ["form", "text"])
def test_encodings_that_make_letters_of_none(house: House, charset: str, field: str) -> None:
    case, browser = house.open().id, house.browser("moderator")
    sent = {"form": browser.form(), "text": "a note"} | {field: r"\ud800"}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in sent.items()]  # fmt: skip
    headers = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
    body = ("".join(parts) + "--x--\r\n").encode()
    answer = browser.client.post(f"/cases/{case}/notes", content=body, headers=headers)
    assert answer.status_code in (303, 403, 422)
    assert browser.get(f"/cases/{case}").status_code == 200


@pytest.mark.parametrize("length", [2_001, 2_500])
def test_what_cannot_be_taken_is_not_said_back(house: House, length: int) -> None:
    sent = {"name": "moderator", "password": "secret" * length}
    answer = house.browser().client.post("/login", data=sent)
    assert answer.status_code == 422
    assert "<h1>That cannot be taken</h1>" in answer.text
    assert "secret" not in answer.text


def test_files_in_place_of_words(house: House) -> None:
    answer = house.browser().client.post("/login", files={"name": ("a", b"b")})
    assert answer.status_code == 422
    assert "Spooled" not in answer.text


@pytest.mark.parametrize("body", [b"a&" * 8_000, b"name=" + b"%" * 16_000])
def test_bombs_of_fields(house: House, body: bytes) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = house.browser().client.post("/login", content=body, headers=headers)
    assert answer.status_code in (400, 403, 422)


@pytest.mark.parametrize(
    "path", ["/?done=" + "9" * 400, "/?done=²", "/cases/7?decided=" + "9" * 400]
)
def test_numbers_without_end_in_an_address(house: House, path: str) -> None:
    house.open()
    assert house.browser("moderator").get(path).status_code in (200, 404)


def test_a_link_cannot_put_words_on_a_page(house: House) -> None:
    case, browser = house.open().id, house.browser("moderator")
    assert "call me" not in browser.get(f"/cases/{case}?decided=7,+call+me").text
    assert "Case 7" in browser.get(f"/cases/{case}?decided=7").text


# ── tokens


@pytest.mark.parametrize("scopes", [SCOPES[:1], SCOPES[:2], SCOPES])
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/profile"), ("POST", "/profile/tokens"), ("POST", "/profile/password"),
     ("POST", "/profile/factor"), ("POST", "/logout")],
)  # fmt: skip
def test_a_token_touches_no_account(
    house: House, scopes: tuple[str, ...], method: str, path: str
) -> None:
    browser = house.browser("moderator")
    visitor = house.site.door.visitor(browser.client.cookies["marsad"])
    assert visitor is not None
    _, key = house.site.door.new_token(visitor, "mine", scopes, 5)
    sent = {"label": "more", "scope": "review", "old": PASSWORD, "new": "another password"}
    answer = house.browser().client.request(
        method, path, data=sent if method == "POST" else None,
        headers={"authorization": f"Bearer {key}"},
    )  # fmt: skip
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert browser.get("/").status_code == 200


def test_a_token_follows_the_roles_of_its_owner(house: House) -> None:
    case = house.open().id
    browser = house.browser("senior")
    visitor = house.site.door.visitor(browser.client.cookies["marsad"])
    assert visitor is not None
    _, key = house.site.door.new_token(visitor, "mine", SCOPES, 5)
    headers = {"authorization": f"Bearer {key}"}
    client = house.browser().client

    def asked() -> int:
        return client.post(f"/cases/{case}/clock", data={"clock": "x"}, headers=headers).status_code

    assert asked() == 422
    users.set_roles(house.site.desk.database, "senior", ["moderator"], at=house.clock())
    assert asked() == 403
    assert browser.get("/").headers["location"] == "/login"


# ── a session that somebody took over


def wrong_passwords(browser: Browser, times: int) -> None:
    form = browser.form()
    for _ in range(times):
        forget()  # the address changes each time
        sent = {"form": form, "old": "wrong", "new": "another password"}
        assert browser.client.post("/profile/password", data=sent).status_code == 422


def test_passwords_cannot_be_tried_out_behind_the_login(house: House) -> None:
    browser = house.browser("moderator")
    wrong_passwords(browser, FREE_TRIES)
    right = browser.post("/profile/password", old=PASSWORD, new="another password")
    assert right.status_code == 422
    house.clock.now += 2 * MINUTE
    right = browser.post("/profile/password", old=PASSWORD, new="another password")
    assert right.status_code == 303


def test_wrong_passwords_behind_the_login_and_at_it_are_counted_together(house: House) -> None:
    wrong_passwords(house.browser("moderator"), FREE_TRIES - 1)
    house.browser().log_in("moderator", "wrong")
    assert house.browser().log_in("moderator").status_code == 403


@pytest.mark.parametrize("act", ["password", "factor"])
def test_an_account_that_was_reset_meanwhile_is_left_alone(house: House, act: str) -> None:
    door = house.site.door
    visitor = door.visitor(house.browser("moderator").client.cookies["marsad"])
    assert visitor is not None
    added = users.reset(house.site.desk.database, "moderator", at=house.clock())
    secret = credentials.new_factor()
    code = credentials.pyotp.TOTP(secret).at(house.clock() // SECOND)
    late = {
        "password": lambda: door.change_password(visitor, PASSWORD, "another password"),
        "factor": lambda: door.set_factor(visitor, secret, code),
    }
    with pytest.raises(InputError):
        late[act]()
    assert house.browser().log_in("moderator", added.password).headers["location"] == "/"


def test_only_a_few_passwords_are_held_against_their_hash_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lock, now, most = Lock(), [0], [0]

    class Slow:
        def verify(self, *_: object) -> None:
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            time.sleep(0.02)
            with lock:
                now[0] -= 1

    monkeypatch.setattr(credentials, "_HASHER", Slow())
    tries = [Thread(target=credentials.is_password, args=("x", "y")) for _ in range(20)]
    for one in tries:
        one.start()
    for one in tries:
        one.join()
    assert most[0] == 4


# ── a full disk, a database that does not answer


def fill(house: House, browser: Browser, case: int) -> None:
    """Notes until nothing more can be written."""
    engine = house.site.desk.database.engine

    def limit(connection: DBAPIConnection, _: object) -> None:
        connection.cursor().execute("PRAGMA max_page_count=1")  # no more than there are

    event.listen(engine, "connect", limit)
    engine.dispose()
    for length in (9_000, 3_000, 100):  # also the pages that migrations have left free
        notes = (browser.post(f"/cases/{case}/notes", text="x" * length) for _ in range(200))
        assert any(done.status_code == 503 for done in notes)


def test_on_a_full_disk_it_is_said_what_was_not_recorded(house: House) -> None:
    case, browser = house.open().id, house.browser("moderator")
    take_and_open(browser, case)
    fill(house, browser, case)
    before = house.read()
    done = decide(browser, case, "warn", item="x:1-post", reason="these very words " * 250)
    assert done.status_code == 503
    assert "There is no room left" in done.text
    assert "these very words" in done.text
    assert "review.db" not in done.text
    assert house.read() == before


def test_on_a_full_disk_pages_can_be_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    case, browser = house.open().id, house.browser("moderator")

    def full(*_: object, **__: object) -> None:
        raise OutsideError("disk.full", what="review.db")

    monkeypatch.setattr("marsad.store.users.touch", full)
    house.clock.now += 2 * MINUTE
    for path in ("/", f"/cases/{case}", "/profile"):
        assert browser.get(path).status_code == 200


def test_a_decision_stands_even_if_nothing_can_be_taken_after_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, browser = house.open().id, house.browser("moderator")
    take_and_open(browser, case)

    def full(*_: object) -> None:
        raise OutsideError("disk.full", what="review.db")

    monkeypatch.setattr("marsad.decide.desk.Desk.take_next", full)
    answer = decide(browser, case, "no-violation", go_on="1")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/?decided={case}"
    assert house.read().state == "decided"


@pytest.mark.parametrize("message", ["store.failed", "store.busy", "disk.full"])
@pytest.mark.parametrize("path", ["/healthz", "/login", "/"])
def test_what_went_wrong_on_the_machine_is_for_who_runs_it(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    message: str, path: str,
) -> None:  # fmt: skip
    browser = house.browser("moderator")

    def broken(*_: object, **__: object) -> None:
        raise OutsideError(message, where="/srv/review.db", what="/srv/review.db", error="SELECT",
                           seconds=1)  # fmt: skip

    monkeypatch.setattr("marsad.store.database.Database._connected", broken)
    answer = browser.get(path) if path != "/login" else browser.log_in("moderator")
    assert answer.status_code == 503
    assert "review.db" not in answer.text
    assert "SELECT" not in answer.text
    assert "/srv/review.db" in caplog.text


# ── at the desk


@pytest.mark.parametrize("whom", ["x:1", "somebody by name", "r-00000000", "\u202e"])
def test_a_case_is_left_to_nobody_who_is_none(house: House, whom: str) -> None:
    case = house.open().id
    answer = house.browser("senior").post(f"/cases/{case}/assign", whom=whom)
    assert answer.status_code == 422
    assert house.read().assigned_to is None


def test_a_case_is_left_to_somebody(house: House, people: dict[str, users.Added]) -> None:
    case, senior = house.open().id, house.browser("senior")
    whom = people["moderator"].user.id
    assert senior.post(f"/cases/{case}/assign", whom=f" {whom} ").status_code == 303
    assert house.read().assigned_to == whom
    assert senior.post(f"/cases/{case}/assign", whom=" ").status_code == 303
    assert house.read().assigned_to is None


def test_nobody_is_alarmed_over_a_copy(house: House) -> None:
    case, moderator = house.open().id, house.browser("moderator")
    take_and_open(moderator, case)
    decide(moderator, case, "warn", item="x:1-post")
    with house.site.desk.database.writing() as transaction:
        real = cases.read(transaction, case)
        assert real is not None
        copy = blind.open_copy(transaction, real, house.clock(), blind.GOLDEN)
    senior = house.browser("senior")
    assert senior.post(f"/cases/{copy.id}/clock", clock="threat").status_code == 422
    assert senior.post(f"/cases/{copy.id}/clock", clock="order").status_code == 303


@pytest.mark.parametrize("field", ["item", "token", "version"])
def test_a_form_that_was_changed_decides_nothing(house: House, field: str) -> None:
    case, other = house.open().id, house.open("x:2").id
    browser = house.browser("moderator")
    take_and_open(browser, other, "x:2-post")
    browser.post(f"/cases/{case}/take")
    browser.post(f"/cases/{case}/items", item="x:1-post")
    sent = {"item": "x:1-post", field: {"item": "x:2-post", "token": "99", "version": "1"}[field]}
    assert decide(browser, case, "warn", **sent).status_code in (409, 422)
    assert house.read().state == "open"


def test_a_form_that_was_sent_twice_decides_once(house: House) -> None:
    case, browser = house.open().id, house.browser("moderator")
    take_and_open(browser, case)
    assert decide(browser, case, "warn", item="x:1-post").status_code == 303
    sent = {"form": browser.form(), "policy": POLICY, "reason": REASON, "outcome": "warn",
            "item": "x:1-post", "version": str(house.read().version), "token": "1"}  # fmt: skip
    assert browser.client.post(f"/cases/{case}/decide", data=sent).status_code == 422
