"""A run is a commit: an import that is killed anywhere leaves nothing, and importing again gives
what an uninterrupted import gives. Two imports at once, and a reader, get it right."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from marsad.workspace import Workspace
from tests.workspace.conftest import facts, ndjson, posts, take

KILLS = 12
"""Here; the proof ``crashes`` kills 200 times and more."""


def network(path: Path, rows: int) -> Path:
    many = [
        {"id": str(n), "account_id": str(n % 97), "text": f"post {n} of the river #t{n % 50}",
         "created_at": 1709287205 + 3601 * n, "followers": n % 13}
        for n in range(rows)
    ]  # fmt: skip
    return ndjson(path, posts(*many))


def import_in_child(folder: Path, path: Path) -> subprocess.Popen[bytes]:
    """``import_files`` in a forked child, so that a kill meets the import and not the start."""
    code = (
        "import sys; from pathlib import Path; from marsad.workspace import Workspace;"
        "from marsad.workspace.importing import import_files;"
        "from marsad.sources.source import Options;"
        "done = import_files(Workspace.open(Path(sys.argv[1])), [Path(sys.argv[2])], Options());"
        "print(done.taken, done.already)"
    )
    command = [sys.executable, "-c", code, str(folder), str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)


def orphans(workspace: Workspace) -> list[str]:
    """Files in the data folders that no committed run adds, and stagings left over."""
    named = {file.path for file in workspace.log.snapshot().files}
    data = [p for name in ("records", "observations", "rejected", ".staging")
            for p in (workspace.folder / name).rglob("*") if p.is_file()]  # fmt: skip
    return [str(p) for p in data if p.relative_to(workspace.folder).as_posix() not in named]


def kill_at_random(folder: Path, path: Path, longest: float, chance: random.Random) -> None:
    child = import_in_child(folder, path)
    time.sleep(chance.uniform(0, longest))
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def test_killed_imports_leave_nothing_behind(tmp_path: Path) -> None:
    path = network(tmp_path / "a.ndjson", 4000)
    whole = Workspace.create(tmp_path / "whole")
    began = time.monotonic()
    import_in_child(whole.folder, path).communicate()
    longest = (time.monotonic() - began) * 1.1
    expected = {name: facts(whole, name) for name in ("posts", "observations")}
    assert len(expected["posts"]) == 4000

    killed = Workspace.create(tmp_path / "killed")
    chance = random.Random(7)
    for _ in range(KILLS):
        kill_at_random(killed.folder, path, longest, chance)
        assert len(facts(killed, "posts")) in (0, 4000)
    take(killed, path)
    assert {name: facts(killed, name) for name in ("posts", "observations")} == expected
    assert orphans(killed) == []


def test_two_imports_and_a_reader_at_once(tmp_path: Path) -> None:
    first, second = network(tmp_path / "a.ndjson", 3000), tmp_path / "b.ndjson"
    extra = posts(*[{"id": f"x{n}", "text": f"another {n}"} for n in range(500)])
    second.write_bytes(first.read_bytes())
    with second.open("a") as file:
        file.writelines(json.dumps(row) + "\n" for row in extra)
    workspace = Workspace.create(tmp_path / "ws")
    children = [import_in_child(workspace.folder, path) for path in (first, second)]
    seen = set()
    while any(child.poll() is None for child in children):
        seen.add(len(facts(workspace, "posts")))
    outputs = [child.communicate()[0].split() for child in children]
    taken = [int(output[0]) for output in outputs]
    assert sum(taken) == 3500
    assert seen <= {0, 3000, 3500}
    assert len(facts(workspace, "posts")) == 3500
    assert len({row["id"] for row in facts(workspace, "posts")}) == 3500
    take(workspace, first)
    assert orphans(workspace) == []
