"""Parquet, read a batch of a row group at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from marsad.sources.readers.columnar import BROKEN, Columnar, Piece
from marsad.sources.readers.reader import Limits, Reader

_FEWEST_ROWS, _MOST_ROWS = 1024, 1 << 17


class Parquet(Columnar):
    """A Parquet file. A row group that cannot be decoded is lost from the batch that fails on."""

    form = "Parquet"
    magic = b"PAR1"

    def with_limits(self, limits: Limits) -> Reader:
        """The same reader with other limits."""
        return Parquet(self.file, limits)

    def open(self, path: Path) -> tuple[pa.Schema, int]:
        """The schema and the number of rows, from the footer."""
        with _parquet(path) as parquet:
            return parquet.schema_arrow, parquet.metadata.num_rows

    def pieces(self, path: Path) -> Iterator[Piece]:
        """The batches of one row group after another."""
        with _parquet(path) as parquet:
            for group in range(parquet.num_row_groups):
                yield from self._group(parquet, group)

    def _group(self, parquet: pq.ParquetFile, group: int) -> Iterator[Piece]:
        about = parquet.metadata.row_group(group)
        left = about.num_rows
        try:
            for batch in parquet.iter_batches(self._batch_rows(about), row_groups=[group]):
                left -= batch.num_rows
                yield Piece(batch)
        except BROKEN as error:
            yield Piece(None, left, str(error))

    def _batch_rows(self, about: Any) -> int:
        """As many rows as fill a block."""
        row_bytes: int = max(1, about.total_byte_size // max(1, about.num_rows))
        return max(_FEWEST_ROWS, min(_MOST_ROWS, self.limits.block_bytes // row_bytes))


def _parquet(path: Path) -> pq.ParquetFile:
    # Without pre-buffering a row group is not held whole; checksums are there to be checked.
    return pq.ParquetFile(path, pre_buffer=False, page_checksum_verification=True)
