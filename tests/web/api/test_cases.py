"""The queue and a case over the API: paging, what is covered, decisions, copies for quality."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.decide import blind
from marsad.decide.recording import existing
from tests.decide.conftest import POLICY, REASON
from tests.web.api.conftest import Program, error_of, of
from tests.web.conftest import House

TEXT = "marker word, and more that only who opens it reads"


def test_from_the_queue_to_a_suspension_by_two(house: House, program: Program) -> None:
    case = house.open().id
    house.add("second", "moderator")
    assert program.post("/next").json()["taken"]["case"] == case
    first = program.decide(case, "suspend", item="x:1-post")
    assert (first.status_code, first.json()["state"]) == (200, "second")
    assert error_of(program.post(f"/cases/{case}/take")) == "decide.second"
    other = of(house, "second").decide(case, "suspend", item="x:1-post")
    assert (other.json()["state"], other.json()["outcome"]) == ("decided", "suspend")
    house.add("judge", "appeals")
    body = {"policy": POLICY, "reason": REASON}
    assert of(house, "judge").post(f"/cases/{case}/overturn", body).json()["state"] == "overturned"
    kinds = [one["kind"] for one in program.get(f"/cases/{case}").json()["events"]]
    assert kinds[0] == "opened"
    assert {"item-opened", "proposed", "decided", "overturned"} <= {*kinds}


def test_texts_are_covered_until_this_reviewer_has_opened_them(
    house: House, program: Program
) -> None:
    house.add("second", "moderator")
    case, other = house.open(text=TEXT).id, of(house, "second")
    for each in (program, other):
        before = each.get(f"/cases/{case}")
        post = before.json()["posts"][0]
        assert (post["text"], post["media"], post["marks"], post["opened"]) == (
            None,
            None,
            [],
            False,
        )
    assert program.post(f"/cases/{case}/items", {"item": "x:1-post"}).status_code == 200
    post = program.get(f"/cases/{case}").json()["posts"][0]
    assert (post["text"], post["marks"], post["opened"]) == (TEXT, [[0, 6]], True)
    assert other.get(f"/cases/{case}").json()["posts"][0]["text"] is None


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_finding_is_a_sentence_and_data_without_what_it_quotes(
    house: House, program: Program, lang: str
) -> None:
    from marsad.decide.findings import SealedFinding
    from marsad.decide.opening import open_cases

    case = house.open(text="marker").id
    quotes = {"kind": "copy", "text": TEXT, "posts": [{"id": "x:9", "normal": TEXT}]}
    more = SealedFinding("more", "account", "x:1", "x:1", "copies", 0.9, message="phrases.found",
                         values={"count": 1, "phrases": ["marker"]}, evidence=[quotes])  # fmt: skip
    open_cases(house.site.desk.database, [more], house.clock())
    answer = program.get(f"/cases/{case}", lang=lang)
    found = answer.json()["findings"]
    assert [one["signal"] for one in found] == ["copies", "phrases"]
    assert found[0]["evidence"] == [{"kind": "copy", "posts": [{"id": "x:9"}]}]
    assert TEXT not in answer.text
    arabic = any("\u0600" <= letter <= "\u06ff" for letter in found[0]["sentence"])
    assert arabic == (lang == "ar")


def test_the_token_of_a_lease_is_told_to_its_holder_alone(house: House, program: Program) -> None:
    house.add("second", "moderator")
    case = house.open().id
    token = program.post(f"/cases/{case}/take").json()["lease"]["token"]
    assert program.get(f"/cases/{case}").json()["lease"]["token"] == token
    seen = of(house, "second").get(f"/cases/{case}").json()["lease"]
    assert seen["holder"]
    assert seen["token"] is None
    assert program.post(f"/cases/{case}/give-back").status_code == 200
    assert program.get(f"/cases/{case}").json()["lease"] is None


def test_what_the_desk_refuses_the_api_refuses(house: House, program: Program) -> None:
    case = house.open().id
    house.add("second", "moderator")
    assert error_of(program.decide(case, "warn")) == "decide.no-item"
    late = program.decide(case, "no-violation", token=0)
    assert (late.status_code, error_of(late)) == (409, "decide.not-held")
    old = program.decide(case, "no-violation", version=0)
    assert (old.status_code, error_of(old)) == (409, "decide.changed")
    held = of(house, "second").post(f"/cases/{case}/take", {"over": True})
    assert (held.status_code, error_of(held)) == (403, "decide.not-allowed")
    assert house.read().state == "open"


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
@pytest.mark.parametrize("order", ["urgent", "newest", "oldest"])
def test_pages_follow_one_another_and_leave_nothing_out(
    house: House, program: Program, limit: int, order: str
) -> None:
    cases = [house.open(f"x:{number}").id for number in range(5)]
    seen, after, pages = [], "", 0
    while after is not None:
        page = program.get("/cases", limit=limit, after=after, order=order).json()
        seen += [one["id"] for one in page["cases"]]
        after, pages = page["next"], pages + 1
    assert seen == (cases[::-1] if order == "newest" else cases)
    assert pages == -(-5 // limit)


@pytest.mark.parametrize(
    ("query", "count"),
    [({}, 2), ({"kind": "post"}, 1), ({"kind": "site"}, 0), ({"signal": "phrases"}, 1),
     ({"platform": "x"}, 2), ({"platform": "\x00"}, 0), ({"state": "decided"}, 0),
     ({"state": ["open", "decided"]}, 2), ({"mine": "true"}, 0), ({"clock": "order"}, 0),
     ({"priority": 1}, 0)],
)  # fmt: skip
def test_the_filters_are_those_of_the_queue(
    house: House, program: Program, query: dict[str, object], count: int
) -> None:
    house.open()
    house.open("x:2", "post", signal="copies")
    assert len(program.get("/cases", **query).json()["cases"]) == count


def test_an_erased_case_says_what_is_left(house: House, program: Program) -> None:
    from tests.decide.conftest import ADMIN

    case = house.open(text=TEXT).id
    program.post(f"/cases/{case}/items", {"item": "x:1-post"})
    program.post(f"/cases/{case}/notes", {"text": "about somebody"})
    house.site.desk.erase(ADMIN, "x:1")
    answer = program.get(f"/cases/{case}")
    assert answer.json()["case"]["subject"] is None
    assert not any(said in answer.text for said in ("somebody", "x:1", "marker"))


def test_a_copy_looks_like_any_case_and_only_to_whom_it_is_meant_for(
    house: House, program: Program
) -> None:
    case = house.open().id
    program.decide(case, "no-violation")
    with house.site.desk.database.writing() as transaction:
        copy = blind.open_copy(transaction, existing(transaction, case), house.clock(), "golden")
    house.add("second", "moderator")
    other = of(house, "second")
    shown = other.get(f"/cases/{copy.id}")
    assert shown.status_code == 200
    assert not {"route", "copy_of", "golden", "shown_to", "crisis"} & set(shown.json()["case"])
    assert "golden" not in shown.text
    for path in (f"/cases/{copy.id}", f"/cases/{copy.id}/actions"):
        assert error_of(program.get(path)) == "decide.no-case"
    assert program.post(f"/cases/{copy.id}/take").status_code == 404


def test_actions_by_hand(house: House, program: Program) -> None:
    from marsad.decide.actions.carrying import Carrier
    from marsad.platforms.base import Place
    from marsad.platforms.manual import Manual
    from marsad.platforms.settings import Configured

    desk = house.site.desk
    by_hand = Manual.open({"links": {}}, Place("x", Path(), house.clock))
    for number in range(3):
        case = house.open(f"x:{number}").id
        assert program.decide(case, "warn", item=f"x:{number}-post").json()["state"] == "decided"
    Carrier(desk.database, lambda _: Configured("x", by_hand), house.clock).carry_out()
    page = program.get("/actions", limit=2).json()
    more = program.get("/actions", limit=2, after=page["next"]).json()
    assert [one["subject"] for one in page["actions"] + more["actions"]] == ["x:0", "x:1", "x:2"]
    assert more["next"] is None
    first = page["actions"][0]
    body = {"saw": "not-possible", "note": "no such button"}
    done = program.post(f"/actions/{first['id']}/record", body)
    assert (done.json()["state"], done.json()["why"]) == ("failed", "not-possible")
    again = program.post(f"/actions/{first['id']}/record", body)
    assert error_of(again) == "action.not-by-hand"
    assert program.post(f"/actions/{first['id']}/retry").status_code == 403
    shown = program.get(f"/cases/{first['case']}/actions").json()["actions"]
    assert [one["state"] for one in shown] == ["failed"]
