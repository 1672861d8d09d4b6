"""What every reader of a physical form has in common: limits, rejected rows, the sample."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from marsad.records.message import Message
from marsad.sources.readers.files import InputFile
from marsad.sources.source import RAW_LIMIT, REJECTED, Layout, RawBlock, Sample

_JSON = pa.schema([pa.field("line", pa.int64()), pa.field("json", pa.string())])


@dataclass(frozen=True)
class Limits:
    """How much is held at once. The result of reading does not depend on ``block_bytes``.

    ``line_bytes`` bounds one line, one record of a CSV file and one element of a JSON document;
    longer ones are rejected as ``line-too-long`` without being held. ``chunk_rows`` is the size of
    the chunks of a block's table, so that an engine can work on several at once.
    """

    block_bytes: int = 128 << 20
    line_bytes: int = 16 << 20
    chunk_rows: int = 1 << 15
    sample_bytes: int = 1 << 20


class Rejected(NamedTuple):
    """A row that is not taken: its line, why (``reject.<reason>``), what stood there."""

    line: int
    reason: str
    raw: str | None


class Reader(ABC):
    """A file as a stream of blocks. `blocks` may be called again: each call reads from the start.

    ``columns`` are the file's columns in order (without ``line``), empty for JSON. ``encoding`` is
    the name of the text's encoding, None for binary forms. ``warnings`` are for the user.
    """

    layout: Layout
    columns: tuple[str, ...] = ()
    encoding: str | None = None
    warnings: tuple[Message, ...] = ()

    def __init__(self, file: InputFile, limits: Limits) -> None:
        self.file = file
        self.limits = limits

    @abstractmethod
    def blocks(self) -> Iterator[RawBlock]:
        """The rows of the file, in the order of the file, with those that cannot be read."""

    @abstractmethod
    def with_limits(self, limits: Limits) -> Reader:
        """The same reader with other limits."""

    def sample(self, rows: int = 1000) -> Sample:
        """The first rows: as parsed values (those that parse) or as a table without ``line``."""
        return self._sample(self.first(rows))

    def first(self, count: int) -> pa.Table | None:
        """The first ``count`` rows in the form of blocks, or all; None where there is no block."""
        small = replace(self.limits, block_bytes=min(self.limits.block_bytes, 1 << 20))
        tables: list[pa.Table] = []
        for block in self.with_limits(small).blocks():
            tables.append(block.rows.slice(0, count))
            count -= tables[-1].num_rows
            if not count:
                break
        return pa.concat_tables(tables) if tables else None

    def _sample(self, table: pa.Table | None) -> Sample:
        if self.layout == "json":
            texts = table.column("json").to_pylist() if table is not None else []
            return Sample(self.file.name, "json", objects=tuple(_parsed(texts)))
        if table is None:
            table = pa.table({name: pa.array([], pa.string()) for name in self.columns})
        else:
            table = table.drop_columns(["line"])
        return Sample(self.file.name, "table", rows=table)

    def block(self, rows: pa.Table, rejected: Iterable[Rejected], done: int) -> RawBlock:
        """A block of this file."""
        return RawBlock(rows, rejected_table(rejected), done, self.file.size)


class Empty(Reader):
    """A file without rows: empty, or not readable at all, which is one rejected row."""

    layout: Layout = "table"

    def with_limits(self, limits: Limits) -> Reader:
        """The same: there is nothing to limit."""
        return Empty(self.file, limits)

    def blocks(self) -> Iterator[RawBlock]:
        """No block, or one with the reason why there is none."""
        with self.file.open() as stream:
            while stream.read(1 << 20):
                pass
            if stream.fault:
                rows = pa.table({"line": pa.array([], pa.int64())})
                yield self.block(rows, [Rejected(1, stream.fault, None)], stream.done)


def rejected_table(rows: Iterable[Rejected]) -> pa.Table:
    """Rejected rows as the columns of `marsad.sources.source.REJECTED`."""
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, REJECTED, strict=True)], REJECTED)


def json_table(lines: Any, texts: pa.Array, chunk_rows: int) -> pa.Table:
    """A table of JSON texts with their lines, in chunks of at most ``chunk_rows`` rows."""
    return chunked(pa.table([pa.array(lines, pa.int64()), texts], _JSON), chunk_rows)


def chunked(table: pa.Table, chunk_rows: int) -> pa.Table:
    """The same rows in chunks of at most ``chunk_rows`` rows, without copying them."""
    return pa.Table.from_batches(table.to_batches(max_chunksize=chunk_rows), table.schema)


def shown(raw: bytes | memoryview | np.ndarray[Any, Any]) -> str:
    """Bytes of a rejected row for the person who reads it, cut to 64 KiB, without its line end.
    What is not UTF-8 is written as ``\\xff``."""
    head = bytes(raw[: RAW_LIMIT + 2]).rstrip(b"\r\n")[:RAW_LIMIT]
    if len(raw) > RAW_LIMIT:
        head = head[: _whole_characters(head)]
    return head.decode("utf-8", "backslashreplace")[:RAW_LIMIT]


def _whole_characters(data: bytes) -> int:
    """The length of ``data`` without a character that was cut at its end."""
    for back in range(1, min(4, len(data)) + 1):
        lead = data[-back]
        if lead & 0xC0 == 0x80:
            continue
        size = 4 if lead >= 0xF0 else 3 if lead >= 0xE0 else 2 if lead >= 0xC0 else 1
        return len(data) - back if size > back else len(data)
    return len(data)


def _parsed(texts: Iterable[str]) -> Iterator[Any]:
    for text in texts:
        try:
            yield json.loads(text)
        except (ValueError, RecursionError):
            continue
