"""Screening over HTTP, and the figures for Prometheus."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from marsad.banks import Entry
from marsad.decide import blind
from marsad.store import cases
from marsad.web.requests import BOUNDS, Requests
from marsad.workspace import Workspace
from marsad.workspace.screening import Screener
from tests.web.api.conftest import API, Program, error_of, of
from tests.web.conftest import House

ASKED = {"platform": "x", "account": "1", "text": "a marker word", "id": "post-1"}


@pytest.fixture
def screening(house: House, tmp_path: Path) -> House:
    workspace = Workspace.create(tmp_path / "ws")
    workspace.banks.add("phrases", [Entry("marker word")], kind="phrases")
    house.site = replace(house.site, screener=Screener(workspace, house.site.desk.database))
    return house


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_what_is_found_in_a_post(screening: House, program: Program, lang: str) -> None:
    screening.open("twitter:1")
    program = of(screening, "mona", "screen")
    said = program.raw("POST", f"{API}/screen?lang={lang}", json=ASKED).json()
    assert said["post"] == "twitter:post-1"
    assert [one["signal"] for one in said["findings"]] == ["phrases"]
    found = said["findings"][0]
    assert found["evidence"][0]["spans"] == [[2, 13]]
    assert any("\u0600" <= letter <= "\u06ff" for letter in found["sentence"]) == (lang == "ar")
    assert said["account"] == {"id": "twitter:1", "findings": []}
    assert [(one["about"], one["state"]) for one in said["cases"]] == [("account", "open")]
    assert said["banks"] == {"phrases": 1}


def test_a_copy_stands_for_the_case_that_it_shows(screening: House, program: Program) -> None:
    screening.add("omar", "moderator")
    case = screening.open("twitter:1")
    of(screening, "mona").decide(case.id, "warn", item="twitter:1-post")
    with screening.site.desk.database.writing() as transaction:
        real = cases.read(transaction, case.id)
        assert real is not None
        copy = blind.read_again(transaction, real, screening.clock())
    assert copy is not None
    for who, known in (("mona", (case.id, "decided")), ("omar", (copy.id, "open"))):
        said = of(screening, who, "screen").raw("POST", f"{API}/screen", json=ASKED).json()
        assert [(one["id"], one["state"]) for one in said["cases"]] == [known]


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"text": "x" * 20_001}, 422, "api.invalid"),
        ({"platform": "no name"}, 422, "platform.name"),
        ({"account": "a\x00b"}, 422, "screen.id"), ({"id": "\n"}, 422, "screen.id"),
        ({"urls": ["u"] * 101}, 422, "api.invalid"), ({"created_at": "soon"}, 422, "api.invalid"),
        ({"more": 1}, 422, "api.invalid"), ({"text": None}, 422, "api.invalid"),
        ({"urls": ["https://a.example/", ""], "language": "nonsense", "text": "\x00"}, 200, ""),
        ({"created_at": "2024-01-01T00:00:00Z", "id": None}, 200, ""),
        ({"created_at": "0001-01-01T00:00:00+23:59"}, 200, ""),
    ],
)  # fmt: skip
def test_what_does_not_fit(
    screening: House, program: Program, change: dict[str, object], status: int, error: str
) -> None:
    answer = of(screening, "mona").post("/screen", ASKED | change)
    assert answer.status_code == status
    assert not error or error_of(answer) == error


LINE = re.compile(r'[a-z_]+(\{([a-z_]+="[^"\n]*",?)+\})? -?[0-9.e+-]+')


def test_metrics(screening: House, program: Program) -> None:
    program = of(screening, "mona")
    case = screening.open().id
    screening.open("x:2")
    program.decide(case, "warn", item="x:1-post")
    screening.clock.now += 90_000_000
    program.post("/screen", ASKED)
    program.get("/cases/99")
    screening.add("figures", "analyst")
    answer = Program(program.client, screening.token("figures")).raw("GET", "/metrics")
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert all(line.startswith("# ") or LINE.fullmatch(line) for line in lines)
    for line in (
        'marsad_cases{state="open",priority="3"} 1',
        'marsad_cases{state="decided",priority="3"} 1',
        'marsad_queue_oldest_seconds{priority="3"} 90', 'marsad_decided_total{outcome="warn"} 1',
        'marsad_actions{state="proposed",by_hand="false"} 1',
        'marsad_screened_total{found="yes"} 1',
        'marsad_requests_total{method="GET",route="/api/v1/cases/{case}",status="404"} 1',
        'marsad_request_seconds_count{method="POST",route="/api/v1/screen"} 1',
        'marsad_bank_entries{bank="phrases",version="1"} 1',
    ):  # fmt: skip
        assert line in lines
    for private in ("x:1", "marker", "mona", "/99"):
        assert not any(private in line for line in lines if not line.startswith("#"))


@pytest.mark.parametrize("path", ["/metrics"])
def test_metrics_are_for_who_may_read(house: House, program: Program, path: str) -> None:
    assert program.client.get(path).status_code == 401
    assert house.browser("mona").get(path).status_code == 401
    assert of(house, "mona", "screen").raw("GET", path).status_code == 403
    house.add("moderator", "moderator")  # to whom copies are shown, which are not counted
    assert of(house, "moderator").raw("GET", path).status_code == 403


def test_requests_are_counted_in_their_buckets() -> None:
    counted = Requests()
    for seconds in (0.0, BOUNDS[0], BOUNDS[0] * 1.01, BOUNDS[-1] * 2):
        counted.add(("GET", "/"), 200, seconds)
    [(_, times, total)] = counted.histogram()
    assert (times[0], times[1], times[-1], sum(times)) == (2, 1, 1, 4)
    assert total > 2 * BOUNDS[-1]
