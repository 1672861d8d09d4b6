"""Workspaces and small files for tests of what is done with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from marsad.engines import open_engine
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.importing import Imported, import_files

POST = {
    "id": "1", "account_id": "7", "handle": "Reed", "created_at": "2024-03-01T10:00:05Z",
    "text": "the river is high today #River", "language": "en", "followers": 10,
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "ws")
    made.policies.add("research")
    return made


def posts(*changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Copies of one post, each with some fields changed; a field set to None is left out."""
    rows = [{**POST, **change} for change in changes]
    return [{name: value for name, value in row.items() if value is not None} for row in rows]


def ndjson(path: Path, rows: Iterable[Mapping[str, Any] | str]) -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path


def take(workspace: Workspace, *paths: Path, **options: Any) -> Imported:
    return import_files(workspace, paths, Options(**options))


def table(workspace: Workspace, name: str, current: bool = False) -> pa.Table:
    """All rows of a table, sorted by their keys."""
    snapshot = workspace.log.snapshot()
    with open_engine() as engine:
        read = workspace.current if current else workspace.table
        return engine.collect(read(engine, snapshot, name)).sort_by(
            [("key", "ascending"), ("version", "ascending")]
        )


def facts(workspace: Workspace, name: str) -> list[dict[str, Any]]:
    """The rows of a table without the run that took them."""
    return table(workspace, name).drop_columns(["run"]).to_pylist()


def network(path: Path, rows: int) -> Path:
    """A file of posts over four months, by 97 accounts."""
    many = [
        {
            "id": str(n), "account_id": str(n % 97), "text": f"post {n} of the river #t{n % 50}",
            "created_at": 1709287205 + 3601 * n, "followers": n % 13,
        }
        for n in range(rows)
    ]  # fmt: skip
    return ndjson(path, posts(*many))
