"""What in the files of a workspace is about one account: rows that are its own, or name it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from marsad.engines.duckdb import DuckDBEngine
from marsad.records import ids
from marsad.records.tables import TABLES
from marsad.workspace.folder import Workspace
from marsad.workspace.runs import DataFile, Snapshot

OWNED = {"posts": ("account",), "edges": ("source", "target"), "shares": ("account",)}
"""Columns that name an account, by table; the rest of the tables say what kind their subject is."""

SUBJECTS = ("observations", "labels", "draws")


@dataclass(frozen=True)
class Concerned:
    """An account, its posts, and how raw rows of files may name it."""

    account: str
    posts: frozenset[str]
    names: frozenset[str]

    def subject(self, row: Mapping[str, Any]) -> bool:
        """Whether a row of a table with subjects is about it."""
        kind, name = row["subject_kind"], row.get("subject", row.get("subject_id"))
        return (kind == "account" and name == self.account) or (
            kind == "post" and name in self.posts
        )

    def finding(self, row: Mapping[str, Any]) -> bool:
        """Whether a finding is about it, or quotes it as evidence."""
        if self.subject(row) or row["account"] == self.account:
            return True
        said = (*_texts(row["evidence"]), *_texts(row["values"]))
        return any(text == self.account or text in self.posts for text in said)

    def rejected(self, row: Mapping[str, Any]) -> bool:
        """Whether a row that was not taken names it; in doubt it does."""
        raw = str(row.get("raw") or "")
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", raw) for name in self.names)


def _texts(content: str) -> Iterator[str]:
    """All texts in a JSON value."""
    waiting = [json.loads(content)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def names_of(subject: str) -> Iterable[str]:
    """How raw rows of files may name an account."""
    native = subject.partition(ids.SEPARATOR)[2]
    return {subject, native, native.removeprefix("@")}


def posts_of(
    workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot, subject: str
) -> list[str]:
    """The ids of an account's posts."""
    posts = workspace.table(engine, snapshot, "posts")
    found = engine.collect(posts.filter(posts.account == subject).select("id").distinct())
    return list(found["id"].to_pylist())


def authors_of(
    workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot, post: str
) -> list[str]:
    """The account that wrote a post, if it is known."""
    posts = workspace.table(engine, snapshot, "posts")
    found = engine.collect(posts.filter(posts.id == post).select("account").distinct())
    return list(found["account"].to_pylist())


# ── what is left of a file without it


Kept = tuple[int, Callable[[Path], int]]
"""How many rows of a file go, and what writes the rest to a path and says how many those are."""


def kept_of(
    workspace: Workspace, engine: DuckDBEngine, file: DataFile, concerned: Concerned
) -> Kept:
    """What goes of a file, and how the rest is written."""
    path = workspace.folder / file.path
    if file.table in OWNED:
        return _of_columns(engine, path, file.table, concerned.account)
    if file.table in SUBJECTS:
        return _of_rows(path, concerned.subject)
    if file.table == "findings":
        return _of_rows(path, concerned.finding)
    if file.table == "rejected":
        return _of_lines(path, concerned.rejected)
    return 0, lambda _: 0


def _of_columns(engine: DuckDBEngine, path: Path, table: str, account: str) -> Kept:
    rows = engine.read([path], TABLES[table])
    theirs = ibis.or_(*[rows[column] == account for column in OWNED[table]])
    gone = engine.collect(rows.filter(theirs).aggregate(n=ibis._.count()))["n"][0].as_py()

    def write(target: Path) -> int:
        written = engine.write(rows.filter(~theirs).select(*TABLES[table].names), target)[0]
        return int(pq.read_metadata(written).num_rows)

    return int(gone), write


def _of_rows(path: Path, about: Callable[[Mapping[str, Any]], bool]) -> Kept:
    rows = pq.read_table(path)
    keep = pa.array([not about(row) for row in rows.to_pylist()], pa.bool_())
    kept = rows.filter(keep)

    def write(target: Path) -> int:
        pq.write_table(kept, target)
        return int(kept.num_rows)

    return rows.num_rows - kept.num_rows, write


def _of_lines(path: Path, about: Callable[[Mapping[str, Any]], bool]) -> Kept:
    lines = path.read_text("utf-8", "surrogateescape").splitlines(keepends=True)
    kept = [line for line in lines if not about(json.loads(line))]

    def write(target: Path) -> int:
        target.write_text("".join(kept), "utf-8", "surrogateescape")
        return len(kept)

    return len(lines) - len(kept), write
