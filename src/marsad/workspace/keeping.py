"""Figures of the dashboard that are too slow for a page, kept in a file of the workspace.

`marsad serve` makes them anew in the background: soon after something was found or set otherwise,
and at most once an hour after something was decided. No name stands in the file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from marsad.engines import open_engine
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate
from marsad.records.times import HOUR
from marsad.store import log
from marsad.store.database import Database
from marsad.workspace.dashboard import Predictive, predictive_values
from marsad.workspace.folder import Workspace
from marsad.workspace.shadow import SECTION, Shadowed, shadowed

FILE, FORM = "dashboard.json", 1
KINDS = ("post", "account")
OFTEN = HOUR


@dataclass(frozen=True)
class Kept:
    """Figures as they were ``made_at`` (µs UTC). ``state`` stands for what they were made from.

    By kind of subject: ``prevalence`` of the blind sample (None without one), ``values`` of each
    signal at its thresholds. ``shadow``: signals in shadow beside what was decided.
    """

    made_at: int
    state: str
    prevalence: Mapping[str, Estimate | None]
    values: Mapping[str, Sequence[Predictive]]
    shadow: Sequence[Shadowed]


def keep_up(workspace: Workspace, database: Database, now: int) -> bool:
    """Makes the figures anew where they are old; whether it did."""
    state, kept = _state(workspace, database), read(workspace)
    if kept is not None:
        fresh = 0 <= now - kept.made_at < OFTEN
        same_findings = kept.state.partition(":")[0] == state.partition(":")[0]
        if kept.state == state or (fresh and same_findings):
            return False
    _write(_path(workspace), make(workspace, database, now, state))
    return True


def make(workspace: Workspace, database: Database, now: int, state: str = "") -> Kept:
    """The figures as they are ``now`` (µs UTC)."""
    every = {kind: predictive_values(workspace, database, kind) for kind in KINDS}
    with open_engine() as engine:
        hidden = shadowed(workspace, database, engine)
    return Kept(
        now, state, {kind: first for kind, (first, _) in every.items()},
        {kind: values for kind, (_, values) in every.items()}, hidden,
    )  # fmt: skip


def read(workspace: Workspace) -> Kept | None:
    """The figures that were kept; None where there are none that can be read."""
    try:
        said = json.loads(_path(workspace).read_text("utf-8"))
        return _kept(said) if said["form"] == FORM else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _path(workspace: Workspace) -> Path:
    return workspace.folder / FILE


def _state(workspace: Workspace, database: Database) -> str:
    """What the figures follow from: a hash of findings and settings, and that of the log's end."""
    with database.reading() as transaction:
        end = log.head(transaction).hash.hex()
    files = sorted(file.path for file in workspace.log.snapshot().of("findings"))
    said = [files, repr(workspace.settings.get(SECTION))]
    return f"{sha256(json.dumps(said).encode()).hexdigest()}:{end}"


def _write(path: Path, kept: Kept) -> None:
    """Whole or not at all; two processes may write it at once."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(json.dumps(_said(kept)), "utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def _said(kept: Kept) -> dict[str, Any]:
    return {
        "form": FORM, "made_at": kept.made_at, "state": kept.state,
        "prevalence": {kind: one and one.to_dict() for kind, one in kept.prevalence.items()},
        "values": {
            kind: [[one.signal, one.threshold, _told(one.value)] for one in values]
            for kind, values in kept.values.items()
        },
        "shadow": [{**vars(one), "precision": _told(one.precision)} for one in kept.shadow],
    }  # fmt: skip


def _told(value: Estimate | Refused) -> dict[str, Any]:
    if isinstance(value, Refused):
        said = {name: one for name, one in value.message.values.items() if name != "next"}
        return {"refused": value.message.id, "missing": value.missing, "next": value.next,
                "values": said}  # fmt: skip
    return value.to_dict()


def _kept(said: Mapping[str, Any]) -> Kept:
    return Kept(
        int(said["made_at"]), str(said["state"]),
        {kind: one and _estimate(one) for kind, one in said["prevalence"].items()},
        {
            kind: [Predictive(signal, at, _value(value)) for signal, at, value in values]
            for kind, values in said["values"].items()
        },
        [Shadowed(**{**one, "precision": _value(one["precision"])}) for one in said["shadow"]],
    )  # fmt: skip


def _value(said: Mapping[str, Any]) -> Estimate | Refused:
    if "refused" in said:
        return Refused(said["refused"], said["missing"], said["next"], **said["values"])
    return _estimate(said)


def _estimate(said: Mapping[str, Any]) -> Estimate:
    lists = {name: tuple(said[name]) for name in ("assumptions", "warnings")}
    return Estimate(**{**said, **lists})
