"""Takeovers that the simulator plants, among accounts that only look like one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from marsad.banks import Bank, Entry
from marsad.engines import open_engine
from marsad.find.returns import Returns
from marsad.simulate import DEMO, simulate
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.finding import records
from marsad.workspace.importing import import_files

KNOBS = replace(
    DEMO, panel=1.0, supporters=0.15, core=0.05, hazard=0.03, returns=0.0, takeovers=0.3,
    backups=0.0, owner_posts=6.0, taker_posts=15.0, pauses=0.15, renamed=0.15,
)  # fmt: skip
Row = dict[str, Any]
FILES = (
    ("posts.ndjson", Options(platform="s")),
    ("observations.ndjson", Options(platform="s")),
    ("follows.csv", Options(platform="s", kind="edges",
                            mapping={"source": "follower", "target": "followed"})),
)  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Row], dict[str, Row]]:
    """The truth of all accounts, and the findings, by account."""
    folder = tmp_path_factory.mktemp("takeovers")
    network = simulate(folder / "network", 1200, 40, 3, KNOBS).folder
    made = Workspace.create(folder / "workspace")
    for name, options in FILES:
        import_files(made, [Path(network) / name], options)
    rows = pq.read_table(network / "truth" / "accounts.parquet").to_pylist()
    truth = {f"s:{row['account_id']}": row for row in rows}
    bank = Bank("gone", "accounts", tuple(
        Entry(one, options={"since": row["ended_at"].isoformat()})
        for one, row in truth.items() if row["state"] == "suspended" and row["is_violating"]
    ))  # fmt: skip
    with open_engine("duckdb") as engine:
        read = records(made, made.log.snapshot(), engine, [bank])
        found = engine.collect(Returns().find(read, engine)).to_pylist()
    return truth, {row["subject_id"]: row for row in found}


def test_takeovers_are_found(told: tuple[dict[str, Row], dict[str, Row]]) -> None:
    truth, found = told
    taken = [one for one, row in truth.items() if row["origin"] == "takeover"]
    assert len(taken) >= 20
    clear = [one for one in taken if one in found and found[one]["opens_case"]]
    assert len(clear) >= 0.35 * len(taken)
    called = [one for one in clear if ".takeover." in found[one]["message"]]
    assert len(called) >= 0.7 * len(clear)


def test_who_paused_or_took_another_name_is_not_claimed(
    told: tuple[dict[str, Row], dict[str, Row]],
) -> None:
    truth, found = told
    innocent = {
        one for one, row in truth.items()
        if row["origin"] == "original" and (row["woke_at"] or row["renamed_at"])
    }  # fmt: skip
    assert len(innocent) > 200
    cases = {one for one, row in found.items() if row["opens_case"]}
    assert len(cases) >= 10
    assert not cases & innocent


def test_clear_claims_are_right(told: tuple[dict[str, Row], dict[str, Row]]) -> None:
    truth, found = told
    actors = [
        (truth[one]["actor"], truth[row["evidence_key"]]["actor"])
        for one, row in found.items() if row["opens_case"]
    ]  # fmt: skip
    assert sum(child != parent for child, parent in actors) <= 0.05 * len(actors)
