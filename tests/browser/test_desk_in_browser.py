"""The desk in a real browser: decided by two, by keyboard, without scripts, and on every page
nothing that cannot be read, reached or seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from marsad import locale
from marsad.web.limits import forget
from tests.browser.desk import Seat, housed, seat, served
from tests.browser.desk_pages import EMPTY, STATES, Walk
from tests.decide.conftest import REASON
from tests.web.conftest import House

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "ar")
BOTH = pytest.mark.parametrize("lang", LANGUAGES)
DIRECTION = {"en": "ltr", "ar": "rtl"}
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one)
  if (one === document.body) return null
  return {html: one.outerHTML.slice(0, 150), style: style.outlineStyle,
          width: parseFloat(style.outlineWidth)}
}"""


def said(message_id: str, lang: str, **values: Any) -> str:
    """A sentence of the desk."""
    return locale.render(f"desk.{message_id}", values, lang)


# ── Whole paths, each in a house of its own


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with housed(tmp_path) as house:
        yield house


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with served(house) as address:
        yield address


@BOTH
def test_from_logging_in_to_a_suspension_by_two(
    house: House, address: str, browser: Browser, lang: str
) -> None:
    house.add("mona", "moderator", lang=lang)
    house.add("second", "moderator", lang=lang)
    house.open()
    with seat(browser, address, lang) as mona, seat(browser, address, lang) as second:
        page = mona.page
        mona.go("/")
        expect(page.locator("html")).to_have_attribute("dir", DIRECTION[lang])
        expect(page.locator("h1")).to_have_text(said("login.title", lang))
        mona.log_in("mona")
        mona.press("[data-key=n]")
        expect(page.locator("html")).to_have_attribute("dir", DIRECTION[lang])
        expect(page.locator("#posts")).not_to_contain_text("word")
        mona.press("[data-open]")
        expect(page.locator("#posts mark")).to_have_text("marker")
        decide(mona, "suspend")
        expect(page.locator(".cases .state")).to_have_text(said("state.second", lang))
        assert house.read().state == "second"

        second.log_in("second")
        second.press(".cases a")
        outcome = said("outcome.suspend", lang)
        expect(second.page.locator(".alert")).to_have_text(
            said("case.second", lang, outcome=outcome)
        )
        second.press("[data-key=t]")
        second.press("[data-open]")
        decide(second, "suspend")
        assert (house.read().state, house.read().outcome) == ("decided", "suspend")
        second.go(f"/cases/{house.read().id}")
        expect(second.page.locator(".verdict")).to_have_text(outcome)


def decide(at: Seat, outcome: str) -> None:
    at.page.check(f"[name=outcome][value={outcome}]")
    at.page.fill("#decide [name=reason]", REASON)
    at.press("#decide .button:not([data-submit])")


def test_the_language_is_changed_on_the_page(house: House, address: str, browser: Browser) -> None:
    house.add("mona", "moderator")
    case = house.open().id
    with seat(browser, address) as mona:
        mona.log_in("mona")
        for lang in ("ar", "en"):
            mona.go(f"/cases/{case}")
            mona.press(f"button[lang={lang}]")
            expect(mona.page).to_have_url(f"{address}/cases/{case}")
            expect(mona.page.locator("html")).to_have_attribute("dir", DIRECTION[lang])
            start = mona.page.locator("h1").bounding_box()
            side = mona.page.locator(".desk").bounding_box()
            assert start is not None
            assert side is not None
            assert (side["x"] < start["x"]) == (lang == "ar")


def number_of(page: Page, outcome: str) -> str:
    """The key of an outcome."""
    return page.get_attribute(f"[name=outcome][value={outcome}]", "data-key") or ""


WRITES_ARABIC = """([code, key]) => document.body.dispatchEvent(
  new KeyboardEvent("keydown", {code, key, bubbles: true, cancelable: true}))"""


def test_keys_do_the_same_where_they_write_arabic(
    house: House, address: str, browser: Browser
) -> None:
    """Whoever has just written a reason does not change the keyboard for the next case."""
    house.add("mona", "moderator", lang="ar")
    case = house.open("x:1")
    with seat(browser, address, "ar") as mona:
        page = mona.page
        forget()
        mona.log_in("mona")
        with page.expect_navigation():
            page.evaluate(WRITES_ARABIC, ["KeyN", "ى"])
        expect(page).to_have_url(f"{address}/cases/{case.id}")
        with page.expect_navigation():
            page.evaluate(WRITES_ARABIC, ["KeyO", "خ"])
        page.evaluate(WRITES_ARABIC, ["Digit3", "٣"])
        assert page.is_checked("[name=outcome][data-key='3']")
        with page.expect_navigation():
            page.evaluate(WRITES_ARABIC, ["KeyB", "لا"])
        expect(page).to_have_url(f"{address}/")


def log_in_by_keyboard(mona: Seat) -> None:
    forget()
    mona.go("/")
    expect(mona.page.locator("[name=name]")).to_be_focused()
    mona.page.keyboard.type("mona")
    mona.page.keyboard.press("Tab")
    mona.page.keyboard.type("a long password")
    mona.key("Enter")


