"""A backup: one file with the workspace and the desk's database as they stood at one moment.

A tar archive. The database is in it as Parquet, the same from SQLite and PostgreSQL. The last
member, ``manifest.json``, has the SHA-256 of all others and where the log ended: an archive that
was cut short has none. It is written aside and renamed in when it is whole and on the disk.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any

from marsad.records.errors import InputError
from marsad.records.version import VERSION
from marsad.store import dump, has_database, log
from marsad.store.checkpoints import public_key
from marsad.store.database import Transaction, for_upkeep, open_any
from marsad.store.upgrade import revision
from marsad.workspace.damage import check
from marsad.workspace.folder import SETTINGS, Workspace
from marsad.workspace.reviewing import database_place, key_file
from marsad.workspace.runs import Snapshot, Staging

FORMAT = 1
MANIFEST = "manifest.json"
TABLES = "database"
"""The folder of the database's tables inside the archive."""

BESIDE = ("policies", "banks", "models", "preserved")
LOOSE = (SETTINGS, "holds.txt", "authorities.json")


@dataclass(frozen=True)
class Manifest:
    """What an archive holds: SHA-256 by name, rows by table of the database, its schema (None
    without one), the number and hash of the log's last entry, the public key of its checkpoints."""

    made_at: str
    marsad: str
    keys: bool
    schema: str | None = None
    head: tuple[int, str] = (0, "")
    audit_key: str | None = None
    rows: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


def back_up(workspace: Workspace, file: Path, with_keys: bool) -> Manifest:
    """Writes a backup. The desk may go on working. Raises `InputError` where the file is there
    already, `OutsideError` where one of the workspace's own is missing."""
    if file.exists():
        raise InputError("backup.exists", file=str(file))
    if not file.parent.is_dir():
        raise InputError("backup.no-folder", folder=str(file.parent))
    runs = workspace.log
    staging = runs.stage(runs.new_id())
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.aside")
    try:
        # The database first: what it says the banks were told, they were.
        said = _database(workspace, staging.folder / TABLES)
        _hold(workspace, staging)
        with _private(aside) as target:
            made = _archive(workspace, staging.folder, target, with_keys, said)
        aside.rename(file)
        _sync(file.parent)
    except OSError as error:
        error.filename = error.filename or str(file)
        raise
    finally:
        aside.unlink(missing_ok=True)
        staging.close()
    return made


def _database(workspace: Workspace, folder: Path) -> dict[str, Any]:
    """Writes the tables, all as they are in one transaction; what the manifest says of them."""
    where = database_place(workspace)
    if not has_database(where):
        return {}
    database = open_any(where)
    try:
        with database.reading() as transaction:
            for_upkeep(transaction)
            schema = revision(transaction)
            rows = dump.write(transaction, folder) if schema else {}
            head = _head(transaction) if schema else (0, "")
    finally:
        database.close()
    key = public_key(key_file(workspace))
    return {"schema": schema, "rows": rows, "head": head, "audit_key": key.hex() if key else None}


def _head(transaction: Transaction) -> tuple[int, str]:
    end = log.head(transaction)
    return end.seq, end.hash.hex()


def _hold(workspace: Workspace, staging: Staging) -> None:
    """Keeps the files of one snapshot: whatever replaces them, these names stay."""
    runs = workspace.log
    with runs.locked("commit"):
        snapshot = runs.snapshot()
        check(runs, snapshot.files)
        for name in _names(snapshot):
            held = staging.folder / "held" / name
            held.parent.mkdir(parents=True, exist_ok=True)
            os.link(workspace.folder / name, held)


def _names(snapshot: Snapshot) -> Iterator[str]:
    yield from (f"runs/{run}.json" for run in sorted(snapshot.runs))
    yield from (file.path for file in snapshot.files)


def _archive(
    workspace: Workspace, staged: Path, target: IO[bytes], with_keys: bool, said: dict[str, Any]
) -> Manifest:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    manifest = Manifest(made_at, VERSION, with_keys, **said)
    with tarfile.open(fileobj=target, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, path in _members(workspace, staged, with_keys):
            manifest.files[name] = _add(archive, name, path)
        content = json.dumps(asdict(manifest), indent=1).encode("ascii")
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(content), 0o600
        archive.addfile(info, io.BytesIO(content))
    target.flush()
    os.fsync(target.fileno())
    return manifest


def _members(workspace: Workspace, staged: Path, with_keys: bool) -> Iterator[tuple[str, Path]]:
    root = workspace.folder
    for name in LOOSE:
        if (root / name).is_file():
            yield name, root / name
    for folder in (*BESIDE, *(("keys",) if with_keys else ())):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(root).as_posix(), path
    for path in sorted((staged / "held").rglob("*")):
        if path.is_file():
            yield path.relative_to(staged / "held").as_posix(), path
    for path in sorted((staged / TABLES).glob("*.parquet")):
        yield f"{TABLES}/{path.name}", path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    """Adds a file as it is when it is opened; its SHA-256."""
    assert not PurePosixPath(name).is_absolute()
    with path.open("rb") as source:
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(source.fileno()).st_size, 0o600
        reader = _Hashing(source)
        archive.addfile(info, reader)
    return reader.digest.hexdigest()


class _Hashing:
    """Reads a file and keeps the hash of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, sha256()

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        part = self.file.read(size)
        self.digest.update(part)
        return part


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
