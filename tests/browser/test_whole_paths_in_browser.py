"""The two whole paths, by people's hands on pages alone, against a desk in a process of its own and
real servers around it: an order from its arrival to the document for the authority, and a report
from the form to what is given back and what the reporter may know of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Browser, expect

from marsad import locale
from tests.browser.desk import Seat, seat
from tests.browser.desk_pages import PICTURES, SCREEN, TELEPHONE
from tests.browser.forum import AUTHORITY, NIGHT, TEXT, Forum, forum
from tests.decide.conftest import REASON

pytestmark = [pytest.mark.browser, pytest.mark.long]

EXPLANATION = "It calls for what stands in point (a)."
WHY = {"en": "It calls for an attack.", "ar": "يدعو إلى هجوم على سوق."}
COMPLAINT = {"en": "I reported what others said.", "ar": "نقلتُ ما قاله غيري."}
OURS = {"en": "In which newspaper was it, and on what day?", "ar": "في أي جريدة ومتى نُشر؟"}
REPORTER = "reporter@mail.example"
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b")
PATIENCE = 20.0
"""Seconds that somebody waits for what the desk does by itself."""


@pytest.fixture(scope="module", params=["en", "ar"])
def there(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, made_once: Path
) -> Iterator[Forum]:
    with forum(tmp_path_factory.mktemp("forum"), made_once, request.param) as made:
        yield made


# ── An order


@pytest.mark.parametrize(("scripts", "post"), [(True, 1), (False, 2)])
def test_an_order_from_its_arrival_to_annex_ii(
    there: Forum, browser: Browser, tmp_path: Path, scripts: bool, post: int
) -> None:
    """For two addresses: one where a system acts and is looked at, one where people do."""
    lang, urls = there.lang, [address(post), f"https://board.example/@ann/{post}"]
    there.mail.taken.clear()
    with (
        seat(browser, there.address, lang, java_script_enabled=scripts) as sana,
        seat(browser, there.address, lang) as mona,
    ):
        sana.log_in("sana")
        mona.log_in("mona")
        for one in (sana, mona):
            expect(one.page.locator(".hours")).to_have_count(0)
        order = type_in(sana, urls)
        state(sana, "received", lang)
        counts_down(sana, lang, scripts)
        alarm(there, order, [*urls, EXPLANATION, AUTHORITY["name"]])
        mona.go("/to-do")
        expect(mona.page.locator(".hours")).to_contain_text(said("hours.one", lang))
        expect(mona.page.locator(".hours a")).to_have_count(0)
        carry_out(there, sana, order, post)
        for one in (sana, mona):
            one.page.reload()
            expect(one.page.locator(".hours")).to_have_count(0)
        expect(sana.page.locator("main")).to_contain_text(said("order.next.confirmed", lang))
        picture(sana, f"order-4-confirmed-{lang}")
        annex_ii(sana, tmp_path / "annex-2.pdf", lang, urls)


def carry_out(there: Forum, sana: Seat, order: str, post: int) -> None:
    """Decides an order, does by hand what people do, and waits for the look at the rest: until then
    its hour runs."""
    there.platform.lies = True  # it says yes, and what is looked at is as it was
    sana.press("form[action$='/execute'] .button")
    wait(lambda: asked(there, post, "remove"), "it is asked for")
    sana.go("/to-do")
    comes_in(sana, "button[value=done]")
    picture(sana, f"order-2-to-do-{there.lang}")
    sana.press("button[value=done]")
    sana.go(f"/orders/{order}")
    state(sana, "acted", there.lang)
    expect(sana.page.locator(".hours")).to_be_visible()
    picture(sana, f"order-3-decided-{there.lang}")
    there.platform.lies = False
    state(sana, "confirmed", there.lang)
    assert there.measures(post) == ["remove"]


def annex_ii(at: Seat, paper: Path, lang: str, urls: Sequence[str]) -> None:
    """Opens Annex II as a page and as a file, and reads the same in both."""
    documents = f"a[href*='annex-2'][href*='lang={lang}']"
    with at.page.expect_download() as download:
        at.page.click(f"{documents}[href*='form=pdf']")
    download.value.save_as(paper)
    at.press(f"{documents}[href*='form=html']")
    picture(at, f"order-5-annex-{lang}")
    expect(at.page.locator("html")).to_have_attribute("lang", lang)
    page = at.page.locator("body").inner_text()
    title = locale.render("document.ii.title", {}, lang)
    times = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", page)
    assert len(times) == 3  # received, and each address done
    drawn = "".join("".join(one.extract_text().split()) for one in pypdf.PdfReader(paper).pages)
    for words in (title, "R-1", AUTHORITY["name"], "Forum Example", *urls, *times):
        assert words in page, words
        assert all(word in drawn for word in words.split()), words


def type_in(at: Seat, urls: Sequence[str]) -> str:
    """Types an order in; its number."""
    at.go("/orders")
    at.press("main a[href='/orders/new']")
    at.page.fill("[name=urls]", "\n".join(urls))
    at.page.select_option("[name=authority]", AUTHORITY["id"])
    at.page.fill("[name=reference]", "R-1")
    at.page.check("[name=grounds] >> nth=0")
    at.page.fill("[name=explanation]", EXPLANATION)
    at.press("main .button")
    picture(at, f"order-1-arrived-{at.page.get_attribute('html', 'lang')}")
    return at.page.url.rsplit("/", 1)[-1]


def counts_down(at: Seat, lang: str, scripts: bool) -> None:
    """The clock is on the page, and with scripts it runs before one's eyes."""
    clock = at.page.locator(".hours .ticking")
    first = clock.inner_text()
    if scripts:
        expect(clock).not_to_have_text(first)
    if lang == "ar":
        assert not any(digit in clock.inner_text() for digit in "0123456789")


