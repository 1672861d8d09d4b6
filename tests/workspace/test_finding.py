"""Find: with a policy only; a run of a signal replaces its earlier findings."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from marsad.banks import Entry
from marsad.engines import open_engine
from marsad.records.errors import InputError
from marsad.workspace import Workspace
from marsad.workspace.finding import find, finding_id, findings
from tests.workspace.conftest import ndjson, posts, take


def found(workspace: Workspace) -> list[dict[str, object]]:
    with open_engine() as engine:
        rows = findings(workspace, engine, workspace.log.snapshot())
        return engine.collect(rows.order_by("signal", "subject_id")).to_pylist()


@pytest.fixture
def marked(workspace: Workspace, tmp_path: Path) -> Workspace:
    rows = posts({"id": "1", "text": "the Amber Lantern is lit"}, {"id": "2"}, {"id": "3"})
    take(workspace, ndjson(tmp_path / "a.ndjson", rows))
    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    return workspace


def test_without_a_policy_nothing_is_found(tmp_path: Path) -> None:
    bare = Workspace.create(tmp_path / "bare")
    with pytest.raises(InputError, match="no policy"):
        find(bare)


def test_a_finding_says_what_it_rests_on(marked: Workspace) -> None:
    (outcome,) = find(marked, ["phrases"])
    assert (outcome.findings, outcome.new, outcome.gone) == (1, 1, 0)
    (row,) = found(marked)
    assert row["finding_id"] == finding_id("phrases", "unknown:1", "markers:amber lantern")
    assert (row["subject_id"], row["account"]) == ("unknown:1", "unknown:7")
    assert row["policy"] == "research@1"
    assert row["opens_case"] is True
    (item,) = json.loads(str(row["evidence"]))
    assert (item["bank"], item["entry"], item["spans"]) == ("markers", "amber lantern", [[4, 17]])


def test_a_signal_without_a_bank_says_so(marked: Workspace) -> None:
    marked.banks.withdraw("markers", ["amber lantern"], "2026-01-01")
    for outcome in find(marked, ["phrases", "links"]):
        assert outcome.findings == 0
        assert "marsad bank import" in outcome.notes[0]


def test_the_newest_run_supersedes(marked: Workspace) -> None:
    find(marked, ["phrases"])
    marked.banks.withdraw("markers", ["amber lantern"], "2026-01-01")
    marked.banks.add("markers", [Entry("river")], kind="phrases")
    (outcome,) = find(marked, ["phrases"])
    assert (outcome.findings, outcome.new, outcome.gone) == (2, 2, 1)
    assert [row["subject_id"] for row in found(marked)] == ["unknown:2", "unknown:3"]


def test_a_replay_stores_nothing(marked: Workspace) -> None:
    (outcome,) = find(marked, ["phrases"], replay=True)
    assert (outcome.findings, outcome.new) == (1, 1)
    assert found(marked) == []


def test_other_evidence_is_another_finding(marked: Workspace) -> None:
    find(marked, ["phrases"])
    marked.banks.withdraw("markers", ["amber lantern"], "2026-01-01")
    marked.banks.add("markers", [Entry("lit")], kind="phrases")
    (outcome,) = find(marked, ["phrases"])
    assert (outcome.findings, outcome.new, outcome.gone) == (1, 1, 1)


def test_settings_that_nothing_takes_are_refused(marked: Workspace) -> None:
    for settings, named in (
        ({"copy": {}}, "phrases"), ({"phrases": {"mach": "words"}}, "match"),
        ({"phrases": {"match": "letters"}}, "substring"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=named):
            find(marked, ["phrases"], parameters=settings)


def test_finds_at_once_store_each_finding_once(marked: Workspace) -> None:
    with ThreadPoolExecutor(3) as several:
        outcomes = list(several.map(lambda _: find(marked, ["phrases"])[0], range(3)))
    assert sorted(outcome.new for outcome in outcomes) == [0, 0, 1]
    assert len(found(marked)) == 1


def test_nothing_is_left_aside(marked: Workspace) -> None:
    find(marked)
    assert list((marked.folder / ".staging").iterdir()) == []


def test_an_unknown_signal_is_named_with_the_valid_ones(marked: Workspace) -> None:
    with pytest.raises(InputError, match="phrases"):
        find(marked, ["frases"])


def test_only_the_standing_version_of_a_post_is_screened(marked: Workspace, tmp_path: Path) -> None:
    edited = posts({"id": "1", "text": "an edit without the words"})
    take(marked, ndjson(tmp_path / "b.ndjson", edited))
    (outcome,) = find(marked, ["phrases"])
    assert outcome.findings == 0


def test_a_damaged_file_of_findings_is_replaced(workspace: Workspace, tmp_path: Path) -> None:
    take(workspace, ndjson(tmp_path / "a.ndjson", posts({"text": "the amber lantern"})))
    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    assert find(workspace, ["phrases"])[0].findings == 1
    (file,) = workspace.log.snapshot().of("findings")
    (workspace.folder / file.path).write_bytes(b"PAR1 no more")
    assert find(workspace, ["phrases"])[0].findings == 1


def test_a_signal_that_cannot_tell_leaves_the_others_to_go_on(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Times to the day, of which a window of a minute tells nothing."""
    links = {"hashtags": ["figs"], "created_at": "2015-06-01", "text": "the Amber Lantern"}
    rows = posts({"id": "1", **links}, {"id": "2", **links, "account_id": "8"})
    take(workspace, ndjson(tmp_path / "a.ndjson", rows))
    workspace.banks.add("markers", [Entry("amber lantern")], kind="phrases")
    outcomes = {outcome.signal: outcome for outcome in find(workspace)}
    assert outcomes["phrases"].findings == 2
    assert outcomes["coordination"].findings == 0
    assert "60 s is finer" in outcomes["coordination"].notes[0]
    with pytest.raises(InputError, match="finer than the times"):
        find(workspace, ["coordination"])
