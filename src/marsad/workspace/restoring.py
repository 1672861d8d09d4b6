"""Restoring: a backup becomes a workspace again, in an empty place, whole or not at all."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any

from marsad.decide import rebuilding
from marsad.decide.audit import verify_in
from marsad.records.errors import InputError, MarsadError
from marsad.store import Transaction, addresses, dump, log
from marsad.store.checkpoints import public_key
from marsad.store.database import for_upkeep, open_empty
from marsad.store.upgrade import HEAD, migrate
from marsad.workspace import placing
from marsad.workspace.backing_up import BESIDE, FORMAT, LOOSE, MANIFEST, TABLES, Manifest
from marsad.workspace.damage import check
from marsad.workspace.folder import FOLDERS, SETTINGS, Workspace
from marsad.workspace.reviewing import key_file
from marsad.workspace.runs import DATA_FOLDERS

SQLITE = "sqlite"
"""What is said instead of a URL where the database is to be a file."""

_PART = 1 << 20
_LINE = re.compile(r"^\s*database\s*=.*$", re.MULTILINE)


@dataclass(frozen=True)
class Restored:
    """What was restored: how many files and rows of the database, where that is, the last entry of
    its log, and the keys that the backup did not hold."""

    folder: str
    database: str | None
    made_at: str
    files: int
    rows: int
    entries: int
    lacks: tuple[str, ...]


KEYS = ("pseudonyms.key", "expired.key", "audit.key", "preservation.key")
"""Keys whose lack has consequences; the messages ``restore.lacks.*`` name them."""


def restore(file: Path, folder: Path, database: str | None = None) -> Restored:
    """Makes a workspace of a backup. ``database`` is a server's URL, or `SQLITE`; without it the
    database is where the backup's settings say.

    Raises `InputError` where the folder or the database is not empty, and for a backup that is
    damaged, cut short, or of a newer version: nothing is left behind then.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("restore.not-empty", folder=str(folder))
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = folder.parent / f".{folder.name}.{secrets.token_hex(4)}.restoring"
    aside.mkdir(mode=0o700)
    try:
        manifest = _unpack(file, aside)
        workspace = _laid_out(aside, database)
        check(workspace.log, workspace.log.snapshot().files)
        where = _place(workspace, database)
        with _filled(aside, where, manifest, file):
            shutil.rmtree(aside / TABLES, ignore_errors=True)
            _sync_all(aside)
        aside.rename(folder)
    except OSError as error:
        error.filename = error.filename or str(folder)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    lacks = tuple(name for name in KEYS if not manifest.keys and _matters(name, manifest))
    shown = placing.shown(folder / placing.DATABASE if isinstance(where, Path) else where)
    return Restored(
        str(folder), shown if manifest.schema else None, manifest.made_at, len(manifest.files),
        sum(manifest.rows.values()), manifest.head[0], lacks,
    )  # fmt: skip


def _matters(key: str, manifest: Manifest) -> bool:
    if key == "preservation.key":
        return any(name.startswith("preserved/") for name in manifest.files)
    return key != "audit.key" or manifest.audit_key is not None


# ── the archive


def _unpack(file: Path, target: Path) -> Manifest:
    """Writes the archive's files, and compares them with what its manifest says."""
    if not file.is_file():
        raise InputError("restore.no-file", file=str(file))
    found: dict[str, str] = {}
    content = b""
    try:
        with tarfile.open(file, "r:") as archive:
            for member in archive:
                source = archive.extractfile(member) if member.isreg() else None
                if source is None:
                    raise _damaged(file, member.name)
                if member.name == MANIFEST:
                    content = source.read(1 << 28)
                    continue
                _check_name(file, member.name, found)
                found[member.name] = _write(source, target / member.name)
    except (tarfile.TarError, EOFError) as error:
        raise _damaged(file, str(error)) from error
    manifest = _manifest(file, content)
    for name in sorted(found.keys() | manifest.files.keys()):
        if found.get(name) != manifest.files.get(name):
            raise _damaged(file, name)
    return manifest


