"""Keeping apart what was removed under an order: written when it was asked for, deleted when due.

Each step can be cut off and is done again: a file without its entry in the log is written anew, and
an entry is made once. What is deleted goes in this order: what its ciphertext was is noted, its key
is destroyed, the ciphertext removed, the log told.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from marsad.decide import dossier
from marsad.decide.preservation import holds, records
from marsad.records import times
from marsad.records.errors import InputError, MarsadError, OutsideError
from marsad.records.times import DAY
from marsad.store import cases, has_database, log, orders, preservations
from marsad.store.cases import Case
from marsad.store.database import Database, Transaction
from marsad.store.holds import Hold
from marsad.store.log import Event
from marsad.store.preservations import Record
from marsad.workspace import durable, known_records
from marsad.workspace.folder import Workspace
from marsad.workspace.reviewing import database as open_desk
from marsad.workspace.reviewing import database_place
from marsad.workspace.sealed_files import SealedFiles

FORM = 1
LARGEST_MEDIUM, LARGEST = 64 << 20, 256 << 20
"""Bytes of one file of media and of all of a record; what is larger is named, and not kept."""

OPEN_FOR = DAY
"""How long what two people have agreed to open can be written out by the command line."""

State = Literal["kept", "waiting", "deleted", "missing", "altered", "left-over", "unproven"]


@dataclass(frozen=True)
class Done:
    """What was written and deleted, by number, and which records a hold keeps beyond their time,
    each with the hold."""

    written: tuple[int, ...] = ()
    deleted: tuple[int, ...] = ()
    held: tuple[tuple[int, Hold], ...] = ()


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


def is_due(database: Database, now: int) -> bool:
    """Whether there is something to write or to delete; it changes nothing."""
    with database.reading() as transaction:
        return bool(preservations.waiting(transaction) or preservations.due(transaction, now))


def keep_up(
    workspace: Workspace, database: Database, clock: Callable[[], int] = times.now,
    dry_run: bool = False,
) -> Done:  # fmt: skip
    """Writes what is asked for and deletes what is due, but for what a hold keeps; a dry run only
    says what. Several processes may do so at once."""
    with workspace.log.locked("preserving"):
        with database.reading() as transaction:
            due = preservations.due(transaction, clock())
        gone, held = [], []
        for number in due:
            hold = _delete(workspace, database, number, clock, dry_run)
            if hold is None:
                gone.append(number)
            else:
                held.append((number, hold))
        if not dry_run:
            _sweep(workspace, database)
        # last: what cannot be written for want of a key keeps nothing from being deleted
        written = () if dry_run else tuple(write_waiting(workspace, database, clock))
    return Done(written, tuple(gone), tuple(held))


def expire(workspace: Workspace, dry_run: bool) -> Done:
    """`keep_up` for a workspace whose database is not open; nothing where there is none."""
    if not has_database(database_place(workspace)):
        return Done()
    store = open_desk(workspace)
    try:
        return keep_up(workspace, store, dry_run=dry_run)
    finally:
        store.close()


def write_waiting(
    workspace: Workspace, database: Database, clock: Callable[[], int]
) -> Iterator[int]:
    """Writes what is asked for; who calls it holds the lock."""
    files = SealedFiles(workspace.folder)
    with database.reading() as transaction:
        waiting = preservations.waiting(transaction)
    for number in waiting:
        with database.reading() as transaction:
            record = records.read(transaction, number)
            content = _bundle(workspace, transaction, record)
        digest = files.seal(record, content)
        with database.writing() as transaction:
            if records.written(transaction, number, digest, len(content), clock()):
                yield number


def _delete(
    workspace: Workspace, database: Database, number: int, clock: Callable[[], int], dry_run: bool
) -> Hold | None:
    """Deletes a record with proof; the hold that keeps it, where one does. All in one transaction:
    nobody sets a hold between the look and the deed."""
    files = SealedFiles(workspace.folder)
    with database.reading() as transaction:  # who writes makes others wait: not for what is held
        hold = _hold(transaction, files, number, clock())
    if hold is not None or dry_run:
        return hold
    with database.writing() as transaction:
        hold = _hold(transaction, files, number, clock())
        if hold is not None:
            return hold
        _destroy(files, number)
        noted = files.ending(number).read_text("ascii")
        records.deleted(transaction, number, noted or None, clock())
    durable.remove(files.ending(number))
    return None


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


def _hold(transaction: Transaction, files: SealedFiles, number: int, at: int) -> Hold | None:
    """The hold that keeps a record; None where its deletion has begun, for its key may be gone."""
    if files.ending(number).exists():
        return None
    record = records.read(transaction, number)
    return next(iter(holds.standing(transaction, record.person, at)), None)


def _destroy(files: SealedFiles, number: int) -> None:
    """Notes what the ciphertext was, destroys its key, removes it. Once the note is there the key
    may be gone: then nothing but the end of this is left to do."""
    if not files.ending(number).exists():
        durable.write(files.ending(number), (files.digest(number) or "").encode("ascii"))
    durable.destroy(files.key(number))
    durable.remove(files.content(number))


# ── what a record holds


def _bundle(workspace: Workspace, transaction: Transaction, record: Record) -> bytes:
    """A tar of ``record.json`` and the media at hand, the same for the same case."""
    events = log.events_of(transaction, record.case)
    case = cases.read(transaction, record.case, lock=False)
    stored = known_records.of_subject(workspace, case) if case is not None else {}
    media, left_out = _media(workspace, events, stored.get("posts", ()))
    said = _said(transaction, record, case, events) | {"records": stored, "left_out": left_out}
    written = json.dumps(said, ensure_ascii=True, sort_keys=True, indent=1).encode("ascii")
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in {"record.json": written, **media}.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode, info.mtime = len(content), 0o600, record.asked_at // times.SECOND
            archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def _said(
    transaction: Transaction, record: Record, case: Case | None, events: list[Event]
) -> dict[str, Any]:
    known = orders.of_case(transaction, record.case)
    return {
        "form": FORM, "record": record.id, "asked_at": record.asked_at, "cause": record.cause,
        "case": asdict(case) if case else None,
        "orders": [one._asdict() for one in known],
        "order_entry": _order(transaction, record),
        "exhibits": dossier.exhibits_of(events).to_dict(),
        "entries": [
            {"seq": one.seq, "at": one.at, "actor": one.actor, "kind": one.kind, "data": one.data,
             "private": one.private}
            for one in events
        ],
    }  # fmt: skip


def _order(transaction: Transaction, record: Record) -> Mapping[str, Any] | None:
    """What the log has of the order, where its number is that of an entry."""
    if record.order is None or not 0 < record.order <= log.head(transaction).seq:
        return None
    event = log.event(transaction, record.order)
    return {"kind": event.kind, "at": event.at, "data": event.data, "private": event.private}


def _media(
    workspace: Workspace, events: list[Event], posts: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, bytes], list[dict[str, Any]]]:
    """The files of media whose content is what the records say, and the rest by name."""
    folder = workspace.settings.get("desk", {}).get("media", "")
    sealed = [one for post in dossier.exhibits_of(events).posts for one in post.media]
    stored = [one for post in posts for one in post.get("media") or ()]
    names = {str(one.get("hash") or "") for one in (*sealed, *stored)}
    kept: dict[str, bytes] = {}
    left_out: list[dict[str, Any]] = []
    for name in sorted(names - {""}):
        content = _file(workspace.folder / folder, name) if folder else None
        if content is None or sum(map(len, kept.values())) + len(content) > LARGEST:
            left_out.append({"hash": name, "why": "absent" if content is None else "too-large"})
        else:
            kept[f"media/{name}"] = content
    return kept, left_out


def _file(folder: Path, name: str) -> bytes | None:
    """A file that is called by the SHA-256 of its content; None where there is no such file."""
    path = folder / name
    if len(name) != 64 or not name.isalnum() or not path.is_file():
        return None
    if path.stat().st_size > LARGEST_MEDIUM:
        return None
    content = path.read_bytes()
    return content if sha256(content).hexdigest() == name else None


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
