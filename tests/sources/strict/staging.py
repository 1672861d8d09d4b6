"""Staged rows of loose ones, for the tests of the rules."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa

from marsad.sources import strict
from marsad.sources.loose import LOOSE
from marsad.sources.rows import loose_table

ENGINE = ibis.duckdb.connect()
NOW = 1_800_000_000_000_000
NEEDED: dict[str, dict[str, Any]] = {
    "posts": {"id": "1", "account_id": "7", "created_at": "2024-03-01 10:00", "text": "the plums"},
    "observations": {"account_id": "7", "state": "alive"},
    "edges": {"source_id": "7", "target_id": "8"},
    "shares": {
        "account_id": "7", "post_id": "1", "shared_at": "2024-03-01",
        "objects": [{"kind": "hashtag", "object": "fig"}],
    },
    "labels": {"subject_id": "7", "label": "fruit"},
}  # fmt: skip
"""What a row of each kind has if nothing else is said."""


def staged(kind: str, *changes: dict[str, Any], platform: str = "plum") -> list[dict[str, Any]]:
    """The staged rows of one loose row for each change of what is `NEEDED`."""
    rows = [{"line": i, **NEEDED[kind], **change} for i, change in enumerate(changes, 1)]
    names = dict.fromkeys(name for row in rows for name in row)
    schema = pa.schema([LOOSE[kind].field(name) for name in names])
    raw = ibis.memtable(pa.Table.from_pylist(rows, schema))
    loose = loose_table(kind, raw, {name: raw[name] for name in names if name != "line"})
    context = strict.Context(platform, "unknown", NOW, "file")
    result = ENGINE.to_pyarrow(strict.stage(kind, loose, context).order_by("line"))
    found: list[dict[str, Any]] = result.to_pylist()
    return found


def reasons(kind: str, *changes: dict[str, Any]) -> list[str | None]:
    """Why each row is rejected; None where it is not."""
    return [row["reason"] for row in staged(kind, *changes)]
