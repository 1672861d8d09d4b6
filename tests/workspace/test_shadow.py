"""Signals in shadow and replays: what is found there opens nothing, and stands beside decisions."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from marsad.banks import Entry
from marsad.cli import app
from marsad.decide.desk import Desk
from marsad.decide.items import Item, content_of
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.engines import open_engine
from marsad.measure.refusal import Refused
from marsad.outputs.workspace import export_workspace
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate, proportion
from marsad.store import cases
from marsad.workspace import Workspace, keeping
from marsad.workspace.finding import find, findings
from marsad.workspace.replaying import compare
from marsad.workspace.reviewing import desk, open_cases
from marsad.workspace.shadow import Shadow, shadowed
from tests.workspace.conftest import ndjson, posts, take

WHO = Reviewer("a", frozenset({"moderator"}), frozenset({"en"}))
WORDS = ("amber lantern", "copper bell")


@pytest.fixture
def found(workspace: Workspace, tmp_path: Path) -> Workspace:
    """Six posts with one marker, two with another, none decided."""
    workspace.banks.add("markers", [Entry(WORDS[0])], kind="phrases")
    texts = [WORDS[n // 6] for n in range(8)]
    rows = posts(*({"id": str(n), "text": text} for n, text in enumerate(texts)))
    take(workspace, ndjson(tmp_path / "a.ndjson", rows), platform="twitter")
    find(workspace, ["phrases"])
    return workspace


def settings(workspace: Workspace, **shadow: Any) -> Workspace:
    return replace(workspace, settings={**workspace.settings, "shadow": shadow})


def subjects(workspace: Workspace) -> list[str]:
    room = desk(workspace)
    with room.database.reading() as transaction:
        listed = [str(one.subject) for one in cases.all_in_order(transaction)]
    room.database.close()
    return listed


def decide(room: Desk, violating: int, others: int) -> None:
    """Decides the first cases against somebody, the next ones not."""
    for number in range(violating + others):
        taken = room.take_next(WHO)
        assert taken is not None
        case, lease = taken
        name = str(case.subject)
        against = number < violating
        room.open_item(WHO, case.id, Item(name, "twitter:7", "en", content_of(WORDS[0])))
        room.decide(WHO, Decision(case.id, case.version, lease.token,
                                  "remove" if against else "no-violation", "research@1",
                                  "it carries the marker", name if against else None))  # fmt: skip


def test_what_is_in_shadow_opens_no_case_until_it_leaves_it(found: Workspace) -> None:
    assert open_cases(settings(found, signals=["phrases"])).opened == 0
    with open_engine() as engine:
        stored = engine.collect(findings(found, engine, found.log.snapshot()))
    assert stored.num_rows == 6
    assert open_cases(found).opened == 6


def test_below_a_score_is_in_shadow(found: Workspace) -> None:
    with open_engine() as engine:
        rows = findings(found, engine, found.log.snapshot())
        score = engine.collect(rows)["score"][0].as_py()
        shadow = Shadow(below={"phrases": score})
        assert engine.collect(shadow.live(rows)).num_rows == 6
        assert engine.collect(shadow.hidden(rows)).num_rows == 0
        higher = Shadow(frozenset({"links"}), {"phrases": score + 0.01})
        assert engine.collect(higher.live(rows)).num_rows == 0
        assert engine.collect(higher.hidden(rows)).num_rows == 6
        assert engine.collect(Shadow(below={"copies": 1.0}).live(rows)).num_rows == 6
        assert engine.collect(Shadow().hidden(rows)).num_rows == 0


def test_reports_and_exports_say_that_it_opens_none(found: Workspace, tmp_path: Path) -> None:
    def opening(workspace: Workspace) -> set[str]:
        export_workspace(workspace, "findings", tmp_path / "findings.csv")
        with (tmp_path / "findings.csv").open(newline="") as file:
            return {row["opens_case"] for row in csv.DictReader(file)}

    assert opening(found) == {"true"}
    assert opening(settings(found, signals=["phrases"])) == {"false"}
    assert opening(settings(found, below={"phrases": 1})) == {"false"}


def test_a_finding_in_shadow_does_not_join_a_case_either(found: Workspace, tmp_path: Path) -> None:
    found.banks.add("known", [Entry("other.example")], kind="domains")
    rows = posts({"id": "0", "text": f"{WORDS[0]} https://other.example/a"})
    take(found, ndjson(tmp_path / "b.ndjson", rows), platform="twitter")
    find(found, ["phrases", "links"])
    open_cases(settings(found, signals=["links"]))
    room = desk(found)
    signals = {one.signal for case in range(1, 7) for one in room.dossier(WHO, case).findings}
    room.database.close()
    assert signals == {"phrases"}


@pytest.mark.parametrize(
    "shadow",
    [
        7, {"signal": ["phrases"]}, {"signals": "phrases"}, {"signals": ["no-such"]},
        {"below": ["phrases"]}, {"below": {"no-such": 0.5}}, {"below": {"phrases": 1.5}},
        {"below": {"phrases": True}}, {"below": {"phrases": "0.5"}},
    ],
)  # fmt: skip
def test_settings_that_are_not_right_open_nothing(found: Workspace, shadow: Any) -> None:
    wrong = replace(found, settings={**found.settings, "shadow": shadow})
    with pytest.raises(InputError):
        open_cases(wrong)
    assert subjects(found) == []


def test_what_is_in_shadow_stands_beside_decisions(found: Workspace) -> None:
    open_cases(found)
    room = desk(found)
    hidden = settings(found, signals=["phrases"], below={"links": 0.5})
    with open_engine() as engine:
        before = {one.signal: one for one in shadowed(hidden, room.database, engine)}
    assert isinstance(before["phrases"].precision, Refused)
    decide(room, 2, 1)
    with open_engine() as engine:
        told = {one.signal: one for one in shadowed(hidden, room.database, engine)}
    assert (told["phrases"].findings, told["phrases"].subjects) == (6, 6)
    expected, got = proportion(2, 3), told["phrases"].precision
    assert isinstance(got, Estimate)
    assert (got.value, got.low, got.high, got.n) == (2 / 3, expected.low, expected.high, 3)
    assert (told["links"].findings, told["links"].below) == (0, 0.5)
    kept = keeping.make(hidden, room.database, 0)
    room.database.close()
    assert {one.signal for one in kept.shadow} == {"phrases", "links"}


def replayed(workspace: Workspace) -> Any:
    (outcome,) = find(workspace, ["phrases"], replay=True)
    pairs = {outcome.signal: (outcome.now, outcome.then)}
    return outcome, compare(workspace, pairs).get("phrases")


def test_a_replay_says_what_would_change_in_what_was_decided(found: Workspace) -> None:
    assert replayed(found)[1] is None
    open_cases(found)
    room = desk(found)
    decide(room, 3, 1)
    room.database.close()
    files = {file.path for file in found.log.snapshot().files}
    found.banks.withdraw("markers", [WORDS[0]], "2026-01-01")
    found.banks.add("markers", [Entry(WORDS[1])], kind="phrases")
    outcome, changed = replayed(found)
    assert (outcome.findings, outcome.new, outcome.gone) == (2, 2, 6)
    assert (changed.new, changed.gone) == ({}, {"no-violation": 1, "remove": 3})
    assert (changed.now.value, changed.now.n) == (3 / 4, 4)
    assert isinstance(changed.then, Refused)
    assert {file.path for file in found.log.snapshot().files} == files


def test_a_replay_on_the_command_line(found: Workspace) -> None:
    open_cases(found)
    room = desk(found)
    decide(room, 3, 1)
    room.database.close()
    found.banks.withdraw("markers", [WORDS[0]], "2026-01-01")
    found.banks.add("markers", [Entry(WORDS[1])], kind="phrases")
    call = ["find", "phrases", "--replay", "-w", str(found.folder)]
    said = CliRunner().invoke(app, call)
    assert said.exit_code == 0, said.output
    assert "4 findings are about what people decided (No violation 1, Remove 3)" in said.output
    assert "75.0% (19.4% to 99.4% with 95% confidence; 4 decided)" in said.output
    assert "Nothing that it would find was decided" in said.output
    told = json.loads(CliRunner().invoke(app, [*call, "--json"]).stdout)["signals"][0]
    assert told["decided"]["gone"] == {"no-violation": 1, "remove": 3}
    assert (told["decided"]["now"]["n"], told["shadow"]) == (4, None)
    assert "refused" in told["decided"]["then"]
    assert not {"now", "then"} & told.keys()


def test_find_says_what_is_in_shadow(found: Workspace) -> None:
    file = found.folder / "marsad.toml"
    file.write_text(file.read_text() + '\n[shadow]\nsignals = ["phrases"]\n')
    said = CliRunner().invoke(app, ["find", "phrases", "-q", "-w", str(found.folder)])
    assert "In shadow: its findings open no case." in said.output
    file.write_text(file.read_text().replace("phrases", "fraises"))
    wrong = CliRunner().invoke(app, ["find", "phrases", "-q", "-w", str(found.folder)])
    assert isinstance(wrong.exception, InputError)
