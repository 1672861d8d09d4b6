"""CSV and TSV with a header; columns are known by the names that lists in use give them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, TextIO

from marsad.banks.bank import Bank
from marsad.banks.formats.format import Bad, Item, Lines, ListFormat, Row, bad

VALUES: Mapping[str, str | None] = {
    "value": None, "entry": None, "pattern": None, "indicator": None,
    "phrase": "phrases", "phrases": "phrases", "keyword": "phrases", "term": "phrases",
    "url": "links", "urls": "links", "link": "links", "links": "links", "uri": "links",
    "domain": "domains", "domains": "domains", "host": "domains", "hostname": "domains",
    "text": "texts", "texts": "texts",
    "short": "redirects", "short_url": "redirects", "short_link": "redirects",
    "account": "accounts", "accounts": "accounts", "account_id": "accounts",
    "subject": "accounts", "subject_id": "accounts",
    "hash": "hashes", "hashes": "hashes", "hash_digest": "hashes", "digest": "hashes",
}  # fmt: skip
"""Columns that hold the entry → the kind that their name says."""

_FIELDS = {
    "note": "note", "comment": "note", "public_comment": "note", "description": "note",
    "source": "source", "added": "added", "created_on": "added", "withdrawn": "withdrawn",
}  # fmt: skip
_OPTIONS = {
    "target": "target", "long_url": "target", "expanded_url": "target", "destination": "target",
    "algorithm": "algorithm", "hash_type": "algorithm",
}  # fmt: skip
_WRITTEN_FIELDS = ("note", "source", "added", "withdrawn")
_COLUMN = {
    "phrases": "phrase", "links": "url", "domains": "domain", "texts": "text",
    "redirects": "short", "accounts": "account", "hashes": "hash",
}  # fmt: skip
_DELIMITERS = ",\t;|"
_MAX_FIELD = 131_072


class Table(ListFormat):
    """CSV or TSV (also ``;`` and ``|``) whose header names a column for the entry.

    Columns for note, source, dates and target are known by name; others are kept as options, which
    a CSV file carries as text.
    """

    name: ClassVar[str] = "csv"
    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".tsv")

    @classmethod
    def recognise(cls, head: Sequence[str]) -> bool:
        names = header_names(head[0]) if head else []
        return any(name in VALUES for name in names)

    @classmethod
    def read(cls, lines: Lines, kind: str | None) -> Iterator[Item]:
        rows = read_rows(lines)
        header = next(rows, None)
        if not isinstance(header, tuple):
            return
        names = [_plain_name(name) for name in header[1]]
        column = _value_column(names, kind)
        for row in rows:
            yield _row(names, column, *row) if isinstance(row, tuple) else row

    @classmethod
    def write(cls, bank: Bank, out: TextIO) -> int:
        extra = sorted({name for entry in bank.entries for name in entry.options})
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([_COLUMN[bank.kind], *_WRITTEN_FIELDS, *extra])
        for entry in bank.entries:
            fields = [getattr(entry, name) for name in ("value", *_WRITTEN_FIELDS)]
            writer.writerow([*fields, *(_cell(entry.options.get(name, "")) for name in extra)])
        return 0


def header_names(line: str) -> list[str]:
    """The column names in a header line, in lower case without quotes, whatever divides them."""
    try:
        cells = next(csv.reader([line], delimiter=_delimiter(line)), [])
    except csv.Error:
        return []
    return [_plain_name(cell) for cell in cells]


def read_rows(lines: Lines) -> Iterator[tuple[int, list[str]] | Bad]:
    """Cells of each row with the number of its first line, header included; empty rows left out."""
    numbered = iter(lines)
    first = next(numbered, None)
    if first is None:
        return
    place = _Place(numbered, first)
    reader = csv.reader(place, delimiter=_delimiter(first[1]), strict=True)
    while True:
        start = place.next
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield bad(start, "row", place.last, error=str(error))
            continue
        if any(cell.strip() for cell in cells):
            yield start, cells


class _Place:
    """Feeds lines to the reader and remembers where it is."""

    def __init__(self, lines: Iterator[tuple[int, str]], first: tuple[int, str]) -> None:
        self._lines, self._ahead = lines, [first]
        self.next, self.last = first[0], ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, self.last = self._ahead.pop() if self._ahead else next(self._lines)
        self.next = number + 1
        return self.last + "\n"


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _plain_name(cell: str) -> str:
    return cell.strip().strip('"').lstrip("#").strip().lower().replace(" ", "_").replace("-", "_")


def _value_column(names: Sequence[str], kind: str | None) -> int:
    """The column of the entry: one named for the kind asked for, else the first that may be it."""
    known = [place for place, name in enumerate(names) if name in VALUES]
    of_kind = [place for place in known if kind and VALUES[names[place]] == kind]
    return (of_kind or known)[0]


def _row(names: Sequence[str], column: int, line: int, cells: Sequence[str]) -> Item:
    if not column < len(cells) <= len(names):
        return bad(line, "columns", ",".join(cells), columns=len(cells), expected=len(names))
    fields: dict[str, str] = {}
    options: dict[str, str] = {}
    for place, (name, cell) in enumerate(zip(names, cells, strict=False)):
        if place == column or not cell:
            continue
        if name in _FIELDS:
            fields.setdefault(_FIELDS[name], cell.strip())
        elif name:
            options.setdefault(_OPTIONS.get(name, name), cell.strip())
    return Row(line, cells[column], VALUES[names[column]], options=options, **fields)


def _cell(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


csv.field_size_limit(_MAX_FIELD)
