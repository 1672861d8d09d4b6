"""Precision and recall against a known truth."""

from __future__ import annotations

import pyarrow as pa

from marsad.engines import open_engine
from marsad.measure.accuracy import accuracy


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
