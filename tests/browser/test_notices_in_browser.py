"""Reporting something and looking after it, in a real browser: in both languages, on a telephone,
without scripts, and with what people of the desk see of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from marsad import locale
from marsad.decide.operator import Operator
from marsad.web.limits import forget
from tests.browser.desk import Seat, housed, seat, served
from tests.browser.desk_pages import (
    OPEN_ALL,
    PICTURES,
    RUN_AXE,
    SCREEN,
    SIDEWAYS,
    TELEPHONE,
    UNLABELLED,
    WCAG,
)
from tests.decide.conftest import REASON
from tests.decide.notices.conftest import GIVEN, PLACES, POST
from tests.outputs.test_report import HOSTILE
from tests.web.conftest import House

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("lang", ["en", "ar"])
WHY = {"en": "It calls for an attack.", "ar": "يدعو إلى هجوم على سوق."}


def said(message_id: str, lang: str) -> str:
    return locale.render(f"desk.{message_id}", {}, lang)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with housed(tmp_path) as house:
        operator = Operator(name="Forum Example", email="contact@forum.example")
        house.site = replace(house.site, places=PLACES, operator=operator)
        yield house


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with served(house) as address:
        yield address


def fill(at: Seat, lang: str, **said: str) -> None:
    at.page.fill("[name=address]", said.get("address", POST))
    at.page.check("[name=ground][value=incitement]")
    at.page.fill("[name=reasons]", said.get("reasons", WHY[lang]))
    at.page.fill("[name=email]", said.get("email", ""))
    at.page.check("[name=good_faith]")


@BOTH
@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_form_to_the_outcome(
    house: House, address: str, browser: Browser, lang: str, scripts: bool
) -> None:
    house.add("mona", "moderator", lang=lang)
    at_hand = {"viewport": TELEPHONE, "java_script_enabled": scripts}
    with seat(browser, address, lang, **at_hand) as one, seat(browser, address, lang) as mona:
        one.go("/report")
        expect(one.page.locator("html")).to_have_attribute("lang", lang)
        one.press("main form .button")
        expect(one.page.locator("[aria-invalid]")).to_have_count(4)
        fill(one, lang)
        one.press("main form .button")
        code = one.page.locator("code.code").inner_text()
        one.press("header form button")
        other = "en" if lang == "ar" else "ar"
        expect(one.page.locator("code.code")).to_have_text(code)
        expect(one.page.locator(".verdict")).to_have_text(said("status.received", other))

        mona.log_in("mona")
        mona.press("[data-key=n]")
        expect(mona.page.locator("#notices blockquote")).to_have_text(WHY[lang])
        mona.page.check("[name=outcome][value=no-violation]")
        mona.page.fill("#decide [name=reason]", REASON)
        mona.press("#decide [data-submit]")

        one.go("/status")
        one.page.fill("[name=code]", code.lower())
        one.press("main form .button")
        expect(one.page.locator("main")).to_contain_text(said("status.outcome.no-violation", other))
        expect(one.page.locator("main")).not_to_contain_text(REASON)


def _empty(at: Seat, _: str) -> None:
    at.go("/report")


def _wrong(at: Seat, lang: str) -> None:
    at.go("/report")
    at.page.fill("[name=address]", "https://elsewhere.example/" + "w" * 300)
    at.page.fill("[name=name]", "<b>" + "w" * 150)
    at.page.fill("[name=email]", "nobody")
    at.press("main form .button")


def _received(at: Seat, lang: str) -> None:
    at.go("/report")
    fill(at, lang, email="ann@mail.example")
    at.press("main form .button")


def _asked(at: Seat, _: str) -> None:
    at.go("/status")


def _unknown(at: Seat, _: str) -> None:
    at.go("/status/nothing")


def _decided(house: House) -> Callable[[Seat, str], None]:
    def reach(at: Seat, lang: str) -> None:
        receipt = house.site.notices.receive(replace(GIVEN, address="https://forum.example/p/9"))
        case = house.read("forum:9", "post")
        house.add(f"mod-{lang}", "moderator")
        from marsad.decide.roles import Reviewer
        from marsad.decide.rules import Decision
        from tests.decide.conftest import POLICY

        who = Reviewer(f"r-{lang}", frozenset({"moderator"}), frozenset({"en"}))
        lease = house.site.desk.take(who, case.id)
        decision = Decision(case.id, case.version, lease.token, "no-violation", POLICY, REASON)
        house.site.desk.decide(who, decision)
        at.go(f"/status/{receipt.code}")

    return reach


def _case(house: House) -> Callable[[Seat, str], None]:
    def reach(at: Seat, lang: str) -> None:
        for number in range(12):
            more = {"reasons": HOSTILE[number % len(HOSTILE)][:900] + " reasons in words",
                    "email": f"p{number}@mail.example" if number % 2 else "",
                    "state_body": number == 3}  # fmt: skip
            house.site.notices.receive(replace(GIVEN, **more))
        for number in range(40):
            house.site.notices.receive(replace(GIVEN, reasons=f"{number} " + "w" * 900))
        house.add("mona", "senior", lang=lang)
        at.log_in("mona")
        at.go(f"/cases/{house.read('forum:12', 'post').id}")

    return reach


def _reporters(house: House) -> Callable[[Seat, str], None]:
    def reach(at: Seat, lang: str) -> None:
        from tests.decide.conftest import SENIOR

        for number in range(4):
            given = replace(GIVEN, address=f"https://forum.example/p/{number}",
                            email="w" * 60 + "@" + "w" * 60 + ".example")  # fmt: skip
            receipt = house.site.notices.receive(given)
            case = house.read(f"forum:{number}", "post").id
            house.site.notices.mark(SENIOR, case, receipt.notice, True)
        house.add("mona", "senior", lang=lang)
        at.log_in("mona")
        at.go("/reporters")

    return reach


PAGES = ("empty", "wrong", "received", "asked", "unknown", "decided", "case", "reporters")


@BOTH
@pytest.mark.parametrize("name", PAGES)
def test_every_page_can_be_read_and_used(
    house: House, address: str, browser: Browser, axe: str, name: str, lang: str
) -> None:
    reach: dict[str, Callable[[Seat, str], None]] = {
        "empty": _empty, "wrong": _wrong, "received": _received, "asked": _asked,
        "unknown": _unknown, "decided": _decided(house), "case": _case(house),
        "reporters": _reporters(house),
    }  # fmt: skip
    forget()
    scheme = {"en": "light", "ar": "dark"}[lang]
    with seat(browser, address, lang, color_scheme=scheme) as at:
        reach[name](at, lang)
        page = at.page
        assert page.get_attribute("html", "dir") == {"en": "ltr", "ar": "rtl"}[lang]
        _picture(page, f"notices-{name}-{lang}")
        for size in (TELEPHONE, SCREEN):
            page.set_viewport_size(size)
            page.evaluate(OPEN_ALL)
            assert page.evaluate(SIDEWAYS) == []
            page.evaluate(axe)
            assert page.evaluate(RUN_AXE, WCAG) == []
        assert page.evaluate(UNLABELLED) == []


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        for size, where in ((SCREEN, ""), (TELEPHONE, "-telephone")):
            page.set_viewport_size(size)
            page.screenshot(path=f"{PICTURES}/{name}{where}.png", full_page=True)
