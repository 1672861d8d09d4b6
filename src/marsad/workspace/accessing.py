"""What a workspace and its desk hold about one person, gathered for that person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ibis
import pyarrow.parquet as pq

from marsad.banks.accounts import JUDGED
from marsad.decide import accessing
from marsad.decide.accessing import OTHER, Sieve
from marsad.decide.preservation import requests
from marsad.decide.preservation.naming import named
from marsad.decide.users import COMMAND_LINE
from marsad.engines.duckdb import DuckDBEngine
from marsad.records.errors import InputError
from marsad.records.tables import TABLES
from marsad.store import holds as stored_requests
from marsad.store import persons
from marsad.workspace.concerned import OWNED, SUBJECTS, Concerned, names_of, posts_of
from marsad.workspace.folder import Workspace
from marsad.workspace.kept import desk_if_any
from marsad.workspace.reviewing import database
from marsad.workspace.runs import Snapshot

Sections = Mapping[str, list[dict[str, Any]]]

MACHINE = frozenset({
    "key", "account_key", "source_key", "target_key", "object_key", "post_key", "subject_key",
    "version", "run", "run_id", "line", "labeller",
})  # fmt: skip
"""Columns that say nothing of anybody, or who of the team judged."""

NOT_THEIRS = ("text", "original", "media", "hashtags", "urls", "mentions")
"""Of a repost: what somebody else wrote."""


def gather(workspace: Workspace, name: str, lang: str, at: int) -> Sections:
    """All there is about an account, somebody who wrote from outside, or somebody of the team, at
    a time (µs UTC). Raises `InputError` where there is nothing."""
    name = named(name)
    with DuckDBEngine() as engine:
        snapshot = workspace.log.snapshot()
        posts = posts_of(workspace, engine, snapshot, name)
        concerned = Concerned(name, frozenset(posts), frozenset(names_of(name)))
        found = _records(workspace, engine, snapshot, concerned)
    platforms = {name.partition(":")[0], *_platforms(found)}
    sieve = Sieve({name, *posts}, platforms)
    sections = {
        table: [_own(row, sieve, concerned) for row in rows] for table, rows in found.items()
    }
    sections |= _banks(workspace, name)
    sections |= _desk(workspace, name, posts, platforms, at, lang)
    filled = {section: rows for section, rows in sections.items() if rows}
    if not filled:
        raise InputError("erase.nothing", subject=name)
    return filled


def is_known(workspace: Workspace, name: str, at: int) -> bool:
    """Whether there is anything about somebody at a time (µs UTC)."""
    try:
        return bool(gather(workspace, name, "en", at))
    except InputError as error:
        if error.message.id == "erase.nothing":
            return False
        raise


def answered(workspace: Workspace, name: str, at: int) -> None:
    """Writes to the log that somebody was told what is known of them: it answers the requests of
    theirs that wait, or one that came now."""
    store = database(workspace)
    try:
        with store.writing() as transaction:
            person = persons.find(transaction, named(name))
            waiting = stored_requests.requests(transaction, person) if person is not None else []
            if not any(one.kind == requests.ACCESS and one.outcome is None for one in waiting):
                person = requests.receive(
                    transaction, COMMAND_LINE, name, requests.ACCESS, at, "", at
                ).person
            assert person is not None
            requests.answer_all(transaction, COMMAND_LINE, person, requests.ACCESS, at)
    finally:
        store.close()


def _records(
    workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot, concerned: Concerned
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for file in snapshot.files:
        path = workspace.folder / file.path
        if file.table in OWNED:
            rows = engine.read([path], TABLES[file.table])
            theirs = ibis.or_(*[rows[one] == concerned.account for one in OWNED[file.table]])
            about = engine.collect(rows.filter(theirs)).to_pylist()
        elif file.table in (*SUBJECTS, "findings"):
            about = [row for row in pq.read_table(path).to_pylist() if concerned.subject(row)
                     or row.get("account") == concerned.account]  # fmt: skip
        else:
            continue
        found.setdefault(file.table, []).extend(about)
    return found


def _own(row: Mapping[str, Any], sieve: Sieve, concerned: Concerned) -> dict[str, Any]:
    """A row without what others wrote and who others are."""
    said = {name: value for name, value in row.items() if name not in MACHINE and value is not None}
    for name in ("values", "evidence"):
        if isinstance(said.get(name), str):
            said[name] = json.loads(said[name])
    if said.get("repost_of") and said.get("repost_of_account") != concerned.account:
        said |= {name: OTHER for name in NOT_THEIRS if said.get(name)}
    if "finding_id" in said:
        return accessing.without_others(said, sieve)
    if "mentions" in said and isinstance(said["mentions"], list):
        said["mentions"] = [OTHER for _ in said["mentions"]]
    return dict(sieve(said))


def _platforms(found: Sections) -> set[str]:
    return {str(row["platform"]) for rows in found.values() for row in rows if row.get("platform")}


def _banks(workspace: Workspace, name: str) -> Sections:
    """Entries of banks of accounts that are about them."""
    return {"banks": [
        {"bank": bank.name, "added": one.added, "withdrawn": one.withdrawn, "note": one.note,
         **{key: said for key, said in one.options.items() if key not in JUDGED}}
        for bank in workspace.banks.all() if bank.kind == "accounts"
        for one in bank.entries if one.value == name
    ]}  # fmt: skip


def _desk(
    workspace: Workspace, name: str, posts: list[str], platforms: set[str], at: int, lang: str
) -> Sections:
    with desk_if_any(workspace) as store:
        if store is None:
            return {}
        return accessing.of_person(store, name, posts, platforms, at, lang)
