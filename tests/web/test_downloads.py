"""Tables to take away: what is in them, for whom, and that no spreadsheet computes them."""

from __future__ import annotations

import asyncio
import csv
import gc
import io
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert

from marsad.decide import blind, decided, users
from marsad.decide.roles import Reviewer
from marsad.decide.settings import Quality, Settings
from marsad.records.times import MINUTE, to_datetime
from marsad.store import cases, log
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.tables import audit, decisions
from marsad.web import downloads, streams
from marsad.web.limits import forget
from tests.decide.conftest import ADMIN, APPEALS, FIRST, POLICY, REASON, SECOND, SENIOR, Room
from tests.web.conftest import Browser, House

EXPORTS = ("/queue.csv", "/decisions.csv", "/dashboard.csv")
Row = dict[str, str]


@pytest.fixture
def room(house: House) -> Room:
    """The desk of the house, with a case decided each way; none is read again by itself."""
    settings = Settings(Quality(0, 0))
    house.site = replace(house.site, desk=replace(house.site.desk, settings=settings))
    made = Room(house.site.desk, house.clock)
    for number, outcome in enumerate(("warn", "hide", "no-violation", "suspend")):
        house.clock.now += MINUTE
        made.decide(FIRST, house.open(f"x:{number}"), outcome)
    made.decide(SECOND, made.read("x:3"), "suspend")
    return made


def logged_in(house: House, role: str, lang: str = "en") -> Browser:
    if role not in {one.name for one in users.every(house.site.desk.database)}:
        house.add(role, role)
    return house.browser(role, lang)


def table(browser: Browser, path: str) -> list[Row]:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="marsad-')
    assert answer.headers["cache-control"] == "no-store"
    assert not answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


# ── the queue


def test_the_queue_is_what_its_page_shows(house: House, room: Room) -> None:
    for number in range(7):
        house.clock.now += MINUTE
        kind = ("account", "post")[number % 2]
        house.open(f"y:{number}", kind=kind, signal=("phrases", "links")[number % 3 == 0])
    browser = logged_in(house, "analyst")
    for asked in ("", "?kind=post", "?signal=links&kind=account", "?state=decided", "?platform=x",
                  "?order=newest", "?order=oldest&kind=post",
                  "?level=9&state=none&crisis=-1", "?mine=1"):  # fmt: skip
        page = browser.get(f"/{asked}").text
        rows = table(browser, f"/queue.csv{asked}")
        listed = [int(one.partition('"')[0]) for one in page.split('href="/cases/')[1:]]
        assert [int(row["case"]) for row in rows] == listed, asked
    row = table(browser, "/queue.csv?platform=y")[0]
    case = room.read("y:0")
    assert row["subject"] == "y:0"
    assert row["opened_at"] == to_datetime(case.opened_at).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (row["signals"], row["state"], row["outcome"]) == ("links", "open", "")


def test_a_long_queue_is_whole_and_of_one_state(
    house: House, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 3)
    for number in range(11):
        house.open(f"y:{number}")  # all of one rank
    rows = table(logged_in(house, "senior"), "/queue.csv?platform=y")
    assert sorted(row["subject"] for row in rows) == sorted(f"y:{n}" for n in range(11))


def test_who_holds_a_case_is_oneself_or_another(house: House, room: Room) -> None:
    case, other = house.open("y:1"), house.open("y:2")
    browser = logged_in(house, "senior")
    assert browser.post(f"/cases/{case.id}/take").status_code == 303
    room.desk.take(FIRST, other.id)
    held = {row["subject"]: row["held"] for row in table(browser, "/queue.csv?platform=y")}
    assert held == {"y:1": "me", "y:2": "other"}


# ── decisions


def test_every_decision_is_a_row(house: House, room: Room) -> None:
    room.desk.overturn(APPEALS, room.read("x:0").id, POLICY, REASON)
    rows = table(logged_in(house, "auditor"), "/decisions.csv")
    assert [(row["subject"], row["step"], row["outcome"], row["reviewer"]) for row in rows] == [
        ("x:0", "decided", "warn", FIRST.id),
        ("x:1", "decided", "hide", FIRST.id),
        ("x:2", "decided", "no-violation", FIRST.id),
        ("x:3", "proposed", "suspend", FIRST.id),
        ("x:3", "decided", "suspend", SECOND.id),
        ("x:0", "overturned", "warn", APPEALS.id),
    ]
    assert {row["route"] for row in rows} == {"signal"}
    assert {row["policy"] for row in rows} == {POLICY}
    assert REASON not in repr(rows)
    entries = [int(row["entry"]) for row in rows]
    assert entries == sorted(entries)


