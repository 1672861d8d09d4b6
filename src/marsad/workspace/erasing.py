"""Erasure: everything about one account goes, and does not come back with the next import.

A run replaces the files that hold its records, looks at them, what was found and said of them; the
old files are deleted at once. What is remembered is a keyed hash of the account's id and of each of
its posts'. Then the desk's database forgets the person, and an entry of its log says that somebody
was erased, without saying whom.

What other accounts wrote stays theirs, also where it names this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.banks.accounts import JUDGED
from marsad.decide import erasing as erased_at_desk
from marsad.decide.erasing import Known
from marsad.decide.orders import binding
from marsad.decide.preservation.holds import blocked
from marsad.decide.preservation.naming import spelled
from marsad.engines.duckdb import DuckDBEngine
from marsad.records import ids
from marsad.records.errors import ConflictError, InputError
from marsad.records.tables import TABLES
from marsad.records.times import now
from marsad.store import Database, persons, preservations
from marsad.store.database import Transaction
from marsad.workspace import holding, preserving
from marsad.workspace.concerned import (
    OWNED,
    SUBJECTS,
    Concerned,
    authors_of,
    kept_of,
    names_of,
    posts_of,
)
from marsad.workspace.expiry import expired_key, keyed_hash
from marsad.workspace.folder import OpenRun, Workspace, begin
from marsad.workspace.kept import desk_if_any
from marsad.workspace.runs import DataFile, Snapshot

TABLE = "erased"
"""The table of keyed hashes of what was erased."""


@dataclass(frozen=True)
class Erased:
    """What was deleted, or would be: rows by table, what the desk's database has, entries of the
    banks of accounts that name it. What is ``preserved`` apart stays until its time is over."""

    subject: str
    tables: Mapping[str, int]
    cases: int = 0
    banked: int = 0
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

    The desk forgets first, for whose posts are whose only the records say. Each of the two steps
    looks at the holds in a transaction in which nobody sets one: a hold wins until the step is done
    that it comes before.
    """
    subject = _checked(subject)
    if not dry_run:
        workspace.log.sweep()  # of one that was interrupted
    with DuckDBEngine() as engine, workspace.log.locked("records"), desk_if_any(workspace) as store:
        erasure = _Erasure(workspace, engine, workspace.log.snapshot(), subject, store)
        erasure.look()
        found = erasure.found()
        if found.nothing:
            raise InputError("erase.nothing", subject=subject)
        if not dry_run:
            erasure.keep_apart()
            erasure.forget_at_the_desk()
            erasure.delete(found)
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


def _checked(subject: str) -> str:
    platform, separator, native = subject.partition(ids.SEPARATOR)
    if not (platform and separator and native):
        raise InputError("erase.subject", given=subject[:200])
    return spelled(subject)


@dataclass(frozen=True)
class _Erasure:
    """Somebody who is erased, and where. ``store`` is None where there is no desk."""

    workspace: Workspace
    engine: DuckDBEngine
    snapshot: Snapshot
    subject: str
    store: Database | None

    @cached_property
    def posts(self) -> list[str]:
        """Their posts: of one that only its address named, the desk thinks as of a person."""
        return posts_of(self.workspace, self.engine, self.snapshot, self.subject)

    @cached_property
    def concerned(self) -> Concerned:
        return Concerned(self.subject, frozenset(self.posts), frozenset(names_of(self.subject)))

    @cached_property
    def authors(self) -> list[str]:
        return authors_of(self.workspace, self.engine, self.snapshot, self.subject)

    def look(self) -> None:
        """Raises `InputError` where a hold stands against erasing, or an order is to be carried
        out (design, hard line 6)."""
        with ExitStack() as stack:
            self._look(stack.enter_context(self.store.reading()) if self.store else None)

    def _look(self, transaction: Transaction | None) -> None:
        held = holding.standing(self.workspace, transaction)
        for name in (self.subject, *self.posts, *self.authors):
            if name in held:
                hold = held[name]
                file = str(self.workspace.folder / holding.FILE)
                raise blocked(hold) if hold else InputError("erase.held", subject=name, file=file)
        if transaction is not None:
            for person in self._persons(transaction).values():
                binding.refuse(transaction, person)

    def _persons(self, transaction: Transaction) -> Mapping[str, int]:
        """As whom the desk knows them, by name."""
        return persons.among(transaction, [self.subject, *self.posts])

    def found(self) -> Erased:
        """What there is of them."""
        known: list[Known] = []
        if self.store is not None:
            with self.store.reading() as transaction:
                names = {self.subject, *self._persons(transaction)}
                known = [erased_at_desk.known(transaction, name) for name in names]
        counts = {one.name: sum(getattr(of, one.name) for of in known) for one in fields(Known)}
        tables = _rows(self.workspace, self.engine, self.snapshot, self.concerned)
        banked = sum(map(len, _banked(self.workspace, self.subject).values()))
        return Erased(self.subject, tables, banked=banked, **counts)

    def keep_apart(self) -> None:
        """What is to be kept apart is written before it is deleted from here. What of others cannot
        be written is no reason to keep this one's."""
        if self.store is None:
            return
        try:
            preserving.keep_up(self.workspace, self.store)
        except Exception:
            with self.store.reading() as transaction:
                if self._is_waited_for(transaction):
                    raise

    def _is_waited_for(self, transaction: Transaction) -> bool:
        waiting = set(preservations.waiting(transaction))
        return any(
            record.id in waiting for person in self._persons(transaction).values()
            for record in preservations.every(transaction, person=person)
        )  # fmt: skip

    def forget_at_the_desk(self) -> None:
        """Has the desk's database forget them, all of it or nothing."""
        if self.store is None:
            return
        with self.store.writing() as transaction:
            self._look(transaction)
            if self._is_waited_for(transaction):  # somebody asked since
                raise ConflictError("erase.preserving", subject=self.subject)
            self._forget(self.store, transaction)
        self.store.write_out()

    def _forget(self, store: Database, transaction: Transaction) -> None:
        for name in {self.subject, *self._persons(transaction)}:
            erased_at_desk.erase(store.within(transaction), name, now())

    def delete(self, found: Erased) -> None:
        """Has the files forget them; and the desk once more, for a case may have been opened from
        them meanwhile."""
        with ExitStack() as last, begin(self.workspace, "erase", {}) as run:
            _rewrite(self.workspace, self.engine, self.snapshot, self.concerned, run)
            transaction = last.enter_context(self.store.writing()) if self.store else None
            self._look(transaction)
            for name, values in _banked(self.workspace, self.subject).items():
                self.workspace.banks.forget(name, self.subject, values)
            if self.store is not None and transaction is not None:
                self._forget(self.store, transaction)
                erased_at_desk.say(transaction, found.tables, found.cases, now())
        if self.store is not None:
            self.store.write_out()
        self.workspace.log.sweep()


def _rows(
    workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot, concerned: Concerned
) -> dict[str, int]:
    counts: dict[str, int] = {}
    for file in snapshot.files:
        gone, _ = kept_of(workspace, engine, file, concerned)
        if gone:
            counts[file.table] = counts.get(file.table, 0) + gone
    return counts


def _rewrite(
    workspace: Workspace, engine: DuckDBEngine, snapshot: Snapshot, concerned: Concerned,
    run: OpenRun,
) -> None:  # fmt: skip
    """Writes the files that hold something of it anew, without it."""
    for number, file in enumerate(snapshot.files):
        gone, write = kept_of(workspace, engine, file, concerned)
        if gone:
            _replace(run, file, write, number)
    _remember(workspace, engine, run, concerned)


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
