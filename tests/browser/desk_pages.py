"""Every page of the desk in every state it has, each looked at once in each language."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from marsad.store import users
from marsad.web.limits import forget
from tests.browser.desk import Hall, Seat, housed, seat, served
from tests.decide.conftest import REASON

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TELEPHONE = {"width": 390, "height": 844}
SCREEN = {"width": 1280, "height": 800}
PICTURES = os.environ.get("MARSAD_TEST_PICTURES", "")
"""A folder for pictures of the pages, for somebody to look at."""

RUN_AXE = """async tags => {
  const found = await axe.run(document, {runOnly: tags})
  return found.violations.map(one => [one.id, one.nodes.slice(0, 3).map(
    node => node.html.slice(0, 200) + ' ' + node.failureSummary)])
}"""

OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"

UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
  .filter(one => !one.closest('[aria-hidden=true]') && !one.matches('[aria-hidden=true]'))
  .filter(one => !one.labels?.length && !one.getAttribute('aria-label'))
  .map(one => one.outerHTML)"""

SIDEWAYS = """() => {
  const page = document.scrollingElement
  if (page.scrollWidth <= page.clientWidth) return []
  return [...document.body.querySelectorAll('*')].filter(one => {
    const box = one.getBoundingClientRect()
    return box.width && (box.right > page.clientWidth + 1 || box.left < -1)
  }).slice(-5).map(one => one.outerHTML.slice(0, 200)).concat(String(page.scrollWidth))
}"""

Reach = Callable[[Seat, Hall], None]


@dataclass(frozen=True)
class State:
    """A page: whoever sees it, where it is, and what is done there to bring it about."""

    who: str
    path: str
    reach: Reach | None = None


def _wrong_password(at: Seat, _: Hall) -> None:
    at.log_in("senior", "wrong password")


def _code(at: Seat, _: Hall) -> None:
    at.log_in("careful")


def _wrong_code(at: Seat, hall: Hall) -> None:
    _code(at, hall)
    at.page.fill("[name=code]", "000000")
    at.press("main form button")


def _first_day(at: Seat, hall: Hall) -> None:
    at.log_in("first-day", hall.first_password)


def _refused(at: Seat, _: Hall) -> None:
    """A decision without its item, with a reason as long as one can be."""
    at.page.check("[name=outcome][value=warn]")
    at.page.select_option("#decide [name=item]", index=0)
    at.page.fill("#decide [name=reason]", "لأنّ w" + "w" * 3_994)
    at.press("#decide [data-submit]")


def _password(at: Seat, _: Hall) -> None:
    at.page.fill("[name=old]", "wrong password")
    at.page.fill("[name=new]", "long enough for one")
    at.press("form[action='/profile/password'] .button")


def _token(at: Seat, _: Hall) -> None:
    at.page.fill("[name=label]", "w" * 100)
    at.press("form[action='/profile/tokens'] .button")


def _bulk(at: Seat, *targets: str) -> None:
    """Decides for some cases, whatever the page would let somebody choose."""
    at.page.evaluate(OPEN_ALL)
    for target in targets:
        box = at.page.locator("[name=target]").first
        box.evaluate("(one, value) => { one.value = value }", target)
        box.check()
    at.page.select_option("[form=bulk][name=outcome]", "no-violation")
    at.page.fill("[form=bulk][name=reason]", REASON)
    at.press("button[form=bulk]")


def _none_chosen(at: Seat, _: Hall) -> None:
    _bulk(at)


def _seen_before(at: Seat, hall: Hall) -> None:
    _bulk(at, f"{hall.cases['full']}.9999")


def _surges(at: Seat, _: Hall) -> None:
    at.press("form[action='/crises/suggest'] .button")


def _wrong_crisis(at: Seat, _: Hall) -> None:
    """An entry without its bank, among words as long as they can be."""
    at.page.fill(".stack [name=name]", "w" * 200)
    at.page.fill(".stack [name=entries]", "لا قائمة " + "w" * 900)
    at.press(".stack .button")


def _verified(at: Seat, _: Hall) -> None:
    forget()
    at.press("form[action='/audit/verify'] .button")


