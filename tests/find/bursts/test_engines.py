"""The same rows on Spark with two executors as on the embedded engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from marsad.engines import Engine, open_engine
from marsad.find.bursts import Bursts
from tests.find.bursts.networks import null, planted, records

CLUSTER = "local-cluster[2,1,1024]"


def rows(engine: Engine) -> list[dict[str, Any]]:
    uses, _ = planted(null(1, "daily"), 1)
    found = engine.collect(Bursts().find(records(engine, uses), engine)).to_pylist()
    for row in found:
        row["evidence"], row["score"] = json.loads(row["evidence"]), round(row["score"], 9)
        for item in row["evidence"]:
            item["p"], item["q"] = f"{item['p']:.6g}", f"{item['q']:.6g}"
    return sorted(found, key=lambda row: (row["subject_id"], row["evidence_key"]))


@pytest.mark.java
def test_two_executors_find_the_same(java_home: Path) -> None:
    with open_engine("duckdb") as engine:
        expected = rows(engine)
    assert len(expected) > 10
    with open_engine("spark", master=CLUSTER) as engine:
        assert rows(engine) == expected
