"""Notices over the API: of trusted flaggers and of platforms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from marsad.store import notices
from tests.decide.notices.conftest import PLACES, POST
from tests.web.api.conftest import Program, error_of, of
from tests.web.conftest import House

SAID: dict[str, Any] = {"address": POST, "ground": "recruitment", "good_faith": True,
                        "reasons": "It asks people to join."}  # fmt: skip


@pytest.fixture(autouse=True)
def forum(house: House, people: object) -> None:
    house.site = replace(house.site, places=PLACES)


@pytest.fixture
def flagger(house: House) -> Program:
    return of(house, "trusted-flagger", "screen")


@pytest.fixture
def platform(house: House) -> Program:
    return of(house, "platform", "screen")


def count(house: House) -> int:
    with house.site.desk.database.reading() as transaction:
        return notices.between(transaction, 0, 1 << 62)


def test_a_flagger_reports_and_asks_after_it(house: House, flagger: Program) -> None:
    taken = flagger.post("/notices", SAID)
    assert taken.status_code == 200
    said = taken.json()
    assert said["status"]["state"] == "received"
    asked = flagger.get(f"/notices/{said['code']}")
    assert asked.json() == said["status"]
    assert house.read("forum:12", "post").route == "notice"


def test_the_same_request_is_one_notice(house: House, flagger: Program) -> None:
    first = flagger.post("/notices", SAID, key="key-number-one")
    again = flagger.post("/notices", SAID, key="key-number-one")
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert count(house) == 1
    other = flagger.post("/notices", SAID | {"ground": "other"}, key="key-number-one")
    assert error_of(other) == "api.key-reused"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"address": "https://elsewhere.example/1"}, "notice.not-ours"),
        ({"address": "https://forum.example/about"}, "notice.unknown"),
        ({"address": ""}, "api.invalid"), ({"address": "\ud800" * 9}, "api.invalid"),
        ({"ground": "spam"}, "api.invalid"),
        ({"good_faith": False}, "api.invalid"), ({"good_faith": None}, "api.invalid"),
        ({"reasons": "too short"}, "api.invalid"), ({"reasons": "1" * 50}, "notice.reasons"),
        ({"reasons": "w" * 3_001}, "api.invalid"), ({"email": "x"}, "notice.for-others"),
        ({"name": "Ann"}, "notice.for-others"), ({"language": "xx"}, "api.invalid"),
        ({"case": 7}, "api.invalid"),
    ],
)  # fmt: skip
def test_what_is_refused(house: House, flagger: Program, said: dict[str, Any], error: str) -> None:
    import json

    body = json.dumps(SAID | said).encode()
    answer = flagger.raw("POST", "/api/v1/notices", content=body,
                         headers={"content-type": "application/json"})  # fmt: skip
    assert answer.status_code == 422
    assert error_of(answer) == error
    assert count(house) == 0


def test_a_platform_passes_on_what_its_users_report(house: House, platform: Program) -> None:
    assert platform.post("/notices", SAID | {"email": "x"}).json()["error"]["id"] == "notice.email"
    for email in ("ann@mail.example", "ann@mail.example", ""):
        assert platform.post("/notices", SAID | {"email": email}).status_code == 200
    with house.site.desk.database.reading() as transaction:
        case = house.read("forum:12", "post").id
        assert notices.counts(transaction, case) == (3, 1, 1, 0)
        assert {one.channel for one in notices.of_case(transaction, case)} == {"platform"}


def test_a_code_that_there_is_not(flagger: Program) -> None:
    for code in ("K7QF-2M9T-XR4D-8WPA", "x"):
        answer = flagger.get(f"/notices/{code}")
        assert (answer.status_code, error_of(answer)) == (404, "notice.no-code")


@pytest.mark.parametrize("role", ["moderator", "senior", "admin", "auditor"])
def test_who_works_at_the_desk_does_not_report_by_it(house: House, role: str) -> None:
    answer = of(house, role).post("/notices", SAID)
    assert (answer.status_code, error_of(answer)) == (403, "web.not-allowed")


def test_a_flagger_makes_a_token_and_sees_nothing_of_the_desk(house: House) -> None:
    browser = house.browser("trusted-flagger")
    made = browser.post("/profile/tokens", label="mine", scope="screen")
    assert made.status_code == 200
    assert browser.get("/").status_code == 403
    flagger = of(house, "trusted-flagger")
    for path in ("/cases", "/cases/1"):
        assert flagger.get(path).status_code == 403


def test_a_dossier_tells_of_notices(house: House, flagger: Program) -> None:
    flagger.post("/notices", SAID)
    found = of(house, "moderator").get(f"/cases/{house.read('forum:12', 'post').id}").json()
    assert (found["notices"]["count"], found["notices"]["flood"]) == (1, None)
    assert found["notices"]["newest"][0]["channel"] == "flagger"
    assert [one["kind"] for one in found["events"]] == ["opened"]
