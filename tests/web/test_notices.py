"""The public form and the status page, as strangers use and abuse them; notices at the desk."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from marsad.decide import audit, blind
from marsad.decide.notices import status
from marsad.decide.operator import Operator
from marsad.decide.recording import existing
from marsad.records.times import DAY
from marsad.store import notices
from marsad.store.orders import OrderOfCase
from marsad.web import limits
from marsad.workspace import Workspace
from tests.decide.conftest import FIRST, POLICY, REASON
from tests.decide.notices.conftest import PLACES, POST
from tests.web.conftest import Browser, House
from tests.web.test_appeal import say
from tests.web.test_cases import decide

SAID = {"address": POST, "ground": "incitement", "reasons": "It calls for an attack.",
        "good_faith": "1"}  # fmt: skip
HOSTILE = "<script>alert(1)</script>\u202egnol\u202c & \x00 'quotes' \U0001f480"


@pytest.fixture(autouse=True)
def forum(house: House, people: object) -> None:
    """The house answers for a forum."""
    operator = Operator(name="Forum Example", email="contact@forum.example")
    house.site = replace(house.site, places=PLACES, operator=operator)


def send(browser: Browser, **said: str) -> Response:
    sent = {name: (None, value) for name, value in (SAID | said).items()}
    return browser.client.post("/report", files=sent)


def code_of(answer: Response) -> str:
    found = re.search(r'<code class="code" dir="ltr">([^<]+)</code>', answer.text)
    assert found
    return found[1]


def case_of(house: House, subject: str = "forum:12") -> Any:
    return house.read(subject, "post")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_notice_without_a_login_and_what_became_of_it(house: House, lang: str) -> None:
    browser = house.browser(lang=lang)
    form = browser.get("/report")
    assert form.status_code == 200
    assert ('dir="rtl"' in form.text) == (lang == "ar")
    assert "<script" not in form.text
    answer = send(browser, email="ann@mail.example")
    assert answer.status_code == 200
    code = code_of(answer)
    page = browser.get(f"/status/{code}")
    assert page.status_code == 200
    assert code in page.text
    asked = browser.client.post("/status", data={"code": code.lower()})
    assert (asked.status_code, asked.text) == (200, page.text)
    assert case_of(house).route == "notice"


@pytest.mark.parametrize("mail", ["", '[mail]\nhost = "127.0.0.1"\nsender = "d@forum.example"\n'])
def test_that_a_mail_is_on_its_way_is_said_where_mail_leaves(
    house: House, tmp_path: Path, mail: str
) -> None:
    workspace = Workspace.create(tmp_path / "ws")
    with (workspace.folder / "marsad.toml").open("a") as file:
        file.write(mail)
    house.site = replace(house.site, workspace=Workspace.open(workspace.folder))
    said = send(house.browser(), email="ann@mail.example").text
    assert ("on its way to you by e-mail" in said) == bool(mail)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_who_did_not_send_it_says_so_with_the_code(house: House, lang: str) -> None:
    browser = house.browser(lang=lang)
    code = code_of(send(browser, email="ann@mail.example"))
    assert f'action="/status/{code}/disown"' in browser.get(f"/status/{code}").text
    done = browser.client.post(f"/status/{code}/disown", follow_redirects=False)
    assert done.headers["location"] == f"/status/{code}"
    assert say("status.disowned", lang) in browser.get(done.headers["location"]).text
    assert "/disown" not in browser.get(f"/status/{code}").text
    assert browser.client.post("/status/0000-0000-0000-0000/disown").status_code == 404
    anonymous = code_of(send(browser))
    assert "/disown" not in browser.get(f"/status/{anonymous}").text


def test_the_forms_of_old_browsers_come_in_too(house: House) -> None:
    answer = house.browser().client.post("/report", data=SAID)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"address": ""}, ["address"]), ({"address": "https://elsewhere.example/1"}, ["address"]),
        ({"ground": ""}, ["ground"]), ({"reasons": "short"}, ["reasons"]),
        ({"reasons": "w" * 3_001}, ["reasons"]), ({"email": "x"}, ["email"]),
        ({"good_faith": ""}, ["good_faith"]), ({"name": "n" * 300}, ["name"]),
        (dict.fromkeys(SAID, ""), ["address", "ground", "reasons", "good_faith"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_is_wrong_stands_beside_it_and_nothing_typed_is_lost(
    house: House, said: dict[str, str], fields: list[str], lang: str
) -> None:
    answer = send(house.browser(lang=lang), **({"name": "Ann <b>"} | said))
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#(\w+)"', answer.text) == fields
    for field in fields:
        assert f'aria-describedby="{field}-problem"' in answer.text
        assert f'id="{field}-problem"' in answer.text
    if "name" not in said:
        assert 'value="Ann &lt;b&gt;"' in answer.text
    with house.site.desk.database.reading() as transaction:
        assert notices.between(transaction, 0, 1 << 62) == 0


def test_a_program_that_fills_in_everything_is_not_taken(house: House) -> None:
    assert send(house.browser(), website="https://spam.example").status_code == 422
    assert send(house.browser(), website="").status_code == 200


def test_hostile_words_do_no_harm_on_any_page(house: House) -> None:
    browser = house.browser()
    refused = send(browser, reasons=HOSTILE, name=HOSTILE, address=HOSTILE)
    taken = send(browser, reasons=HOSTILE, name=HOSTILE, email="a@mail.example")
    senior = house.browser("senior")
    shown = senior.get(f"/cases/{case_of(house).id}")
    for page in (refused, taken, shown):
        assert page.status_code in (200, 422)
        assert "<script>alert" not in page.text
        assert "\u202e" not in page.text
        assert "\x00" not in page.text
    assert "alert(1)" in unescape(shown.text)
    assert "a@mail.example" not in shown.text


def test_sizes_are_bounded(house: House) -> None:
    browser = house.browser()
    assert send(browser, reasons="ك" * 3_000, name="ك" * 200, email="").status_code == 200
    assert send(browser, reasons="\U0001f480" * 2_900 + "ك" * 100, name="").status_code == 200
    assert send(browser, reasons="w" * 20_000).status_code == 413


def test_too_many_from_one_address_are_refused_and_others_not(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = house.browser()
    *answers, last = [send(browser) for _ in range(31)]
    assert {one.status_code for one in answers} == {200}
    assert (last.status_code, last.headers["Retry-After"]) == (429, "60")
    assert browser.get("/report").status_code == 200
    limits.forget()
    monkeypatch.setattr("marsad.web.public.report.ALL_REPORTS", limits.RateLimitItemPerMinute(5))
    assert [send(browser).status_code for _ in range(6)] == [200] * 5 + [429]


def test_codes_are_not_guessed_in_peace(house: House) -> None:
    browser = house.browser()
    answers = [browser.get(f"/status/{number}").status_code for number in range(61)]
    assert answers == [404] * 60 + [429]


@pytest.mark.parametrize("code", ["K7QF-2M9T-XR4D-8WPA", "1", "%00", "%ff", "a" * 900])
def test_unknown_codes_and_what_are_none_look_alike(house: House, code: str) -> None:
    browser = house.browser()
    first, this = browser.get("/status/0000-0000-0000-0000"), browser.get(f"/status/{code}")
    assert (first.status_code, this.status_code) == (404, 404)
    assert this.text == first.text


def test_without_places_nothing_can_be_reported(house: House) -> None:
    house.site = replace(house.site, places=type(PLACES)())
    browser = house.browser()
    assert "<form method" not in browser.get("/report").text.partition("<main")[2]
    assert send(browser).status_code == 422


def test_what_a_status_page_tells(house: House) -> None:
    browser = house.browser()
    code = code_of(send(browser))
    moderator = house.browser("moderator")
    case = case_of(house).id
    assert moderator.post(f"/cases/{case}/take").status_code == 303
    assert decide(moderator, case, "no-violation").status_code == 303
    page = browser.get(f"/status/{code}").text
    assert "It is not against the rules." in page
    assert "contact@forum.example" in page
    for secret in (REASON, POLICY, "moderator", str(FIRST.id), "notice-", "forum:12"):
        assert secret not in page


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_secret_order_changes_no_byte_of_a_status_page(
    house: House, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    browser = house.browser(lang=lang)
    codes = [code_of(send(browser, address=f"https://forum.example/p/{n}")) for n in (1, 2)]
    before = [browser.get(f"/status/{one}").text for one in codes]
    case, now = case_of(house, "forum:1").id, house.clock()
    orders = {case: [OrderOfCase(7, now, "confirmed", now + 42 * DAY)]}
    monkeypatch.setattr(status.orders, "of_case", lambda _, one: orders.get(one, []))
    moderator = house.browser("moderator")
    house.clock.now += DAY
    assert moderator.post(f"/cases/{case}/take").status_code == 303
    assert decide(moderator, case, "no-violation").status_code == 303
    after = [browser.get(f"/status/{one}").text for one in codes]
    assert after == before
    assert after[0].replace(codes[0], "") == after[1].replace(codes[1], "")
    later = [send(browser, address=f"https://forum.example/p/{n}") for n in (1, 2)]
    first, second = (one.text.replace(code_of(one), "") for one in later)
    assert first == second


def test_a_case_shows_its_notices(house: House) -> None:
    browser = house.browser()
    send(browser, email="ann@mail.example", state_body="1")
    send(browser)
    moderator = house.browser("moderator")
    page = moderator.get(f"/cases/{case_of(house).id}").text
    part = page.partition('id="notices"')[2].partition("</section>")[0]
    assert part.count("<blockquote") == 2
    assert "for a body of a state" in part
    assert page.partition('class="timeline"')[2].count("Reported") == 2
    queue = moderator.get("/?signal=notice").text
    assert "forum:12" in queue
    assert "Notices" in queue


def test_a_copy_of_a_case_shows_what_the_case_did(house: House) -> None:
    browser, moderator = house.browser(), house.browser("moderator")
    send(browser, email="ann@mail.example")
    case = case_of(house).id
    assert moderator.post(f"/cases/{case}/take").status_code == 303
    before = moderator.get(f"/cases/{case}").text
    assert decide(moderator, case, "no-violation").status_code == 303
    house.clock.now += DAY
    send(browser, email="bob@mail.example")
    house.add("second", "moderator")
    with house.site.desk.database.writing() as transaction:
        real = existing(transaction, case)
        copy = blind.open_copy(transaction, real, house.clock(), "second-reading")
    second = house.browser("second")
    assert second.post(f"/cases/{copy.id}/take").status_code == 303
    after = second.get(f"/cases/{copy.id}").text
    assert _bones(before, case) == _bones(after, copy.id)


def _bones(page: str, case: int) -> list[str]:
    """A page without what differs from case to case: numbers, times, keys, who is logged in."""
    main = (
        page.partition("<main")[2].replace(f"/cases/{case}", "/cases/N").replace(f"Case {case}", "")
    )
    main = re.sub(r'value="[0-9a-f]{64}"|value="\d+"|notices/\d+', "", main)
    main = re.sub(
        r"r-[a-z0-9]+|\d{1,2} \w+ \d{4},? \d\d:\d\d|\d\d:\d\d|\d{1,2} \w+ \d{4}", "", main
    )
    return [line.strip() for line in main.splitlines() if line.strip()]


def test_misuse_from_the_mark_to_the_suspension(house: House) -> None:
    browser, moderator, senior = (
        house.browser(),
        house.browser("moderator"),
        house.browser("senior"),
    )

    def unfounded(number: int) -> None:
        send(browser, address=f"https://forum.example/p/{number}", email="ann@mail.example")
        case = case_of(house, f"forum:{number}").id
        page = moderator.get(f"/cases/{case}").text
        notice = re.search(rf"/cases/{case}/notices/(\d+)", page)
        assert notice
        path = f"/cases/{case}/notices/{notice[1]}"
        assert moderator.post(path, unfounded="1").status_code == 303
        assert "It is not" in moderator.get(f"/cases/{case}").text

    for number in range(3):
        unfounded(number)
    page = senior.get("/reporters").text
    assert "ann@mail.example" in page
    reporter = re.search(r'action="/reporters/(\d+)"', page)
    assert reporter
    path = f"/reporters/{reporter[1]}"
    assert senior.post(path, step="suspend", reason=REASON).status_code == 422
    assert senior.post(path, step="warn", reason="no").status_code == 422
    assert senior.post(path, step="warn", reason=REASON).status_code == 303
    assert 'action="/reporters/' not in senior.get("/reporters").text
    unfounded(3)
    assert senior.post(path, step="suspend", reason=REASON).status_code == 303
    answer = send(browser, address="https://forum.example/p/9", email="ann@mail.example")
    assert "Set aside" not in answer.text  # who typed the address need not be whose it is
    assert senior.post(path, step="restore", reason=REASON).status_code == 303
    assert moderator.get("/reporters").status_code == 403
    assert audit.verify(house.site.desk.database, None).broken is None


def test_who_is_logged_in_may_report_as_anybody(house: House) -> None:
    senior = house.browser("senior")
    assert send(senior).status_code == 403
    form = senior.form("/report")
    assert send(senior, form=form).status_code == 200


def test_the_queue_says_that_threats_come_in_a_flood(house: House) -> None:
    browser, first = house.browser(), house.browser("senior")
    most = house.site.noticing.threats_an_hour
    for number in range(most):
        limits.forget()
        send(browser, address=f"https://forum.example/p/{number}", ground="threat-to-life")
        said = say("queue.threats") in first.get("/").text
        assert said == (number + 1 == most)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_errors_that_strangers_see_are_the_services_own_and_lead_nowhere_else(
    house: House, lang: str
) -> None:
    house.site = replace(house.site, operator=Operator("Example Forum", email="desk@x.example"))
    answer = house.browser(lang=lang).get("/status/none/at/all")
    assert answer.status_code == 404
    assert "Example Forum" in answer.text
    assert re.findall('<a class="button[^>]*href="([^"]*)"', answer.text) == ["/report"]
    moderator = house.browser("moderator", lang).get("/no/such/page")
    assert re.findall('<a class="button[^>]*href="([^"]*)"', moderator.text) == ["/"]
