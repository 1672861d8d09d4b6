"""Every built-in signal finds the same on Spark with two executors as on the embedded engine."""

from __future__ import annotations

from typing import Any

import pytest

from marsad.banks.lists import read_list
from marsad.engines import Engine
from marsad.find.registry import signals
from marsad.simulate import Knobs, simulate
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.finding import found_by, records
from marsad.workspace.importing import import_files
from tests.engines.conftest import Both

LEAST_POSTS = 100_000
LEAST_FOUND = {"automation": 5, "bursts": 0, "coordination": 20, "returns": 20}
"""Fewest findings, where they are of accounts and groups; a hundred of other signals.
Bursts finds few here; its own tests compare the engines on more."""

pytestmark = [pytest.mark.java, pytest.mark.long]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A simulated network of more than 100,000 posts, with its banks."""
    folder = tmp_path_factory.mktemp("signals")
    knobs = Knobs(volume=0.2, ceiling=120.0, hazard=0.008, wave=0.25)
    network = simulate(folder / "network", 2000, 30, 1, knobs).folder
    made = Workspace.create(folder / "ws")
    files = [network / name for name in ("posts.ndjson", "observations.ndjson", "follows.csv")]
    done = import_files(made, files, Options(platform="simulated"))
    assert done.taken >= LEAST_POSTS
    for path in (network / "banks").glob("[a-z]*"):
        kind = path.stem.removeprefix("negative-")
        entries = read_list(path, kind).entries
        made.banks.add(path.stem, entries, kind=kind, negative=kind != path.stem)
    return made


def found(workspace: Workspace, engine: Engine, name: str) -> set[tuple[Any, ...]]:
    signal = signals()[name]()
    snapshot = workspace.log.snapshot()
    read = records(workspace, snapshot, engine, workspace.banks.all())
    table = engine.collect(found_by(signal, read, engine))
    rows = table.to_pylist()
    return {tuple({**row, "score": round(row["score"], 9)}.values()) for row in rows}


@pytest.mark.parametrize("name", sorted(signals()))
def test_a_signal_on_two_executors(workspace: Workspace, both: Both, name: str) -> None:
    expected = found(workspace, both.reference, name)
    assert found(workspace, both.other, name) == expected
    assert len(expected) >= LEAST_FOUND.get(name, 100)
