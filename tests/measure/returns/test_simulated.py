"""Against networks whose truth is known: the rate itself, and the path through a workspace."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from marsad.banks import Entry
from marsad.measure.returns import return_rate
from marsad.simulate import DEMO, Knobs, simulate
from marsad.simulate.population import Origin, State, is_violating
from marsad.simulate.window import NEVER
from marsad.simulate.world import build_world
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.importing import import_files
from marsad.workspace.measuring.returns import returns
from tests.measure.returns.network import link, store_links

DAY = 86_400
SIMPLE = replace(DEMO, backups=0.0, takeovers=0.0, returns=0.6, hazard=0.01)
SEEDS = range(40)


def true_rate(day: float, knobs: Knobs) -> float:
    """The simulator's rule: a fraction returns, after an hour and a log-normal lag."""
    z = math.log((day - 1 / 24) / knobs.return_lag)
    return knobs.returns * 0.5 * math.erfc(-z / math.sqrt(2))


def of_world(seed: int) -> tuple[list[float], list[float], list[int]]:
    """Days to the first return, days watched and actor of every suspended violating account."""
    world = build_world(1500, 45, seed, SIMPLE)
    rows = world.accounts
    gone = np.flatnonzero(is_violating(rows["group"]) & (rows["state"] == State.SUSPENDED))
    first: dict[int, int] = {}
    for row in np.flatnonzero(rows["origin"] == Origin.RETURN):
        parent, at = int(rows["parent"][row]), int(rows["created"][row])
        first[parent] = min(at, first.get(parent, NEVER))
    back = [(first[i] - rows["ended"][i]) / DAY if i in first else math.inf for i in gone.tolist()]
    watched = (world.window.stop - rows["ended"][gone]) / DAY
    return back, watched.tolist(), rows["actor"][gone].tolist()


def test_the_intervals_hold_what_the_simulator_was_told() -> None:
    """Forty networks, three days: about 6 of 120 intervals may miss."""
    missed = {1: 0, 7: 0, 30: 0}
    for seed in SEEDS:
        for day, found in zip(missed, return_rate(*of_world(seed), complete=True), strict=True):
            missed[day] += not found.low <= true_rate(day, SIMPLE) <= found.high
    assert all(count <= 5 for count in missed.values()), missed  # P(6 and more of 40) = 1.4 %


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("returns") / "network"
    simulate(
        folder, 2500, 40, 5, replace(SIMPLE, volume=0.03, hazard=0.02, wave_at=0.3, takeovers=0.1)
    )
    return folder


def listed(truth: list[dict[str, Any]], with_date: bool) -> list[Entry]:
    return [
        Entry(f"simulated:{row['account_id']}",
              options={"since": row["ended_at"].isoformat()} if with_date else {})
        for row in truth
        if row["is_violating"] and row["state"] == "suspended"
    ]  # fmt: skip


def true_links(truth: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        link(
            f"simulated:{row['parent']}", f"simulated:{row['account_id']}",
            int((row["taken_over_at"] or row["created_at"]).timestamp() * 1e6),
            how={"return": "new"}.get(row["origin"], row["origin"]),
        )
        for row in truth
        if row["parent"] is not None
    ]  # fmt: skip


def opened(network: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, with_date: bool) -> Any:
    """A workspace with the network, a bank of its suspended accounts, and true links found."""
    workspace = Workspace.create(folder)
    workspace.policies.add("demo")
    files = [network / name for name in ("posts.ndjson", "observations.ndjson")]
    import_files(workspace, files, Options(platform="simulated"))
    truth = pq.read_table(network / "truth" / "accounts.parquet").to_pylist()
    workspace.banks.add("closed", listed(truth, with_date), kind="accounts")
    store_links(workspace, true_links(truth), monkeypatch)
    return workspace, truth


def fraction_back(truth: list[dict[str, Any]], used: set[str], day: float) -> float:
    """Of accounts closed early enough, those that were back by a day."""
    ends = {row["account_id"]: row["ended_at"] for row in truth if row["account_id"] in used}
    back: dict[str, float] = {}
    for row in truth:
        if row["parent"] in ends:
            at = row["taken_over_at"] or row["created_at"]
            days = max((at - ends[row["parent"]]).total_seconds() / DAY, 0)
            back[row["parent"]] = min(days, back.get(row["parent"], math.inf))
    return sum(back.get(one, math.inf) <= day for one in ends) / len(ends)


def test_true_links_give_the_true_rate(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, truth = opened(network, tmp_path / "ws", monkeypatch, True)
    measured = returns(workspace, [1, 7])
    rates = {one.name: one for one in measured.estimates}
    stop = max(row["ended_at"] for row in truth if row["ended_at"])
    early = {row["account_id"] for row in truth if row["is_violating"] and row["ended_at"]
             and row["state"] == "suspended" and (stop - row["ended_at"]).days >= 9}  # fmt: skip
    assert measured.used > 80
    for day in (1, 7):
        found = rates[f"return-rate-day-{day}"]
        assert found.value == pytest.approx(fraction_back(truth, early, day), abs=0.05)
        assert found.low <= fraction_back(truth, early, day) <= found.high
        assert found.bound == "lower"
    lineages = len({row["actor"] for row in truth if row["parent"] is not None})
    unseen = sum(measured.left_out.values())
    assert lineages - unseen <= rates["lineages"].value <= lineages


@pytest.mark.long
def test_without_dates_the_looks_say_when(
    network: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ends lie between probes; the interval holds what the exact dates give."""
    dated, _ = opened(network, tmp_path / "dated", monkeypatch, True)
    looked, _ = opened(network, tmp_path / "looked", monkeypatch, False)
    exact = {one.name: one for one in returns(dated, [7]).estimates}["return-rate-day-7"]
    measured = returns(looked, [7])
    (found,) = (one for one in measured.estimates if one.name == "return-rate-day-7")
    assert measured.left_out["no-date"] > 0
    assert "ends-uncertain" in found.warnings
    assert found.low <= exact.value <= found.high
