"""Records of a CSV text by the block: the fast form of the grammar in `csv_records`.

Where every quote stands where the grammar wants one, records are found with numpy and parsed by
pyarrow. Where one does not, or a record has the wrong number of fields, the few lines around it
are read one record at a time. Both give the same rows, so it does not matter where blocks begin.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from marsad.sources.readers.columns import LINE
from marsad.sources.readers.csv_records import Dialect, read_record
from marsad.sources.readers.lines import Bytes, Lines, Places, blank_lines, wrong_bytes
from marsad.sources.readers.reader import Rejected, shown

_QUOTE, _LF, _CR = 34, 10, 13
_SLOW_RECORDS = 64
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
    blank: npt.NDArray[np.bool_]
    slow: Places
    """Lines that pyarrow must not see: wrong ones, blank ones that are not empty, and those that
    begin with a byte order mark, which it would take away."""
    parts: _Parts

    def reject_line(self, i: int, reason: str) -> None:
        """Reject one line, for what is wrong with its bytes if there is anything."""
        self.reject(i, i + 1, self.wrong.get(i, reason))

    def reject(self, i: int, j: int, reason: str) -> None:
        """Reject lines i to j (not included) as one row."""
        raw = shown(self.lines.data[self.lines.starts[i] : self.lines.starts[j]])
        self.parts.rejected.append(Rejected(self.lines.first + i, reason, raw))


@dataclass(frozen=True)
class _Records:
    """Records that stand one after another: the lines they begin in (blank lines left out), where
    their bytes begin and end, and how many lines these are."""

    first_lines: Places
    starts: Places
    ends: Places
    lines: Places
    taken: int


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
        place, window = 0, len(lines)
        while place < len(lines):
            done = self._fast(work, place, min(len(lines), place + window))
            place += done
            if done == window:
                window *= _GROWTH
            elif place < len(lines):
                done = self._slow(work, place, final)
                if not done:
                    break
                place += done
                window = _SMALLEST_WINDOW
        return Found(work.parts.table(), sorted(work.parts.rejected), place)

    def _work(self, lines: Lines) -> _Work:
        wrong = wrong_bytes(lines)
        blank = blank_lines(lines, b" \r\n" if self._dialect.delimiter == b"\t" else b" \t\r\n")
        leads = lines.data[lines.starts[:-1]]
        not_empty = np.flatnonzero(blank & (leads != _LF) & (leads != _CR))
        slow = {*not_empty.tolist(), *wrong, *_marked(lines, leads)}
        return _Work(lines, wrong, blank, np.array(sorted(slow), np.int64), _Parts(self.schema))

    # One record at a time

    def _slow(self, work: _Work, i: int, final: bool) -> int:
        """Read some records from line i on; returns how many lines they are."""
        place = i
        for _ in range(_SLOW_RECORDS):
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
        elif len(record.fields) == len(self._columns):
            work.parts.add_row(lines.first + i, [field.decode() for field in record.fields])
        else:
            work.reject_line(i, WRONG_NUMBER if j - i == 1 else UNBALANCED)
            return 1
        return j - i

    # By the block

    def _fast(self, work: _Work, i: int, j: int) -> int:
        """Read the records between lines i and j, up to the first that is not regular; returns
        how many lines they are."""
        if self._dialect.quoting == "escaped":
            return 0
        next_slow = work.slow[np.searchsorted(work.slow, i) :]
        lines = work.lines.part(i, min(j, int(next_slow[0])) if len(next_slow) else j)
        records = self._regular(lines, work.blank[i : i + len(lines)])
        if not len(records.first_lines):
            return records.taken
        table, invalid = self._parse(lines.data[: lines.starts[records.taken]])
        if table is None or invalid or table.num_rows != len(records.first_lines):
            return self._with_wrong_sizes(work, i, lines, records)
        self._add(work, lines, records.first_lines, table)
        return records.taken

    def _with_wrong_sizes(self, work: _Work, i: int, lines: Lines, records: _Records) -> int:
        """The same where some records have the wrong number of fields. One that is longer than a
        line ends what can be read here: its first line alone is rejected, and what follows read
        anew."""
        wrong = self._sizes(lines, records) != len(self._columns)
        long = np.flatnonzero(wrong & (records.lines > 1))
        count = int(long[0]) if len(long) else len(wrong)
        taken = int(records.first_lines[count]) if len(long) else records.taken
        wrong, first_lines = wrong[:count], records.first_lines[:count]
        right = first_lines[~wrong]
        if len(right):
            table, _ = self._parse(lines.data[: lines.starts[taken]])
            if table is None or table.num_rows != len(right):
                return 0  # pyarrow reads something otherwise than the grammar does
            self._add(work, lines, right, table)
        for k in first_lines[wrong].tolist():
            work.reject_line(i + k, WRONG_NUMBER)
        return taken

    def _add(self, work: _Work, lines: Lines, first_lines: Places, table: pa.Table) -> None:
        numbers = pa.chunked_array([pa.array(lines.first + first_lines)])
        work.parts.add_table(pa.table([numbers, *table.columns], self.schema))

    def _regular(self, lines: Lines, blank: npt.NDArray[np.bool_]) -> _Records:
        """The records up to the first that has a quote out of its place or is too long."""
        outside, taken = self._outside(lines)
        begins = np.append(np.flatnonzero(outside[:taken]), taken)
        too_long = np.flatnonzero(np.diff(lines.starts[begins]) > self._limit)
        if len(too_long):
            taken = int(begins[too_long[0]])
            begins = begins[: too_long[0] + 1]
        full = ~blank[begins[:-1]]
        return _Records(
            first_lines=begins[:-1][full],
            starts=lines.starts[begins[:-1]][full],
            ends=lines.starts[begins[1:]][full],
            lines=np.diff(begins)[full],
            taken=taken,
        )

    def _outside(self, lines: Lines) -> tuple[npt.NDArray[np.bool_], int]:
        """Which lines begin outside of quotes, and up to which line that is sure: the one where
        the record begins that has the first quote out of its place, or that is not closed."""
        quotes = np.flatnonzero(lines.data == _QUOTE)
        if self._dialect.quoting == "none" or not len(quotes):
            return np.ones(len(lines) + 1, np.bool_), len(lines)
        outside = np.searchsorted(quotes, lines.starts) % 2 == 0
        misplaced = quotes[~self._in_place(lines.data, quotes)]
        last = len(lines)
        if len(misplaced):
            last = int(np.searchsorted(lines.starts, misplaced[0], side="right")) - 1
        return outside, int(np.flatnonzero(outside[: last + 1])[-1])

    def _in_place(self, data: Bytes, quotes: Places) -> npt.NDArray[np.bool_]:
        """Which quotes stand where they may: an opening one after a delimiter or line end, a
        closing one before such, or both side by side, which is a quote in the field."""
        side_by_side = np.diff(quotes) == 1
        right = np.empty(len(quotes), np.bool_)
        opening, closing = quotes[::2], quotes[1::2]
        right[::2] = self._separates(data[opening - 1]) | (opening == 0)
        right[2::2] |= side_by_side[1::2]
        after = np.minimum(closing + 1, len(data) - 1)
        right[1::2] = self._separates(data[after]) | (closing == len(data) - 1)
        right[1:-1:2] |= side_by_side[1::2]
        return right

    def _separates(self, values: Bytes) -> npt.NDArray[np.bool_]:
        found: npt.NDArray[np.bool_] = (values == self._dialect.delimiter[0]) | (values == _LF)
        found |= values == _CR
        return found

    def _sizes(self, lines: Lines, records: _Records) -> Places:
        """The number of fields of each record: its delimiters outside of quotes, and one."""
        data = lines.data[: lines.starts[records.taken]]
        delimiters = data == self._dialect.delimiter[0]
        if self._dialect.quoting != "none":
            delimiters &= np.cumsum(data == _QUOTE, dtype=np.uint8) % 2 == 0
        places = np.flatnonzero(delimiters)
        return np.searchsorted(places, records.ends) - np.searchsorted(places, records.starts) + 1

    def _parse(self, data: Bytes) -> tuple[pa.Table | None, int]:
        """The records as columns of text, and how many had the wrong number of fields; None if
        pyarrow finds no way to read them."""
        invalid = []

        def skip(row: Any) -> str:
            invalid.append(row.actual_columns)
            return "skip"

        reading = pa_csv.ReadOptions(
            use_threads=False, block_size=len(data) + 1, column_names=self._columns
        )
        parsing = pa_csv.ParseOptions(
            delimiter=self._dialect.delimiter.decode(),
            quote_char=False if self._dialect.quoting == "none" else '"',
            newlines_in_values=self._dialect.quoting != "none",
            invalid_row_handler=skip,
        )
        converting = pa_csv.ConvertOptions(
            column_types=dict.fromkeys(self._columns, pa.string()),
            strings_can_be_null=False,
            check_utf8=False,  # every line has been checked
        )
        source = pa.BufferReader(pa.py_buffer(data))
        try:
            return pa_csv.read_csv(source, reading, parsing, converting), len(invalid)
        except pa.ArrowInvalid:
            return None, len(invalid)


def _marked(lines: Lines, leads: Bytes) -> list[int]:
    """The lines that begin with a byte order mark."""
    candidates = np.flatnonzero(leads == codecs.BOM_UTF8[0]).tolist()
    return [i for i in candidates if lines.line(i)[:3].tobytes() == codecs.BOM_UTF8]
