"""Records of a CSV text by the block: the fast form of the grammar in `csv_records`.

Where every quote stands where the grammar wants one, records and their fields are found with numpy
(`csv_fields`). Where one does not, the few lines around it are read one record at a time. Both give
the same rows, so it does not matter where blocks begin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from marsad.sources.readers.columns import LINE
from marsad.sources.readers.csv_fields import (
    Fields,
    Mask,
    delimiter_places,
    quote_places,
    record_begins,
)
from marsad.sources.readers.csv_records import Dialect, read_record
from marsad.sources.readers.lines import Lines, Places, blank_lines, wrong_bytes
from marsad.sources.readers.reader import Rejected, shown

_MOST_SLOW = 64
_SMALLEST_WINDOW = 256
_GROWTH = 4
UNBALANCED = "unbalanced-quote"
WRONG_NUMBER = "wrong-number-of-fields"


class Found(NamedTuple):
    """What lines hold: rows with their line numbers, rejected rows, and how many of the lines that
    is; the lines after these are the beginning of a record that goes on in the next block."""

    rows: pa.Table
    rejected: list[Rejected]
    lines: int


_line = itemgetter(0)


@dataclass
class _Parts:
    """Rows in the making, in the order of the file: tables, and rows read one at a time."""

    schema: pa.Schema
    tables: list[pa.Table] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    fields: list[list[str]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)

    def add_table(self, table: pa.Table) -> None:
        self.close()
        self.tables.append(table)

    def add_row(self, number: int, fields: list[str]) -> None:
        self.numbers.append(number)
        self.fields.append(fields)

    def close(self) -> None:
        """Make a table of the rows that were read one at a time."""
        if self.numbers:
            columns = [self.numbers, *zip(*self.fields, strict=True)]
            arrays = [
                pa.array(values, kind.type)
                for values, kind in zip(columns, self.schema, strict=True)
            ]
            self.tables.append(pa.table(arrays, self.schema))
            self.numbers, self.fields = [], []

    def table(self) -> pa.Table:
        self.close()
        if not self.tables:
            return self.schema.empty_table()
        return pa.concat_tables(self.tables)


@dataclass(frozen=True)
class _Work:
    """Lines being read, and what is known of each: its bytes are wrong, it is blank."""

    lines: Lines
    wrong: Mapping[int, str]
    wrong_lines: Places
    blank: Mask
    parts: _Parts

    def reject_line(self, i: int, reason: str) -> None:
        """Reject one line, for what is wrong with its bytes if there is anything."""
        self.reject(i, i + 1, self.wrong.get(i, reason))

    def reject(self, i: int, j: int, reason: str) -> None:
        """Reject lines i to j (not included) as one row."""
        raw = shown(self.lines.data[self.lines.starts[i] : self.lines.starts[j]])
        self.parts.rejected.append(Rejected(self.lines.first + i, reason, raw))


class CsvBlocks:
    """The records of lines, for one dialect and set of columns.

    ``limit`` bounds a record, in bytes; one that is longer is none, and its first line is
    rejected as ``unbalanced-quote``.
    """

    def __init__(self, dialect: Dialect, columns: tuple[str, ...], limit: int) -> None:
        self._dialect = dialect
        self._columns = columns
        self._limit = limit + len(b"\r\n")
        self.schema = pa.schema(
            [pa.field(LINE, pa.int64()), *(pa.field(name, pa.string()) for name in columns)]
        )

    def read(self, lines: Lines, final: bool) -> Found:
        """The records of ``lines``, the first of which begins one. ``final``: no more will come,
        so that a record left open is none."""
        work = self._work(lines)
        place, window, slow = 0, len(lines), 1
        while place < len(lines):
            done = self._fast(work, place, min(len(lines), place + window))
            place += done
            if done == window:
                window *= _GROWTH
            elif place < len(lines):
                # Broken records mostly stand alone; where they do not, go on one by one for longer.
                slow = 1 if done else min(slow * _GROWTH, _MOST_SLOW)
                done = self._slow(work, place, slow, final)
                if not done:
                    break
                place += done
                window = _SMALLEST_WINDOW
        return Found(work.parts.table(), sorted(work.parts.rejected, key=_line), place)

    def _work(self, lines: Lines) -> _Work:
        wrong = wrong_bytes(lines)
        blank = blank_lines(lines, b" \r\n" if self._dialect.delimiter == b"\t" else b" \t\r\n")
        places = np.array(sorted(wrong), np.int64)
        return _Work(lines, wrong, places, blank, _Parts(self.schema))

    # One record at a time

    def _slow(self, work: _Work, i: int, count: int, final: bool) -> int:
        """Read so many records from line i on; returns how many lines they are."""
        place = i
        for _ in range(count):
            done = self._record(work, place, final) if place < len(work.lines) else 0
            if not done:
                break
            place += done
        return place - i

    def _record(self, work: _Work, i: int, final: bool) -> int:
        """Read the record at line i. A line that begins none is rejected alone, and the next one
        may begin one again. Returns the number of lines; 0 if the record goes on after them."""
        if work.blank[i]:
            return 1
        lines = work.lines
        start, length = int(lines.starts[i]), len(lines.data)
        record = read_record(lines.data.data, start, self._dialect)
        if record.open and not final and length - start <= self._limit:
            return 0
        if record.fields is None or record.end - start > self._limit:
            work.reject_line(i, UNBALANCED)
            return 1
        j = int(np.searchsorted(lines.starts, record.end))
        reason = next((work.wrong[k] for k in range(i, j) if k in work.wrong), None)
        if reason:
            work.reject(i, j, reason)
        elif self._fits(record.fields):
            taken = record.fields[: len(self._columns)]
            work.parts.add_row(lines.first + i, [field.decode() for field in taken])
        else:
            work.reject_line(i, WRONG_NUMBER if j - i == 1 else UNBALANCED)
            return 1
        return j - i

    def _fits(self, fields: Sequence[bytes]) -> bool:
        """Whether a record has a field for each column, and beyond these only empty ones: what a
        delimiter at its end makes, and a spreadsheet of columns that are empty."""
        letters = b"" if self._dialect.quoting == "none" else b'"'
        size = len(self._columns)
        return len(fields) >= size and not any(each.strip(letters) for each in fields[size:])

    # By the block

    def _fast(self, work: _Work, i: int, j: int) -> int:
        """Read the records between lines i and j, up to the first that is not regular; returns
        how many lines they are.

        A record of several lines with the wrong number of fields ends what can be read here, too:
        its first line alone is rejected, and what follows read anew.
        """
        if self._dialect.quoting == "escaped":
            return 0
        next_wrong = work.wrong_lines[np.searchsorted(work.wrong_lines, i) :]
        lines = work.lines.part(i, min(j, int(next_wrong[0])) if len(next_wrong) else j)
        quotes = quote_places(lines.data, self._dialect)
        begins = record_begins(lines, quotes, self._dialect, self._limit)
        blank = work.blank[i + begins[:-1]]
        delimiters = delimiter_places(lines.data[: lines.starts[begins[-1]]], quotes, self._dialect)
        size = len(self._columns)
        fields = Fields.of(lines, begins, blank, delimiters).without_empty_extra(size, quotes)
        wrong = fields.sizes != size
        first_lines, lengths = begins[:-1][~blank], np.diff(begins)[~blank]
        long = np.flatnonzero(wrong & (lengths > 1))
        before = np.arange(len(wrong)) < (long[0] if len(long) else len(wrong))
        self._add(work, lines.first + first_lines, fields, before & ~wrong, quotes)
        for k in first_lines[before & wrong].tolist():
            work.reject_line(i + k, WRONG_NUMBER)
        return int(first_lines[long[0]] if len(long) else begins[-1])

    def _add(
        self, work: _Work, numbers: Places, fields: Fields, right: Mask, quotes: Places
    ) -> None:
        """Add the records that are right as a table."""
        if right.any():
            columns = fields.where(right).columns(len(self._columns), quotes)
            work.parts.add_table(pa.table([numbers[right], *columns], self.schema))
