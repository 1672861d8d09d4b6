"""Processes that are killed while they act: nothing is lost, and nothing done twice."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from marsad.decide.actions.carrying import Carrier
from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.decide.opening import open_cases
from marsad.platforms.settings import Configured
from marsad.platforms.simulated import FILE, Simulated
from marsad.records.times import MINUTE
from marsad.store import open_database
from tests.conftest import ROOT
from tests.decide.actions.conftest import PACE
from tests.decide.conftest import FIRST, POLICY, START, Clock, Room, finding

MANY = 120

ACTOR = """
import os, sys
from pathlib import Path
from marsad.decide.actions.carrying import Carrier
from marsad.platforms.settings import Configured
from marsad.platforms.simulated import Simulated
from marsad.store import open_database
from tests.decide.actions.conftest import PACE

folder = Path(sys.argv[1])
network = Simulated(folder / "simulated-network.db", lambda: int(sys.argv[2]))
chosen = lambda action: Configured("x", network, 10_000)
where = sys.argv[3] if "://" in sys.argv[3] else Path(sys.argv[3])
carrier = Carrier(open_database(where), chosen, lambda: int(sys.argv[2]), PACE)
while carrier.carry_out(limit=1).steps:
    print("step", flush=True)
"""


def run(folder: Path, clock: Clock, place: Path | str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", ACTOR, str(folder), str(clock()), str(place)],
        stdout=subprocess.PIPE, text=True,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


@pytest.mark.long
def test_of_killed_processes_every_action_is_done_once(tmp_path: Path, place: Path | str) -> None:
    clock = Clock()
    database = open_database(place)
    room = Room(Desk(database, (POLICY,), clock), clock)
    open_cases(database, [finding(f"x:{number}") for number in range(MANY)], START)
    for number in range(MANY):
        room.decide(FIRST, room.read(f"x:{number}"), "hide")
    for _ in range(3):
        running = [run(tmp_path, clock, place) for _ in range(2)]
        for process in running:
            assert process.stdout is not None
            for _ in range(5):
                process.stdout.readline()
        for process in running:
            process.kill()
            process.communicate()
        clock.now += MINUTE  # leases of the dead run out
    network = Simulated(tmp_path / FILE, clock)
    carrier = Carrier(database, lambda _: Configured("x", network, 10_000), clock, PACE)
    for _ in range(4):
        carrier.carry_out(limit=10_000)
        clock.now += MINUTE
    with database.reading() as transaction:
        states = transaction.execute(text("SELECT state, key FROM actions")).all()
    assert [state for state, _ in states] == ["confirmed"] * MANY
    asked = sqlite3.connect(tmp_path / FILE).execute("SELECT key FROM requests").fetchall()
    assert sorted(key for (key,) in asked) == sorted(f"{key}-0" for _, key in states)
    assert verify(database, None).broken is None
    database.close()
