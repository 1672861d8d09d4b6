"""Documents as pages: read by axe, on a telephone, on paper; nothing is asked of anybody."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from marsad.outputs.documents import as_html
from tests.browser.desk_pages import RUN_AXE, SIDEWAYS, WCAG
from tests.outputs.test_documents import EVERY, MAKERS

pytestmark = pytest.mark.browser


@EVERY
def test_a_document_can_be_read_by_everybody(
    browser: Browser, axe: str, tmp_path: Path, name: str, lang: str
) -> None:
    file = tmp_path / f"{name}-{lang}.html"
    file.write_text(as_html(MAKERS[name](lang)), "utf-8")
    context = browser.new_context(bypass_csp=True)  # axe is put into the page
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: said.append(request.url))
    page.goto(file.as_uri())
    if folder := os.environ.get("MARSAD_TEST_PICTURES"):
        page.screenshot(path=f"{folder}/document-{name}-{lang}.png", full_page=True)
    page.evaluate(axe)
    assert page.evaluate(RUN_AXE, WCAG) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(SIDEWAYS) == []
    assert said == [file.as_uri()]
    context.close()
