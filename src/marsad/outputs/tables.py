"""Tables to files: CSV that a spreadsheet can open without harm, and Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

_STARTS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_PASSED_OVER = (
    " \u00a0\u061c\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
"""What nobody sees at the beginning of a text, directions of writing among it."""
_UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(127, 160)])


def write_csv(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    """Rows as CSV (RFC 4180, UTF-8, header); returns how many.

    A text that a spreadsheet would compute (it begins with ``=``, ``+``, ``-``, ``@`` or their wide
    forms, spaces aside) gets an apostrophe before it, which spreadsheets show nothing of. Lists are
    joined by spaces, times are ISO 8601 in UTC.
    """
    count = 0
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(schema.names)
        for batch in batches:
            columns = [column.to_pylist() for column in batch.columns]
            writer.writerows(_cells(zip(*columns, strict=True)))
            count += batch.num_rows
    return count


def csv_text(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as the lines that `write_csv` writes of them."""
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(_cells(rows))
    return lines.getvalue()


def write_parquet(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> int:
    """Rows as Parquet; returns how many."""
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def _cells(rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    return ([_cell(value) for value in row] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S") + _fraction(value) + "Z"
    if isinstance(value, list):
        return harmless(" ".join(str(item) for item in value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value


def _fraction(time: datetime) -> str:
    return f".{time.microsecond:06d}" if time.microsecond else ""


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula, without control characters."""
    shown = text.translate(_UNPRINTABLE)
    starts = shown.lstrip(_PASSED_OVER)
    return f"'{shown}" if starts.startswith(_STARTS_FORMULA) else shown
