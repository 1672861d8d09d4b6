"""Clients of two server processes who take and decide cases at once."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from benchmarks.deciding import POLICY, check, decided_at_once, end_of, tokens
from benchmarks.filled.serving import served, workspace
from marsad.decide.opening import open_cases
from marsad.store import open_database
from tests.decide.conftest import finding

CLIENTS, CASES = 6, 30
FOR_EVER = 600.0


@pytest.mark.long
def test_no_decision_is_lost_or_doubled(tmp_path: Path, place: Path | str) -> None:
    """Every case is decided once, by whoever took it, and the log says so once."""
    made = workspace(tmp_path / "workspace")
    assert [one.reference for one in made.policies.all()] == [POLICY]
    place = made.folder / "review.db" if isinstance(place, Path) else place
    database = open_database(place)
    keys = tokens(database, CLIENTS)
    opened = open_cases(database, [finding(f"x:{number}") for number in range(CASES)], 5)
    assert opened.opened == CASES
    before = end_of(database)
    with ExitStack() as running:
        servers = [running.enter_context(served(made.folder, place)) for _ in range(2)]
        addresses = [one.address for one in servers]
        done = decided_at_once(addresses, keys, time.monotonic() + FOR_EVER)
    assert len(done) >= CASES  # some are read a second time, as copies
    check(database, done, before)
    database.close()
