"""`marsad transparency`: written, counted again from the exported log, and what goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.test_act import decided

__all__ = ["decided"]


def test_a_report_and_its_check(marsad: Command, decided: Path, tmp_path: Path) -> None:
    report, log = tmp_path / "report", tmp_path / "log.ndjson"
    days = ("--from", "2024-01-01", "--to", "2099-12-31")
    ended = marsad("transparency", "report", *days, "--internal", "-o", report, "-w", decided)
    assert ended.code == 0
    assert "These days are not over yet" in ended.err
    assert {path.name for path in report.iterdir()} == {
        "report.html", "report-ar.html", "figures.csv", "figures.json",
    }  # fmt: skip
    marsad("audit", "export", "-o", log, "-w", decided)
    ended = marsad("transparency", "check", report / "figures.json", log)
    assert ended.code == 0
    assert "figures are the same" in ended.out
    said = json.loads((report / "figures.json").read_text())
    next(one for one in said["figures"] if one["figure"] == "decisions")["count"] += 1
    (report / "figures.json").write_text(json.dumps(said))
    ended = marsad("transparency", "check", report / "figures.json", log)
    assert ended.code == 1
    assert "One figure is not what the log says" in ended.err
    assert "decisions of all: the report says count 4; counted again: count 3" in ended.out
    ended = marsad("transparency", "check", report / "figures.json", log, "--json")
    assert ended.code == 1
    assert len(json.loads(ended.out)["different"]) == 1


def test_publishing_leaves_out_small_cells(marsad: Command, decided: Path) -> None:
    ended = marsad("transparency", "report", "--year", "2026", "--publish", "-w", decided, "--json")
    assert ended.code == 0
    folder = decided / "transparency" / "2026-01-01--2026-12-31"
    assert json.loads(ended.out)["files"][0].startswith(str(folder))
    assert '"threshold": 5' in (folder / "figures.json").read_text()


@pytest.mark.parametrize(
    "options",
    [(), ("--year", "2026", "--from", "2026-01-01"), ("--from", "2026-01-01"),
     ("--year", "1"), ("--year", "2026", "--internal", "--publish")],
)  # fmt: skip
def test_which_days_has_to_be_said(
    marsad: Command, decided: Path, options: tuple[str, ...]
) -> None:
    ended = marsad("transparency", "report", *options, "-w", decided)
    assert ended.code == 2
    assert ended.out == ""
