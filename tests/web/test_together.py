"""Several cases at once, a group's accounts one by one, golden cases, and the key for a threat."""

from __future__ import annotations

from typing import Any

import pytest
from httpx import Response

from marsad.decide.exhibits import Exhibits
from marsad.decide.findings import SealedFinding
from marsad.decide.items import content_of
from marsad.decide.opening import open_cases
from marsad.store.cases import Case
from tests.decide.conftest import POLICY, REASON
from tests.web.conftest import Browser, House
from tests.web.test_cases import decide, take_and_open

COPY = "the marker word again"


@pytest.fixture(autouse=True)
def crew(people: object) -> None:
    pass


def copies(house: House, count: int, text: str = COPY) -> list[Case]:
    """Cases of accounts whose post is the same text."""
    return [house.open(f"x:{n}", text=text, content=content_of(text)) for n in range(1, count + 1)]


def alike(browser: Browser, case: int, chosen: list[Case], outcome: str, **more: Any) -> Response:
    sent = {"form": browser.form(), "policy": POLICY, "reason": REASON, "outcome": outcome}
    sent |= {"item": "x:1-post", "target": [f"{one.id}.{one.version}" for one in chosen]}
    return browser.client.post(f"/cases/{case}/alike", data=sent | more)


def test_copies_of_an_opened_post_are_decided_together(house: House) -> None:
    first, *others = copies(house, 4)
    house.open("x:9", text="something else", content=content_of("something else"))
    browser = house.browser("moderator")
    take_and_open(browser, first.id)
    page = browser.get(f"/cases/{first.id}").text
    assert "3 other cases have a copy" in page
    assert alike(browser, first.id, others, "warn").status_code == 303
    assert {house.read(f"x:{n}").outcome for n in (2, 3, 4)} == {"warn"}
    assert house.read("x:9").state == "open"


def test_against_somebody_only_copies_are(house: House) -> None:
    first, *others = copies(house, 3)
    other = house.open("x:9", text="something else", content=content_of("something else"))
    browser = house.browser("moderator")
    take_and_open(browser, first.id)
    assert alike(browser, first.id, [*others, other], "warn").status_code == 422
    assert house.read("x:2").state == "open"


def test_without_opening_it_nothing_is_decided(house: House) -> None:
    first, *others = copies(house, 3)
    browser = house.browser("moderator")
    browser.post(f"/cases/{first.id}/take")
    assert "other cases have a copy" not in browser.get(f"/cases/{first.id}").text
    assert alike(browser, first.id, others, "warn").status_code == 422
    assert house.read("x:2").state == "open"


@pytest.mark.parametrize("target", [[], ["x"], ["1"], ["1.1.1"], ["9" * 30 + ".1"]])
def test_nothing_chosen_is_said(house: House, target: list[str]) -> None:
    first, _ = copies(house, 2)
    browser = house.browser("moderator")
    take_and_open(browser, first.id)
    assert alike(browser, first.id, [], "no-violation", target=target).status_code == 422


@pytest.mark.parametrize(
    ("outcome", "status"), [("no-violation", 303), ("escalate", 303), ("warn", 422), ("", 422)]
)
def test_from_the_queue_nothing_against_anybody(house: House, outcome: str, status: int) -> None:
    chosen = [f"{one.id}.{one.version}" for one in copies(house, 2)]
    browser = house.browser("moderator")
    sent = {"form": browser.form(), "outcome": outcome, "policy": POLICY, "reason": REASON}
    answer = browser.client.post("/bulk", data=sent | {"target": chosen})
    assert answer.status_code == status
    assert (house.read("x:1").state != "open") == (status == 303)


def community(house: House, accounts: list[str]) -> Case:
    found = SealedFinding(
        "coordination-c", "community", "community:1", None, "coordination", 0.9,
        evidence=[{"kind": "network", "accounts": accounts, "u": [0], "v": [1], "count": [3],
                   "close": [3], "pairs": 1, "days": []}],
    )  # fmt: skip
    known = {("community", "community:1"): Exhibits()}
    open_cases(house.site.desk.database, [found], house.clock(), known)
    return house.read("community:1", "community")


def test_a_groups_accounts_are_gone_through_one_by_one(house: House) -> None:
    copies(house, 2)
    group = community(house, ["x:1", "x:2", "x:3"])
    browser = house.browser("moderator")
    assert "0 of 3 accounts" in browser.get(f"/communities/{group.id}").text
    for done in (1, 2):
        step = browser.post(f"/communities/{group.id}/next")
        case = int(step.headers["location"].split("/")[2].split("?")[0])
        assert step.headers["location"].endswith(f"community={group.id}")
        took = decide(browser, case, "no-violation", community=str(group.id))
        assert took.headers["location"] == f"/communities/{group.id}"
        assert f"{done} of 3 accounts" in browser.get(f"/communities/{group.id}").text
    over = browser.post(f"/communities/{group.id}/next")
    assert over.headers["location"] == f"/communities/{group.id}"


def test_what_is_no_community_has_no_such_page(house: House) -> None:
    case = house.open()
    assert house.browser("moderator").get(f"/communities/{case.id}").status_code == 404


def test_a_threat_goes_before_everything_and_says_whom_to_tell(house: House) -> None:
    case = house.open().id
    browser = house.browser("moderator")
    sent = browser.post(f"/cases/{case}/threat", text="somebody named a place and an hour")
    assert sent.status_code == 303
    assert house.read().priority == 0
    page = browser.get(f"/cases/{case}").text
    assert "A life may be in danger" in page
    assert "somebody named a place and an hour" in page
    told = browser.post(f"/cases/{case}/told", contact="police", note="by phone")
    assert told.status_code == 303
    assert "by phone" in browser.get(f"/cases/{case}").text


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001])
def test_a_threat_in_words(house: House, text: str) -> None:
    case = house.open().id
    answer = house.browser("moderator").post(f"/cases/{case}/threat", text=text)
    assert answer.status_code == 422
    assert house.read().clock is None


def test_who_decides_cannot_see_that_a_case_is_golden(house: House) -> None:
    case = house.open().id
    moderator, senior = house.browser("moderator"), house.browser("senior")
    moderator.post(f"/cases/{case}/take")
    decide(moderator, case, "no-violation")
    before = moderator.get(f"/cases/{case}").text
    sent = {"form": senior.form(), "right": ["no-violation"]}
    assert senior.client.post(f"/cases/{case}/golden", data=sent).status_code == 303
    assert moderator.get(f"/cases/{case}").text == before
