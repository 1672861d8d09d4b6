"""A case on its page: taken, opened, decided, seen by a second; hostile text; two at once."""

from __future__ import annotations

import pytest
from httpx import Response

from tests.decide.conftest import ADMIN, POLICY, REASON
from tests.web.conftest import Browser, House, fields_of

HOSTILE = "<script>alert(1)</script> \u202eوسم\u202c <img src=x onerror=alert(1)> " + "ط" * 10_000


@pytest.fixture(autouse=True)
def crew(house: House, people: object) -> None:
    house.add("second", "moderator")


def decide(browser: Browser, case: int, outcome: str, **more: str) -> Response:
    fields = {"policy": POLICY, "reason": REASON, "outcome": outcome, "go_on": "", **more}
    shown = fields_of(browser.get(f"/cases/{case}"))
    return browser.client.post(f"/cases/{case}/decide", data={**shown, **fields})


def take_and_open(browser: Browser, case: int, item: str = "x:1-post") -> None:
    assert browser.post(f"/cases/{case}/take").status_code == 303
    assert browser.post(f"/cases/{case}/items", item=item).status_code == 303


def posts_of(page: str) -> str:
    return page.partition('id="posts"')[2].partition("</section>")[0]


def test_from_the_queue_to_a_suspension_by_two(house: House) -> None:
    house.open()
    first, second = house.browser("moderator"), house.browser("second")
    assert "x:1" in first.get("/").text
    case = int(first.post("/next").headers["location"].rpartition("/")[2])
    assert "word" not in posts_of(first.get(f"/cases/{case}").text)
    assert first.post(f"/cases/{case}/items", item="x:1-post").status_code == 303
    assert "<mark>marker</mark> word" in posts_of(first.get(f"/cases/{case}").text)
    assert decide(first, case, "suspend", item="x:1-post").status_code == 303
    assert house.read().state == "second"
    take_and_open(second, case)
    assert decide(second, case, "suspend", item="x:1-post").status_code == 303
    assert house.read().state == "decided"


def test_what_is_wrong_with_a_decision_is_said_and_nothing_is_lost(house: House) -> None:
    case = house.open().id
    browser = house.browser("moderator")
    browser.post(f"/cases/{case}/take")
    answer = decide(browser, case, "warn", reason="my words stay here")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "my words stay here" in answer.text
    assert house.read().state == "open"


def test_of_two_at_once_one_is_told_so(house: House) -> None:
    case = house.open().id
    senior, other = house.browser("senior"), house.browser("moderator")
    take_and_open(other, case)
    shown = fields_of(other.get(f"/cases/{case}"))
    assert senior.post(f"/cases/{case}/take").status_code == 409
    assert senior.post(f"/cases/{case}/take-over").status_code == 303
    late = {**shown, "policy": POLICY, "reason": REASON, "outcome": "no-violation"}
    assert other.client.post(f"/cases/{case}/decide", data=late).status_code == 409
    assert decide(senior, case, "no-violation").status_code == 303
    assert house.read().outcome == "no-violation"


def test_hostile_text_is_text(house: House) -> None:
    case = house.open(text=HOSTILE, language="ar").id
    browser = house.browser("moderator")
    take_and_open(browser, case)
    browser.post(f"/cases/{case}/notes", text=HOSTILE[:9_000])
    decide(browser, case, "warn", item="x:1-post", reason=HOSTILE[:4_000])
    assert house.read().outcome == "warn"
    for page in (f"/cases/{case}", "/", "/?state=decided"):
        text = browser.get(page).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize(
    ("item", "status"), [("x:2-post", 404), ("", 404), ("x" * 400, 404), ("x" * 501, 422)]
)
def test_only_what_was_sealed_with_the_case_can_be_opened(
    house: House, item: str, status: int
) -> None:
    case = house.open().id
    assert house.browser("moderator").post(f"/cases/{case}/items", item=item).status_code == status


@pytest.mark.parametrize("number", ["0", "99", "-1", "abc", "9" * 30])
def test_a_case_that_is_none(house: House, number: str) -> None:
    assert house.browser("moderator").get(f"/cases/{number}").status_code in (404, 422)


def test_an_erased_case_shows_what_is_left(house: House) -> None:
    case = house.open().id
    senior = house.browser("senior")
    senior.post(f"/cases/{case}/notes", text="about somebody")
    house.site.desk.erase(ADMIN, "x:1")
    page = senior.get(f"/cases/{case}")
    assert page.status_code == 200
    assert "about somebody" not in page.text
    assert "marker" not in page.text


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_who_has_chosen_no_language_gets_the_browsers(house: House, lang: str) -> None:
    house.add("mona", "moderator")
    browser = house.browser("mona", lang)
    for path in ("/login", "/", "/profile"):
        assert f'<html lang="{lang}"' in browser.get(path).text
    house.add("said-so", "moderator", lang="ar")
    assert '<html lang="ar"' in house.browser("said-so", lang).get("/").text


@pytest.mark.parametrize(("lang", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_pages_are_in_the_language_that_was_chosen(house: House, lang: str, direction: str) -> None:
    house.open()
    browser = house.browser("moderator")
    browser.post("/language", lang=lang)
    for path in ("/", "/cases/7", "/profile", "/cases/99999"):
        assert f'<html lang="{lang}" dir="{direction}">' in browser.get(path).text


@pytest.mark.parametrize(
    "query",
    ["state=decided", "kind=account", "level=3", "level=x", "signal=phrases", "clock=order",
     "platform=x", "mine=1", "after=1.1", "after=x", "after=" + "9" * 30 + ".1", "state=nonsense",
     "order=newest", "order=x"],
)  # fmt: skip
def test_the_queue_with_every_filter(house: House, query: str) -> None:
    house.open()
    assert house.browser("moderator").get(f"/?{query}").status_code == 200
