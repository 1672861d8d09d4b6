"""Rows on their way out of DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pyarrow as pa

from marsad.engines.aside import read_rows, write_rows


class Stream(Iterator[pa.RecordBatch]):
    """The rows of one query, computed as they are read, with the types that were promised.

    A connection of DuckDB gives one result at a time: when it begins another query, an open stream
    ends as if there were no more rows. So what is left of it is first set aside, on disk.
    """

    def __init__(
        self,
        batches: Iterable[pa.RecordBatch],
        schema: pa.Schema,
        explained: Callable[[Exception], Exception],
    ) -> None:
        self.schema, self._explained = schema, explained
        self._batches = iter(batches)
        self._path: Path | None = None
        self._ended = False

    def __next__(self) -> pa.RecordBatch:
        try:
            batch = next(self._batches)
        except StopIteration:
            self._end()
            raise
        except Exception as error:
            self._end()
            raise self._explained(error) from error
        return batch if batch.schema.equals(self.schema) else batch.cast(self.schema)

    def set_aside(self, path: Path) -> None:
        """Writes what was not yet read to a file, from which it is read on."""
        if not self._ended and self._path is None:
            write_rows(path, self.schema, self)
            self._path, self._batches, self._ended = path, read_rows([path]), False

    def _end(self) -> None:
        self._ended = True
        if self._path is not None:
            self._path.unlink(missing_ok=True)
