"""What the columnar forms (Parquet, Arrow) have in common: random access, plain column types."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np
import pyarrow as pa

from marsad.records.errors import InputError
from marsad.sources.readers.columns import LINE, named
from marsad.sources.readers.files import InputFile
from marsad.sources.readers.reader import Limits, Reader, Rejected, chunked
from marsad.sources.readers.spool import MOST_SPOOLED, spooled
from marsad.sources.readers.streams import Peeked
from marsad.sources.source import Layout, RawBlock

BROKEN = (pa.ArrowException, OSError, ValueError)
"""What pyarrow raises for a file that is not what it says."""


class Piece(NamedTuple):
    """Some rows of a file, or why they and those up to ``lost`` rows on cannot be read."""

    rows: pa.RecordBatch | None
    lost: int = 0
    error: str = ""


class Columnar(Reader):
    """A file of typed columns. They keep their types, nested ones too; dictionaries are decoded,
    and rows are numbered from 1, as there are no lines.

    Raises `InputError` where the file cannot be opened at all: without its footer nothing of it
    can be read. A part that cannot be decoded is one rejected row, ``corrupt-file``, that says
    which rows are lost, and the next part is read.
    """

    layout: Layout = "table"
    form: ClassVar[str]
    magic: ClassVar[bytes]

    def __init__(self, file: InputFile, limits: Limits) -> None:
        super().__init__(file, limits)
        self._fault: str | None = None
        if not self._lies_plain():
            self._unpack()
        schema, self._row_count = self.opened(self.file.path)
        self.columns, self.warnings = named(file.name, schema.names)
        fields = zip(self.columns, schema.types, strict=True)
        self._schema = pa.schema(
            [pa.field(LINE, pa.int64()), *(pa.field(name, plain(type)) for name, type in fields)]
        )

    @abstractmethod
    def open(self, path: Path) -> tuple[pa.Schema, int]:
        """The schema and the number of rows (0 if unknown). Raises what `BROKEN` names."""

    @abstractmethod
    def pieces(self, path: Path) -> Iterator[Piece]:
        """The rows of the file in order."""

    def opened(self, path: Path) -> tuple[pa.Schema, int]:
        """The same as `open`, with an error for the user."""
        try:
            return self.open(path)
        except BROKEN as error:
            raise InputError(
                "input.corrupt", path=self.file.name, form=self.form, error=_short(error)
            ) from error

    def blocks(self) -> Iterator[RawBlock]:
        """The rows of the file in batches."""
        number = 1
        for piece in self.pieces(self.file.path):
            if piece.rows is None:
                last = f"{number}–{number + piece.lost - 1}" if piece.lost else f"{number}–"
                lost = Rejected(number, "corrupt-file", f"{last}: {piece.error}")
                yield self.block(self._schema.empty_table(), [lost], self._done(number))
                number += piece.lost
                continue
            rows = self._numbered(piece.rows, number)
            number += rows.num_rows
            yield self.block(rows, [], self._done(number))
        if self._fault:
            lost = Rejected(number, self._fault, None)
            yield self.block(self._schema.empty_table(), [lost], self.file.size)

    def _done(self, number: int) -> int:
        """Bytes of the file up to row ``number``, as far as rows tell."""
        return self.file.size * min(number - 1, self._row_count) // max(1, self._row_count)

    def _numbered(self, batch: pa.RecordBatch, first: int) -> pa.Table:
        numbers = pa.array(np.arange(first, first + batch.num_rows, dtype=np.int64))
        columns = [as_plain(column) for column in batch.columns]
        return chunked(pa.table([numbers, *columns], self._schema), self.limits.chunk_rows)

    def _unpack(self) -> None:
        """Puts the file on the disk, where it can be read at any place, for as long as it is read;
        notes the fault of the archive it lies in."""
        with self.file.open() as stream:
            copy = spooled(stream, MOST_SPOOLED)
            self._fault = stream.fault
        if copy is None:
            limit = MOST_SPOOLED >> 30
            raise InputError("input.unpacked-too-large", path=self.file.name, limit=limit)
        path = Path(copy.name)
        self.file = InputFile(self.file.name, path, path.stat().st_size, unpacked=copy)

    def _lies_plain(self) -> bool:
        if self.file.member:
            return False
        with Peeked(self.file.stored(), len(self.magic)) as stored:
            return stored.head == self.magic


def plain(kind: pa.DataType) -> pa.DataType:
    """The type of a column as engines take it: without dictionaries, extensions, null."""
    if pa.types.is_dictionary(kind):
        return plain(kind.value_type)
    if isinstance(kind, pa.BaseExtensionType):
        return plain(kind.storage_type)
    if pa.types.is_null(kind):
        return pa.string()
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(part.name, plain(part.type)) for part in _parts(kind)])
    if pa.types.is_large_list(kind):
        return pa.large_list(plain(kind.value_type))
    if pa.types.is_list(kind):
        return pa.list_(plain(kind.value_type))
    return kind


def _parts(kind: pa.StructType) -> Sequence[pa.Field]:
    return [kind.field(i) for i in range(kind.num_fields)]


def as_plain(column: pa.Array) -> pa.Array:
    """A column with the type that `plain` gives it."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    wanted = plain(column.type)
    return column if column.type == wanted else column.cast(wanted)


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
