"""Complaints over HTTP: the page for everybody, and the one at the desk."""

from __future__ import annotations

import re

import pytest
from httpx import Response

from marsad import locale
from marsad.decide import codes
from marsad.decide.rules import Decision
from marsad.records.times import DAY
from marsad.store import orders
from marsad.store.orders import OrderOfCase
from marsad.web.limits import forget
from tests.decide.conftest import FIRST, POLICY, REASON, SECOND, START
from tests.web.conftest import Browser, House

TEXT = "This was a report about the marker word, not one for it."


def code_of(house: House, subject: str = "x:900100", outcome: str = "warn") -> str:
    """The code of a decision that was just stated."""
    case = house.open(subject)
    desk = house.site.desk
    for who in (FIRST, SECOND) if outcome == "suspend" else (FIRST,):
        lease = desk.take(who, case.id)
        desk.open_post(who, case.id, f"{subject}-post")
        version = house.read(subject).version
        desk.decide(who, Decision(case.id, version, lease.token, outcome, POLICY, REASON,
                                  f"{subject}-post"))  # fmt: skip
    house.site.statements.make()
    found = house.site.statements.of_case(FIRST, case.id)[0].code
    assert found is not None
    return found


def say(message: str, lang: str = "en") -> str:
    return locale.render(f"desk.{message}", {}, lang)


def send(browser: Browser, path: str, **fields: str) -> Response:
    """Sends a form as its page says it is sent."""
    if path == "/appeal":
        return browser.client.post(path, data=fields)
    return browser.client.post(path, files={name: (None, said) for name, said in fields.items()})


def test_from_the_code_to_the_answer(house: House, people: object) -> None:
    code, outside, desk = code_of(house), house.browser(), house.browser("appeals")
    begun = send(outside, "/appeal", code=code.lower())
    assert begun.headers["location"] == f"/appeal/{codes.plain(code)}"
    page = begun.headers["location"]
    assert say("appeal.why") in outside.get(page).text
    assert send(outside, page, text=TEXT).headers["location"] == page
    assert say("appeal.state.open") in outside.get(page).text
    listed = desk.get("/appeals")
    number = re.search(r'href="/appeals/(\d+)"', listed.text)
    assert number is not None
    here = f"/appeals/{number[1]}"
    assert TEXT in desk.get(here).text
    assert desk.post(f"{here}/ask", text="Where was it first published?").status_code == 303
    assert "Where was it first" in outside.get(page).text
    assert send(outside, f"{page}/answer", text="In a newspaper of the day.").status_code == 303
    decided = desk.post(f"{here}/decide", outcome="reversed", policy=POLICY, reason=REASON)
    assert decided.headers["location"] == here
    shown = outside.get(page).text
    assert say("appeal.outcome.reversed") in shown
    assert REASON in shown
    assert house.read("x:900100").state == "overturned"
    assert say("appeals.closed") in desk.get("/appeals").text


def test_twice_shows_the_first(house: House) -> None:
    page, outside = f"/appeal/{codes.plain(code_of(house))}", house.browser()
    send(outside, page, text=TEXT)
    assert send(outside, page, text="Another text altogether.").status_code == 303
    shown = outside.get(page).text
    assert TEXT in shown
    assert "Another text" not in shown


