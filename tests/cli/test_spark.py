"""`marsad find --engine spark`: the findings of the embedded engine, to the last column."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from marsad.banks.lists import read_list
from marsad.simulate import simulate
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.importing import import_files
from tests.conftest import ROOT

SIGNALS = ("phrases", "links", "copies")

pytestmark = [pytest.mark.java, pytest.mark.long]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small simulated network with its banks."""
    folder = tmp_path_factory.mktemp("spark")
    network = simulate(folder / "network", 200, 10, 1).folder
    made = Workspace.create(folder / "ws")
    made.policies.add("research")
    import_files(made, [network / "posts.ndjson"], Options(platform="simulated"))
    for path in (network / "banks").glob("*.txt"):
        kind = path.stem.removeprefix("negative-")
        made.banks.add(path.stem, read_list(path, kind).entries, kind=kind,
                       negative=kind != path.stem)  # fmt: skip
    return folder / "ws"


def marsad(*arguments: str) -> list[dict[str, Any]]:
    """What the command line prints: one JSON object a line."""
    done = subprocess.run(
        [sys.executable, "-m", "marsad", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def found(workspace: Path, engine: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What find says of each signal, and the findings that are then stored."""
    where = ("-w", str(workspace))
    (said,) = marsad("find", *SIGNALS, "--engine", engine, "--json", *where)
    return said["signals"], marsad("findings", "--format", "json", *where)


def test_both_engines_store_the_same_findings(workspace: Path, java_home: Path) -> None:
    embedded, expected = found(workspace, "duckdb")
    spark, findings = found(workspace, "spark")
    assert {row["signal"] for row in expected} == set(SIGNALS)
    runs = {row.pop("run_id") for row in expected}, {row.pop("run_id") for row in findings}
    assert not runs[0] & runs[1]
    assert findings == expected
    for before, after in zip(embedded, spark, strict=True):
        assert after["findings"] == before["findings"] > 0
        assert (after["new"], after["gone"]) == (0, 0)
