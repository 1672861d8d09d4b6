"""A run is a commit: an import that is killed anywhere leaves nothing, and importing again gives
what an uninterrupted import gives. Two imports at once, and a reader, get it right."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from marsad.workspace import Workspace
from tests.conftest import ROOT
from tests.workspace.conftest import facts, network, posts, take
from tests.workspace.killing import orphans

KILLS = 6
"""Here; the proof ``crashes`` kills more than 200 times."""


def test_killed_imports_leave_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.workspace.killing", str(tmp_path), str(KILLS), "7"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=600)
    assert json.loads(done.stdout) == {"kills": KILLS, "torn": 0, "orphans": 0, "unequal": 0}


@pytest.mark.long
def test_two_imports_and_a_reader_at_once(tmp_path: Path) -> None:
    first, second = network(tmp_path / "a.ndjson", 2000), tmp_path / "b.ndjson"
    extra = posts(*[{"id": f"x{n}", "text": f"another {n}"} for n in range(500)])
    second.write_bytes(first.read_bytes())
    with second.open("a") as file:
        file.writelines(json.dumps(row) + "\n" for row in extra)
    workspace = Workspace.create(tmp_path / "ws")
    command = [sys.executable, "-m", "marsad", "import", "--json", "-w", str(workspace.folder)]
    children = [
        subprocess.Popen([*command, str(path)], stdout=subprocess.PIPE) for path in (first, second)
    ]
    seen = set()
    while any(child.poll() is None for child in children):
        seen.add(len(facts(workspace, "posts")))
    taken = [json.loads(child.communicate()[0])["taken"] for child in children]
    assert sum(taken) == 2500
    assert seen <= {0, 2000, 2500}
    assert len({row["id"] for row in facts(workspace, "posts")}) == 2500
    assert len(facts(workspace, "posts")) == 2500
    take(workspace, first)
    assert orphans(workspace) == []
