"""JSON that is not one value a line: arrays, pretty-printed objects, wrappers around records."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from marsad.sources.readers.encoding import Encoding, as_utf_8
from marsad.sources.readers.files import InputFile
from marsad.sources.readers.json_text import CUT_OFF, JsonText
from marsad.sources.readers.json_walk import Found, Row, Walk, raw
from marsad.sources.readers.pages import Includes
from marsad.sources.readers.reader import Limits, Reader, Rejected, json_table
from marsad.sources.readers.streams import Stream
from marsad.sources.source import Layout, RawBlock

_CHUNK = 1 << 20


class JsonDocument(Reader):
    """A file of one or several JSON values that are records or hold them."""

    layout: Layout = "json"

    def __init__(self, file: InputFile, limits: Limits, encoding: Encoding) -> None:
        super().__init__(file, limits)
        self.encoding = encoding.name
        self._encoding = encoding

    def with_limits(self, limits: Limits) -> Reader:
        """The same reader with other limits."""
        return JsonDocument(self.file, limits, self._encoding)

    def blocks(self) -> Iterator[RawBlock]:
        """The records of the file as they stand there, each with the line it begins in. Rejected:
        ``malformed-json``, ``json-cut-off``, ``line-too-long``, ``no-records``, ``not-utf8``,
        ``nul-bytes``, and what cut off the archive that the file lies in."""
        with as_utf_8(self.file.open(), self._encoding) as stream:
            batch = _Batch()
            for found in self._found(stream):
                batch.add(found)
                if batch.characters > self.limits.block_bytes // 4:
                    yield self._block(batch, stream)
                    batch = _Batch()
            if len(batch):
                yield self._block(batch, stream)

    def _block(self, batch: _Batch, stream: Stream) -> RawBlock:
        lines, texts, rejected = batch.split()
        return self.block(json_table(lines, texts, self.limits.chunk_rows), rejected, stream.done)

    def _found(self, stream: Stream) -> Iterator[Found]:
        """The records; where the archive was cut off, that is the reason and not the JSON."""
        text = JsonText(stream, self.limits.line_bytes, min(self.limits.block_bytes, _CHUNK))
        told = False
        for found in Walk(text, self._includes).document():
            if isinstance(found, Rejected) and found.reason == CUT_OFF and stream.fault:
                told = True
                yield found._replace(reason=stream.fault)
            else:
                yield found
        if stream.fault and not told:
            yield Rejected(text.line, stream.fault, None)

    def _includes(self, ordinal: int) -> Includes:
        """The `includes` of a top-level value, which stand after its posts: read ahead."""
        with as_utf_8(self.file.open(), self._encoding) as stream:
            text = JsonText(stream, self.limits.line_bytes)
            walk = Walk(text, lambda _: Includes.of(None), wanted=ordinal)
            for _ in walk.document():
                if walk.ordinal > ordinal:
                    break
            return Includes.of(walk.included)


class _Batch:
    """What was found, in order, on its way into a block."""

    def __init__(self) -> None:
        self._found: list[Found] = []
        self.characters = 0

    def __len__(self) -> int:
        return len(self._found)

    def add(self, found: Found) -> None:
        self._found.append(found)
        self.characters += len(found[-1] or "")  # the text of a row, or what was rejected

    def split(self) -> tuple[list[int], pa.Array, list[Rejected]]:
        """Lines and texts of the rows, and what is rejected: rows with bytes that are no UTF-8,
        too, which only now show."""
        rows = [found for found in self._found if isinstance(found, Row)]
        try:
            texts = pa.array([row.text for row in rows], pa.string())
        except UnicodeEncodeError:
            self._found = [_checked(found) for found in self._found]
            return self.split()
        rejected = [found for found in self._found if isinstance(found, Rejected)]
        return [row.line for row in rows], texts, rejected


def _checked(found: Found) -> Found:
    if isinstance(found, Rejected) or _is_text(found.text):
        return found
    return Rejected(found.line, "not-utf8", raw(found.text))


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