def test_an_exemption_is_said(house: House, room: Room) -> None:
    room.decide(FIRST, house.open("x:9"), "exempt", exemption="news")
    assert table(logged_in(house, "analyst"), "/decisions.csv")[-1]["exemption"] == "news"


def test_who_was_erased_is_in_no_table(house: House, room: Room) -> None:
    second = copied(room, room.read("x:1"), blind.SECOND)
    room.decide(SENIOR, second, "warn")
    room.desk.erase(ADMIN, "x:1")
    auditor = logged_in(house, "auditor")
    for path in ("/queue.csv?state=erased", "/queue.csv?state=decided", "/decisions.csv"):
        rows = table(auditor, path)
        assert "x:1" not in {row["subject"] for row in rows}
        assert "" not in {row["subject"] for row in rows}
    assert "x:1" not in auditor.get("/audit/log.csv").text


# ── copies


def copied(room: Room, case: Case, route: str) -> Case:
    """A copy of a decided case, waiting."""
    with room.desk.database.writing() as transaction:
        real = cases.read(transaction, case.id)
        assert real is not None
        return blind.open_copy(transaction, real, room.clock(), route)


def rows_for(room: Room, reviewer: Reviewer) -> list[tuple[int, str, str, int | None]]:
    with room.desk.database.reading() as transaction:
        return [
            (one.case, one.reviewer, one.route, one.copy_of)
            for one in decided.decided(transaction, reviewer)
        ]


@pytest.mark.parametrize("route", [blind.GOLDEN, blind.SECOND])
def test_copies_are_told_to_auditors_alone(room: Room, route: str) -> None:
    case = room.read("x:1")
    copy = copied(room, case, route)
    room.decide(SENIOR, copy, "warn")
    auditor = Reviewer("aud", frozenset({"auditor"}))
    assert (copy.id, SENIOR.id, route, case.id) in rows_for(room, auditor)
    # who decides: their own decision as in any case, of the case that it shows nothing of others
    own = rows_for(room, SENIOR)
    assert (copy.id, SENIOR.id, "", None) in own
    assert case.id not in [one[0] for one in own]
    # another who decides: neither
    other = rows_for(room, Reviewer("other", frozenset({"senior"})))
    assert {copy.id, case.id}.isdisjoint(one[0] for one in other)
    assert {one[2] for one in other} == {""}
    # who is never given copies: real cases
    analyst = rows_for(room, Reviewer("ana", frozenset({"analyst"})))
    assert copy.id not in [one[0] for one in analyst]
    assert (case.id, FIRST.id, "signal", None) in analyst


def test_a_copy_that_somebody_decided_before_they_became_an_analyst_looks_real(
    room: Room,
) -> None:
    copy = copied(room, room.read("x:1"), blind.GOLDEN)
    room.decide(SENIOR, copy, "warn")
    now = Reviewer(SENIOR.id, frozenset({"analyst"}))
    assert (copy.id, SENIOR.id, "signal", None) in rows_for(room, now)


def test_nothing_tells_who_is_given_copies_which_they_are(house: House, room: Room) -> None:
    copies = {copied(room, room.read(f"x:{n}"), route).id
              for n, route in ((1, blind.GOLDEN), (2, blind.SECOND))}  # fmt: skip
    waiting = house.open("y:1").id
    browser = logged_in(house, "senior")
    rows = table(browser, "/queue.csv")
    assert {int(row["case"]) for row in rows} == copies | {waiting}
    for path in ("/queue.csv", "/queue.csv?state=decided", "/decisions.csv"):
        said = browser.get(path).text
        assert not [word for word in blind.ROUTES if f",{word}," in said]
    assert {row["copy_of"] for row in table(browser, "/decisions.csv")} == {""}
    others = table(logged_in(house, "analyst"), "/queue.csv")
    assert {int(row["case"]) for row in others} >= {waiting}


@pytest.mark.parametrize("role", ["moderator", "appeals", "admin", "trusted-flagger"])
def test_others_take_nothing_away(house: House, room: Room, role: str) -> None:
    browser = logged_in(house, role)
    for path in (*EXPORTS, "/audit/log.csv"):
        assert browser.get(path).status_code == 403, path
    for page in ("/", "/dashboard"):
        assert ".csv" not in browser.get(page).text


@pytest.mark.parametrize("role", ["senior", "analyst"])
def test_the_log_is_for_auditors(house: House, room: Room, role: str) -> None:
    assert logged_in(house, role).get("/audit/log.csv").status_code == 403


def test_a_token_with_read_is_enough(house: House, room: Room) -> None:
    house.add("analyst", "analyst")
    client = house.browser().client
    for scopes, status in ((("read", "screen"), 200), (("screen",), 403)):
        headers = {"authorization": f"Bearer {house.token('analyst', *scopes)}"}
        for path in EXPORTS:
            assert client.get(path, headers=headers).status_code == status