def _manifest(file: Path, content: bytes) -> Manifest:
    try:
        said: dict[str, Any] = json.loads(content)
        if said["format"] > FORMAT:
            raise InputError("restore.newer", file=str(file), version=said["marsad"])
        said["head"] = tuple(said["head"])
        return Manifest(**said)
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(file, MANIFEST) from error


def _check_name(file: Path, name: str, known: dict[str, str]) -> None:
    """Nothing is written outside of the workspace's own folders, and nothing twice."""
    path = PurePosixPath(name)
    folders = (*BESIDE, *DATA_FOLDERS, "keys", "runs", TABLES)
    inside = path.parts[0] in folders and len(path.parts) > 1 if path.parts else False
    plain = not path.is_absolute() and ".." not in path.parts and str(path) == name
    if not plain or name in known or not (inside or name in LOOSE):
        raise _damaged(file, name[:200])


def _write(source: IO[bytes], path: Path) -> str:
    digest = sha256()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        while part := source.read(_PART):
            digest.update(part)
            target.write(part)
    return digest.hexdigest()


def _damaged(file: Path, what: str) -> InputError:
    return InputError("restore.damaged", file=str(file), what=what)


# ── the workspace


def _laid_out(folder: Path, database: str | None) -> Workspace:
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    (folder / "keys").chmod(0o700)
    if database is not None:
        _name_database(folder, database)
    return Workspace.open(folder)


def _name_database(folder: Path, database: str) -> None:
    """Lets the settings name another database; its password goes where passwords are."""
    path = folder / SETTINGS
    settings = _LINE.sub("", path.read_text("utf-8"))
    (folder / placing.PASSWORD).unlink(missing_ok=True)
    if database != SQLITE:
        url = addresses.parsed(database)
        if url.password is not None:
            _write_private(folder / placing.PASSWORD, str(url.password))
            url = addresses.without_password(url)
        address = url.render_as_string(hide_password=False)
        settings = f"database = {json.dumps(address)}\n{settings}"
    path.write_text(settings, "utf-8")


def _write_private(path: Path, content: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{content}\n")


def _place(workspace: Workspace, database: str | None) -> Path | str:
    """Where the database will be; what was asked for goes before what the environment says."""
    if database == SQLITE:
        return workspace.folder / placing.DATABASE
    if database is not None:
        return database
    settings, file = workspace.settings, workspace.folder / SETTINGS
    return placing.place(workspace.folder, settings, file)


# ── the database


@contextmanager
def _filled(folder: Path, where: Path | str, manifest: Manifest, file: Path) -> Iterator[None]:
    """Fills the database and checks its log; the block is done before it is committed."""
    if manifest.schema is None:
        yield
        return
    if manifest.schema > HEAD:
        raise InputError("restore.newer", file=str(file), version=manifest.marsad)
    database = open_empty(where)
    try:
        with database.writing() as transaction:
            for_upkeep(transaction)
            migrate(transaction, manifest.schema)
            dump.read(transaction, folder / TABLES)
            if manifest.schema != HEAD:
                migrate(transaction)
                rebuilding.bring(transaction, manifest.schema)
            _check_log(transaction, folder, manifest)
            yield
    finally:
        database.close()


def _check_log(transaction: Transaction, folder: Path, manifest: Manifest) -> None:
    end = log.head(transaction)
    if (end.seq, end.hash.hex()) != manifest.head:
        raise MarsadError("restore.other-log", seq=manifest.head[0])
    said = manifest.audit_key
    key = public_key(key_file(Workspace.open(folder))) or (bytes.fromhex(said) if said else None)
    broken = verify_in(transaction, key).broken
    if broken is not None:
        raise MarsadError(f"audit.broken.{broken.why}", seq=broken.seq, what=broken.what)


def _sync_all(folder: Path) -> None:
    """All is on the disk before it has its name."""
    for path in (folder, *folder.rglob("*")):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
