"""Reading bytes as a file, for the tests of the readers."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marsad.sources.readers import InputFile, Limits, Reader, files, open_reader
from marsad.sources.readers.streams import Stored
from marsad.sources.source import REJECTED

SMALL = Limits(block_bytes=64, line_bytes=1 << 12, chunk_rows=3)
"""Blocks so small that every seam between them is met."""


@dataclass(frozen=True)
class Content:
    """What a reader made of a file."""

    rows: list[dict[str, Any]]
    rejected: list[tuple[int, str, str | None]]
    reader: Reader

    @property
    def texts(self) -> list[tuple[int, str]]:
        """Line and text of JSON rows, the white space around them left out."""
        return [(row["line"], row["json"].strip(" \t\r\n")) for row in self.rows]

    @property
    def values(self) -> list[Any]:
        """JSON rows as values."""
        return [json.loads(row["json"]) for row in self.rows]

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Line and reason of the rejected rows."""
        return [(line, reason) for line, reason, _ in self.rejected]

    @property
    def cells(self) -> list[list[Any]]:
        """The rows of a table without their lines."""
        return [[value for name, value in row.items() if name != "line"] for row in self.rows]


def content(file: InputFile, limits: Limits = Limits()) -> Content:  # noqa: B008 - frozen
    """All that a reader gives for a file, with what must hold for every block checked."""
    return content_of(open_reader(file, limits))


def content_of(reader: Reader) -> Content:
    """All that a reader gives."""
    rows, rejected, done = [], [], 0
    for block in reader.blocks():
        block.rows.validate(full=True)
        assert block.rejected.schema == REJECTED
        assert done <= block.done <= block.total == reader.file.size
        assert all(len(c) <= reader.limits.chunk_rows for c in block.rows.column(0).chunks)
        done = block.done
        rows += block.rows.to_pylist()
        rejected += [(row["line"], row["reason"], row["raw"]) for row in block.rejected.to_pylist()]
    return Content(rows, rejected, reader)


def read(data: bytes, limits: Limits = Limits()) -> Content:  # noqa: B008 - frozen
    """What is read from a file with these bytes."""
    return with_file(data, lambda path: content(files([path])[0], limits))


def with_file(data: bytes, use: Callable[[Path], Any], name: str = "data") -> Any:
    """The result of ``use`` on a file with these bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        return use(path)


def stored(data: bytes, use: Callable[[Stored], Any]) -> Any:
    """The result of ``use`` on a stream of these bytes."""

    def opened(path: Path) -> Any:
        with Stored(path) as stream:
            return use(stream)

    return with_file(data, opened)