@BOTH
def test_by_keyboard_alone(house: House, address: str, browser: Browser, lang: str) -> None:
    house.add("mona", "moderator", lang=lang)
    first, other = house.open("x:1"), house.open("x:2")
    with seat(browser, address, lang) as mona:
        page, keys = mona.page, mona.page.keyboard
        log_in_by_keyboard(mona)
        keys.press("j")
        keys.press("j")
        keys.press("k")
        mona.key("Enter")
        expect(page).to_have_url(f"{address}/cases/{first.id}")
        mona.key("t")
        mona.key("o")
        keys.press(number_of(page, "warn"))
        keys.press("r")
        keys.type(REASON)
        mona.key("Control+Enter")
        assert house.read("x:1").outcome == "warn"
        expect(page).to_have_url(re.compile(rf"/cases/{other.id}\?"))
        keys.press("!")
        keys.press("Enter")
        keys.press("Tab")
        keys.type("a place and an hour")
        keys.press("Tab")
        mona.key("Enter")
        assert house.read("x:2").priority == 0
        mona.key("b")
        mona.key("n")
        keys.press(number_of(page, "no-violation"))
        keys.press("r")
        keys.type("nothing is wrong here")
        keys.press("Escape")
        keys.press(number_of(page, "escalate"))
        mona.key("Control+Enter")
        assert house.read("x:2").state == "escalated"
        expect(page).to_have_url(re.compile(rf"{re.escape(address)}/\?"))


@BOTH
def test_without_scripts(house: House, address: str, browser: Browser, lang: str) -> None:
    house.add("mona", "moderator", lang=lang)
    house.add("second", "moderator", lang=lang)
    case = house.open()
    with ExitStack() as seats:
        mona, second = (
            seats.enter_context(seat(browser, address, lang, java_script_enabled=False))
            for _ in range(2)
        )
        mona.log_in("mona", "wrong password")
        expect(mona.page.get_by_role("alert")).to_have_text(said("login.wrong", lang))
        mona.log_in("mona")
        expect(mona.page.locator("kbd").first).to_be_hidden()  # keys do nothing here
        mona.page.select_option(".filters [name=kind]", "account")
        mona.press(".filters button")
        mona.press("[data-key=n]")
        mona.press("[data-open]")
        mona.page.fill("#notes textarea", "a note of mine")
        mona.press("#notes button")
        expect(mona.page.locator("#notes")).to_contain_text("a note of mine")
        mona.page.select_option("#decide [name=item]", index=0)
        decide(mona, "suspend")
        expect(mona.page.get_by_role("alert")).to_be_visible()
        expect(mona.page.locator("#decide [name=reason]")).to_have_value(REASON)
        mona.page.select_option("#decide [name=item]", index=1)
        decide(mona, "suspend")
        second.log_in("second")
        second.go(f"/cases/{case.id}")
        second.press("[data-key=t]")
        second.press("[data-open]")
        decide(second, "suspend")
        assert house.read().state == "decided"


# ── Every page in every state, in English on a screen by day, in Arabic on a telephone by night


@pytest.fixture(scope="module")
def walk(browser: Browser, axe: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with ExitStack() as stack:
        yield Walk(browser, axe, stack, tmp_path_factory.mktemp("desk"))


ON_EVERY_PAGE = pytest.mark.parametrize("name", [*STATES, *EMPTY])


@BOTH
@ON_EVERY_PAGE
def test_axe_finds_nothing(walk: Walk, name: str, lang: str) -> None:
    assert walk.see(name, lang).axe == []


@BOTH
@ON_EVERY_PAGE
def test_nothing_scrolls_sideways_on_a_telephone(walk: Walk, name: str, lang: str) -> None:
    assert walk.see(name, lang).sideways == []


@BOTH
@ON_EVERY_PAGE
def test_nothing_is_said_or_asked_of_others(walk: Walk, name: str, lang: str) -> None:
    assert walk.see(name, lang).said == []


@BOTH
@ON_EVERY_PAGE
def test_every_field_has_a_name_and_the_page_its_direction(
    walk: Walk, name: str, lang: str
) -> None:
    seen = walk.see(name, lang)
    assert seen.unlabelled == []
    assert seen.direction == DIRECTION[lang]


def test_keys_are_named_where_they_work(walk: Walk) -> None:
    page = walk.reach("queue", "en").page
    expect(page.locator(".title kbd")).to_be_visible()
    expect(walk.reach("post", "en").page.locator(".of-keys")).to_be_visible()


@BOTH
def test_a_picture_is_blurred_and_grey_until_asked_for(walk: Walk, lang: str) -> None:
    page = walk.reach("post", lang).page
    image = page.locator(".media img")
    image.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.media img').naturalWidth === 240")

    def filtered() -> str:
        return str(image.evaluate("one => getComputedStyle(one).filter"))

    assert filtered().startswith("grayscale(1) blur(")
    page.get_by_label(said("post.sharp", lang)).check()
    assert filtered() == "grayscale(1)"
    page.get_by_label(said("post.coloured", lang)).check()
    assert filtered() == "none"
    page.get_by_label(said("post.sharp", lang)).uncheck()
    assert filtered().startswith("blur(")


@BOTH
@pytest.mark.parametrize("name", ["login-wrong", "code-wrong", "long-refused", "profile-wrong"])
def test_what_went_wrong_has_the_focus(walk: Walk, name: str, lang: str) -> None:
    assert walk.see(name, lang).focused == "alert wrong"


@pytest.mark.parametrize("name", ["login", "queue", "account", "community", "threat", "profile"])
def test_wherever_the_focus_is_it_can_be_seen(walk: Walk, name: str) -> None:
    page = walk.reach(name, "en").page
    page.locator(".skip").focus()
    reached: list[Any] = []
    for _ in range(200):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None or at in reached:
            break
        reached.append(at)
    assert len(reached) >= 5
    assert [at for at in reached if at["style"] == "none" or at["width"] < 2] == []


@BOTH
@pytest.mark.parametrize("code", ["403", "404", "409", "422"])
def test_an_error_is_a_page_that_says_so(walk: Walk, code: str, lang: str) -> None:
    page = walk.reach(code, lang).page
    expect(page.locator("h1")).to_have_text(said(f"error.title.{code}", lang))
    expect(page.get_by_role("alert")).not_to_be_empty()
