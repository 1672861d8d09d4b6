"""An order against the clock in a real browser, from its receipt to the look that shows it done."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from marsad import locale
from marsad.workspace.acting import carry_out
from tests.browser.desk import Seat, housed, seat, served
from tests.web.conftest import House

pytestmark = pytest.mark.browser

BOTH = pytest.mark.parametrize("lang", ["en", "ar"])


def said(message_id: str, lang: str, **values: object) -> str:
    """A sentence of the desk."""
    return locale.render(f"desk.{message_id}", values, lang)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with housed(tmp_path) as house:
        yield house


@pytest.fixture
def address(house: House) -> Iterator[str]:
    with served(house) as address:
        yield address


def turn(house: House) -> None:
    """What the desk does in the background."""
    workspace = house.site.workspace
    assert workspace is not None
    carry_out(workspace, database=house.site.desk.database, clock=house.clock)
    house.site.orders.keep_up()


def type_in(at: Seat) -> None:
    at.go("/orders")
    at.press("main a[href='/orders/new']")
    at.page.fill("[name=urls]", "https://forum.example/@mona/1\nhttps://forum.example/@mona/2")
    at.page.select_option("[name=authority]", "de-example")
    at.page.fill("[name=reference]", "R-1")
    at.press("main .button")


@BOTH
@pytest.mark.parametrize("scripts", [True, False])
def test_from_receipt_to_the_look_that_shows_it_done(
    house: House, address: str, browser: Browser, lang: str, scripts: bool
) -> None:
    house.add("sana", "senior", lang=lang)
    house.add("mona", "moderator", lang=lang)
    with (
        seat(browser, address, lang, java_script_enabled=scripts) as sana,
        seat(browser, address, lang) as mona,
    ):
        sana.log_in("sana")
        mona.log_in("mona")
        expect(sana.page.locator(".hours")).to_have_count(0)
        type_in(sana)
        expect(sana.page.locator("h1")).to_have_text(
            said("orders.number", lang, number=sana.page.locator("h1").inner_text().split()[-1])
        )
        expect(sana.page.locator(".hours")).to_be_visible()
        expect(sana.page.locator("main .tag.state").first).to_have_text(
            said("order.state.received", lang)
        )
        mona.go("/to-do")
        expect(mona.page.locator(".hours")).to_contain_text(said("hours.one", lang))
        expect(mona.page.locator(".hours a")).to_have_count(0)

        sana.press("form[action$='/execute'] .button")
        turn(house)
        order = sana.page.url.rsplit("/", 1)[-1]
        for _ in range(2):
            sana.go("/to-do")
            expect(sana.page.locator(".hours")).to_be_visible()
            sana.press("button[value=done]")
        turn(house)
        sana.go(f"/orders/{order}")
        expect(sana.page.locator(".hours")).to_have_count(0)
        expect(sana.page.locator("main .tag.state").first).to_have_text(
            said("order.state.confirmed", lang)
        )
        expect(sana.page.locator("main")).to_contain_text(said("order.next.confirmed", lang))


@BOTH
def test_the_hour_counts_down_before_ones_eyes(
    house: House, address: str, browser: Browser, lang: str
) -> None:
    house.add("sana", "senior", lang=lang)
    with seat(browser, address, lang) as sana:
        sana.log_in("sana")
        type_in(sana)
        clock = sana.page.locator(".hours .ticking")
        first = clock.inner_text()
        expect(clock).not_to_have_text(first)
        if lang == "ar":
            assert not any(digit in clock.inner_text() for digit in "0123456789")
