"""A process that is killed while it decides: what it was told is decided, is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import text

from marsad.decide.audit import verify
from marsad.decide.opening import open_cases
from marsad.store import open_database
from tests.conftest import ROOT
from tests.decide.conftest import finding

DECIDER = """
import sys
from pathlib import Path
from marsad.decide.desk import Desk
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.store import open_database

who = Reviewer(sys.argv[2], frozenset({"moderator"}), frozenset({"en"}))
desk = Desk(open_database(Path(sys.argv[1])), ("demo@1",))
while (taken := desk.take_next(who)) is not None:
    case, lease = taken
    desk.decide(who, Decision(case.id, case.version, lease.token, "no-violation", "demo@1",
                              "an ordinary post of the day"))
    print(case.id, flush=True)
"""


def test_of_two_killed_processes_every_acknowledged_decision_is_there(tmp_path: Path) -> None:
    path = tmp_path / "review.db"
    database = open_database(path)
    open_cases(database, [finding(f"x:{number}") for number in range(2_000)], 5)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", DECIDER, str(path), name], stdout=subprocess.PIPE, text=True,
            env={"PYTHONPATH": str(ROOT / "src")},
        )
        for name in ("rev-1", "rev-2")
    ]  # fmt: skip
    said: list[int] = []
    for process in running:
        assert process.stdout is not None
        said += [int(process.stdout.readline()) for _ in range(20)]
    for process in running:
        process.kill()
        said += [int(line) for line in process.communicate()[0].split("\n")[:-1]]
    with database.reading() as transaction:
        stored = transaction.execute(text("SELECT case_id FROM decisions")).scalars().all()
    assert len(said) == len(set(said)) >= 40
    assert set(said) <= set(stored)
    assert len(stored) == len(set(stored)) <= len(said) + len(running)
    assert verify(database, None).broken is None
    database.close()
