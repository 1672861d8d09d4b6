"""Processes that are killed while they decide: what they were told is decided, is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from marsad.decide.audit import verify
from marsad.decide.opening import open_cases
from marsad.store import open_database
from tests.conftest import ROOT
from tests.decide.conftest import finding

EACH, LEAST = 1_000, 20
"""How many cases a process may decide, and after how many it is killed at the earliest."""

DECIDER = """
import sys
from pathlib import Path
from marsad.decide.desk import Desk
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.store import open_database

where = sys.argv[1]
who = Reviewer(sys.argv[2], frozenset({"moderator"}), frozenset({"en"}))
desk = Desk(open_database(where if "://" in where else Path(where)), ("demo@1",))
for _ in range(int(sys.argv[3])):
    case, lease = desk.take_next(who)
    desk.decide(who, Decision(case.id, case.version, lease.token, "no-violation", "demo@1",
                              "an ordinary post of the day"))
    print(case.id, flush=True)
sys.stdin.read()
"""


@pytest.mark.long
def test_of_two_killed_processes_every_acknowledged_decision_is_there(place: Path | str) -> None:
    """There are cases enough for both, however late one of them starts."""
    database = open_database(place)
    open_cases(database, [finding(f"x:{number}") for number in range(2 * EACH)], 5)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", DECIDER, str(place), name, str(EACH)], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PYTHONPATH": str(ROOT / "src")},
        )
        for name in ("rev-1", "rev-2")
    ]  # fmt: skip
    said: list[int] = []
    for process in running:
        assert process.stdout is not None
        said += [int(process.stdout.readline()) for _ in range(LEAST)]
    for process in running:
        process.kill()
    for process in running:
        assert process.stdout is not None
        said += [int(line) for line in process.stdout.read().split("\n")[:-1]]
        process.communicate()
    with database.reading() as transaction:
        stored = transaction.execute(text("SELECT case_id FROM decisions")).scalars().all()
    assert len(said) == len(set(said)) >= 2 * LEAST
    assert set(said) <= set(stored)
    assert len(stored) == len(set(stored)) <= len(said) + len(running)
    assert verify(database, None).broken is None
    database.close()
