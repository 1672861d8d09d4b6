"""Loose rows of a plan, computed on DuckDB and shown without what is NULL."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from marsad.sources.loose import LOOSE
from marsad.sources.registry import recognise
from marsad.sources.source import Options, Plan, Sample

Rows = dict[str, list[dict[str, Any]]]
LooseOf = Callable[[Plan, pa.Table], Rows]
LooseJson = Callable[..., Rows]


@pytest.fixture(scope="session")
def files() -> Path:
    """The made-up examples of each format."""
    return Path(__file__).parent / "files"


@pytest.fixture(scope="session")
def loose_of() -> LooseOf:
    """The rows of a plan over a raw table, by kind, in the order of their lines."""
    engine = ibis.duckdb.connect()

    def rows(plan: Plan, raw: pa.Table) -> Rows:
        found: Rows = {}
        for kind, table in plan.loose(ibis.memtable(raw)).items():
            result = engine.to_pyarrow(table)
            assert result.schema.names == LOOSE[kind].names
            assert [field.type for field in result.schema] == [field.type for field in LOOSE[kind]]
            listed = sorted(result.to_pylist(), key=lambda row: row["line"])
            found[kind] = [{k: v for k, v in row.items() if v is not None} for row in listed]
        return found

    return rows


@pytest.fixture(scope="session")
def loose_json(loose_of: LooseOf) -> LooseJson:
    """The loose rows of JSON texts, recognised from all of them that are JSON."""

    def rows(texts: Sequence[str], options: Options | None = None) -> Rows:
        raw = pa.table(
            {
                "line": pa.array(range(1, len(texts) + 1), pa.int64()),
                "json": pa.array(texts, pa.string()),
            }
        )
        sample = Sample("rows.ndjson", "json", objects=parsed(texts))
        return loose_of(recognise(sample, options or Options()), raw)

    return rows


@pytest.fixture(scope="session")
def loose_table(loose_of: LooseOf) -> Callable[..., Rows]:
    """The loose rows of columns."""

    def rows(columns: Mapping[str, Any], options: Options | None = None) -> Rows:
        raw = columns if isinstance(columns, pa.Table) else pa.table(dict(columns))
        plan = recognise(Sample("table.csv", "table", rows=raw), options or Options())
        lines = pa.array(range(1, raw.num_rows + 1), pa.int64())
        return loose_of(plan, raw.append_column("line", lines))

    return rows


def parsed(texts: Sequence[str]) -> list[Any]:
    """The values of the texts that are JSON."""
    values = []
    for text in texts:
        try:
            values.append(json.loads(text))
        except ValueError:
            continue
    return values
