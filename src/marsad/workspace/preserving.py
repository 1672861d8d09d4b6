"""Keeping apart what was removed under an order: written when it was asked for, deleted when due.

Each step can be cut off and is done again: a file without its entry in the log is written anew, and
an entry is made once. What is deleted goes in this order: what its ciphertext was is noted, its key
is destroyed, the ciphertext removed, the log told.

What is over is deleted a day after it was first seen to be (`marsad.workspace.overdue`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from marsad.decide.preservation import records
from marsad.records import times
from marsad.records.errors import InputError, MarsadError, OutsideError
from marsad.records.times import DAY, HOUR
from marsad.store import persons, preservations
from marsad.store.database import Database, Transaction
from marsad.store.preservations import Record
from marsad.workspace import durable, holding
from marsad.workspace.folder import Workspace
from marsad.workspace.holding import HeldBack
from marsad.workspace.kept import desk_if_any
from marsad.workspace.overdue import confirmed
from marsad.workspace.preserved_content import bundle, whose
from marsad.workspace.sealed_files import SealedFiles

OPEN_FOR = DAY
"""How long what two people have agreed to open can be written out by the command line."""

State = Literal["kept", "waiting", "deleted", "missing", "altered", "left-over", "unproven"]


@dataclass(frozen=True)
class Done:
    """What was written and deleted, by number; which records are ``over`` and are deleted when a
    later look says so too; which ones a hold keeps beyond their time, each with the hold."""

    written: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    over: tuple[int, ...] = ()
    held: tuple[tuple[int, HeldBack], ...] = ()


@dataclass(frozen=True)
class Checked:
    """What was found of a record: ``kept`` and whole, ``waiting`` to be written, ``deleted`` with
    the proof that the log has; else what is wrong."""

    record: Record
    state: State

    @property
    def whole(self) -> bool:
        """Whether all is as it should be."""
        return self.state in ("kept", "waiting", "deleted")


@dataclass
class Keeper:
    """Keeps up in the background: writes when something was asked for or done, and deletes once an
    hour, for which it may have to open what is kept."""

    workspace: Workspace
    database: Database
    clock: Callable[[], int]
    newest: int = -1
    looked_at: int = 0

    def turn(self) -> bool:
        """Does what is due; whether it looked for any."""
        now = self.clock()
        with self.database.reading() as transaction:
            newest = preservations.newest(transaction)
        if not 0 <= now - self.looked_at < HOUR:
            keep_up(self.workspace, self.database, self.clock)
            self.looked_at = now
        elif newest != self.newest:
            with self.workspace.log.locked("preserving"):
                write_waiting(self.workspace, self.database, self.clock)
        else:
            return False
        self.newest = newest
        return True


def keep_up(
    workspace: Workspace, database: Database, clock: Callable[[], int] = times.now,
    dry_run: bool = False,
) -> Done:  # fmt: skip
    """Writes what is asked for and deletes what is due, but for what a hold keeps; a dry run only
    says what. Several processes may do so at once. What cannot be written or deleted keeps nothing
    else from it, and is raised last."""
    with workspace.log.locked("preserving"):
        written: tuple[int, ...] = ()
        try:
            if not dry_run:
                written = write_waiting(workspace, database, clock)
        finally:
            done = _delete_due(workspace, database, clock, dry_run)
    return replace(done, written=written)


def _delete_due(
    workspace: Workspace, database: Database, clock: Callable[[], int], dry_run: bool
) -> Done:
    deletion = _Deletion(workspace, database, clock)
    with database.reading() as transaction:
        due = preservations.due(transaction, clock())
    holds = {number: deletion.hold(number) for number in due}
    held = [(number, hold) for number, hold in holds.items() if hold is not None]
    free = [number for number, hold in holds.items() if hold is None]
    over = confirmed(workspace.folder, "records", free, clock(), mark=not dry_run)
    due = [number for number in free if number in over]
    if dry_run:
        gone = tuple(due)
    else:
        try:
            gone = _each(due, deletion.end)
        finally:
            _sweep(workspace, database)
    left = tuple(number for number in free if number not in gone)
    return Done((), gone, left, tuple(held))


def expire(workspace: Workspace, dry_run: bool) -> Done:
    """`keep_up` for a workspace whose database is not open; nothing where there is none."""
    with desk_if_any(workspace) as store:
        return keep_up(workspace, store, dry_run=dry_run) if store is not None else Done()


def write_waiting(
    workspace: Workspace, database: Database, clock: Callable[[], int]
) -> tuple[int, ...]:
    """Writes what is asked for, and returns what it wrote; who calls it holds the lock."""
    with database.reading() as transaction:
        waiting = preservations.waiting(transaction)
    return _each(waiting, lambda number: _write(workspace, database, number, clock))


def _each(numbers: Iterable[int], work: Callable[[int], bool]) -> tuple[int, ...]:
    """The records for which it was done; raises the first error when all was tried."""
    failed: Exception | None = None
    done = []
    for number in numbers:
        try:
            if work(number):
                done.append(number)
        except Exception as error:  # whatever it is, the next one may be done
            failed = failed or error
    if failed is not None:
        raise failed
    return tuple(done)


def _write(workspace: Workspace, database: Database, number: int, clock: Callable[[], int]) -> bool:
    with database.reading() as transaction:
        record = records.read(transaction, number)
        content = bundle(workspace, transaction, record)
    digest = SealedFiles(workspace.folder).seal(record, content)
    with database.writing() as transaction:
        return records.written(transaction, number, digest, len(content), clock())


# ── deleting


@dataclass(frozen=True)
class _Deletion:
    """What becomes of records whose time is over; each is opened once at most."""

    workspace: Workspace
    database: Database
    clock: Callable[[], int]
    seen: dict[int, Collection[str] | None] = field(default_factory=dict)

    @cached_property
    def files(self) -> SealedFiles:
        return SealedFiles(self.workspace.folder)

    def hold(self, number: int) -> HeldBack | None:
        """The hold that keeps a record; None where its deletion has begun, for its key may be
        gone."""
        if self.files.ending(number).exists():
            return None
        with self.database.reading() as transaction:
            return self._hold(transaction, records.read(transaction, number))

    def end(self, number: int) -> bool:
        """Deletes a record with proof, if nobody has set a hold or made its time longer; whether it
        did. All in one transaction: nobody does so between the last look and the deed."""
        with self.database.writing() as transaction:
            if not self.files.ending(number).exists():
                record = records.read(transaction, number)
                longer = record.until > self.clock()
                if longer or self._hold(transaction, record) is not None:
                    return False
            self._destroy(number)
            noted = self.files.ending(number).read_text("ascii")
            records.deleted(transaction, number, noted or None, self.clock())
        durable.remove(self.files.ending(number))
        return True

    def _hold(self, transaction: Transaction, record: Record) -> HeldBack | None:
        """The hold that keeps a record. What cannot be read may be about anybody."""
        standing = holding.standing(self.workspace, transaction, self.clock())
        name = persons.name_of(transaction, record.person)
        if name is not None and name in standing:
            return HeldBack.by(name, standing[name])
        named = self._named(record) if standing else ()
        kept = (one for one in standing if named is None or one in named)
        return next((HeldBack.by(one, standing[one]) for one in kept), None)

    def _named(self, record: Record) -> Collection[str] | None:
        """Whom a record is about by what it holds, also where they were erased since. None where it
        cannot be read."""
        if record.digest is None:
            return ()
        if record.id not in self.seen:
            try:
                self.seen[record.id] = whose(self.files.open(record))
            except MarsadError:
                self.seen[record.id] = None
        return self.seen[record.id]

    def _destroy(self, number: int) -> None:
        """Notes what the ciphertext was, destroys its key, removes it. Once the note is there the
        key may be gone: then nothing but the end of this is left to do."""
        files = self.files
        if not files.ending(number).exists():
            durable.write(files.ending(number), (files.digest(number) or "").encode("ascii"))
        durable.destroy(files.key(number))
        durable.remove(files.content(number))


def _sweep(workspace: Workspace, database: Database) -> None:
    """Removes what writing and deleting leave behind when they are cut off; who calls it holds the
    lock."""
    files = SealedFiles(workspace.folder)
    for path in files.left_aside():
        durable.destroy(path)
    for number in files.endings():
        with database.reading() as transaction:
            over = records.read(transaction, number).deleted is not None
        if over:
            durable.remove(files.ending(number))


# ── reading it back, and checking


def opened(
    workspace: Workspace, database: Database, number: int, clock: Callable[[], int] = times.now
) -> bytes:
    """The tar of a record that two people have agreed to open within the last day."""
    with database.reading() as transaction:
        record = records.read(transaction, number)
    agreed = [one for one in record.steps if one.step == "opened"]
    if not agreed or not 0 <= clock() - agreed[-1].at <= OPEN_FOR:
        raise InputError("preservation.not-agreed", record=str(number))
    return SealedFiles(workspace.folder).open(record)


def for_reinstatement(
    workspace: Workspace, database: Database, actor: str, number: int,
    clock: Callable[[], int] = times.now,
) -> bytes:  # fmt: skip
    """The tar of a record whose decision was overturned; the log says who read it."""
    with database.writing() as transaction:
        record = records.reinstate(transaction, actor, number, clock())
    return SealedFiles(workspace.folder).open(record)


def verify(workspace: Workspace, database: Database) -> list[Checked]:
    """Looks whether every record is there and opens, and whether what was deleted is gone and was
    what was written."""
    files = SealedFiles(workspace.folder)
    with workspace.log.locked("preserving"):
        with database.reading() as transaction:
            every = preservations.every(transaction)
        return [Checked(one, _state(files, one)) for one in every]


def _state(files: SealedFiles, record: Record) -> State:
    if record.deleted is not None:
        left = any(path.exists() for path in (files.content(record.id), files.key(record.id)))
        proven = record.deleted.digest == record.digest
        return "left-over" if left else "deleted" if proven else "unproven"
    if record.digest is None:
        return "waiting"
    found = files.digest(record.id)
    if found != record.digest:
        return "missing" if found is None else "altered"
    try:
        files.open(record)
    except OutsideError as error:
        return "missing" if error.message.id == "preservation.missing" else "altered"
    except MarsadError:
        return "missing"
    return "kept"
