"""CSV, TSV and their like: columns of text, whatever the dialect."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from marsad.sources.readers.csv_blocks import CsvBlocks
from marsad.sources.readers.csv_dialect import Form
from marsad.sources.readers.encoding import Encoding, as_utf_8
from marsad.sources.readers.files import InputFile
from marsad.sources.readers.lines import Bytes, Lines, LongLine, split
from marsad.sources.readers.reader import Limits, Reader, Rejected, chunked, shown
from marsad.sources.readers.streams import Stream
from marsad.sources.source import Layout, RawBlock


class Csv(Reader):
    """A file of records whose fields a delimiter tells apart. Every column is text, and an empty
    field is empty text."""

    layout: Layout = "table"

    def __init__(self, file: InputFile, limits: Limits, encoding: Encoding, form: Form) -> None:
        super().__init__(file, limits)
        self.columns = form.columns
        self.encoding = encoding.name
        self.warnings = form.warnings
        self._encoding = encoding
        self._form = form
        self._records = CsvBlocks(form.dialect, form.columns, limits.line_bytes)

    def with_limits(self, limits: Limits) -> Reader:
        """The same reader with other limits."""
        return Csv(self.file, limits, self._encoding, self._form)

    def blocks(self) -> Iterator[RawBlock]:
        """The records of the file, each with the line it begins in. Rejected:
        ``wrong-number-of-fields``, ``unbalanced-quote``, ``nul-bytes``, ``not-utf8``,
        ``line-too-long``, and what cut off the archive that the file lies in."""
        with as_utf_8(self.file.open(), self._encoding) as stream:
            waiting: Lines | None = None
            number = 1 + self._form.skip
            for lines in _after(self._form.skip, split(stream, self.limits)):
                if isinstance(lines, LongLine):
                    too_long = Rejected(lines.number, "line-too-long", shown(lines.head))
                    yield self._block(waiting, stream, too_long)
                    waiting, number = None, lines.number + 1
                elif stream.fault and not lines.complete:
                    cut = Rejected(lines.first, stream.fault, shown(lines.data))
                    yield self._block(waiting, stream, cut)
                    return
                else:
                    number = lines.first + len(lines)
                    lines = _joined(waiting, lines)
                    found = self._records.read(lines, final=False)
                    waiting = lines.part(found.lines, len(lines))
                    yield self.block(self._chunked(found.rows), found.rejected, stream.done)
            cut_off = Rejected(number, stream.fault, None) if stream.fault else None
            if cut_off or (waiting and len(waiting)):
                yield self._block(waiting, stream, cut_off)

    def _block(self, waiting: Lines | None, stream: Stream, after: Rejected | None) -> RawBlock:
        """What is left of the lines when no more can belong to them, and a rejected row after."""
        found = self._records.read(waiting or _NO_LINES, final=True)
        rejected = [*found.rejected, after] if after else found.rejected
        return self.block(self._chunked(found.rows), rejected, stream.done)

    def _chunked(self, rows: pa.Table) -> pa.Table:
        """Chunks neither too large to share out nor too many to carry."""
        if rows.column(0).num_chunks > _MOST_CHUNKS:
            rows = rows.combine_chunks()
        return chunked(rows, self.limits.chunk_rows)


_MOST_CHUNKS = 64
_NO_LINES = Lines(np.empty(0, np.uint8), np.zeros(1, np.int64), 1)


def _after(count: int, pieces: Iterator[Lines | LongLine]) -> Iterator[Lines | LongLine]:
    """The lines after the first ``count``."""
    for piece in pieces:
        if count >= (length := 1 if isinstance(piece, LongLine) else len(piece)):
            count -= length
        elif isinstance(piece, LongLine):
            yield piece
        else:
            yield piece.part(count, length) if count else piece
            count = 0


def _joined(waiting: Lines | None, lines: Lines) -> Lines:
    """The lines of a record that goes on, and those after them, as one."""
    if not waiting or not len(waiting):
        return lines
    data: Bytes = np.concatenate([waiting.data, lines.data])
    starts = np.concatenate([waiting.starts[:-1], lines.starts + len(waiting.data)])
    return Lines(data, starts, waiting.first, lines.complete)
