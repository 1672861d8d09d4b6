"""`copies` gives the same rows on every engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from marsad.engines import open_engine
from marsad.find.contract import posts_table
from tests.find.copies_cases import drifting_posts, find


@pytest.mark.long
@pytest.mark.java
def test_spark_finds_what_duckdb_finds(
    java_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # some hundred posts with few words: ordinary and large buckets both occur
    posts = posts_table(drifting_posts(600, seed=11, accounts=40))
    with open_engine("duckdb") as engine:
        expected = find(engine, posts)
    assert len(expected) > 100
    with open_engine("spark", tmp_path, "local-cluster[2,1,1024]") as engine:
        assert find(engine, posts) == expected
