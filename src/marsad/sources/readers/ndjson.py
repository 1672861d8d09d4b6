"""One JSON value a line: the fast path. Nothing is parsed, and no row is touched by Python.

The rows of a block are one Arrow array over the very bytes that were read. A row's text therefore
ends with its line end, which JSON allows. Only blocks with blank or wrong lines are copied.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from marsad.sources.readers.encoding import Encoding, as_utf_8
from marsad.sources.readers.files import InputFile
from marsad.sources.readers.json_text import CUT_OFF, ends_too_early
from marsad.sources.readers.lines import Lines, LongLine, blank_lines, split, wrong_bytes
from marsad.sources.readers.pages import rows_of_line
from marsad.sources.readers.reader import Limits, Reader, Rejected, json_table, shown
from marsad.sources.readers.streams import Stream
from marsad.sources.source import Layout, RawBlock


class Ndjson(Reader):
    """A file of JSON values, one a line. ``pages``: there are pages of results of the X API among
    the lines, each of which stands for several rows with the same line number."""

    layout: Layout = "json"

    def __init__(self, file: InputFile, limits: Limits, encoding: Encoding, pages: bool) -> None:
        super().__init__(file, limits)
        self.encoding = encoding.name
        self._encoding = encoding
        self._pages = pages

    def with_limits(self, limits: Limits) -> Reader:
        """The same reader with other limits."""
        return Ndjson(self.file, limits, self._encoding, self._pages)

    def blocks(self) -> Iterator[RawBlock]:
        """The lines of the file. A line that is no text, too long, or cut off, alone or together
        with its archive, is rejected; whether the others are JSON is for the engine to say."""
        with as_utf_8(self.file.open(), self._encoding) as stream:
            number = 1
            for lines in split(stream, self.limits):
                if isinstance(lines, LongLine):
                    too_long = Rejected(lines.number, "line-too-long", shown(lines.head))
                    yield self._rejected(too_long, stream)
                    number = lines.number + 1
                elif not lines.complete and (fault := stream.fault or _cut_off(lines)):
                    cut = Rejected(lines.first, fault, shown(lines.data))
                    yield self._rejected(cut, stream)
                    return
                else:
                    yield self.block(*self._rows(lines), stream.done)
                    number = lines.first + len(lines)
            if stream.fault:
                yield self._rejected(Rejected(number, stream.fault, None), stream)

    def _rejected(self, row: Rejected, stream: Stream) -> RawBlock:
        return self.block(json_table([], _NO_TEXTS, 1), [row], stream.done)

    def _rows(self, lines: Lines) -> tuple[pa.Table, list[Rejected]]:
        wrong = wrong_bytes(lines)
        taken = ~blank_lines(lines)
        taken[list(wrong)] = False
        texts = _in_place(lines)
        if not taken.all():
            texts = texts.filter(pa.array(taken))
        numbers = lines.first + np.flatnonzero(taken)
        rejected = [
            Rejected(lines.first + i, wrong[i], shown(lines.line(i))) for i in sorted(wrong)
        ]
        if self._pages:
            return self._opened(numbers.tolist(), texts, rejected)
        return json_table(numbers, texts, self._chunk_rows(texts)), rejected

    def _opened(
        self, numbers: list[int], texts: pa.Array, rejected: list[Rejected]
    ) -> tuple[pa.Table, list[Rejected]]:
        """The rows that pages among the lines stand for; a page without any is rejected."""
        lines: list[int] = []
        rows: list[str] = []
        for number, text in zip(numbers, texts.to_pylist(), strict=True):
            found = rows_of_line(text)
            if found is None:
                found = [text]
            elif not found:
                rejected.append(Rejected(number, "no-records", shown(text.encode())))
            lines += [number] * len(found)
            rows += found
        table = json_table(lines, pa.array(rows, pa.string()), self.limits.chunk_rows)
        return table, sorted(rejected, key=lambda row: row.line)

    def _chunk_rows(self, texts: pa.Array) -> int:
        """Fewer rows in a chunk where they are long, so that there still are several chunks."""
        rows_in_4_mib: int = (len(texts) << 22) // max(texts.nbytes, 1)
        return max(1, min(self.limits.chunk_rows, rows_in_4_mib))


def _cut_off(last: Lines) -> str | None:
    """Why the last line of a file, which has no line end, is not JSON, if that is the reason."""
    text = last.data.tobytes().decode("utf-8", "surrogateescape")
    return CUT_OFF if text.strip() and ends_too_early(text) else None


_NO_TEXTS = pa.array([], pa.string())


def _in_place(lines: Lines) -> pa.Array:
    """All lines as an array over the block itself."""
    offsets = pa.py_buffer(lines.starts.astype(np.int32))
    buffers = [None, offsets, pa.py_buffer(lines.data)]
    return pa.Array.from_buffers(pa.string(), len(lines), buffers)