def alarm(there: Forum, order: str, secret: Sequence[str]) -> None:
    """Whoever is on duty has one mail, which does not say what the order is about."""
    wait(lambda: bool(mails(there, NIGHT)), "an alarm arrives")
    (mail,) = mails(there, NIGHT)
    assert mail["Content-Language"] == there.lang
    text = mail["Subject"] + mail.get_content()
    assert f"/orders/{order}" in text
    assert locale.render("mail.order-alarm.subject", {"count": 60}, there.lang) == mail["Subject"]
    assert not [one for one in secret if one in text]


# ── A report


def test_a_report_from_the_form_to_what_is_given_back(there: Forum, browser: Browser) -> None:
    lang, post = there.lang, 3
    hand = {"viewport": TELEPHONE, "java_script_enabled": False}
    with (
        seat(browser, there.address, lang, **hand) as reporter,
        seat(browser, there.address, lang, **hand) as author,
        seat(browser, there.address, lang) as mona,
        seat(browser, there.address, lang) as amal,
    ):
        report(reporter, address(post), lang)
        status(reporter, "received", lang)
        case = look(mona, lang)
        status(reporter, "looked-at", lang)
        decide(mona, "remove")
        wait(lambda: there.measures(post) == ["remove"], "it is removed")
        status(reporter, "outcome.acted", lang)

        complain(author, stated(there, mona, case), lang)
        mona.go("/appeals")
        expect(mona.page.locator("a[href^='/appeals/']")).to_have_count(0)  # it was hers
        talk(amal, author, lang)
        amal.page.check("[name=outcome][value=reversed]")
        amal.page.fill("#decide [name=reason]", OURS[lang])
        amal.press("#decide .button")
        wait(lambda: there.measures(post) == [], "it is given back")
        given_back(amal, author, case, lang)
        status(reporter, "outcome.taken-back", lang)
        expect(reporter.page.locator("main")).not_to_contain_text(REASON)
        assert len(there.public.stored) == 1  # what was taken back is told to the person alone
    subjects = [one["Subject"] for one in mails(there, REPORTER)]
    assert subjects == [
        locale.render(f"mail.notice-{one}.subject", {}, lang) for one in ("received", "decided")
    ]


def look(at: Seat, lang: str) -> str:
    """Takes the next case, which is what was reported, and opens it; the address of its page."""
    at.log_in("mona")
    at.press("[data-key=n]")
    case = at.page.url.partition("?")[0]
    expect(at.page.locator("#notices blockquote")).to_have_text(WHY[lang])
    comes_in(at, "#posts [data-open]")
    at.press("#posts [data-open]")
    expect(at.page.locator("#posts blockquote")).to_have_text(TEXT[lang])
    picture(at, f"report-2-case-{lang}")
    return case


def decide(at: Seat, outcome: str) -> None:
    at.page.check(f"[name=outcome][value={outcome}]")
    at.page.fill("#decide [name=reason]", REASON)
    at.press("#decide .button:not([data-submit])")


def report(at: Seat, url: str, lang: str) -> None:
    """Reports an address; the page is that of its code from then on."""
    at.go("/report")
    at.page.fill("[name=address]", url)
    at.page.check("[name=ground][value=incitement]")
    at.page.fill("[name=reasons]", WHY[lang])
    at.page.fill("[name=email]", REPORTER)
    at.page.check("[name=good_faith]")
    at.press("main form .button")
    code = at.page.locator("code.code").inner_text()
    at.go("/status")
    at.page.fill("[name=code]", code.lower())
    at.press("main form .button")


