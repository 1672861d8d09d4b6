"""The folder on disk: its settings, what lies where, and what is in its tables."""

from __future__ import annotations

import os
import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from marsad.banks.store import BankStore
from marsad.engines import Engine, open_engine
from marsad.engines.views import latest_versions
from marsad.records.errors import InputError, MarsadError, OutsideError
from marsad.records.policy import Policy, PolicyStore
from marsad.records.pseudonyms import Pseudonyms, load_or_create
from marsad.records.tables import TABLES
from marsad.records.version import VERSION
from marsad.workspace.damage import blamed, check
from marsad.workspace.policies import StoredPolicies
from marsad.workspace.runs import DATA_FOLDERS, FORMAT, DataFile, Run, RunLog, Snapshot, Staging

SETTINGS = "marsad.toml"
FORMAT_LINE = f"format = {FORMAT}"
FOLDERS = ("policies", "banks", "models", "keys", "records", "observations", "findings",
           "rejected", "runs")  # fmt: skip


def table_folder(table: str) -> str:
    """Where the files of a table lie, relative to the workspace."""
    return table if table in DATA_FOLDERS else f"records/{table}"


@dataclass(frozen=True)
class Workspace:
    """An opened workspace. Cheap to open; what it reads is one `Snapshot` at a time."""

    folder: Path
    settings: Mapping[str, Any]

    @classmethod
    def create(cls, folder: Path) -> Workspace:
        """A new workspace in an empty or missing folder."""
        if (folder / SETTINGS).exists():
            raise InputError("workspace.exists", folder=str(folder))
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise InputError("workspace.not-empty", folder=str(folder))
        try:
            _lay_out(folder)
        except OSError as error:
            said = error.strerror or str(error)
            raise OutsideError("workspace.not-made", folder=str(folder), error=said) from error
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Workspace:
        """The workspace in a folder. Refuses what is none, and formats newer than this version."""
        path = folder / SETTINGS
        if not path.is_file():
            raise _no_settings(folder)
        try:
            settings = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise _bad_settings(path, str(error)) from error
        found = settings.get("format")
        if not isinstance(found, int):
            raise _bad_settings(path, "format is missing")
        if found > FORMAT:
            raise InputError("workspace.newer-format", found=found, known=FORMAT)
        _check_runs(folder)
        return cls(folder, settings)

    @property
    def log(self) -> RunLog:
        """The committed runs."""
        return RunLog(self.folder)

    @property
    def banks(self) -> BankStore:
        """The lists to match against."""
        return BankStore(self.folder / "banks")

    @property
    def policies(self) -> PolicyStore:
        """What finding and deciding rest on."""
        return StoredPolicies(self.folder / "policies")

    @property
    def pseudonyms(self) -> Pseudonyms:
        """The keyed pseudonyms that reports and exports carry."""
        return load_or_create(self.folder / "keys" / "pseudonyms.key")

    def policy(self) -> Policy:
        """The policy in force. Raises where there is none: nothing is found without one."""
        policies = self.policies.all()
        if not policies:
            raise InputError("policy.missing", folder=str(self.folder))
        return policies[-1]

    def paths(self, snapshot: Snapshot, table: str) -> list[Path]:
        """The files of a table in a snapshot. Raises where one is missing or cut short."""
        check(self.log, snapshot.of(table))
        return [self.folder / file.path for file in snapshot.of(table)]

    def table(self, engine: Engine, snapshot: Snapshot, table: str) -> ir.Table:
        """All stored rows of a table, every version."""
        try:
            return engine.read(self.paths(snapshot, table), TABLES[table])
        except MarsadError as error:
            raise blamed(self.log, snapshot.of(table)) or error from error

    def current(self, engine: Engine, snapshot: Snapshot, table: str) -> ir.Table:
        """The rows of a table as they stand: of each id the version taken last."""
        rows = self.table(engine, snapshot, table)
        revised = any(file.revises for file in snapshot.of(table))
        return latest_versions(rows) if table == "posts" and revised else rows

    def count_posts(self, snapshot: Snapshot) -> int:
        """How many posts there are, however many versions of each."""
        files = snapshot.of("posts")
        if not any(file.revises for file in files):
            return sum(file.rows for file in files)
        with open_engine() as engine:
            rows = self.table(engine, snapshot, "posts")
            counted = engine.collect(rows.aggregate(posts=rows.key.nunique()))
        return int(counted["posts"][0].as_py())


def _lay_out(folder: Path) -> None:
    """Makes the folders and settings of a workspace; what fails leaves nothing of them behind."""
    made: list[Path] = []
    try:
        for path in (folder, *(folder / name for name in FOLDERS)):
            if not path.is_dir():
                path.mkdir(parents=True)
                made.append(path)
        (folder / "keys").chmod(0o700)
        (folder / SETTINGS).write_text(f"{FORMAT_LINE}\n", "utf-8")
    except OSError:
        (folder / SETTINGS).unlink(missing_ok=True)
        for path in reversed(made):
            path.rmdir()
        raise


def _no_settings(folder: Path) -> InputError:
    path = folder / SETTINGS
    if (folder / "runs").is_dir() and (folder / "keys").is_dir():
        return InputError(
            "workspace.settings-missing", file=str(path), folder=str(folder), line=FORMAT_LINE
        )
    return InputError("workspace.missing", folder=str(folder))


def _bad_settings(path: Path, error: str) -> InputError:
    return InputError("workspace.settings", file=str(path), error=error, line=FORMAT_LINE)


def _check_runs(folder: Path) -> None:
    """Raises where the runs have gone and the data have not: without the runs no data exist, and
    the next run would sweep them away."""
    runs = folder / "runs"
    if runs.is_dir():
        return
    data = (path for name in DATA_FOLDERS for path in (folder / name).rglob("*"))
    if runs.exists() or any(path.is_file() for path in data):
        raise OutsideError("workspace.no-runs", folder=str(runs))


@dataclass
class OpenRun:
    """A run in the making: where it writes aside, and what it will add and replace."""

    id: str
    staging: Staging
    adds: dict[str, tuple[DataFile, Path]]
    replaces: list[str]
    counts: dict[str, Any]

    def add(self, table: str, path: Path, rows: int, name: str = "", revises: bool = False) -> None:
        """Registers a file written aside under its final name; ``name`` is a folder of its own."""
        final = "/".join(filter(None, (table_folder(table), name, f"{self.id}-{len(self.adds)}")))
        final += path.suffix
        self.adds[final] = (DataFile(table, final, rows, revises), path)


@contextmanager
def begin(workspace: Workspace, command: str, parameters: Mapping[str, Any]) -> Iterator[OpenRun]:
    """Opens a run and commits it at the end of the block; an error leaves nothing behind."""
    log, started, clock = workspace.log, datetime.now(UTC).isoformat(), time.monotonic()
    log.sweep()
    run_id = log.new_id()
    open_run = OpenRun(run_id, log.stage(run_id), {}, [], {})
    try:
        yield open_run
        run = Run(
            run_id, command, dict(parameters), started, round(time.monotonic() - clock, 3),
            adds=[file for file, _ in open_run.adds.values()],
            replaces=open_run.replaces,
            counts=open_run.counts,
            versions={"marsad": VERSION},
        )  # fmt: skip
        log.commit(run, {final: path for final, (_, path) in open_run.adds.items()})
    except OSError as error:
        error.filename = error.filename or str(open_run.staging.folder)
        raise
    finally:
        open_run.staging.close()


def default_folder() -> Path:
    """``$MARSAD_WORKSPACE``, or the current folder."""
    return Path(os.environ.get("MARSAD_WORKSPACE") or ".")
