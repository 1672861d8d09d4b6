"""One shape for every error, whoever answers it; tokens that count, and those that do not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from marsad.records.times import DAY, HOUR
from marsad.store import users as stored
from marsad.web import limits
from marsad.web.guard import LARGEST
from tests.web.api.conftest import API, Program, error_of, of
from tests.web.conftest import House


@pytest.mark.parametrize(
    ("method", "path", "more", "status", "error"),
    [
        ("GET", "/api/v1/nothing", {}, 404, "api.no-page"),
        ("GET", "/api/", {}, 404, "api.no-page"),
        ("GET", "/api/v1/cases/99", {}, 404, "decide.no-case"),
        ("DELETE", "/api/v1/cases", {}, 405, "api.method"),
        ("PUT", "/api/v1/cases/1/decide", {}, 405, "api.method"),
        ("POST", "/openapi.json", {}, 405, "api.method"),
        ("GET", "/api/v1/cases?sate=open", {}, 422, "api.query"),
        ("GET", "/api/v1/cases?limit=0", {}, 422, "api.invalid"),
        ("GET", "/api/v1/cases?state=nonsense", {}, 422, "api.invalid"),
        ("GET", "/api/v1/cases?after=x", {}, 422, "api.cursor"),
        ("GET", "/api/v1/actions?after=1.1", {}, 422, "api.cursor"),
        ("GET", "/api/v1/cases/abc", {}, 422, "api.invalid"),
        ("GET", "/api/v1/cases/" + "9" * 30, {}, 422, "api.invalid"),
        ("POST", "/api/v1/cases/1/notes", {"json": {}}, 422, "api.invalid"),
        ("POST", "/api/v1/cases/1/notes", {"json": {"text": "x", "y": 1}}, 422, "api.invalid"),
        ("POST", "/api/v1/cases/1/notes", {"json": {"text": 5}}, 422, "api.invalid"),
        ("POST", "/api/v1/cases/1/notes", {"content": b"{", "headers":
         {"content-type": "application/json"}}, 422, "api.invalid"),
        ("POST", "/api/v1/cases/1/notes", {"content": b"[" * 100_000, "headers":
         {"content-type": "application/json"}}, None, ""),
        ("POST", "/api/v1/cases/1/notes", {"content": rb'{"text": "\ud800"}', "headers":
         {"content-type": "application/json"}}, 422, "api.invalid"),
        ("POST", "/api/v1/cases/1/notes", {"data": {"text": "x"}}, 415, "api.not-json"),
        ("POST", "/api/v1/cases/1/notes", {"content": b'{"text": "x"}'}, 415, "api.not-json"),
        ("POST", "/api/v1/cases/1/take", {"content": b"x"}, 415, "api.not-json"),
        ("POST", "/api/v1/next", {"content": b"x" * (LARGEST + 1)}, 413, "api.too-large"),
        ("GET", "/api/v1/cases", {"headers": {"host": "evil.example"}}, 421, "api.host"),
        ("POST", "/api/v1/next", {"headers": {"origin": "https://evil.example"}}, 403,
         "api.other-site"),
        ("POST", "/api/v1/screen", {"json": {"platform": "x", "account": "1", "text": "t"}}, 503,
         "api.no-screener"),
        ("POST", "/api/v1/actions/9/record", {"json": {"saw": "done"}}, 404, "action.none"),
    ],
)  # fmt: skip
def test_every_error_has_the_one_shape(
    program: Program, method: str, path: str, more: dict[str, object], status: int | None,
    error: str,
) -> None:  # fmt: skip
    answer = program.raw(method, path, **more)
    said = error_of(answer)
    assert answer.status_code == (status or answer.status_code) < 504
    assert said == (error or said)


def test_a_body_without_an_announced_end_is_bounded(program: Program) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * 100_000

    headers = {"content-type": "application/json"}
    answer = program.raw("POST", API + "/next", content=endless(), headers=headers)
    assert (answer.status_code, error_of(answer)) == (413, "api.too-large")


def test_what_does_not_fit_is_named_and_not_said_again(program: Program) -> None:
    answer = program.post("/cases/1/decide", {"outcome": "nonsense", "reason": "secret words"})
    fields = {one["at"] for one in answer.json()["error"]["fields"]}
    assert {"body.outcome", "body.policy", "body.version", "body.token"} <= fields
    assert "secret words" not in answer.text


def test_an_error_is_said_in_the_language_that_was_asked_for(program: Program) -> None:
    said = {program.get("/cases/99", lang=lang).json()["error"]["message"] for lang in ("en", "ar")}
    assert len(said) == 2
    assert program.get("/cases/99", lang="xx").json()["error"]["id"] == "api.invalid"


def test_what_breaks_says_so_and_no_more(
    house: House, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("marsad.decide.desk.Desk.queue", broken)
    program.client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    answer = program.get("/cases")
    assert (answer.status_code, error_of(answer)) == (500, "api.failed")
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic {key}", "{key}", "Bearer {key}x",
              "Bearer " + "x" * 5_000, "Bearer \xff"],
)  # fmt: skip
def test_without_the_right_token_nobody_is_let_in(
    house: House, program: Program, given: str
) -> None:
    headers = {"authorization": given.format(key=program.key).encode("latin-1")}
    answer = program.client.get(API + "/cases", headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, error_of(answer)) == (401, "api.no-token")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_in_the_address_does_not_count(program: Program) -> None:
    answer = program.client.get(API + "/cases", params={"access_token": program.key})
    assert answer.status_code == 401


def ended(house: House) -> None:
    with house.site.desk.database.writing() as transaction:
        user = stored.by_name(transaction, "mona")
        assert user is not None
        stored.end_tokens(transaction, user.id)


def disabled(house: House) -> None:
    with house.site.desk.database.writing() as transaction:
        user = stored.by_name(transaction, "mona")
        assert user is not None
        stored.change(transaction, user.id, disabled=True)


def later(house: House) -> None:
    house.clock.now += 30 * DAY


def back(house: House) -> None:
    house.clock.now -= HOUR


@pytest.mark.parametrize("what", [ended, disabled, later, back])
def test_a_token_ends(house: House, program: Program, what: object) -> None:
    assert program.get("/cases").status_code == 200
    what(house)  # type: ignore[operator]
    assert program.get("/cases").status_code == 401


@pytest.mark.parametrize(
    ("scopes", "reads", "takes", "screens"),
    [(("screen",), 403, 403, 503), (("read",), 200, 403, 403), (("review",), 403, 200, 403),
     (("screen", "read", "review"), 200, 200, 503)],
)  # fmt: skip
def test_a_token_is_for_what_it_was_made_for(
    house: House, program: Program, scopes: tuple[str, ...], reads: int, takes: int, screens: int
) -> None:
    narrow = of(house, "mona", *scopes)
    body = {"platform": "x", "account": "1", "text": "t"}
    answers = (narrow.get("/cases"), narrow.post("/next"), narrow.post("/screen", body))
    assert tuple(one.status_code for one in answers) == (reads, takes, screens)
    assert {error_of(one) for one in answers if one.status_code == 403} <= {"api.scope"}


def test_a_token_asks_only_so_often(
    house: House, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "REQUESTS", limits.RateLimitItemPerMinute(3))
    other = of(house, "mona")
    assert [program.get("/cases").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = program.get("/actions")
    assert (error_of(answer), answer.headers["retry-after"]) == ("web.too-often", "60")
    assert other.get("/cases").status_code == 200