def status(at: Seat, words: str, lang: str) -> None:
    """What the public page of a report's code says by now."""
    comes(at, said(f"status.{words}", lang))
    picture(at, f"report-status-{words}-{lang}")


def stated(there: Forum, at: Seat, case: str) -> str:
    """The person and the public were told of the same decision, the public of nobody; the code
    with which the person may complain."""
    at.page.goto(case)
    comes(at, said("statements.state.accepted", there.lang), "#statements")
    picture(at, f"report-3-statement-{there.lang}")
    told = at.page.locator("#statements textarea").input_value()
    (record,) = there.public.stored.values()
    assert record["source_type"] == "SOURCE_ARTICLE_16"
    assert record["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_REMOVED"]
    secret = ("@ann", "forum:ann", REPORTER, REASON, WHY[there.lang])
    assert not [one for one in secret if one in f"{record} {told}"]
    (code,) = CODE.findall(told)
    return str(code)


def complain(at: Seat, code: str, lang: str) -> None:
    """Complains with a code."""
    at.go("/appeal")
    at.page.fill("[name=code]", code.lower())
    at.press("main .button")
    at.page.fill("[name=text]", COMPLAINT[lang])
    at.press("main .button")
    expect(at.page.locator(".verdict")).to_have_text(said("appeal.state.open", lang))


def talk(amal: Seat, author: Seat, lang: str) -> None:
    """Somebody else takes the complaint, asks, and is answered."""
    amal.log_in("amal")
    amal.go("/appeals")
    amal.press(".lines a")
    amal.page.fill("[name=text]", OURS[lang])
    amal.press("section:has([name=text]) .button")
    author.page.reload()
    expect(author.page.locator(".verdict")).to_have_text(said("appeal.state.asked", lang))
    picture(author, f"report-4-asked-{lang}")
    author.page.fill("[name=text]", COMPLAINT[lang])
    author.press("main .button")
    expect(author.page.locator(".timeline li")).to_have_count(3)
    amal.page.reload()
    picture(amal, f"report-5-appeal-{lang}")


def given_back(amal: Seat, author: Seat, case: str, lang: str) -> None:
    """Both sides are shown that it is done, and the person is told so."""
    comes(author, said("appeal.state.closed", lang))
    for one in (said("appeal.outcome.reversed", lang), OURS[lang]):
        expect(author.page.locator("main")).to_contain_text(one)
    picture(author, f"report-6-closed-{lang}")
    amal.page.goto(case)
    comes(amal, said("statements.says.lifted", lang), "#statements")
    reversed_ = locale.render("action.state.reversed", {}, lang)
    expect(amal.page.locator("#actions")).to_contain_text(reversed_)
    picture(amal, f"report-7-given-back-{lang}")


# ── Both


def said(message_id: str, lang: str, **values: Any) -> str:
    return locale.render(f"desk.{message_id}", values, lang)


def address(post: int) -> str:
    return f"https://forum.example/@ann/{post}"


def mails(there: Forum, to: str) -> list[EmailMessage]:
    found = [one for one in there.mail.taken if one["To"] == to]
    return [one for one in found if isinstance(one, EmailMessage)]


def asked(there: Forum, post: int, act: str) -> bool:
    subject = {"kind": "post", "id": f"forum:{post}"}
    known = list(there.platform.done.values())
    return any(one["act"] == act and one["subject"] == subject for one in known)


def state(at: Seat, name: str, lang: str) -> None:
    """Waits until an order's page says that it is in a state."""

    def shown() -> bool:
        at.page.reload()
        return at.page.locator("main .tag.state").first.inner_text() == words

    words = said(f"order.state.{name}", lang)
    wait(shown, f"{at.page.url} is {name}")


def comes(at: Seat, words: str, where: str = "main") -> None:
    """Loads a page anew, as somebody does who waits, until it says something."""

    def shown() -> bool:
        at.page.reload()
        return any(words in text for text in at.page.locator(where).all_inner_texts())

    wait(shown, f"{at.page.url} says: {words}")


def comes_in(at: Seat, part: str) -> None:
    """The same for a part of a page."""

    def there() -> bool:
        at.page.reload()
        return at.page.locator(part).count() > 0

    wait(there, f"{at.page.url} has {part}")


def wait(until: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not until():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def picture(at: Seat, name: str) -> None:
    if not PICTURES:
        return
    for size in (TELEPHONE, SCREEN):
        at.page.set_viewport_size(size)
        at.page.screenshot(path=f"{PICTURES}/{name}-{size['width']}.png", full_page=True)