def test_no_code_tells_why_it_shows_nothing(house: House) -> None:
    """One that nobody has, one whose time has run out, one of a case that was erased: the same page
    to the byte."""
    from tests.decide.conftest import ADMIN

    late, erased = code_of(house, "x:900101"), code_of(house, "x:900102")
    house.site.desk.erase(ADMIN, "x:900102")
    outside = house.browser()
    unknown = outside.get("/appeal/AAAAAAAAAAAAAAAA")
    assert unknown.status_code == 404
    gone = outside.get(f"/appeal/{codes.plain(erased)}")
    house.clock.now += 200 * DAY
    over = outside.get(f"/appeal/{codes.plain(late)}")
    for other in (gone, over):
        assert (other.status_code, other.content) == (404, unknown.content)
        assert other.headers == unknown.headers
    for path in (codes.plain(erased), codes.plain(late), "AAAAAAAAAAAAAAAA"):
        forget()
        assert send(outside, f"/appeal/{path}", text=TEXT).status_code == 404
        assert send(outside, f"/appeal/{path}", text="").status_code == 404
        assert send(outside, f"/appeal/{path}/answer", text=TEXT).status_code == 404


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_an_order_that_nobody_may_know_of_changes_no_byte(
    house: House, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/appeal/{codes.plain(code_of(house))}"
    outside = house.browser(lang=lang)

    def pages() -> list[str]:
        return [outside.get("/appeal").text, outside.get(page).text]

    plain = pages()
    with monkeypatch.context() as patch:
        until = START + 30 * DAY
        patch.setattr(orders, "of_case", lambda *_: [OrderOfCase(1, START, "acted", until)])
        assert pages() == plain
        send(outside, page, text=TEXT)
        told = pages()
    assert pages() == told


@pytest.mark.parametrize("text", [
    "<script>alert(1)</script> and more", "\u202eback to front and more\u202c", "{{ 7 * 7 }} more",
    "line\none\0two\x1b[31m more", "ا" * 5_000, "\"'><img src=x onerror=alert(1)>",
])  # fmt: skip
def test_hostile_text_is_shown_as_text(house: House, people: object, text: str) -> None:
    page, outside = f"/appeal/{codes.plain(code_of(house))}", house.browser()
    assert send(outside, page, text=text).status_code == 303
    desk = house.browser("appeals")
    number = re.search(r'href="/appeals/(\d+)"', desk.get("/appeals").text)
    assert number is not None
    for shown in (outside.get(page).text, desk.get(f"/appeals/{number[1]}").text):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "49 more" not in shown
        assert not {"\u202e", "\0", "\x1b"} & set(shown)


@pytest.mark.parametrize("code", ["", " ", "x", "a" * 2_000, "../login", "%2e%2e", "ا" * 16, "\0"])
def test_whatever_somebody_types_is_no_code(house: House, code: str) -> None:
    answer = send(house.browser(), "/appeal", code=code)
    assert answer.status_code == 404
    assert say("appeal.unknown") in answer.text


def test_a_text_that_is_too_short_is_kept_in_the_form(house: House) -> None:
    page, outside = f"/appeal/{codes.plain(code_of(house))}", house.browser()
    answer = send(outside, page, text="short")
    assert answer.status_code == 422
    assert ">short</textarea>" in answer.text


def test_no_more_are_taken_from_one_address_than_somebody_needs(house: House) -> None:
    page, outside = f"/appeal/{codes.plain(code_of(house))}", house.browser()
    for _ in range(6):
        send(outside, page, text=TEXT)
    assert send(outside, page, text=TEXT).status_code == 429
    tried = [outside.get("/appeal/AAAAAAAAAAAAAAAA").status_code for _ in range(31)]
    assert tried[-1] == 429


def test_nobody_asks_others_from_these_pages(house: House) -> None:
    page, outside = f"/appeal/{codes.plain(code_of(house))}", house.browser()
    for answer in (outside.get("/appeal"), outside.get(page)):
        assert "<script" not in answer.text
        assert not re.findall(r'(?:src|href|action)="(?!/|#)', answer.text)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")


def test_the_desk_warns_of_what_may_not_be_told(
    house: House, people: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, outside = f"/appeal/{codes.plain(code_of(house))}", house.browser()
    send(outside, page, text=TEXT)
    monkeypatch.setattr(orders, "of_case",
                        lambda *_: [OrderOfCase(1, START, "acted", START + DAY)])  # fmt: skip
    desk = house.browser("appeals")
    number = re.search(r'href="/appeals/(\d+)"', desk.get("/appeals").text)
    assert number is not None
    assert say("appeals.confidential") in desk.get(f"/appeals/{number[1]}").text
    refused = desk.post(f"/appeals/{number[1]}/decide", outcome="reversed", policy=POLICY,
                        reason=REASON)  # fmt: skip
    assert refused.status_code == 422


def test_only_who_hands_it_on_sees_the_code(house: House, people: object) -> None:
    code = code_of(house)
    case = house.read("x:900100").id
    seen = {role: code in house.browser(role).get(f"/cases/{case}").text
            for role in ("moderator", "senior", "appeals", "analyst", "auditor")}  # fmt: skip
    assert seen == {"moderator": True, "senior": True, "appeals": False, "analyst": False,
                    "auditor": False}  # fmt: skip


def test_the_dashboard_says_how_often_complaints_were_right(house: House, people: object) -> None:
    senior = house.browser("senior")
    assert say("dashboard.appealed-none") in senior.get("/dashboard").text
    outside, desk = house.browser(), house.browser("appeals")
    for subject, outcome in (("x:900101", "reversed"), ("x:900102", "upheld")):
        page = f"/appeal/{codes.plain(code_of(house, subject))}"
        send(outside, page, text=TEXT)
        number = re.search(r'href="/appeals/(\d+)"', desk.get("/appeals").text)
        assert number is not None
        desk.post(f"/appeals/{number[1]}/decide", outcome=outcome, policy=POLICY, reason=REASON)
    shown = senior.get("/dashboard").text
    assert say("dashboard.appealed-about") in shown
    assert "50.0%" in shown
    assert say("dashboard.appealed-mine") not in shown  # they had no part in these
    table = senior.get("/dashboard.csv").text
    assert "reversed,,,0.5," in table
    assert "reversed-signal,phrases,,0.5," in table
    assert "reversed-mine" not in table
