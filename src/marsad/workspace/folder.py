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
from marsad.engines import Engine
from marsad.engines.views import latest_versions
from marsad.records.errors import InputError
from marsad.records.policy import Policy, PolicyStore
from marsad.records.pseudonyms import Pseudonyms, load_or_create
from marsad.records.tables import TABLES
from marsad.records.version import VERSION
from marsad.workspace.runs import DATA_FOLDERS, FORMAT, DataFile, Run, RunLog, Snapshot, Staging

SETTINGS = "marsad.toml"
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
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "keys").chmod(0o700)
        (folder / SETTINGS).write_text(f"format = {FORMAT}\n", "utf-8")
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Workspace:
        """The workspace in a folder. Refuses what is none, and formats newer than this version."""
        path = folder / SETTINGS
        if not path.is_file():
            raise InputError("workspace.missing", folder=str(folder))
        try:
            settings = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError("workspace.settings", file=str(path), error=str(error)) from error
        found = settings.get("format")
        if not isinstance(found, int):
            raise InputError("workspace.settings", file=str(path), error="format is missing")
        if found > FORMAT:
            raise InputError("workspace.newer-format", found=found, known=FORMAT)
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
        return PolicyStore(self.folder / "policies")

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
        """The files of a table in a snapshot."""
        return [self.folder / file.path for file in snapshot.of(table)]

    def table(self, engine: Engine, snapshot: Snapshot, table: str) -> ir.Table:
        """All stored rows of a table, every version."""
        return engine.read(self.paths(snapshot, table), TABLES[table])

    def current(self, engine: Engine, snapshot: Snapshot, table: str) -> ir.Table:
        """The rows of a table as they stand: of each id the version taken last."""
        rows = self.table(engine, snapshot, table)
        revised = any(file.revises for file in snapshot.of(table))
        return latest_versions(rows) if table == "posts" and revised else rows


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
    finally:
        open_run.staging.close()


def default_folder() -> Path:
    """``$MARSAD_WORKSPACE``, or the current folder."""
    return Path(os.environ.get("MARSAD_WORKSPACE") or ".")
