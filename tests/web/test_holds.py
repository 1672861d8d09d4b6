"""The page of holds, requests and what is kept apart: who sees it, what it says, what it does."""

from __future__ import annotations

import io
import re
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from marsad.decide.preservation.holds import Wanted
from marsad.records.times import DAY
from marsad.web import holds
from marsad.workspace import Workspace, preserving
from tests.decide.conftest import ADMIN, SENIOR, START
from tests.web.conftest import House

HOSTILE = "<script>alert(1)</script>\u202egnp.exe"


@pytest.fixture
def home(house: House, people: object, tmp_path: Path) -> House:
    """A house with a workspace."""
    workspace = Workspace.create(tmp_path / "ws")
    return House(replace(house.site, workspace=workspace), house.clock)


def test_a_hold_is_set_shown_and_ended(home: House) -> None:
    senior = home.browser("senior")
    answer = senior.post("/holds", name="x:1", kind="court", basis="Order 7 " + HOSTILE,
                         reason="a trial", until="2099-01-01")  # fmt: skip
    assert answer.headers["location"] == "/holds"
    page = senior.get("/holds").text
    assert "Order 7 &lt;script&gt;" in page
    assert "\u202e" not in page
    assert "until 1 January 2099" in page
    number = home.site.preservation.holds(SENIOR)[0].hold.id
    assert senior.post(f"/holds/{number}/end", reason="").status_code == 422
    assert senior.post(f"/holds/{number}/end", reason="over").status_code == 303
    assert "No hold stands" in senior.get("/holds").text
    assert senior.post(f"/holds/{number}/end", reason="over").status_code == 409


def test_what_was_filled_in_is_there_again_after_an_error(home: House) -> None:
    answer = home.browser("admin").post("/holds", name="x:1", kind="archive", basis="§ 4 Archive",
                                        reason="", until="2099-01-01")  # fmt: skip
    assert answer.status_code == 422
    for said in ("§ 4 Archive", 'value="x:1"', 'value="2099-01-01"'):
        assert said in answer.text
    assert home.site.preservation.holds(SENIOR) == []


@pytest.mark.parametrize("day", ["never", "99999-01-01", "2099-13-01"])
def test_what_is_no_day(home: House, day: str) -> None:
    answer = home.browser("senior").post("/holds", name="x:1", kind="court", basis="b", reason="r",
                                         until=day)  # fmt: skip
    assert answer.status_code == 422
    assert "is no day" in answer.text


def test_an_open_hold_that_was_to_be_looked_at_shows(home: House) -> None:
    kept = home.site.preservation
    kept.set_hold(SENIOR, Wanted("x:1", "archive", "b", "r", review_at=START + DAY))
    home.clock.now += 2 * DAY
    assert "was to be looked at on" in home.browser("senior").get("/holds").text


@pytest.mark.parametrize("role", ["moderator", "appeals", "analyst", "trusted-flagger"])
def test_who_sees_nothing_of_it(home: House, role: str) -> None:
    browser = home.browser(role)
    assert browser.get("/holds").status_code == 403
    assert 'href="/holds"' not in browser.get("/profile").text


def test_an_auditor_sees_and_changes_nothing(home: House) -> None:
    home.site.preservation.set_hold(SENIOR, Wanted("x:1", "court", "b", "r", START + DAY))
    auditor = home.browser("auditor")
    assert "End this hold" not in auditor.get("/holds").text
    assert auditor.post("/holds", name="x:2").status_code == 403


def test_a_request_is_recorded_extended_and_answered(home: House) -> None:
    admin = home.browser("admin")
    assert admin.post("/holds/requests", name="x:1", kind="erasure",
                      received="2023-11-01").status_code == 303  # fmt: skip
    page = admin.get("/holds").text
    assert "answer by 1 December 2023" in page
    assert "marsad erase x:1" in page
    number = home.site.preservation.requests(ADMIN)[0][0].id
    where = f"/holds/requests/{number}"
    assert admin.post(where, outcome="extended", note="").status_code == 422
    assert admin.post(where, outcome="extended", note="many posts").status_code == 303
    assert "answer by 1 February 2024" in admin.get("/holds").text
    home.site.preservation.set_hold(SENIOR, Wanted("x:1", "court", "b", "r", START + DAY))
    assert "A hold stands against erasing this" in admin.get("/holds").text
    assert admin.post(where, outcome="refused", note="a hold stands").status_code == 303
    assert "No request waits" in admin.get("/holds").text


def test_two_people_open_what_is_kept(home: House) -> None:
    case = home.open("x:1", text="marker word")
    number = home.site.preservation.preserve(SENIOR, case.id, "an authority called")
    senior, auditor = home.browser("senior"), home.browser("auditor")
    assert "It is being written" in senior.get("/holds").text
    assert home.site.workspace is not None
    preserving.keep_up(home.site.workspace, home.site.desk.database, home.clock)
    where = f"/holds/records/{number}"
    assert auditor.post(f"{where}/open").status_code == 422
    assert senior.post(f"{where}/ask", purpose="review", why="a trial").status_code == 303
    assert "Agree, and open it" not in senior.get("/holds").text
    assert senior.post(f"{where}/open").status_code == 422
    assert "Agree, and open it" in auditor.get("/holds").text
    answer = auditor.post(f"{where}/open")
    assert answer.headers["content-type"] == "application/x-tar"
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as archive:
        assert archive.getnames() == ["record.json"]
    assert auditor.post(f"{where}/open").status_code == 422
    assert senior.post(f"{where}/extend", until="2099-01-01", purpose="review",
                       why="x").status_code == 422  # fmt: skip
    assert senior.post(f"{where}/extend", until="2025-01-01", purpose="review",
                       why="x").status_code == 303  # fmt: skip
    assert "until 1 January 2025" in senior.get("/holds").text


def test_what_is_kept_is_shown_a_page_at_a_time_and_what_waits_for_two_first(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holds, "SHOWN", 2)
    kept = home.site.preservation
    numbers = [kept.preserve(SENIOR, home.open(f"x:{one}").id, "why") for one in range(5)]
    assert home.site.workspace is not None
    preserving.keep_up(home.site.workspace, home.site.desk.database, home.clock)
    senior = home.browser("senior")
    senior.post(f"/holds/records/{numbers[0]}/ask", purpose="review", why="a trial")

    def shown(path: str) -> tuple[list[int], str | None]:
        text = senior.get(path).text
        older = re.search(r"/holds\?before=\d+", text)
        ids = [int(one) for one in re.findall(r'id="record-(\d+)"', text)]
        return ids, older and older[0]

    first, older = shown("/holds")
    assert first == [numbers[0], numbers[4], numbers[3]]
    assert older is not None
    assert shown(older) == ([numbers[2], numbers[1]], None)
    assert shown("/holds?before=no") == (first, older)


def test_what_was_deleted_shows_its_proof(home: House) -> None:
    case = home.open("x:1")
    kept = home.site.preservation
    kept.preserve(SENIOR, case.id, "why")
    assert home.site.workspace is not None
    preserving.keep_up(home.site.workspace, home.site.desk.database, home.clock)
    for days in (200, 1):  # a look a day later has to find its term over, too
        home.clock.now += days * DAY
        preserving.keep_up(home.site.workspace, home.site.desk.database, home.clock)
    digest = kept.records(SENIOR)[0].digest
    page = home.browser("auditor").get("/holds").text
    assert "Nothing is kept apart" in page
    assert str(digest) in page
