"""Kills imports at random moments and looks at what they leave.

    python -m tests.workspace.killing FOLDER KILLS SEED

Imports run in forked children, so that a kill meets the import and not the start of Python; this
process itself starts no engine. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from marsad.workspace import Workspace
from tests.workspace.conftest import facts, network, take

ROWS = 3000
TABLES = ("posts", "observations")


def forked(work: Callable[[], object]) -> int:
    """Runs work in a child; returns its process id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        work()
        status = 0
    finally:
        os._exit(status)


def finished(work: Callable[[], object]) -> float:
    """Seconds that work takes in a child that nobody kills."""
    began = time.monotonic()
    _, status = os.waitpid(forked(work), 0)
    if status:
        raise RuntimeError("an import that nobody killed failed")
    return time.monotonic() - began


def stored(workspace: Workspace) -> int:
    """Posts that exist by what the runs say."""
    return sum(file.rows for file in workspace.log.snapshot().of("posts"))


def orphans(workspace: Workspace) -> list[str]:
    """Files that no committed run adds, and stagings left over."""
    named = {file.path for file in workspace.log.snapshot().files}
    folders = ("records", "observations", "rejected", ".staging")
    paths = [p for name in folders for p in (workspace.folder / name).rglob("*") if p.is_file()]
    return [str(p) for p in paths if p.relative_to(workspace.folder).as_posix() not in named]


def dump(workspace: Workspace, path: Path) -> None:
    path.write_text(json.dumps({name: facts(workspace, name) for name in TABLES}))


def kill_many(folder: Path, kills: int, seed: int) -> dict[str, int]:
    """Kills that many imports; every workspace is then finished and compared with a whole one."""
    source, chance = network(folder / "posts.ndjson", ROWS), random.Random(seed)
    whole = Workspace.create(folder / "whole")
    longest = finished(lambda: take(whole, source))
    finished(lambda: dump(whole, folder / "whole.json"))
    found = {"kills": 0, "torn": 0, "orphans": 0, "unequal": 0}
    while found["kills"] < kills:
        workspace = Workspace.create(folder / f"ws-{found['kills']}")
        while found["kills"] < kills and stored(workspace) == 0:
            # half of them near the end, where files are moved and the run is written
            share = chance.uniform(0.7, 1.05) if chance.random() < 0.5 else chance.random()
            child = forked(lambda: take(workspace, source))  # noqa: B023 - used at once
            time.sleep(share * longest)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            found["kills"] += 1
            found["torn"] += stored(workspace) not in (0, ROWS)
        finished(lambda: take(workspace, source))  # noqa: B023
        found["orphans"] += len(orphans(workspace))
        finished(lambda: dump(workspace, folder / "again.json"))  # noqa: B023
        same = (folder / "again.json").read_bytes() == (folder / "whole.json").read_bytes()
        found["unequal"] += not same
    return found


if __name__ == "__main__":
    print(json.dumps(kill_many(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