# ── the log


@pytest.mark.parametrize("asked", ["", "?kind=decided", "?case=1", "?kind=no-such&case=x"])
def test_the_log_is_what_its_page_shows(
    house: House, room: Room, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    monkeypatch.setattr(downloads, "AT_ONCE", 3)
    monkeypatch.setattr(log, "MOST_SCANNED", 7)
    auditor = logged_in(house, "auditor")
    rows = table(auditor, f"/audit/log.csv{asked}")
    monkeypatch.setattr(log, "MOST_SCANNED", 1_000)
    page = auditor.get(f"/audit{asked}").text
    shown = [int(one.partition('"')[0]) for one in page.split('id="entry-')[1:]]
    assert [int(row["entry"]) for row in rows] == shown
    assert shown
    assert "marker word" not in repr(rows)
    with house.site.desk.database.reading() as transaction:
        for row in rows:
            assert bytes.fromhex(row["hash"]) == log.hash_at(transaction, int(row["entry"]))


# ── the dashboard


def test_figures_come_with_their_intervals(house: House, room: Room) -> None:
    house.open("y:1")
    rows = table(logged_in(house, "analyst"), "/dashboard.csv")
    found = {(row["figure"], row["of"]): row for row in rows}
    overturned = found["overturned", ""]
    assert (overturned["value"], overturned["n"], overturned["level"]) == ("0.0", "3", "0.95")
    assert float(overturned["low"]) == 0.0 < float(overturned["high"])
    assert found["decided", "suspend"]["value"] == "1"
    assert found["golden", ""]["missing"]
    assert found["golden", ""]["value"] == ""
    assert {figure for figure, _ in found} >= {"waiting", "waiting-oldest-seconds", "precision"}


def test_figures_name_nobody_but_oneself(
    house: House, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marsad.records.estimate import proportion
    from marsad.workspace.quality import Golden

    own = house.add("senior", "senior").user.id
    every = [Golden(who, proportion(n, 10, name="golden"), 0)
             for n, who in ((5, None), (3, own), (9, "r-somebody"))]  # fmt: skip
    monkeypatch.setattr("marsad.workspace.dashboard.golden_agreement", lambda *_: every)
    rows = table(logged_in(house, "senior"), "/dashboard.csv")
    golden = {row["of"]: row["value"] for row in rows if row["figure"] == "golden"}
    assert golden == {"all": "0.5", "me": "0.3"}


# ── hostile texts, links, limits


@pytest.mark.parametrize(
    ("subject", "starts"),
    [("=cmd|'/c calc'!A1", "'="), ("+1:2", "'+"), ("-1:2", "'-"), ("@SUM(A1)", "'@"),
     ("\t=1:2", "'"), ("\u202e=1:2", "'"), ("＝1:2", "'＝"), ('x:",=1', 'x:",=1'),
     ("x:a\r\n=1+1,b", "x:a"), ("x:\u202egnp.exe", "x:gnp.exe"), ("x:\u2067a", "x:a")],
)  # fmt: skip
def test_no_cell_is_a_formula_or_another_row(
    house: House, room: Room, subject: str, starts: str
) -> None:
    room.decide(FIRST, house.open(subject), "warn")
    auditor = logged_in(house, "auditor")
    for path in ("/queue.csv?state=decided", "/decisions.csv"):
        rows = table(auditor, path)
        assert len([row for row in rows if row["subject"].startswith(starts)]) == 1
        for row in rows:
            assert None not in row
            assert not any(
                (value or "")[:1] in tuple("=+-@\t\r") for value in row.values() if value
            )
        assert "\u202e" not in repr(rows)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_pages_lead_to_their_tables(house: House, room: Room, lang: str) -> None:
    house.open("y:1")
    house.add("auditor", "auditor", lang=lang)
    browser = house.browser("auditor", lang)
    links = (("/?platform=y", "/queue.csv?"), ("/dashboard", "/dashboard.csv"),
             ("/dashboard", "/decisions.csv"), ("/audit", "/audit/log.csv?"))  # fmt: skip
    for page, link in links:
        text_of = browser.get(page).text
        href = text_of.split(f'href="{link}')[1].partition('"')[0].replace("&amp;", "&")
        assert table(browser, f"{link}{href}")
    assert "platform=y" in browser.get("/?platform=y").text.split("/queue.csv?")[1][:200]


def test_over_and_over_is_refused(house: House, room: Room) -> None:
    browser = logged_in(house, "analyst")
    answers = [browser.get("/decisions.csv").status_code for _ in range(21)]
    assert answers == [200] * 20 + [429]
    forget()


def test_a_long_table_takes_no_more_memory(house: House, room: Room) -> None:
    """Four times as many rows are held in the memory of the first."""
    case, auditor = room.read("x:1").id, Reviewer("aud", frozenset({"auditor"}))
    sizes, peaks = [], []
    for rows in (range(1_000, 11_000), range(11_000, 41_000)):
        add_decisions(house, case, rows)
        written(house, auditor)  # what is loaded and compiled the first time
        tracemalloc.start()
        sizes.append(written(house, auditor))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert sizes[1] > 3.5 * sizes[0]
    assert peaks[1] < 1.5 * peaks[0]


# ── who reads slowly, or no further


class Reader:
    """A client that takes the first rows of a table and no more, until it goes away."""

    def __init__(self, house: House, browser: Browser, path: str) -> None:
        self.app = browser.client.app
        cookie = f"marsad={browser.client.cookies['marsad']}"
        self.scope = {
            "type": "http", "method": "GET", "path": path, "query_string": b"", "scheme": "http",
            "headers": [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "asgi": {"version": "3.0"},
        }  # fmt: skip
        self.status, self.reads, self.leaves = 0, asyncio.Event(), asyncio.Event()

    async def run(self) -> None:
        await self.app(self.scope, self.receive, self.send)
        self.reads.set()

    async def receive(self) -> Any:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        if "status" in message or message.get("body", b"").startswith((b"entry,", b"case,")):
            return
        self.reads.set()
        if self.status == 200:
            await asyncio.Event().wait()


def stuck(house: House, count: int, path: str = "/decisions.csv") -> tuple[list[int], int, int]:
    """What so many readers at once are told, how many connections to the database they hold, and
    how many are held when they have gone."""
    browser, pool = logged_in(house, "auditor"), house.site.desk.database.engine.pool

    async def all_of_them() -> tuple[list[int], int, int]:
        readers = [Reader(house, browser, path) for _ in range(count)]
        tasks = [asyncio.create_task(one.run()) for one in readers]
        await asyncio.wait_for(asyncio.gather(*(one.reads.wait() for one in readers)), 60)
        held = pool.checkedout()  # type: ignore[attr-defined]
        for one in readers:
            one.leaves.set()
        await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 60)
        await asyncio.get_running_loop().shutdown_default_executor()
        return [one.status for one in readers], held, pool.checkedout()  # type: ignore[attr-defined]

    return asyncio.run(all_of_them())


@pytest.mark.parametrize(
    "path", ["/queue.csv", "/decisions.csv", "/audit/log.csv", "/audit/log.ndjson"]
)
def test_who_goes_away_leaves_no_transaction_behind(house: House, room: Room, path: str) -> None:
    house.open("x:waits")
    gc.disable()  # what is only collected some time is held until then
    try:
        assert stuck(house, 2, path) == ([200, 200], 2, 0)
    finally:
        gc.enable()


def test_slow_readers_leave_the_desk_its_connections(house: House, room: Room) -> None:
    statuses, held, _ = stuck(house, streams.AT_A_TIME + 2)
    assert sorted(statuses) == [200] * streams.AT_A_TIME + [429, 429]
    assert held == streams.AT_A_TIME


@pytest.mark.parametrize("limit", ["LONGEST", "STALLED"])
def test_what_nobody_reads_on_ends(
    house: House, room: Room, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(streams, limit, 0.2)
    reader = Reader(house, logged_in(house, "auditor"), "/decisions.csv")
    asyncio.run(asyncio.wait_for(reader.run(), 60))
    assert reader.status == 200


def add_decisions(house: House, case: int, rows: range) -> None:
    given = {"case_id": case, "step": "decided", "outcome": "warn", "policy": POLICY,
             "reviewer": "r-12345678", "decided_at": house.clock()}  # fmt: skip
    with house.site.desk.database.writing() as transaction:
        entries = [{"seq": n, "prev": b"", "body": b"{}", "hash": b""} for n in rows]
        transaction.execute(insert(audit), entries)
        transaction.execute(insert(decisions), [given | {"seq": n} for n in rows])


def written(house: House, reviewer: Reviewer) -> int:
    """How long the table of decisions is, in bytes."""

    def rows(transaction: Transaction) -> Iterator[downloads.Row]:
        return map(downloads._decision, decided.decided(transaction, reviewer))

    parts = downloads._lines(house.site.desk.database, downloads.DECISIONS, rows)
    return sum(len(one) for one in parts)


@pytest.mark.parametrize("path", ["/", "/queue.csv"])
def test_what_no_database_can_be_asked_for_is_refused_before(house: House, path: str) -> None:
    browser = logged_in(house, "analyst")
    for name in ("kind", "platform", "signal", "clock"):
        assert browser.get(f"{path}?{name}=%00").status_code == 422
