"""The pages of statements and complaints in a real browser: every one in both languages, on a
screen and on a telephone. The way from one to the next is in `test_whole_paths_in_browser`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from marsad import locale
from marsad.decide import codes
from marsad.decide.appeals.desk import Ruling
from marsad.store import users
from marsad.web.limits import forget
from tests.browser.desk import BIDI, LONG, Hall, Seat, housed, seat, served
from tests.browser.desk_pages import (
    OPEN_ALL,
    RUN_AXE,
    SCREEN,
    SIDEWAYS,
    TELEPHONE,
    UNLABELLED,
    WCAG,
)
from tests.decide.conftest import POLICY, REASON

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize("lang", ["en", "ar"])
TEXT = "نقلتُ خبرًا. This was a report about the marker word, not one for it."
PICTURES = os.environ.get("MARSAD_TEST_PICTURES", "")
"""A folder for pictures of the pages, for somebody to look at."""


def said(message_id: str, lang: str, **values: Any) -> str:
    return locale.render(f"desk.{message_id}", values, lang)


class Court(Hall):
    """A hall in which decisions are stated and appealed."""

    def stated(self, subject: str) -> str:
        """The code of a decision that was just stated."""
        case = self.decide(self.house.open(subject), "warn", "moderator")
        while self.house.site.statements.make():
            pass
        code = self.house.site.statements.of_case(self.who(), case.id)[0].code
        assert code is not None
        return code

    def appealed(self, subject: str, text: str = TEXT) -> tuple[str, int]:
        """A code, and the number of the complaint that was made with it."""
        code = self.stated(subject)
        self.house.site.appeals.make(code, text)
        number = self.house.site.appeals.listed(self.who("appeals"))[-1].appeal.seq
        return code, number

    def rule(self, number: int, outcome: str, reason: str = REASON) -> None:
        ruling = Ruling(number, outcome, POLICY, reason)
        self.house.site.appeals.decide(self.who("appeals"), ruling)


@pytest.fixture(scope="module")
def court(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Court, str]]:
    with housed(tmp_path_factory.mktemp("court")) as house, served(house) as address:
        yield Court(house, with_cases=False), address


Where = tuple[str, str]
"""Who looks, and at which address."""


@pytest.fixture(scope="module")
def places(court: tuple[Court, str]) -> dict[str, Where]:
    """Every page in every state that it has."""
    hall, _ = court
    may = hall.stated("x:may")
    asked, number = hall.appealed("x:asked", f"{BIDI}{LONG}"[:5_000])
    hall.house.site.appeals.ask(hall.who("appeals"), number, f"سؤال {LONG}"[:4_000])
    closed, other = hall.appealed("x:closed")
    hall.rule(other, "upheld", f"{BIDI}{REASON} {LONG}"[:4_000])
    open_, waiting = hall.appealed("x:open")
    over = hall.stated("x:over")
    hall.desk.overturn(hall.who("appeals"), hall.house.read("x:over").id, POLICY, REASON)
    case = hall.house.read("x:closed").id
    given = {"may": may, "asked": asked, "closed": closed, "open": open_, "over": over}
    found = {name: ("", f"/appeal/{codes.plain(code)}") for name, code in given.items()}
    return found | {
        "begin": ("", "/appeal"), "unknown": ("", "/appeal/AAAAAAAAAAAAAAAA"),
        "appeals": ("appeals", "/appeals"), "one": ("appeals", f"/appeals/{waiting}"),
        "one-asked": ("auditor", f"/appeals/{number}"),
        "one-closed": ("appeals", f"/appeals/{other}"),
        "statements-held": ("senior", "/statements?state=held"),
        "statements-accepted": ("senior", "/statements?state=accepted"),
        "statements-read": ("auditor", "/statements?state=held"),
        "case": ("senior", f"/cases/{case}"), "case-appeals": ("appeals", f"/cases/{case}"),
        "dashboard": ("senior", "/dashboard"),
    }  # fmt: skip


NAMES = ("may", "asked", "closed", "open", "over", "begin", "unknown", "appeals", "one",
         "one-asked", "one-closed", "statements-held", "statements-accepted", "statements-read",
         "case", "case-appeals", "dashboard")  # fmt: skip


@BOTH
@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_read_reached_and_seen_by_all(
    court: tuple[Court, str], places: dict[str, Where], browser: Browser, axe: str, name: str,
    lang: str,
) -> None:  # fmt: skip
    hall, address = court
    who, path = places[name]
    forget()
    with hall.desk.database.writing() as transaction:
        for user in hall.people.values():
            users.change(transaction, user.id, lang=lang)
    scheme = {"en": "light", "ar": "dark"}[lang]
    with seat(browser, address, lang, color_scheme=scheme) as at:
        if who:
            at.log_in(who)
        at.go(path)
        page = at.page
        _picture(page, f"{name}-{lang}")
        page.set_viewport_size(TELEPHONE)
        _picture(page, f"{name}-{lang}-telephone")
        page.evaluate(OPEN_ALL)
        assert page.evaluate(SIDEWAYS) == []
        page.set_viewport_size(SCREEN)
        assert page.get_attribute("html", "dir") == {"en": "ltr", "ar": "rtl"}[lang]
        assert page.evaluate(UNLABELLED) == []
        page.evaluate(axe)
        assert page.evaluate(RUN_AXE, WCAG) == []
        _language(at)


def _language(at: Seat) -> None:
    """Changing the language leads back to where one was."""
    here = at.page.url
    at.press("header form[action='/language'] button")
    assert at.page.url.partition("?")[0] == here.partition("?")[0].replace(
        "/appeal/AAAAAAAAAAAAAAAA", "/appeal"
    )


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)
