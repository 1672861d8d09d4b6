"""What network signals say of accounts now, kept in memory by account: no query for one post.

Of each finding the sentence and its score are kept, not the evidence: that is in the case.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from marsad.find.registry import signals
from marsad.find.signal import NetworkSignal
from marsad.records.ids import key
from marsad.records.tables import FINDINGS
from marsad.workspace.folder import Workspace

CHECKED_EVERY = 5.0
"""Seconds between two looks at whether there was a run."""

_COLUMNS = ["finding_id", "subject_kind", "subject_id", "subject_key", "signal", "score",
            "score_kind", "message", "values", "community", "opens_case", "found_at"]  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """Findings in the order of ``keys``, those of their subjects."""

    rows: pa.Table
    keys: np.ndarray[Any, np.dtype[np.int64]]
    mark: int

    def of(self, account: str) -> list[dict[str, Any]]:
        """The findings about an account, the highest score first."""
        number = key(account)
        start, end = np.searchsorted(self.keys, [number, number + 1])
        found = self.rows.slice(int(start), int(end - start)).to_pylist()
        mine = [one | {"values": json.loads(one["values"] or "{}")}
                for one in found if one["subject_id"] == account]  # fmt: skip
        return sorted(mine, key=lambda one: (-one["score"], one["finding_id"]))


class KeptStanding:
    """The standing findings of a workspace, read again after each run, beside the old ones."""

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = time.monotonic) -> None:
        self._workspace, self._clock = workspace, clock
        self._current: Standing | None = None
        self._loading = threading.Lock()
        self._looked = 0.0

    def now(self) -> Standing:
        """The newest that are whole."""
        if self._current is None:
            return self.catch_up()
        if self._clock() - self._looked >= CHECKED_EVERY:
            self._looked = self._clock()
            if self._mark() != self._current.mark and not self._loading.locked():
                threading.Thread(target=self.catch_up, name="findings", daemon=True).start()
        return self._current

    def catch_up(self) -> Standing:
        """The findings as they stand, however long that takes to read."""
        with self._loading:
            mark = self._mark()
            if self._current is None or self._current.mark != mark:
                self._current = read(self._workspace, mark)
            return self._current

    def _mark(self) -> int:
        """What a committed run changes: each is a file renamed into one folder."""
        return os.stat(self._workspace.folder / "runs").st_mtime_ns


def read(workspace: Workspace, mark: int = 0) -> Standing:
    """The findings of network signals about accounts. Raises `OutsideError` where a file of them is
    missing or cut short."""
    networks = [name for name, one in signals().items() if issubclass(one, NetworkSignal)]
    schema = pa.schema([FINDINGS.field(name) for name in _COLUMNS])
    parts = [schema.empty_table()]
    for path in workspace.paths(workspace.log.snapshot(), "findings"):
        rows = pq.read_table(path, columns=_COLUMNS).cast(schema)
        mine = pc.and_(
            pc.equal(rows["subject_kind"], "account"),
            pc.is_in(rows["signal"], pa.array(networks, pa.string())),
        )
        parts.append(rows.filter(mine))
    every = pa.concat_tables(parts)
    keys = every["subject_key"].to_numpy()
    order = np.argsort(keys, kind="stable")
    return Standing(every.take(pa.array(order)).combine_chunks(), keys[order], mark)