def _not_noted(at: Seat, _: Hall) -> None:
    """A note that is longer than one may be, on what a person did."""
    at.page.locator("[name=note]").first.evaluate("one => { one.removeAttribute('maxlength') }")
    at.page.locator("[name=note]").first.fill("w" * 10_001)
    at.page.locator("form[action^='/to-do/'] button[name=saw]").first.click()
    at.page.wait_for_load_state()


def _stopped_in_silence(at: Seat, _: Hall) -> None:
    """An order that cannot be carried out, for a reason without words."""
    at.page.evaluate(OPEN_ALL)
    at.page.evaluate("document.querySelectorAll('form').forEach(one => one.noValidate = true)")
    at.press("form:has([value=order-stopped]) .button")


def _wrong_order(at: Seat, _: Hall) -> None:
    """More addresses than an order can have, among words as long as they can be."""
    at.page.fill("[name=urls]", "\n".join(f"https://forum.example/@m/{n}" for n in range(501)))
    at.page.fill("[name=explanation]", "w" * 5_000)
    at.press("main .button")


def _wrong_hold(at: Seat, _: Hall) -> None:
    """A hold without an end, with a basis as long as one can be."""
    at.page.evaluate(OPEN_ALL)
    at.page.fill("form[action='/holds'] [name=name]", "x:1")
    at.page.fill("form[action='/holds'] [name=basis]", "w" * 2_000)
    at.page.fill("form[action='/holds'] [name=reason]", "لأنّ")
    at.press("form[action='/holds'] .button")


STATES: dict[str, State] = {
    "login": State("", "/login"),
    "login-wrong": State("", "/login", _wrong_password),
    "code": State("", "/login", _code),
    "code-wrong": State("", "/login", _wrong_code),
    "first-day": State("", "/login", _first_day),
    "queue": State("senior", "/"),
    "queue-filtered-empty": State("senior", "/?state=overturned&mine=1"),
    "queue-none-free": State("senior", "/?none=1"),
    "queue-read-only": State("auditor", "/?state=decided"),
    "post": State("senior", "/cases/{post}"),
    "account": State("senior", "/cases/{account}"),
    "account-covered": State("appeals", "/cases/{account}"),
    "community": State("senior", "/cases/{community}"),
    "community-steps": State("senior", "/communities/{community}"),
    "decided": State("senior", "/cases/{decided}"),
    "decided-appeals": State("appeals", "/cases/{decided}"),
    "escalated": State("senior", "/cases/{escalated}"),
    "second": State("senior", "/cases/{second}"),
    "erased": State("senior", "/cases/{erased}"),
    "threat": State("senior", "/cases/{threat}"),
    "copies": State("senior", "/cases/{copies}"),
    "held": State("senior", "/cases/{held}"),
    "long": State("senior", "/cases/{long}"),
    "long-refused": State("senior", "/cases/{long}", _refused),
    "told": State("senior", "/cases/{told}"),
    "many": State("senior", "/cases/{many}"),
    "profile": State("senior", "/profile"),
    "profile-wrong": State("senior", "/profile", _password),
    "profile-token": State("senior", "/profile", _token),
    "dashboard": State("senior", "/dashboard"),
    "dashboard-auditor": State("auditor", "/dashboard"),
    "audit": State("auditor", "/audit"),
    "audit-verified": State("auditor", "/audit", _verified),
    "crises": State("senior", "/crises"),
    "crises-surges": State("senior", "/crises", _surges),
    "crises-wrong": State("senior", "/crises", _wrong_crisis),
    "to-do": State("senior", "/to-do"),
    "to-do-wrong": State("senior", "/to-do", _not_noted),
    "orders": State("senior", "/orders"),
    "orders-auditor": State("auditor", "/orders"),
    "order": State("senior", "/orders/{order}"),
    "order-refused": State("senior", "/orders/{order}", _stopped_in_silence),
    "order-stopped": State("senior", "/orders/{order_stopped}"),
    "order-late": State("senior", "/orders/{order_late}"),
    "order-new": State("senior", "/orders/new"),
    "order-new-wrong": State("senior", "/orders/new", _wrong_order),
    "hours-told": State("moderator", "/to-do"),
    "contact": State("", "/contact"),
    "holds": State("senior", "/holds"),
    "holds-admin": State("admin", "/holds"),
    "holds-auditor": State("auditor", "/holds"),
    "holds-wrong": State("senior", "/holds", _wrong_hold),
    "403": State("admin", "/"),
    "404": State("senior", "/cases/999999"),
    "409": State("senior", "/?kind=account", _seen_before),
    "422": State("senior", "/", _none_chosen),
}
EMPTY = {
    "queue-empty": State("senior", "/"),
    "dashboard-empty": State("senior", "/dashboard"),
    "audit-empty": State("auditor", "/audit"),
    "crises-empty": State("moderator", "/crises"),
    "to-do-empty": State("moderator", "/to-do"),
    "orders-empty": State("senior", "/orders"),
    "holds-empty": State("senior", "/holds"),
}


