"""Precision and recall against a known truth."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marsad.engines import open_engine
from marsad.measure.accuracy import accuracy, against_truth


def measured(found: list[str], truth: list[tuple[str, str, bool]]) -> dict[str, tuple[float, int]]:
    columns = dict(
        zip(("subject_id", "account", "is_positive"), zip(*truth, strict=True), strict=True)
    )
    with open_engine() as engine:
        rows = engine.table(pa.table({"subject_id": pa.array(found, pa.string())}), "found")
        known = engine.table(
            pa.table({name: list(values) for name, values in columns.items()}), "truth"
        )
        estimates = accuracy(rows, known, engine, "s", "a table")
    return {estimate.name: (estimate.value, estimate.n) for estimate in estimates}


TRUTH = [("p1", "a", True), ("p2", "a", False), ("p3", "b", True), ("p4", "b", False),
         ("p5", "c", True), ("p6", "c", True)]  # fmt: skip


def test_a_table_worked_by_hand() -> None:
    found = measured(["p1", "p2", "p3", "p3", "elsewhere"], TRUTH)
    assert found == {"precision:s": (2 / 3, 3), "recall:s": (2 / 4, 4)}


def test_where_nothing_was_found_there_is_no_precision() -> None:
    assert measured([], TRUTH) == {"recall:s": (0.0, 4)}


def test_a_signal_that_found_nothing_stands_beside_the_others(tmp_path: Path) -> None:
    columns = ("post_id", "account_id", "is_violating")
    truth = dict(zip(columns, zip(*TRUTH, strict=True), strict=True))
    posts = pa.table({name: list(values) for name, values in truth.items()})
    pq.write_table(posts, tmp_path / "posts.parquet")
    found = pa.table(
        {
            "subject_id": ["simulated:p1", "simulated:p3", "simulated:p4", "simulated:a"],
            "subject_kind": ["post", "post", "post", "account"],
            "signal": ["loud", "loud", "loud", "loud"],
        }
    )
    with open_engine() as engine:
        rows = engine.table(found, "found")
        estimates = against_truth(rows, tmp_path, engine, ["loud", "quiet", "automation"])
    shown = {one.name: (round(one.value, 3), one.n) for one in estimates}
    assert shown == {
        "precision:loud": (0.667, 3), "recall:loud": (0.5, 4), "recall:quiet": (0.0, 4),
        "precision:all": (0.667, 3), "recall:all": (0.5, 4),
    }  # fmt: skip
    quiet = next(one for one in estimates if one.name == "recall:quiet")
    # nothing found in three accounts: each counts once, and 1 - 0.025 ** (1 / 3) remains possible
    assert (quiet.low, quiet.high) == (0.0, pytest.approx(0.7076, abs=1e-4))


def test_who_acts_together_is_judged_by_accounts(tmp_path: Path) -> None:
    """Four of a community and one alone; three of the four are found, and one of two bystanders."""
    accounts = {
        "account_id": ["a", "b", "c", "d", "e", "f", "g"],
        "community": ["one"] * 4 + ["two", None, None],
        "is_coordinated": [True] * 5 + [False] * 2,
    }
    posts = {"post_id": ["p"], "account_id": ["a"], "is_violating": [False]}
    pq.write_table(pa.table(accounts), tmp_path / "accounts.parquet")
    pq.write_table(pa.table(posts), tmp_path / "posts.parquet")
    subjects = ["simulated:a", "simulated:b", "simulated:c", "simulated:f", "community:1"]
    found = pa.table(
        {
            "subject_id": subjects,
            "subject_kind": ["account"] * 4 + ["community"],
            "signal": ["coordination"] * 5,
        }
    )
    with open_engine() as engine:
        rows = engine.table(found, "found")
        estimates = against_truth(rows, tmp_path, engine, ["coordination"])
    shown = {one.name: (one.value, one.n, one.frame) for one in estimates}
    assert shown == {
        "precision:coordination": (0.75, 4, "simulated-accounts"),
        "recall:coordination": (0.6, 5, "simulated-accounts"),
    }
