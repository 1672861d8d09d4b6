"""Erasure: everything about one account goes, and does not come back with the next import.

A run replaces the files that hold its records, looks at them, what was found and said of them; the
old files are deleted at once. What is remembered is a keyed hash of the account's id and of each of
its posts'. Then the desk's database forgets the person, and an entry of its log says that somebody
was erased, without saying whom.

What other accounts wrote stays theirs, also where it names this one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from marsad.banks.accounts import JUDGED
from marsad.decide import erasing as erased_at_desk
from marsad.decide.erasing import Known
from marsad.decide.orders import binding
from marsad.decide.preservation.holds import blocked
from marsad.engines.duckdb import DuckDBEngine
from marsad.records import ids
from marsad.records.errors import InputError
from marsad.records.tables import TABLES
from marsad.records.times import now
from marsad.store import Database, has_database, persons
from marsad.workspace import preserving
from marsad.workspace.expiry import expired_key, keyed_hash
from marsad.workspace.folder import OpenRun, Workspace, begin
from marsad.workspace.holding import FILE, held
from marsad.workspace.reviewing import database, database_place
from marsad.workspace.runs import DataFile, Snapshot

TABLE = "erased"
"""The table of keyed hashes of what was erased."""

OWNED = {"posts": ("account",), "edges": ("source", "target"), "shares": ("account",)}
"""Columns that name an account, by table; the rest of the tables say what kind their subject is."""

SUBJECTS = ("observations", "labels", "draws")


@dataclass(frozen=True)
class Erased:
    """What was deleted, or would be: rows by table, what the desk's database has, entries of the
    banks of accounts that name it. What is ``preserved`` apart stays until its time is over."""

    subject: str
    tables: Mapping[str, int]
    cases: int
    banked: int
    entries: int = 0
    mails: int = 0
    preserved: int = 0

    @property
    def nothing(self) -> bool:
        """Whether nothing at all is known of it."""
        return not (self.tables or self.cases or self.banked or self.entries or self.mails)


def erase(workspace: Workspace, subject: str, dry_run: bool) -> Erased:
    """Deletes everything about an account; with ``dry_run`` only counts it.

    Raises `InputError` for what is no account's id, for one that is under a hold, and where nothing
    is known of it. Who was interrupted runs it again: what is left goes then.
    """
    _check(workspace, subject)
    with DuckDBEngine() as engine, workspace.log.locked("records"):
        snapshot = workspace.log.snapshot()
        posts = posts_of(workspace, engine, snapshot, subject)
        concerned = Concerned(subject, frozenset(posts), frozenset(names_of(subject)))
        tables = _rows(workspace, engine, snapshot, concerned)
        desk = _at_the_desk(workspace, subject)
        banked = sum(map(len, _banked(workspace, subject).values()))
        found = Erased(
            subject, tables, desk.cases, banked, desk.entries, desk.mails, desk.preserved
        )
        if found.nothing:
            raise InputError("erase.nothing", subject=subject)
        if dry_run:
            return found
        _keep_apart(workspace)
        _delete(workspace, engine, snapshot, concerned)
    for name, values in _banked(workspace, subject).items():
        workspace.banks.forget(name, subject, values)
    _from_the_desk(workspace, found)
    return found


def without_erased(
    workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot, kind: str, rows: ir.Table
) -> ir.Table:
    """The rows of an import that are not about anybody who was erased."""
    paths = workspace.paths(snapshot, TABLE)
    if not paths:
        return rows
    gone, key = engine.read_all(paths), expired_key(workspace)
    for name in _named(kind, rows):
        rows = rows.mutate(hash=keyed_hash(name, key)).anti_join(gone, "hash").drop("hash")
    return rows


def _named(kind: str, rows: ir.Table) -> list[ir.StringValue]:
    """Whom rows are about, as it is remembered: kind and id."""
    columns = OWNED.get(kind, ())
    named = [ibis.literal("account:").concat(rows[column]) for column in columns]
    if kind in SUBJECTS:
        named.append(rows.subject_kind.concat(":", rows.subject))
    return named


def _check(workspace: Workspace, subject: str) -> None:
    platform, separator, native = subject.partition(ids.SEPARATOR)
    if not (platform and separator and native):
        raise InputError("erase.subject", given=subject[:200])
    # Design, hard line 6: a hold of a court or an archive blocks deletion.
    holds = held(workspace)
    if subject in holds:
        hold = holds[subject]
        if hold is not None:
            raise blocked(hold)
        raise InputError("erase.held", subject=subject, file=str(workspace.folder / FILE))
    if has_database(database_place(workspace)):
        _check_orders(workspace, subject)


def _check_orders(workspace: Workspace, subject: str) -> None:
    store = database(workspace)
    try:
        with store.reading() as transaction:
            person = persons.find(transaction, subject)
            if person is not None:
                binding.refuse(transaction, person)
    finally:
        store.close()


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


# ── what is kept of each file


Kept = tuple[int, Callable[[Path], int]]
"""How many rows of a file go, and what writes the rest to a path and says how many those are."""


def _rows(
    workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot, concerned: Concerned
) -> dict[str, int]:
    counts: dict[str, int] = {}
    for file in snapshot.files:
        gone, _ = _kept(workspace, engine, file, concerned)
        if gone:
            counts[file.table] = counts.get(file.table, 0) + gone
    return counts


def _kept(workspace: Workspace, engine: DuckDBEngine, file: DataFile, concerned: Concerned) -> Kept:
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


def _delete(
    workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot, concerned: Concerned
) -> None:
    """Rewrites the files that hold something of it; the old ones go at once."""
    with begin(workspace, "erase", {}) as run:
        for number, file in enumerate(snapshot.files):
            gone, write = _kept(workspace, engine, file, concerned)
            if gone:
                _replace(run, file, write, number)
        _remember(workspace, engine, run, concerned)
        replaced = list(run.replaces)
    workspace.log.sweep(at_once=replaced)


def _replace(run: OpenRun, file: DataFile, write: Callable[[Path], int], number: int) -> None:
    target = run.staging.folder / f"kept-{number}{Path(file.path).suffix}"
    count = write(target)
    run.replaces.append(file.path)
    if not count:
        return
    folder = Path(file.path).parent.name
    plain = folder in (file.table, *TABLES)
    run.add(file.table, target, count, name="" if plain else folder, revises=file.revises)


def _remember(
    workspace: Workspace, engine: DuckDBEngine, run: OpenRun, concerned: Concerned
) -> None:
    names = [f"account:{concerned.account}", *(f"post:{post}" for post in concerned.posts)]
    told = engine.table(pa.table({"name": pa.array(sorted(names), pa.string())}), "erased_names")
    hashes = told.select(hash=keyed_hash(told.name, expired_key(workspace)))
    path = engine.write(hashes, run.staging.folder / "erased.parquet")[0]
    run.add(TABLE, path, len(names))


# ── elsewhere


def _banked(workspace: Workspace, subject: str) -> dict[str, list[str]]:
    """Values of the entries that name it, by bank of accounts: as their value, or as whom another
    account came back from."""
    found = {
        bank.name: [
            entry.value for entry in bank.entries
            if subject in (entry.value, *(entry.options.get(name) for name in JUDGED))
        ]
        for bank in workspace.banks.all() if bank.kind == "accounts"
    }  # fmt: skip
    return {name: values for name, values in found.items() if values}


@contextmanager
def _desk(workspace: Workspace) -> Iterator[Database | None]:
    """The desk's database; None where there is none."""
    if not has_database(database_place(workspace)):
        yield None
        return
    store = database(workspace)
    try:
        yield store
    finally:
        store.close()


def _at_the_desk(workspace: Workspace, subject: str) -> Known:
    with _desk(workspace) as store:
        return erased_at_desk.known(store, subject) if store is not None else Known()


def _keep_apart(workspace: Workspace) -> None:
    """What is to be kept apart is written before it is deleted from here."""
    with _desk(workspace) as store:
        if store is not None:
            preserving.keep_up(workspace, store)


def _from_the_desk(workspace: Workspace, found: Erased) -> None:
    with _desk(workspace) as store:
        if store is not None:
            erased_at_desk.erase(store, found.subject, now(), found.tables)
