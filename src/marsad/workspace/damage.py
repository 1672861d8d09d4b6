"""What is wrong with a file of a table, as far as its ends tell, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from marsad.records.errors import ConflictError, MarsadError, OutsideError
from marsad.records.message import Message
from marsad.workspace.runs import DataFile, Run, RunLog

MAGIC = b"PAR1"
"""A Parquet file begins and ends with it; before the end stands the length of the footer."""


def check(log: RunLog, files: Iterable[DataFile]) -> None:
    """Raises for the first file that is missing or cut short; see `explained`.

    Reads a few bytes of each file. What is damaged in the middle shows when it is read.
    """
    for file in files:
        path = log.root / file.path
        size = path.stat().st_size if path.is_file() else None
        if size is None:
            raise explained(log, file, "data.missing")
        if path.suffix == ".parquet" and not _whole(path, size):
            raise explained(log, file, "data.cut-short", size=size)


def blamed(log: RunLog, files: Iterable[DataFile]) -> MarsadError | None:
    """The error for the first Parquet file whose footer cannot be read; None where all can."""
    for file in files:
        try:
            pq.read_metadata(log.root / file.path)
        except (OSError, pa.ArrowException) as error:
            return explained(log, file, "data.damaged", error=str(error).partition("\n")[0])
    return None


def explained(log: RunLog, file: DataFile, message_id: str, **values: object) -> MarsadError:
    """The error for a damaged file: what it holds, and how to go on without a backup.

    A file that another run has replaced meanwhile is no damage, but a `ConflictError`.
    """
    if file not in log.snapshot().files:
        return ConflictError("run.read-conflict", files=[file.path])
    return OutsideError(
        message_id, file=str(log.root / file.path), rows=file.rows, table=file.table,
        next=_way_out(log, file).render(), **values,
    )  # fmt: skip


def _whole(path: Path, size: int) -> bool:
    with path.open("rb") as file:
        start = file.read(len(MAGIC))
        file.seek(max(size - 8, 0))
        end = file.read(8)
    footer = int.from_bytes(end[:4], "little")
    return start == MAGIC and end[4:] == MAGIC and footer + 12 <= size


def _way_out(log: RunLog, file: DataFile) -> Message:
    """What the user can do: the run that wrote the file can be forgotten and run again."""
    runs = log.runs()
    made = next((run for run in runs if file.path in {one.path for one in run.adds}), None)
    if made is not None and made.command == "import":
        paths = made.parameters.get("paths", [])
        if any(path == "-" or path.startswith("/dev/") for path in paths):
            return Message("data.restore")  # what came from a pipe cannot be read again
        return Message("data.undo-import", {"remove": _names(log, [made]), "paths": paths})
    if made is not None and made.command.startswith("find "):
        # an earlier run of the signal would come back, and its file has gone
        every = [run for run in runs if run.command == made.command]
        return Message("data.undo-find", {"remove": _names(log, every), "command": made.command})
    return Message("data.restore")


def _names(log: RunLog, runs: Iterable[Run]) -> list[str]:
    names = [str(log.folder / f"{run.id}.json") for run in runs]
    return [*names, *(str(path) for path in [log.checkpoint] if path.exists())]
