"""One data set as Parquet, CSV and NDJSON: the same records, and the same findings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pcsv
import pyarrow.parquet as pq
import pytest

from marsad.banks import Entry
from marsad.engines import open_engine
from marsad.workspace import Workspace
from marsad.workspace.finding import find
from tests.workspace.conftest import ndjson, take

ROWS = 424_653
NOT_COMPARED = {"run", "run_id", "file", "line", "found_at"}


@pytest.mark.long
@pytest.mark.parametrize(
    "rows", [3_000, pytest.param(ROWS, marks=pytest.mark.whole_data)], ids=["part", "whole"]
)
def test_the_main_job_does_not_depend_on_the_form(
    tmp_path: Path, shared_data: Path, rows: int
) -> None:
    given = pq.read_table(shared_data / "networks" / "trolls_2015_2016.parquet").slice(0, rows)
    assert given.num_rows == rows
    first, *others = [worked(path) for path in in_three_forms(given, tmp_path)]
    for other in others:
        for name in ("posts", "observations", "findings"):
            assert differing(first, other, name) == 0, name
    assert sum(file.rows for file in first.log.snapshot().of("findings")) > rows / 40


def in_three_forms(given: pa.Table, folder: Path) -> Iterator[Path]:
    pq.write_table(given, folder / "a.parquet")
    yield folder / "a.parquet"
    text = given.set_column(1, "created_at", given["created_at"].cast(pa.string()))
    pcsv.write_csv(text, folder / "a.csv")
    yield folder / "a.csv"
    batches = text.to_batches(max_chunksize=10_000)
    yield ndjson(folder / "a.ndjson", (row for batch in batches for row in batch.to_pylist()))


def worked(path: Path) -> Workspace:
    """A workspace with the file imported and all signals run."""
    made = Workspace.create(path.with_name(f"from-{path.suffix[1:]}"))
    made.policies.add("research")
    words = ("breaking news", "high school", "police", "нью-йорк")
    made.banks.add("words", [Entry(word) for word in words], kind="phrases")
    made.banks.add("sites", [Entry("bit.ly"), Entry("youtube.com")], kind="domains")
    done = take(made, path, platform="twitter")
    assert (done.taken, done.already, done.rejected) == (done.read, 0, {})
    find(made)
    return made


def differing(one: Workspace, other: Workspace, name: str) -> int:
    """How many rows are in one of two workspaces alone."""
    with open_engine() as engine:
        first, second = (space.table(engine, space.log.snapshot(), name) for space in (one, other))
        columns = [column for column in first.columns if column not in NOT_COMPARED]
        first, second = first.select(columns), second.select(columns)
        apart = first.difference(second, distinct=False).union(
            second.difference(first, distinct=False)
        )
        return int(engine.collect(apart.aggregate(rows=apart.count()))["rows"][0].as_py())
