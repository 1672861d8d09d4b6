"""Arrow files (Feather version 2), read a record batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from marsad.sources.readers.columnar import BROKEN, Columnar, Piece
from marsad.sources.readers.reader import Limits, Reader


class ArrowFile(Columnar):
    """An Arrow IPC file. A batch that cannot be decoded is lost alone."""

    form = "Arrow"
    magic = b"ARROW1"

    def with_limits(self, limits: Limits) -> Reader:
        """The same reader with other limits."""
        return ArrowFile(self.file, limits)

    def open(self, path: Path) -> tuple[pa.Schema, int]:
        """The schema; only reading tells how many rows there are."""
        with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as opened:
            return opened.schema, 0

    def pieces(self, path: Path) -> Iterator[Piece]:
        """The record batches of the file."""
        with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as opened:
            for place in range(opened.num_record_batches):
                try:
                    piece = Piece(opened.get_batch(place))
                except BROKEN as error:
                    piece = Piece(None, 0, str(error))
                yield piece
