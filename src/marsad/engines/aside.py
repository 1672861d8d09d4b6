"""What an engine writes aside: a temporary folder, and names in it that no two things share."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from marsad.records.errors import OutsideError

ROW_GROUP_ROWS = 100_000
ROW_GROUP_BYTES = 32 << 20
READ_ROWS = 20_000


class Aside:
    """A folder of an engine's own, gone with `close`, or else when Python ends.

    ``parent`` is made where it is missing; without one it is the system's temporary folder.
    """

    def __init__(self, parent: Path | None) -> None:
        try:
            if parent is not None:
                parent.mkdir(parents=True, exist_ok=True)
            self.folder = Path(tempfile.mkdtemp(prefix="marsad-", dir=parent)).absolute()
        except OSError as error:
            where = str(parent or tempfile.gettempdir())
            raise OutsideError("engine.folder", folder=where, error=str(error)) from error
        self._removal = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        self._numbers = itertools.count()

    def name(self, stem: str) -> str:
        """A new name made from ``stem`` that needs no quoting in SQL or in a path.

        None begins with _, which hides a file from Spark.
        """
        plain = "".join(char if char.isascii() and char.isalnum() else "_" for char in stem)
        return f"{plain.strip('_') or 'rows'}_{next(self._numbers)}"

    def path(self, stem: str, suffix: str = "") -> Path:
        """A path in the folder where nothing is yet."""
        return self.folder / f"{self.name(stem)}{suffix}"

    def close(self) -> None:
        """Removes the folder."""
        self._removal()


def write_rows(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Writes a stream to one Parquet file, in useful row groups however small batches are."""
    with pq.ParquetWriter(path, schema, compression="lz4") as writer:
        for rows in _gathered(batches, schema):
            writer.write_table(rows)


def read_rows(paths: Iterable[Path]) -> Iterator[pa.RecordBatch]:
    """The rows of Parquet files, one file after the other, a batch at a time."""
    for path in paths:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=READ_ROWS)


def _gathered(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        held.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= ROW_GROUP_ROWS or size >= ROW_GROUP_BYTES:
            yield pa.Table.from_batches(held, schema)
            held, rows, size = [], 0, 0
    if rows:
        yield pa.Table.from_batches(held, schema)
