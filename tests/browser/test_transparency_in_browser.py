"""The transparency report and its public page in a real browser: both languages, on a telephone."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from marsad.decide.operator import Operator
from marsad.outputs.transparency.publishing import folder_of
from marsad.outputs.transparency.writing import PAGES, written
from marsad.workspace import Workspace
from tests.browser.desk import housed, seat, served
from tests.browser.test_report_in_browser import DRAWN, run_axe
from tests.outputs.test_transparency import SPAN, TOLD

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("lang", "width"), list(itertools.product(("en", "ar"), (320, 1280))))
def test_it_is_found_and_read_by_everybody(
    browser: Browser, axe: str, tmp_path: Path, lang: str, width: int
) -> None:
    workspace = Workspace.create(tmp_path / "published")
    forum = Operator(name="Forum", email="desk@forum.example")
    written(TOLD, forum, folder_of(workspace, SPAN), 0)
    with housed(tmp_path) as house:
        house.site = replace(house.site, workspace=workspace, operator=forum)
        view = {"width": width, "height": 800}
        with (
            served(house) as address,
            seat(browser, address, lang, viewport=view, java_script_enabled=True) as anybody,
        ):
            anybody.go("/transparency")
            assert run_axe(anybody.page, axe) == []
            anybody.press(f"a[href$='{PAGES[lang]}']")
            assert anybody.page.locator("html").get_attribute("lang") == lang
            page = anybody.page
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            for text in page.evaluate(DRAWN):
                assert text["left"] >= 0, text
                assert text["right"] <= width, text
            page.evaluate(f"{{{axe}}}")
            assert page.evaluate("async () => (await axe.run()).violations") == []
