"""The same rows on Spark with two executors as on the embedded engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from marsad.engines import Engine, open_engine
from marsad.find.bursts import Bursts
from tests.find.bursts.networks import Uses, null, planted, records, stable

CLUSTER = "local-cluster[2,1,1024]"


def rows(engine: Engine, uses: Uses) -> list[dict[str, Any]]:
    found = engine.collect(Bursts().find(records(engine, uses), engine)).to_pylist()
    for row in found:
        row["evidence"], row["score"] = json.loads(row["evidence"]), round(row["score"], 9)
        for item in row["evidence"]:
            item["p"], item["q"] = f"{item['p']:.6g}", f"{item['q']:.6g}"
    return sorted(found, key=lambda row: (row["subject_id"], row["evidence_key"]))


@pytest.mark.long
@pytest.mark.java
def test_two_executors_find_the_same(java_home: Path) -> None:
    """Once with hashtags that come and go, once with hashtags that hardly change."""
    changing, _ = planted(null(1, "daily"), 1)
    every = (changing, stable(changing))
    with open_engine("duckdb") as engine:
        expected = [rows(engine, uses) for uses in every]
    assert min(map(len, expected)) > 10
    with open_engine("spark", master=CLUSTER) as engine:
        assert [rows(engine, uses) for uses in every] == expected
