"""A workspace as a Python library: the verbs as methods, tables as Ibis tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import ibis.expr.types as ir

from marsad.engines import Engine, open_engine, views
from marsad.records.errors import InputError
from marsad.records.tables import TABLES
from marsad.sources.source import Options
from marsad.workspace.finding import SignalOutcome, find, findings, records
from marsad.workspace.folder import Workspace
from marsad.workspace.importing import Imported, import_files


class Library:
    """An opened workspace. Tables show what was committed when they were asked for."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._engine: Engine | None = None

    @property
    def engine(self) -> Engine:
        """The embedded engine that tables belong to."""
        if self._engine is None:
            self._engine = open_engine("duckdb")
        return self._engine

    def import_files(
        self,
        paths: Sequence[str | Path] | str | Path,
        *,
        kind: str | None = None,
        mapping: Mapping[str, str] | None = None,
        platform: str | None = None,
        route: str | None = None,
        format: str | None = None,
    ) -> Imported:
        """Reads files or folders in; see ``marsad import``."""
        listed = [paths] if isinstance(paths, (str, Path)) else paths
        options = Options(kind, mapping or {}, platform, route, format)
        return import_files(self.workspace, [Path(path) for path in listed], options)

    def find(self, *signals: str, **parameters: Mapping[str, Any]) -> list[SignalOutcome]:
        """Runs signals, all of them if none is named; ``copies={"threshold": 0.8}`` sets theirs."""
        return find(self.workspace, signals, parameters=parameters)

    def findings(self) -> ir.Table:
        """What was found, one row a finding."""
        return findings(self.workspace, self.engine, self.workspace.log.snapshot())

    def table(self, name: str) -> ir.Table:
        """``posts``, ``observations``, ``labels`` or ``series`` as stored; ``accounts``, ``edges``
        and ``shares`` as they follow from posts and from imported rows."""
        snapshot = self.workspace.log.snapshot()
        read = records(self.workspace, snapshot, self.engine)
        if name == "accounts":
            follows = self.workspace.current(self.engine, snapshot, "edges")
            return views.accounts(read.posts, read.observations, follows)
        if name == "edges":
            handles = views.handles(read.observations, self.engine)
            return views.resolved(read.edges, handles, "source", "target")
        if name == "shares":
            return read.shares
        if name not in TABLES:
            raise InputError("table.unknown", given=name, valid=sorted({*TABLES, "accounts"}))
        return self.workspace.current(self.engine, snapshot, name)

    def close(self) -> None:
        """Frees the engine; its tables can no longer be read."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open(folder: str | Path) -> Library:
    """The workspace in a folder. Raises `InputError` where there is none."""
    return Library(Workspace.open(Path(folder)))


def create(folder: str | Path, policy: str | None = None) -> Library:
    """A new workspace, with a policy by name or file; nothing is found without one."""
    workspace = Workspace.create(Path(folder))
    if policy:
        workspace.policies.add(policy)
    return Library(workspace)
