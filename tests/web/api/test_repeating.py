"""The same request under the same key: done once, answered the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from marsad.records.times import DAY
from marsad.store import log
from tests.web.api.conftest import Program, error_of, of
from tests.web.conftest import House

KEY = "0f4b8a3c-key"
NOTE = {"text": "a note of mine"}


def entries(house: House, kind: str) -> int:
    with house.site.desk.database.reading() as transaction:
        return sum(one.kind == kind for one in log.after(transaction, 0, 10_000))


def test_what_is_repeated_is_done_once_and_answered_the_same(
    house: House, program: Program
) -> None:
    case = house.open().id
    answers = [program.post(f"/cases/{case}/notes", NOTE, KEY) for _ in range(3)]
    assert entries(house, "noted") == 1
    assert len({one.content for one in answers}) == 1
    assert {one.status_code for one in answers} == {200}
    assert [one.headers.get("idempotency-replayed") for one in answers] == [None, "true", "true"]
    assert program.post(f"/cases/{case}/notes", NOTE, KEY + "2").status_code == 200
    program.post(f"/cases/{case}/notes", NOTE)
    program.post(f"/cases/{case}/notes", NOTE)
    assert entries(house, "noted") == 4


def test_a_decision_that_is_repeated_is_the_same_decision(house: House, program: Program) -> None:
    case = house.open().id
    token = program.post(f"/cases/{case}/take", None, KEY + "t").json()["lease"]["token"]
    body = {"outcome": "no-violation", "policy": "demo@1", "reason": "nothing is wrong with it",
            "version": house.read().version, "token": token}  # fmt: skip
    first, second = (program.post(f"/cases/{case}/decide", body, KEY) for _ in range(2))
    assert first.json() == second.json()
    assert first.json()["state"] == "decided"
    assert program.post(f"/cases/{case}/decide", body).status_code == 422  # without a key: again
    assert entries(house, "decided") == 1


@pytest.mark.parametrize("other", ["body", "path"])
def test_a_key_is_for_one_request(house: House, program: Program, other: str) -> None:
    case, second = house.open().id, house.open("x:2").id
    program.post(f"/cases/{case}/notes", NOTE, KEY)
    path = f"/cases/{case if other == 'body' else second}/notes"
    answer = program.post(path, {"text": "another"} if other == "body" else NOTE, KEY)
    assert (answer.status_code, error_of(answer)) == (422, "api.key-reused")
    assert entries(house, "noted") == 1


def test_keys_of_others_are_others(house: House, program: Program) -> None:
    house.add("second", "moderator")
    case = house.open().id
    for one in (program, of(house, "second")):
        answer = one.post(f"/cases/{case}/notes", NOTE, KEY)
        assert "idempotency-replayed" not in answer.headers
    assert entries(house, "noted") == 2


def test_two_at_once_do_it_once(house: House, program: Program) -> None:
    case = house.open().id
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(program.post, f"/cases/{case}/notes", NOTE, KEY) for _ in range(4)]
        answers = [one.result() for one in asked]
    assert {one.status_code for one in answers} == {200}
    assert len({one.content for one in answers}) == 1
    assert entries(house, "noted") == 1


def test_an_error_has_changed_nothing_and_its_key_is_free(house: House, program: Program) -> None:
    case = house.open().id
    house.add("second", "moderator")
    of(house, "second").post(f"/cases/{case}/take")
    assert program.post(f"/cases/{case}/take", None, KEY).status_code == 409
    of(house, "second").post(f"/cases/{case}/give-back")
    answer = program.post(f"/cases/{case}/take", None, KEY)
    assert (answer.status_code, "idempotency-replayed" in answer.headers) == (200, False)


def test_what_fails_after_the_act_undoes_the_act(
    house: House, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    case = house.open().id
    program.client._transport.raise_server_exceptions = False  # type: ignore[attr-defined]
    with monkeypatch.context() as broken:
        broken.setattr("marsad.store.answers.keep", full)
        assert program.post(f"/cases/{case}/notes", NOTE, KEY).status_code == 500
    assert entries(house, "noted") == 0
    assert program.post(f"/cases/{case}/notes", NOTE, KEY).status_code == 200
    assert entries(house, "noted") == 1


def test_an_answer_is_kept_for_a_day(house: House, program: Program) -> None:
    case = house.open().id
    for ahead, count in ((0, 1), (DAY - 1, 1), (1, 2), (-3 * DAY, 2)):
        house.clock.now += ahead
        fresh = of(house, "mona")  # tokens of a time to come do not count
        assert fresh.post(f"/cases/{case}/notes", NOTE, KEY).status_code == 200
        assert entries(house, "noted") == count


def test_what_is_kept_quotes_nobody(house: House, program: Program) -> None:
    case = house.open(text="marker word").id
    program.post("/next", None, KEY)
    program.post(f"/cases/{case}/items", {"item": "x:1-post"}, KEY + "i")
    program.post(f"/cases/{case}/notes", NOTE, KEY + "n")
    with house.site.desk.database.reading() as transaction:
        rows = transaction.execute(text("SELECT * FROM api_answers")).all()
    kept = b" ".join(bytes(part) for row in rows for part in row if isinstance(part, bytes))
    assert len(rows) == 3
    for told in (b"x:1", b"marker", b"note of mine", KEY.encode()):
        assert told not in kept


@pytest.mark.parametrize("key", ["short", "x" * 201, "has\ttab in it", "ключ-ключ"])
def test_keys_that_are_none(house: House, program: Program, key: str) -> None:
    case = house.open().id
    headers = {"idempotency-key": key.encode("utf-8")}
    answer = program.raw("POST", f"/api/v1/cases/{case}/take", headers=headers)
    assert (answer.status_code, error_of(answer)) == (422, "api.key-form")
