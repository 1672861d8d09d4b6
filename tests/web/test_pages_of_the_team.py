"""Dashboard, log, crises and to-dos as pages: what they show, to whom, and what they refuse."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from marsad.decide import users
from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.decide.entries import KINDS as ENTRIES
from marsad.decide.places import Places
from marsad.decide.settings import Quality, Settings
from marsad.decide.states import KINDS as OF_CASES
from marsad.records.times import HOUR, MINUTE
from marsad.store import actions, cases, log
from marsad.store.checkpoints import make, signer
from marsad.store.tables import audit as audit_table
from marsad.web import audit as audit_page
from marsad.web.audit import VERIFYING
from marsad.web.limits import forget
from marsad.workspace import Workspace, keeping
from marsad.workspace.keeping import Kept
from marsad.workspace.reviewing import key_file
from tests.decide.conftest import FIRST, SECOND, SENIOR, Room
from tests.web.conftest import BASE, Browser, House

HOSTILE = "<script>alert(1)</script>\u202e &amp;"


@pytest.fixture
def room(house: House) -> Room:
    """The desk of the house, with a case decided each way."""
    made = Room(house.site.desk, house.clock)
    for number, outcome in enumerate(("warn", "hide", "no-violation", "suspend")):
        house.clock.now += MINUTE
        made.decide(FIRST, house.open(f"x:{number}"), outcome)
    made.decide(SECOND, made.read("x:3"), "suspend")
    return made


def logged_in(house: House, role: str, lang: str = "en") -> Browser:
    """A browser of somebody with a role, called like it; ``own`` was added by the test."""
    every = {one.name for one in users.every(house.site.desk.database)}
    if role not in every:
        house.add(role, role)
    return house.browser(role, lang)


def with_workspace(house: House, tmp_path: Path) -> Workspace:
    workspace = Workspace.create(tmp_path / "ws")
    house.site = replace(house.site, workspace=workspace)
    return workspace


# ── dashboard


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_an_empty_dashboard_says_what_is_missing(house: House, lang: str) -> None:
    page = logged_in(house, "moderator", lang).get("/dashboard").text
    told = {"en": ["Nothing was decided in the last 90 days", "No golden case was answered",
                   "while marsad serve runs"],
            "ar": ["لم يُحسم شيء في آخر ٩٠ يومًا"]}[lang]  # fmt: skip
    browser = logged_in(house, "moderator", lang)
    if lang == "ar":
        browser.post("/language", lang="ar", next="/dashboard")
        page = browser.get("/dashboard").text
    assert all(one in page for one in told)


def test_the_dashboard_has_figures_with_intervals(house: House, room: Room) -> None:
    house.open("x:waits")
    house.clock.now += 3 * HOUR
    page = logged_in(house, "analyst").get("/dashboard").text
    assert "3 hours" in page
    assert "of 3 decisions against somebody" in page
    assert re.search(r"Between 0.0% and 70.8%, with 95% confidence", page)
    # precision of phrases: 3 of 4 decided cases, Clopper and Pearson
    for cell in ("75.0%", "19.4%", "99.4%"):
        assert f'<td class="number">{cell}</td>' in page
    assert page.count("<svg") == 2
    assert 'style="' not in page


def test_nobody_is_named_on_the_dashboard_but_oneself(
    house: House, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marsad.records.estimate import proportion
    from marsad.workspace.quality import Golden

    own = house.add("own", "moderator").user.id
    every = [Golden(who, proportion(n, 10, name="golden"), 0)
             for n, who in ((5, None), (3, own), (9, "r-somebody"))]  # fmt: skip
    monkeypatch.setattr("marsad.workspace.dashboard.golden_agreement", lambda *_: every)
    page = logged_in(house, "own").get("/dashboard").text
    assert "r-somebody" not in page
    assert "90.0%" not in page
    assert "50.0%" in page
    assert "30.0%" in page
    others = logged_in(house, "senior").get("/dashboard").text
    assert "50.0%" in others
    assert "30.0%" not in others
    assert "90.0%" not in others
    assert FIRST.id not in page


def test_slow_figures_are_read_from_where_they_are_kept_and_never_made(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = with_workspace(house, tmp_path)
    browser = logged_in(house, "analyst")
    assert "come back in a minute" in browser.get("/dashboard").text.lower()
    assert keeping.keep_up(workspace, house.site.desk.database, house.clock())
    monkeypatch.setattr(keeping, "make", None)
    assert "Made on 14 November 2023" in browser.get("/dashboard").text
    (workspace.folder / keeping.FILE).write_text('{"form": 1')
    assert "come back in a minute" in browser.get("/dashboard").text.lower()


def test_predictive_values_stand_beside_thresholds(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marsad.measure.refusal import Refused
    from marsad.records.estimate import proportion
    from marsad.workspace.dashboard import Predictive
    from marsad.workspace.shadow import Shadowed

    with_workspace(house, tmp_path)
    none = Refused("quality.none-flagged", ["sample"], "marsad label sample", signal="copies",
                   threshold=0.9)  # fmt: skip
    nothing = Refused("quality.no-sample", ["sample"], "marsad label sample --kind account")
    told = Predictive("copies", 0.0, proportion(4, 8, name="v"))
    values = [told, Predictive("copies", 0.9, none)]
    kept = Kept(house.clock(), "", {"post": proportion(9, 300, name="p"), "account": None},
                {"post": values, "account": [Predictive("returns", 0.0, nothing)]},
                [Shadowed("bursts", None, 7, 5, nothing),
                 Shadowed("copies", 0.8, 3, 2, proportion(1, 2, name="s"))])  # fmt: skip
    monkeypatch.setattr(keeping, "read", lambda _: kept)
    page = logged_in(house, "analyst").get("/dashboard").text
    assert "3.0% " in page
    assert "(1.4% to 5.6%; n = 300)" in page
    assert "50.0% " in page
    assert "(15.7% to 84.3%; n = 8)" in page
    assert "nothing that was decided scores 0.9 or more" in page
    assert "marsad label sample --kind account" in page
    assert "In shadow" in page
    assert "scores below 0.80" in page


def test_kept_figures_come_back_as_they_were(house: House, room: Room, tmp_path: Path) -> None:
    workspace = with_workspace(house, tmp_path)
    database = house.site.desk.database
    assert keeping.keep_up(workspace, database, house.clock())
    first = keeping.read(workspace)
    assert first is not None
    assert first == keeping._kept(keeping._said(first))
    assert not keeping.keep_up(workspace, database, house.clock())
    room.decide(FIRST, house.open("x:new"), "warn")
    assert not keeping.keep_up(workspace, database, house.clock() + HOUR - 1)
    assert keeping.keep_up(workspace, database, house.clock() + HOUR)
    # a clock that was set back must not leave old figures for long
    assert not keeping.keep_up(workspace, database, house.clock() - 9 * HOUR)
    room.decide(FIRST, house.open("x:newer"), "warn")
    assert keeping.keep_up(workspace, database, house.clock() - 9 * HOUR)
    changed = replace(workspace, settings={**workspace.settings, "shadow": {"signals": ["bursts"]}})
    assert keeping.keep_up(changed, database, house.clock() - 9 * HOUR)


# ── the log


def test_every_kind_of_entry_has_a_name() -> None:
    assert set(OF_CASES) <= set(ENTRIES)
    assert len(set(ENTRIES)) == len(ENTRIES)


@pytest.mark.parametrize("role", ["moderator", "senior", "appeals", "analyst", "admin"])
def test_who_could_be_shown_a_copy_cannot_read_the_log(house: House, room: Room, role: str) -> None:
    """The order of entries alone tells a copy from a real case; so the log is for auditors."""
    browser = logged_in(house, role)
    for path in ("/audit", "/audit?case=1", "/audit/log.ndjson"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert "golden" not in answer.text
    assert browser.post("/audit/verify").status_code == 403
    assert 'href="/audit"' not in browser.get("/profile").text


def test_a_moderators_pages_do_not_tell_a_golden_case_from_another(house: House) -> None:
    desk = replace(house.site.desk, settings=Settings(Quality(1, 0)), chance=lambda: 0.0)
    room = Room(desk, house.clock)
    decided = room.decide(FIRST, house.open("x:1"), "warn")
    desk.mark_golden(SENIOR, decided.id, ["warn"])
    from marsad.decide.opening import Mixing, open_cases
    from tests.decide.conftest import finding

    found = [finding("x:2"), finding("x:3")]
    open_cases(desk.database, found, house.clock(), mixing=Mixing(1.0, lambda: 0.0))
    moderator = logged_in(house, "moderator")
    page = moderator.get("/").text
    numbers = [int(one) for one in re.findall(r'href="/cases/(\d+)"', page)]
    with desk.database.reading() as transaction:
        copies = [one.id for one in cases.all_in_order(transaction) if one.copy_of is not None]
    assert copies
    assert set(copies) <= set(numbers)
    for path in ("/", "/dashboard", "/crises", "/to-do", f"/cases/{copies[0]}"):
        text = moderator.get(path).text.lower()
        assert "copy_of" not in text
        assert "golden case is" not in text
    assert f"/cases/{copies[0]}" in logged_in(house, "auditor").get("/audit?kind=opened").text


def test_entries_come_newest_first_and_by_kind_and_case(house: House, room: Room) -> None:
    browser = logged_in(house, "auditor")
    page = browser.get("/audit").text
    seqs = [int(one) for one in re.findall(r'id="entry-(\d+)"', page)]
    assert seqs == sorted(seqs, reverse=True)
    assert len(seqs) > 8
    decided = browser.get("/audit?kind=decided").text
    assert decided.count("<li id=") == 4
    assert ">decided<" in decided
    case = room.read("x:3").id
    mine = [int(one) for one in re.findall(r'href="/cases/(\d+)"',
                                            browser.get(f"/audit?case={case}").text)]  # fmt: skip
    assert set(mine) == {case}
    assert len(mine) > 3
    assert browser.get("/audit?kind=no-such&case=x&before=-1").status_code == 200
    assert "There is no such entry" in browser.get("/audit?case=999999").text


def test_pages_of_the_log_join_up_and_rare_kinds_are_found(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_page, "A_PAGE", 4)
    monkeypatch.setattr(log, "MOST_SCANNED", 7)
    for number in range(9):
        house.open(f"x:{number}")
    browser, path, seen = logged_in(house, "auditor"), "/audit", []
    for _ in range(30):
        page = browser.get(path).text
        seen += [int(one) for one in re.findall(r'id="entry-(\d+)"', page)]
        on = re.search(r'href="(/audit\?[^"]*before=\d+[^"]*)"', page)
        if on is None:
            break
        path = on[1].replace("&amp;", "&")
    with house.site.desk.database.reading() as transaction:
        assert seen == list(range(log.head(transaction).seq, 0, -1))
    path, found = "/audit?kind=opened", []
    for _ in range(30):
        page = browser.get(path).text
        found += re.findall(r'id="entry-(\d+)"', page)
        on = re.search(r'href="(/audit\?[^"]*before=\d+[^"]*)"', page)
        if on is None:
            break
        path = on[1].replace("&amp;", "&")
    assert len(found) == len(set(found)) == 9


def test_verifying_says_in_words_what_it_found(house: House, room: Room, tmp_path: Path) -> None:
    workspace = with_workspace(house, tmp_path)
    browser, database = logged_in(house, "auditor"), house.site.desk.database
    assert "The log is whole" in browser.post("/audit/verify").text
    with database.writing() as transaction:
        made = make(transaction, signer(key_file(workspace)), house.clock())
    assert made is not None
    assert made.hash.hex()[:16] in browser.get("/audit").text
    with database.writing() as transaction:
        for name in ("audit_no_update",):
            transaction.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        wrong = audit_table.update().where(audit_table.c.seq == 3).values(hash=bytes(32))
        transaction.execute(wrong)
    said = browser.post("/audit/verify").text
    assert "The log is broken: entry 3" in said
    assert verify(database, made.key).broken is not None


def test_a_long_log_is_for_the_command_line(
    house: House, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_page, "MOST_VERIFIED", 3)
    monkeypatch.setattr(audit_page.verifying, "verify", None)
    said = logged_in(house, "auditor").post("/audit/verify").text
    assert "marsad audit verify" in said
    assert "more than 3 entries" in said


def test_verifying_over_and_over_is_refused(house: House) -> None:
    forget()
    browser = logged_in(house, "auditor")
    answers = [browser.post("/audit/verify").status_code for _ in range(VERIFYING.amount + 1)]
    assert answers == [200] * VERIFYING.amount + [429]


def test_the_download_is_the_export(
    house: House, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_page, "LINES_AT_ONCE", 2)
    answer = logged_in(house, "auditor").get("/audit/log.ndjson")
    assert "attachment" in answer.headers["content-disposition"]
    lines = [json.loads(line) for line in answer.text.splitlines()]
    with house.site.desk.database.reading() as transaction:
        end = log.head(transaction)
    assert [one["seq"] for one in lines] == list(range(1, end.seq + 1))
    assert lines[-1]["hash"] == end.hash.hex()
    assert "marker word" not in answer.text


# ── crises


def test_a_crisis_is_opened_with_a_queue_of_its_own_and_closed(house: House) -> None:
    for number in range(3):
        house.open(f"x:{number}")
    house.open("x:other", signal="links")
    senior = logged_in(house, "senior")
    answer = senior.post("/crises", name=HOSTILE, owner="r-1", signal="phrases", platform="x")
    assert answer.status_code == 303
    where = answer.headers["location"]
    number = where.partition("crisis=")[2]
    queue = senior.get(where).text
    assert queue.count('<li class="row') == 3
    assert "x:other" not in queue
    assert "<script>alert" not in queue
    assert "\u202e" not in queue
    page = logged_in(house, "moderator").get("/crises").text
    assert "3 cases wait" in page
    assert f"/?crisis={number}" in page
    assert "/close" not in page
    assert "<script>alert" not in page
    assert logged_in(house, "moderator").post(f"/crises/{number}/close").status_code == 403
    assert senior.post(f"/crises/{number}/close").status_code == 303
    assert "No crisis runs" in senior.get("/crises").text
    assert senior.post(f"/crises/{number}/close").status_code == 422


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "n", "owner": "r-1"}, "Say which cases"),
        ({"name": "", "owner": "r-1", "signal": "phrases"}, "A crisis has a name"),
        ({"name": "n", "owner": " ", "signal": "phrases"}, "needs an owner"),
        ({"name": "n", "owner": "r", "entries": "no bank"}, "bank / entry"),
        ({"name": "n", "owner": "r", "signal": "phrases", "since": "never"}, "is no time"),
        ({"name": "n", "owner": "r", "signal": "phrases", "since": "0001-01-01T00:00",
          "until": "0001-01-01T00:00"}, "end after the beginning"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_crisis_is_said_and_the_form_keeps_what_was_typed(
    house: House, fields: dict[str, str], says: str
) -> None:
    answer = logged_in(house, "senior").post("/crises", **fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'value="{fields["name"]}"' in answer.text


def test_terms_of_a_crisis_are_read_from_lines() -> None:
    from marsad.web.crises import FIELDS, wanted_of

    filled = dict.fromkeys(FIELDS, "") | {
        "entries": "markers / amber / lantern\r\n\r\n b/c ", "hashtags": "#River\nsea",
        "domains": "A.example", "since": "2026-01-31T18:00",
    }  # fmt: skip
    wanted = wanted_of(filled)
    assert wanted.entries == (("markers", "amber / lantern"), ("b", "c"))
    assert (wanted.hashtags, wanted.domains) == (("#River", "sea"), ("a.example",))
    assert wanted.since == 1_769_882_400_000_000
    assert wanted.until is None


def test_proposals_come_when_asked_for_and_fill_in_the_form(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marsad.decide.sharing import Key
    from marsad.decide.surges import Surge

    keys = [Key("entry", "markers\namber <b>"), Key("community", "c:1"), Key("hashtag", "")]
    asked: list[int] = []

    def suggest(*_: object) -> list[Surge]:
        asked.append(1)
        return [Surge(key, 9, 6.0, 1.0, 9.0, 4.0) for key in keys]

    monkeypatch.setattr(Desk, "suggest_crisis", suggest)
    senior = logged_in(house, "senior")
    senior.get("/crises")
    assert not asked
    page = senior.post("/crises/suggest").text
    assert asked == [1]
    assert page.count("at least 4 times") == 3
    assert 'name="entries" value="markers / amber &lt;b&gt;"' in page
    assert page.count('action="/crises" class="inline"') == 1


def test_the_queue_by_platform(house: House) -> None:
    house.open("x:1")
    house.open("other-place:1")
    page = logged_in(house, "moderator").get("/?platform=x").text
    assert page.count('<li class="row') == 1
    assert '<option value="other-place"></option><option value="x"></option>' in page
    assert logged_in(house, "moderator").get("/?platform=none&crisis=abc").status_code == 200


@pytest.mark.parametrize(("order", "first"), [("oldest", 0), ("newest", -1), ("urgent", 1)])
def test_the_order_of_the_queue_stays_with_its_pages(
    house: House, monkeypatch: pytest.MonkeyPatch, order: str, first: int
) -> None:
    monkeypatch.setattr("marsad.web.queue.A_PAGE", 1)
    found = []
    for subject, signal in (("x:1", "phrases"), ("x:2", "copies"), ("x:3", "phrases")):
        found.append(house.open(subject, signal=signal).id)
        house.clock.now += MINUTE
    browser, address, seen = logged_in(house, "moderator"), f"/?order={order}", []
    while address:
        page = browser.get(address).text
        assert f'<option value="{order}" selected>' in page
        seen += [int(one) for one in re.findall(r'<a href="/cases/([0-9]+)">', page)]
        later = re.search(r'href="(/\?[^"]*after=[^"]+)"', page)
        address = unescape(later[1]) if later else ""
    assert seen[0] == found[first]
    assert sorted(seen) == found


# ── to do


def by_hand(house: House, *subjects: str) -> list[int]:
    """Actions that people are asked for."""
    from marsad.decide.actions.carrying import Carrier
    from marsad.platforms.base import Place
    from marsad.workspace.acting import Platforms

    room = Room(house.site.desk, house.clock)
    for subject in subjects:
        room.decide(FIRST, house.open(subject), "warn")
    known = Platforms({}, lambda name: Place(name, Path(), house.clock))
    Carrier(house.site.desk.database, known.chosen, house.clock).carry_out()
    return [one.action.id for one in house.site.desk.to_do(FIRST)]


def test_a_to_do_on_our_own_site_has_its_address(house: House) -> None:
    by_hand(house, "forum:7")
    site = {"platform": "forum", "host": "forum.example", "account": ["/@{account}"]}
    house.site = replace(house.site, places=Places.of({"places": [site]}))
    page = logged_in(house, "moderator").get("/to-do").text
    assert 'href="https://forum.example/@7"' in page


def test_a_to_do_has_a_link_and_is_ended_with_what_was_seen(house: House) -> None:
    first, second = by_hand(house, "twitter:12", "elsewhere:7")
    browser = logged_in(house, "moderator")
    page = browser.get("/to-do").text
    assert 'href="https://x.com/i/user/12"' in page
    assert "There is no link" in page
    assert 'rel="noreferrer noopener"' in page
    assert browser.post(f"/to-do/{first}", saw="done", note=HOSTILE).status_code == 303
    wrong = browser.post(f"/to-do/{second}", saw="dreamt", note="typed <b>")
    assert wrong.status_code == 422
    assert "typed &lt;b&gt;" in wrong.text
    again = browser.post(f"/to-do/{first}", saw="done")
    assert again.status_code == 422
    assert "not waiting for a person" in again.text
    assert browser.post(f"/to-do/{second}", saw="not-possible").status_code == 303
    with house.site.desk.database.reading() as transaction:
        states = [actions.read(transaction, one).state for one in (first, second)]  # type: ignore[union-attr]
    assert states == ["confirmed", "failed"]
    assert "Nothing to do" in browser.get("/to-do").text


def test_what_has_failed_is_asked_for_anew_by_who_may(house: House) -> None:
    (action,) = by_hand(house, "elsewhere:7")
    logged_in(house, "moderator").post(f"/to-do/{action}", saw="not-possible")
    page = logged_in(house, "moderator").get("/to-do").text
    assert "A person found that it is not possible" in page
    assert "/retry" not in page
    assert logged_in(house, "moderator").post(f"/to-do/{action}/retry").status_code == 403
    senior = logged_in(house, "senior")
    assert f"/to-do/{action}/retry" in senior.get("/to-do").text
    assert senior.post(f"/to-do/{action}/retry", by_hand="1").status_code == 303
    with house.site.desk.database.reading() as transaction:
        asked = actions.read(transaction, action)
    assert asked is not None
    assert (asked.state, asked.by_hand) == ("proposed", True)
    assert senior.post(f"/to-do/{action}/retry").status_code == 422


def test_pages_of_to_dos(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marsad.web.to_do.A_PAGE", 2)
    numbers = by_hand(house, *(f"a:{n}" for n in range(3)), "b:1")
    browser = logged_in(house, "moderator")
    shown = re.findall(r'id="action-(\d+)"', browser.get("/to-do").text)
    later = re.findall(r'id="action-(\d+)"', browser.get(f"/to-do?after={shown[-1]}").text)
    assert [int(one) for one in (*shown, *later)] == numbers
    assert browser.get("/to-do?platform=b").text.count('id="action-') == 1


def test_what_hinders_acting_is_told(house: House, tmp_path: Path) -> None:
    from fastapi.testclient import TestClient

    from marsad.records.message import Message
    from marsad.web.app import create_app

    workspace = with_workspace(house, tmp_path)
    settings = {**workspace.settings, "platforms": {"x": {"by": "carrier-pigeon"}}}
    house.site = replace(house.site, workspace=replace(workspace, settings=settings))
    app = create_app(house.site)
    app.state.background._problems["act"] = Message("disk.full", {"what": "review.db"})
    browser = Browser(TestClient(app, BASE, follow_redirects=False))
    house.add("moderator", "moderator")
    browser.log_in("moderator")
    page = browser.get("/to-do")
    assert page.status_code == 200
    assert "not being carried out" in page.text
