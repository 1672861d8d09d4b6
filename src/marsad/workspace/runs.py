"""A run is a commit: files are written aside, and one JSON file renamed in last makes them exist.

``runs/<id>.json`` lists the files a run adds and those it replaces. A file that no committed run
adds does not exist, whatever lies in the folder. Readers fold the runs into one snapshot and get
an explicit list of paths. Since adding and replacing commute, the fold needs no order.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from marsad.records.errors import ConflictError, InputError, OutsideError

FORMAT = 1
CHECKPOINT_EVERY = 64
KEEP_REPLACED_SECONDS = 3_600
AT_ONCE = ("erase", "expire")
"""Runs whose replaced files do not wait: they hold what was to go."""
DATA_FOLDERS = ("records", "observations", "findings", "rejected")


@dataclass(frozen=True)
class DataFile:
    """A file of a table: its path inside the workspace, and how many rows it holds.

    ``revises``: some of its ids stand elsewhere too, with other content, so that a reader must
    choose the version taken last.
    """

    table: str
    path: str
    rows: int
    revises: bool = False


@dataclass(frozen=True)
class Run:
    """One command that changed the workspace."""

    id: str
    command: str
    parameters: Mapping[str, Any]
    started: str
    seconds: float
    adds: Sequence[DataFile] = ()
    replaces: Sequence[str] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    cursors: Mapping[str, Any] = field(default_factory=dict)
    format: int = FORMAT


@dataclass(frozen=True)
class Snapshot:
    """The files that exist at one moment, and the runs that made them."""

    files: tuple[DataFile, ...]
    runs: frozenset[str]

    def of(self, table: str) -> tuple[DataFile, ...]:
        """The files of one table."""
        return tuple(file for file in self.files if file.table == table)


class Staging:
    """A folder of its own for what a run writes aside; its lock dies with the process.

    Made and swept under the commit lock, so that no sweep meets a folder without its lock.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True)
        self._lock = (self.folder / "owner.lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def close(self) -> None:
        """Removes the folder and all that was not committed."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._lock.close()


class RunLog:
    """The committed runs of one workspace."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "runs"
        self.checkpoint = self.folder / "checkpoint"

    def new_id(self) -> str:
        """An id that sorts by start: UTC time to the microsecond, and a random tail."""
        return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ") + "-" + secrets.token_hex(4)

    def stage(self, run_id: str) -> Staging:
        """A folder aside for a run that begins."""
        with self.locked("commit"):
            return Staging(self.root / ".staging" / run_id)

    def runs(self) -> list[Run]:
        """All committed runs, oldest first."""
        return [_read_run(path) for path in sorted(self.folder.glob("*.json"))]

    def snapshot(self) -> Snapshot:
        """The fold of all runs. Later commits do not change it."""
        done, live, replaced = self._checkpoint()
        for name in self._names() - done:
            run = _read_run(self.folder / f"{name}.json")
            live.update((file.path, file) for file in run.adds)
            replaced.update(run.replaces)
            done.add(name)
        files = sorted((f for f in live.values() if f.path not in replaced), key=lambda f: f.path)
        return Snapshot(tuple(files), frozenset(done))

    def commit(self, run: Run, staged: Mapping[str, Path]) -> Snapshot:
        """Makes a run's files exist, all or none. ``staged``: final path → file written aside.

        Raises `ConflictError`, and changes nothing, if a file that the run replaces has gone.
        """
        for path in staged.values():
            _sync(path)
        with self.locked("commit"):
            before = self.snapshot()
            gone = set(run.replaces) - {file.path for file in before.files}
            if gone:
                raise ConflictError("run.conflict", files=sorted(gone))
            self._write(run, staged)
            after = self.snapshot()
            if len(after.runs) % CHECKPOINT_EVERY == 0:
                with suppress(OSError):  # the run is committed; without it readers are but slower
                    self._write_checkpoint(after)
        return after

    def _write(self, run: Run, staged: Mapping[str, Path]) -> None:
        """Moves the files to where the run says they are, then makes the run exist."""
        try:
            for final, path in staged.items():
                target = self.root / final
                target.parent.mkdir(parents=True, exist_ok=True)
                path.rename(target)
            _write_json(self.folder / f"{run.id}.json", asdict(run))
        except OSError:  # on a full disk what does not exist must not stay either
            for final in staged:
                (self.root / final).unlink(missing_ok=True)
            raise

    def sweep(self) -> int:
        """Removes what does not exist: orphans, dead stagings, files replaced an hour ago, and at
        once those that held what was to go. Returns the number of files removed."""
        with self.locked("commit"):
            live = {file.path for file in self.snapshot().files}
            replaced = {path: run for run in self.runs() for path in run.replaces}
            now, removed = time.time(), 0
            for path in self._data_files():
                name = path.relative_to(self.root).as_posix()
                if name in live or (name in replaced and not _expired(replaced[name], now)):
                    continue
                path.unlink()
                removed += 1
            self._sweep_stagings()
            for left in self.folder.glob(".*.aside"):
                left.unlink()  # of a process that died: nobody else writes under the lock
        return removed

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Holds one of the workspace's locks; it is freed however the process ends."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f".{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _names(self) -> set[str]:
        """The ids of all committed runs. A listing taken during a commit may show a run and miss
        an older one that it builds on, so it is repeated until two agree."""
        before: set[str] = set()
        while True:
            names = {path.stem for path in self.folder.glob("*.json")}
            if names == before:
                return names
            before = names

    def _data_files(self) -> list[Path]:
        folders = [self.root / name for name in DATA_FOLDERS]
        return [path for folder in folders for path in folder.rglob("*") if path.is_file()]

    def _sweep_stagings(self) -> None:
        for folder in (self.root / ".staging").glob("*"):
            if _is_dead(folder):
                shutil.rmtree(folder, ignore_errors=True)

    def _checkpoint(self) -> tuple[set[str], dict[str, DataFile], set[str]]:
        """The fold up to the last checkpoint; of nothing where that is missing or damaged."""
        try:
            content = json.loads(self.checkpoint.read_text("utf-8"))
            files = [_data_file(file) for file in content["files"]]
            return set(content["runs"]), {file.path: file for file in files}, set()
        except (FileNotFoundError, *_DAMAGED):
            return set(), {}, set()

    def _write_checkpoint(self, snapshot: Snapshot) -> None:
        files = [asdict(file) for file in snapshot.files]
        _write_json(self.checkpoint, {"runs": sorted(snapshot.runs), "files": files})


def _expired(run: Run, now: float) -> bool:
    ended = datetime.fromisoformat(run.started).timestamp() + run.seconds
    return run.command in AT_ONCE or now - ended > KEEP_REPLACED_SECONDS


def _is_dead(folder: Path) -> bool:
    """Whether the process that staged here has ended: then its lock is free."""
    try:
        with (folder / "owner.lock").open("r") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


_DAMAGED = (ValueError, TypeError, KeyError, RecursionError)
"""What reading JSON of another form raises."""


def _read_run(path: Path) -> Run:
    """A committed run. Raises where its file is damaged, or of a newer format."""
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["format"] > FORMAT:
            raise InputError("workspace.newer-format", found=content["format"], known=FORMAT)
        content["adds"] = [_data_file(file) for file in content["adds"]]
        run = Run(**content)
        datetime.fromisoformat(run.started)
    except _DAMAGED as error:
        said = str(error) if isinstance(error, ValueError) else "it does not say what a run says"
        raise OutsideError("run.damaged", file=str(path), error=said) from error
    return run


def _data_file(content: Any) -> DataFile:
    file = DataFile(**content)
    if not isinstance(file.table, str) or not isinstance(file.path, str):
        raise TypeError(file)
    return DataFile(file.table, file.path, int(file.rows), bool(file.revises))


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Writes aside and renames in, so that a reader sees the whole file or none."""
    aside = path.with_name(f".{path.name}.aside")
    try:
        aside.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
        _sync(aside)
        aside.rename(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