@dataclass(frozen=True)
class Seen:
    """What was found on a page."""

    axe: list[Any]
    unlabelled: list[str]
    sideways: list[str]
    focused: str
    direction: str
    said: list[str]


class Walk:
    """Goes to each page once in each language: in English on a screen by day, in Arabic on a
    telephone by night. One window for everybody who is logged in."""

    def __init__(self, browser: Browser, axe: str, stack: ExitStack, folder: Path) -> None:
        self.browser, self.axe, self.stack = browser, axe, stack
        self.halls: dict[str, tuple[Hall, str]] = {}
        self.folder = folder
        self.seats: dict[tuple[str, str, str], Seat] = {}
        self.seen: dict[tuple[str, str], Seen] = {}

    def see(self, name: str, lang: str) -> Seen:
        if (name, lang) not in self.seen:
            self.seen[name, lang] = self._look(name, lang)
        return self.seen[name, lang]

    def seat(self, who: str, lang: str, house: str = "full") -> Seat:
        """The window of somebody; nobody has a new one each time."""
        _, address = self._hall(house)
        if who and (who, lang, house) in self.seats:
            return self.seats[who, lang, house]
        scheme = {"en": "light", "ar": "dark"}[lang]
        made = self.stack.enter_context(
            seat(self.browser, address, lang, color_scheme=scheme, has_touch=lang == "ar")
        )
        if who:
            made.log_in(who)
            self.seats[who, lang, house] = made
        return made

    def reach(self, name: str, lang: str) -> Seat:
        """The window with a page brought about in it."""
        state = STATES.get(name) or EMPTY[name]
        house = "full" if name in STATES else "empty"
        hall, _ = self._hall(house)
        at = self.seat(state.who, lang, house)
        # the language is the person's, and the other window may have changed it
        with hall.desk.database.writing() as transaction:
            for user in hall.people.values():
                users.change(transaction, user.id, lang=lang)
        at.page.set_viewport_size(SCREEN)
        at.go(state.path.format(**hall.cases))
        if state.reach is not None:
            state.reach(at, hall)
        return at

    def _look(self, name: str, lang: str) -> Seen:
        at = self.reach(name, lang)
        page = at.page
        focused = page.evaluate("document.activeElement.className || document.activeElement.name")
        self._picture(page, f"{name}-{lang}")
        page.set_viewport_size(TELEPHONE)
        self._picture(page, f"{name}-{lang}-telephone")
        page.evaluate(OPEN_ALL)
        sideways = page.evaluate(SIDEWAYS)
        if lang == "en":
            page.set_viewport_size(SCREEN)
        page.evaluate(self.axe)
        found = page.evaluate(RUN_AXE, WCAG)
        direction = page.get_attribute("html", "dir") or ""
        heard, at.said[:] = [*at.said], []
        return Seen(found, page.evaluate(UNLABELLED), sideways, str(focused), direction, heard)

    def _picture(self, page: Page, name: str) -> None:
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)

    def _hall(self, house: str) -> tuple[Hall, str]:
        if house not in self.halls:
            folder = self.folder / house
            folder.mkdir()
            opened = self.stack.enter_context(housed(folder))
            hall = Hall(opened, with_cases=house == "full")
            self.halls[house] = (hall, self.stack.enter_context(served(opened)))
        return self.halls[house]
