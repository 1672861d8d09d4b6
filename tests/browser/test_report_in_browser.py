"""The report in a real browser: nothing cut off, nothing unreadable, nothing asked of a network."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

LANGUAGES = ("en", "ar")
NAMES = ("busy", "hostile", "empty", "measured")
ALL = pytest.mark.parametrize(("name", "lang"), list(itertools.product(NAMES, LANGUAGES)))
BOTH = pytest.mark.parametrize("lang", LANGUAGES)
WIDTHS = pytest.mark.parametrize("width", [320, 768, 1280])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])

DRAWN = """
() => [...document.querySelectorAll('svg.chart text')].map(text => {
  const box = text.getBoundingClientRect(), style = getComputedStyle(text)
  return {left: box.left, right: box.right, top: box.top, bottom: box.bottom,
          size: parseFloat(style.fontSize), fill: style.fill, kind: text.getAttribute('class'),
          words: text.textContent, hidden: style.display === 'none',
          chart: text.closest('svg').getAttribute('aria-labelledby')}
}).filter(text => !text.hidden)
"""

FILLS = """
() => [...document.querySelectorAll(
  'svg.chart :is(rect, circle, .interval, .event, .curve)'
)].map(one => {
  const style = getComputedStyle(one), line = ['line', 'circle', 'polyline'].includes(one.tagName)
  return line ? style.stroke : style.fill
})
"""


def run_axe(page: Page, axe: str) -> list[dict[str, Any]]:
    page.evaluate(axe)
    found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
    return [
        {"rule": one["id"], "nodes": [node["html"][:200] for node in one["nodes"]][:3]}
        for one in found
    ]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2 of a computed colour."""
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@ALL
@SCHEMES
def test_axe_finds_nothing(opened: Any, axe: str, name: str, lang: str, scheme: str) -> None:
    with opened(name, lang, scheme=scheme) as page:
        assert run_axe(page, axe) == []


@BOTH
def test_axe_finds_nothing_on_a_telephone_with_everything_open(
    opened: Any, axe: str, lang: str
) -> None:
    with opened("busy", lang, width=320) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert run_axe(page, axe) == []


@ALL
@WIDTHS
def test_the_page_never_scrolls_sideways(opened: Any, name: str, lang: str, width: int) -> None:
    with opened(name, lang, width=width) as page:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@ALL
@WIDTHS
def test_words_of_charts_stay_on_the_page_and_apart(
    opened: Any, name: str, lang: str, width: int
) -> None:
    with opened(name, lang, width=width) as page:
        drawn = page.evaluate(DRAWN)
    assert bool(drawn) == (name != "empty")
    for text in drawn:
        assert text["left"] >= 0, text
        assert text["right"] <= width, text
        assert text["size"] >= 12
    for one, other in itertools.combinations(drawn, 2):
        if one["chart"] != other["chart"]:
            continue
        across = min(one["right"], other["right"]) - max(one["left"], other["left"])
        down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
        assert across <= 1 or down <= 6, (one, other)


@pytest.mark.parametrize("name", ["busy", "measured"])
@BOTH
@SCHEMES
def test_charts_can_be_told_from_the_paper(opened: Any, name: str, lang: str, scheme: str) -> None:
    with opened(name, lang, scheme=scheme) as page:
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert min(contrast(one["fill"], paper) for one in page.evaluate(DRAWN)) >= 4.5
        assert min(contrast(colour, paper) for colour in page.evaluate(FILLS)) >= 3


def test_nothing_that_is_put_into_the_page_runs(opened: Any) -> None:
    with opened("hostile", complaints=1) as page:
        assert page.evaluate("document.querySelectorAll('script, img, iframe').length") == 0
        page.evaluate(
            """() => {
              const script = document.createElement('script')
              script.textContent = 'window.ran = true'
              document.body.append(script)
            }"""
        )
        assert page.evaluate("window.ran === undefined")


@BOTH
def test_the_keyboard_reaches_everything(opened: Any, lang: str) -> None:
    with opened("busy", lang) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#main$"))
        summary = page.locator("summary").first
        summary.focus()
        page.keyboard.press("Enter")
        expect(page.locator("details").first).to_have_attribute("open", "")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        page.keyboard.press("Tab")
        assert page.evaluate(outline) != "none"


@BOTH
def test_links_lead_to_their_evidence(opened: Any, lang: str) -> None:
    with opened("busy", lang) as page:
        link = page.locator("#accounts td a").first
        target = link.get_attribute("href")
        link.click()
        expect(page).to_have_url(re.compile(re.escape(target) + "$"))
        page.wait_for_function(
            "id => document.querySelector(id).getBoundingClientRect().top < innerHeight", arg=target
        )


@BOTH
def test_print_shows_what_the_screen_folds_away(opened: Any, lang: str) -> None:
    with opened("busy", lang, width=700) as page:
        folded = page.locator("details table").first
        assert not folded.is_visible()
        page.emulate_media(media="print")
        assert folded.is_visible()
        assert folded.bounding_box()["height"] > 50
        assert not page.locator("nav").is_visible()
        wide = page.evaluate(
            "[...document.querySelectorAll('table')].map(one => one.scrollWidth"
            " - one.parentElement.clientWidth)"
        )
        assert max(wide) <= 1
        broken = page.evaluate(
            "[...document.querySelectorAll('tr, .finding, svg.chart')]"
            ".filter(one => getComputedStyle(one).breakInside !== 'avoid').length"
        )
        assert broken == 0
        assert len(page.pdf(prefer_css_page_size=True)) > 50_000


@BOTH
def test_the_page_reads_in_its_direction(opened: Any, lang: str) -> None:
    with opened("busy", lang) as page:
        heading = page.evaluate(
            "(() => { const range = document.createRange();"
            "range.selectNodeContents(document.querySelector('h1'));"
            "const box = range.getBoundingClientRect();"
            "return [box.left, innerWidth - box.right] })()"
        )
        assert (heading[0] > heading[1]) == (lang == "ar")
        bars = page.evaluate(
            "[...document.querySelectorAll('#hashtags rect.bar')].map(one => {"
            "const bar = one.getBoundingClientRect(),"
            "      all = one.closest('svg').getBoundingClientRect();"
            "return [bar.left - all.left, all.right - bar.right] })"
        )
        side = 1 if lang == "ar" else 0
        assert all(abs(bar[side]) < 1 for bar in bars)
