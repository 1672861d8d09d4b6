"""Orders over HTTP: typed in, carried out, on every page; and nothing of them in public."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.util import find_spec

import pytest

from marsad import locale
from marsad.decide.operator import Operator
from marsad.decide.orders import checks, listing
from marsad.decide.orders.by_hand import STEPS
from marsad.decide.orders.duty import Duty
from marsad.decide.orders.states import STATES
from marsad.records.times import HOUR
from marsad.web.access import ROUTES
from tests.decide.conftest import SENIOR
from tests.decide.orders.conftest import NIGHT, OPERATOR, PLACES
from tests.web.conftest import House

URL = "https://forum.example/@mona/1"
FORM = {"urls": URL, "name": "Some Authority", "state": "FR", "reference": "R-1", "lang": "en",
        "issued_at": "2023-11-14T20:00", "grounds": "incites"}  # fmt: skip


@pytest.fixture
def hall(house: House, people: object) -> House:
    site = replace(house.site, places=PLACES, operator=OPERATOR)
    return House(site, house.clock)


def typed_in(hall: House, **more: str) -> int:
    answer = hall.browser("senior").post("/orders/new", "/orders/new", **FORM | more)
    assert answer.status_code == 303, answer.text
    return int(re.findall(r"/orders/(\d+)", answer.headers["location"])[0])


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_typed_in_and_carried_out(hall: House, lang: str) -> None:
    senior = hall.browser("senior", lang)
    order = typed_in(hall)
    path = f"/orders/{order}"
    shown = senior.get(path)
    assert shown.status_code == 200
    assert URL in shown.text
    assert "Some Authority" in senior.get("/orders").text
    for check in ("unlisted", "not-signed", "cross-border", "not-informed"):
        assert locale.render(f"desk.order.check.{check}.do", {}, lang) in shown.text
    assert senior.post(f"{path}/execute", path, wanted="remove").status_code == 303
    assert hall.site.orders.file(SENIOR, order).order.state == "in-force"
    assert locale.render("desk.order.item.proposed", {}, lang) in senior.get(path).text


def test_what_is_wrong_is_said_beside_what_was_typed(hall: House) -> None:
    senior = hall.browser("senior")
    urls = "\n".join(f"https://forum.example/@m/{n}" for n in range(501))
    answer = senior.post("/orders/new", "/orders/new", **FORM | {"urls": urls})
    assert answer.status_code == 422
    assert "at most 500 addresses" in answer.text
    assert "https://forum.example/@m/500" in answer.text
    order = typed_in(hall)
    path = f"/orders/{order}"
    answer = senior.post(f"{path}/step", path, kind="order-stopped", ground="force-majeure",
                         text="short")  # fmt: skip
    assert answer.status_code == 422
    assert ">short</textarea>" in answer.text


def test_500_addresses_are_typed_in_and_shown(hall: House) -> None:
    order = typed_in(hall, urls="\n".join(f"https://forum.example/@m/{n}" for n in range(500)))
    shown = hall.browser("senior").get(f"/orders/{order}")
    assert shown.text.count("https://forum.example/@m/") == 500


def test_the_same_order_again_leads_to_the_first(hall: House) -> None:
    first = typed_in(hall)
    answer = hall.browser("senior").post("/orders/new", "/orders/new", **FORM)
    assert answer.headers["location"] == f"/orders/{first}?again=1"


@pytest.mark.parametrize("path", ["/", "/profile", "/dashboard", "/crises", "/to-do", "/orders"])
def test_the_hour_is_on_every_page_until_somebody_saw_it_done(hall: House, path: str) -> None:
    senior = hall.browser("senior")
    assert 'class="hours"' not in senior.get(path).text
    order = typed_in(hall)
    hall.clock.now += 46 * 60_000_000
    page = senior.get(path).text
    assert 'class="hours"' in page
    assert 'data-left="840">14:00<' in page
    assert 'class="urgent"' in page
    assert f'href="/orders/{order}"' in page


@pytest.mark.parametrize("role", ["moderator", "analyst", "appeals"])
def test_who_may_not_read_orders_sees_that_one_runs_and_no_more(hall: House, role: str) -> None:
    order = typed_in(hall)
    page = hall.browser(role).get("/").text
    assert locale.render("desk.hours.one", {}, "en") in page
    assert f"/orders/{order}" not in page
    assert "data-left=" in page
    assert hall.browser(role).get(f"/orders/{order}").status_code == 403
    assert 'class="hours"' not in hall.browser().get("/login").text


def test_what_was_joined_by_hand_is_taken_back_on_the_page(hall: House) -> None:
    senior = hall.browser("senior")
    order = typed_in(hall, urls="https://forum.example/odd?x")
    path, joined = f"/orders/{order}", locale.render("desk.order.by-hand", {}, "en")
    given = {"number": "1", "kind": "post", "subject": "forum:9"}
    assert senior.post(f"{path}/locate", path, **given).status_code == 303
    assert joined in senior.get(path).text
    entry = re.findall(r'name="joined" value="(\d+)"', senior.get(path).text)[0]
    assert senior.post(f"{path}/part", path, joined=entry).status_code == 303
    assert joined not in senior.get(path).text
    assert locale.render("desk.order.parted", {}, "en") in senior.get(path).text
    assert senior.post(f"{path}/part", path, joined=entry).status_code == 422
    wrong = senior.post(f"{path}/locate", path, **given | {"subject": "froum:9"})
    assert (
        locale.render("order.platform", {"given": "froum", "valid": ["forum"]}, "en") in wrong.text
    )


def test_every_state_and_step_has_its_page(hall: House) -> None:
    """No page lacks a sentence: each state is brought about, and each is looked at."""
    senior = hall.browser("senior")
    words = "words that explain it"
    seen = set()

    def look(order: int) -> str:
        answer = senior.get(f"/orders/{order}")
        assert answer.status_code == 200
        seen.add(hall.site.orders.file(SENIOR, order).order.state)
        return answer.text

    def step(order: int, kind: str, ground: str = "") -> None:
        path = f"/orders/{order}"
        sent = senior.post(f"{path}/step", path, kind=f"order-{kind}", ground=ground, text=words)
        assert sent.status_code == 303, sent.text
        look(order)

    order = typed_in(hall)
    look(order)
    step(order, "taken")
    step(order, "called-back", "not-reached")
    step(order, "noted")
    step(order, "stopped", "manifest-error")
    path = f"/orders/{order}"
    assert senior.post(f"{path}/clear", path, text=words, urls=f"{URL}2").status_code == 303
    until = senior.post(f"{path}/confidential", path, until="2023-12-01T00:00")
    assert until.status_code == 303
    assert locale.render("desk.order.confidential", {}, "en") in look(order)
    step(order, "refused", "not-authentic")
    step(order, "told", "refusal")
    step(order, "reopened")
    assert senior.post(f"{path}/execute", path, wanted="disable").status_code == 303
    look(order)
    step(order, "infringing", "own-motion")
    step(order, "closed")
    other = typed_in(hall, reference="R-2", urls="https://forum.example/odd?x")
    path = f"/orders/{other}"
    located = senior.post(f"{path}/locate", path, number="1", kind="post", subject="forum:9")
    assert located.status_code == 303
    step(other, "withdrawn", "court")
    assert {"received", "checking", "impossible", "refused", "in-force", "infringing", "withdrawn",
            "closed"} <= seen  # fmt: skip
    assert senior.get("/orders").status_code == 200


@pytest.mark.parametrize("lang", locale.LANGUAGES)
def test_every_word_of_an_order_is_there(lang: str) -> None:
    known = {entry.id if isinstance(entry.id, str) else entry.id[0]
             for entry in locale.catalogue(lang)}  # fmt: skip
    wanted = {f"desk.order.state.{one}" for one in STATES}
    wanted |= {f"desk.order.next.{one}" for one in STATES}
    wanted |= {f"desk.order.check.{one}" for one in checks.CHECKS}
    wanted |= {f"desk.order.check.{one}.do" for one in set(checks.CHECKS) - checks.GOOD}
    wanted |= {f"desk.order.step.{one}" for one in STEPS}
    wanted |= {f"desk.order.step.{one}.about" for one in STEPS if one != "order-taken"}
    wanted |= {"desk.order.alarm", "desk.order.alarm-ask", "desk.order.alarm-decide"}
    wanted |= {f"desk.order.ground.{one}" for form in STEPS.values() for one in form.grounds}
    assert wanted <= known
    assert set(listing.WAITING) <= set(STATES)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_history_tells_of_which_clock_an_alarm_was(hall: House, lang: str) -> None:
    order = typed_in(hall)
    path = f"/orders/{order}"
    hall.browser("senior").post(f"{path}/execute", path, wanted="disable")
    by_hand(hall)
    hall.clock.now += 25 * HOUR
    hall.site.orders.keep_up()
    said = hall.browser("senior", lang).get(path).text
    assert locale.render("desk.order.alarm", {"count": 60}, lang) in said
    assert locale.render("desk.order.alarm-ask", {"count": 24}, lang) in said


def test_the_list_says_when_an_alarm_would_reach_nobody(hall: House) -> None:
    no_rota = locale.render("desk.orders.no-rota", {}, "en")
    assert no_rota in hall.browser("senior").get("/orders").text
    manned = House(replace(hall.site, duty=Duty((NIGHT,))), hall.clock)
    assert no_rota not in manned.browser("senior").get("/orders").text


def test_hostile_words_are_text(hall: House) -> None:
    order = typed_in(hall, explanation="<script>alert(1)</script>\u202eevil", name="<b>A</b>")
    page = hall.browser("senior").get(f"/orders/{order}").text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


def test_there_is_no_order_of_another_number(hall: House) -> None:
    senior = hall.browser("senior")
    assert senior.get("/orders/999").status_code == 404
    assert senior.post("/orders/999/execute", "/orders", wanted="remove").status_code == 404


def test_the_documents_of_an_order(hall: House) -> None:
    """Annex II once it was done, Annex III once it could not be, and the notice to the uploader
    only when they may be told."""
    senior = hall.browser("senior")
    order = typed_in(hall)
    path = f"/orders/{order}"
    assert senior.get(f"{path}/documents/annex-2").status_code == 404
    assert senior.get(f"{path}/documents/annex-3").status_code == 404
    stop = {"kind": "order-stopped", "ground": "force-majeure", "text": "the whole site was down"}
    assert senior.post(f"{path}/step", path, **stop).status_code == 303
    third = senior.get(f"{path}/documents/annex-3", params={"lang": "ar"})
    assert third.status_code == 200
    assert "the whole site was down" in third.text
    assert "script-src" not in third.headers["content-security-policy"]
    senior.post(f"{path}/clear", path, text="it is up again now")
    senior.post(f"{path}/execute", path, wanted="remove")
    by_hand(hall)
    page = senior.get(path).text
    second = senior.get(f"{path}/documents/annex-2")
    assert URL in second.text
    if find_spec("typst"):
        file = senior.get(f"{path}/documents/annex-2", params={"form": "pdf", "lang": "ar"})
        assert file.content.startswith(b"%PDF-")
        assert f"order-{order}-annex-2-ar.pdf" in file.headers["content-disposition"]
    person = int(re.findall(r"documents/uploader[?][^\"]*person=(\d+)", page)[0])
    notice = {"person": str(person)}
    assert URL in senior.get(f"{path}/documents/uploader", params=notice).text
    assert senior.get(f"{path}/documents/uploader", params={"person": "99"}).status_code == 404
    senior.post(f"{path}/confidential", path, until="2023-12-01T00:00")
    assert "documents/uploader" not in senior.get(path).text
    assert senior.get(f"{path}/documents/uploader", params=notice).status_code == 422


def test_a_non_disclosure_ends_with_a_reason_alone(hall: House) -> None:
    senior, path = hall.browser("senior"), f"/orders/{typed_in(hall)}"
    secret = locale.render("desk.order.confidential", {}, "en")
    assert "/disclose" not in senior.get(path).text
    senior.post(f"{path}/confidential", path, until="2023-12-01T00:00")
    assert senior.post(f"{path}/confidential", path, until="").status_code == 422
    assert senior.post(f"{path}/disclose", path, text="").status_code == 422
    assert secret in senior.get(path).text
    why = "The authority wrote that it is over."
    assert senior.post(f"{path}/disclose", path, text=why).status_code == 303
    page = senior.get(path).text
    assert (secret in page, why in page) == (False, True)


def by_hand(hall: House) -> None:
    """People do and record what orders ask for."""
    from marsad.decide.actions.carrying import Carrier
    from marsad.platforms.manual import Manual
    from marsad.platforms.settings import Configured

    site, people = hall.site, Manual({})
    chosen = Configured("forum", people)
    Carrier(site.desk.database, lambda _: chosen, hall.clock).carry_out()
    for one in site.desk.to_do(SENIOR):
        site.desk.record_manual(SENIOR, one.action.id, "done")
    site.orders.keep_up()


# ── in public


PUBLIC = sorted(path for (method, path), who in ROUTES.items()
                if method == "GET" and who == "public" and "{" not in path)  # fmt: skip
"""Every page that anybody can read; a new one is compared without a word here."""


def public_answers(hall: House) -> dict[str, tuple[int, bytes]]:
    """What everybody reads, in both languages, byte by byte."""
    browsers = {lang: hall.browser(lang=lang) for lang in ("en", "ar")}
    return {
        f"{lang} {path}": (answer.status_code, answer.content)
        for lang, browser in browsers.items()
        for path in PUBLIC
        for answer in [browser.get(path)]
    }


def test_no_public_page_tells_of_an_order(hall: House) -> None:
    """Byte by byte the same before, while it runs, once carried out, and while it is not to be
    disclosed."""
    hall.open("forum:1", "post")
    before = public_answers(hall)
    order = typed_in(hall, confidential_until="2023-12-01T00:00")
    assert public_answers(hall) == before
    path = f"/orders/{order}"
    assert hall.browser("senior").post(f"{path}/execute", path, wanted="remove").status_code == 303
    assert public_answers(hall) == before


def test_who_reported_it_is_not_told_of_an_order_that_is_kept_secret(hall: House) -> None:
    """Byte by byte the same: while it runs, and once what they reported is gone."""
    browser = hall.browser()
    said = {"address": (None, URL), "ground": (None, "incitement"), "good_faith": (None, "1"),
            "reasons": (None, "It calls for an attack.")}  # fmt: skip
    code = re.search(r'<code class="code" dir="ltr">([^<]+)<', browser.client.post(
        "/report", files=said).text)  # fmt: skip
    assert code is not None
    path = f"/status/{code[1]}"
    before = browser.get(path).content
    order = typed_in(hall, confidential_until="2023-12-01T00:00")
    assert browser.get(path).content == before
    asked = hall.browser("senior").post(f"/orders/{order}/execute", f"/orders/{order}",
                                        wanted="remove")  # fmt: skip
    assert asked.status_code == 303
    by_hand(hall)
    assert hall.site.orders.file(SENIOR, order).order.state == "confirmed"
    assert browser.get(path).content == before


def test_that_an_order_was_carried_out_is_not_among_the_decisions(hall: House) -> None:
    order = typed_in(hall)
    path = f"/orders/{order}"
    hall.browser("senior").post(f"{path}/execute", path, wanted="remove")
    for role in ("senior", "analyst", "auditor"):
        assert "executed" not in hall.browser(role).get("/decisions.csv").text


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_contact_point_is_there_for_everybody(hall: House, lang: str) -> None:
    page = hall.browser(lang=lang).get("/contact")
    assert page.status_code == 200
    assert OPERATOR.email in page.text
    assert locale.render("desk.contact.languages", {}, lang) in page.text
    bare = House(replace(hall.site, operator=Operator()), hall.clock)
    assert (
        locale.render("desk.contact.none", {}, lang) in bare.browser(lang=lang).get("/contact").text
    )


def test_an_address_that_came_later_can_be_left_out(hall: House) -> None:
    senior = hall.browser("senior")
    order = typed_in(hall)
    path = f"/orders/{order}"
    senior.post(f"{path}/execute", path, wanted="remove")
    assert 'name="left_out"' not in senior.get(path).text
    typed_in(hall, urls=f"{URL}\nhttps://elsewhere.example/1")
    assert 'name="left_out"' in senior.get(path).text
    assert senior.post(f"{path}/execute", path, wanted="remove", left_out="1").status_code == 303
    assert 'name="left_out"' not in senior.get(path).text


def test_a_case_that_an_order_opened_says_so(hall: House) -> None:
    order = typed_in(hall)
    case = hall.site.orders.file(SENIOR, order).found[0].item.case_id
    assert "because an authority ordered it" in hall.browser("senior").get(f"/cases/{case}").text
