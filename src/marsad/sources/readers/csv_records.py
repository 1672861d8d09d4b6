"""Records of a CSV text, one at a time: the grammar that `csv_blocks` does the fast form of.

RFC 4180, and one thing more: a quote inside a field that does not begin with one is a letter like
any other. What stands after a closing quote must be the delimiter or the end of the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

_LINE_END = rb"\r\n|\r|\n"


@dataclass(frozen=True)
class Dialect:
    """How fields are told apart. ``delimiter`` is one byte. ``quoting``: ``doubled`` (a quote in
    a quoted field is written twice), ``escaped`` (or with a backslash), or ``none`` (quotes are
    letters, and a record is a line)."""

    delimiter: bytes
    quoting: Literal["doubled", "escaped", "none"] = "doubled"


@dataclass(frozen=True)
class Record:
    """The fields of a record and the place after its line end. ``fields`` is None if there is no
    record here: ``open`` says whether that is because a quote is never closed."""

    fields: list[bytes] | None
    end: int = 0
    open: bool = False


@dataclass(frozen=True)
class _Patterns:
    quoted: re.Pattern[bytes]
    after: re.Pattern[bytes]
    plain: re.Pattern[bytes]


@cache
def _patterns(dialect: Dialect) -> _Patterns:
    delimiter = re.escape(dialect.delimiter)
    inside = rb'(?:[^"\\]++|\\.|"")*+' if dialect.quoting == "escaped" else rb'(?:[^"]++|"")*+'
    return _Patterns(
        quoted=re.compile(rb'"(' + inside + rb')(")?', re.DOTALL),
        after=re.compile(rb"(" + delimiter + rb")|" + _LINE_END + rb"|\Z"),
        plain=re.compile(rb"[^\r\n" + delimiter + rb"]*+"),
    )


def read_record(data: memoryview | bytes, place: int, dialect: Dialect) -> Record:
    """The record that begins at ``place``."""
    patterns = _patterns(dialect)
    fields: list[bytes] = []
    while True:
        if dialect.quoting != "none" and data[place : place + 1] == b'"':
            quoted = patterns.quoted.match(data, place)
            if quoted is None or not quoted[2]:
                return Record(None, open=True)
            fields.append(_unquoted(quoted[1], dialect))
            place = quoted.end()
        else:
            plain = patterns.plain.match(data, place)
            assert plain is not None  # the pattern matches nothing, too
            fields.append(plain[0])
            place = plain.end()
        after = patterns.after.match(data, place)
        if after is None:
            return Record(None)
        place = after.end()
        if not after[1]:
            return Record(fields, place)


def _unquoted(inside: bytes, dialect: Dialect) -> bytes:
    if dialect.quoting == "escaped":
        return re.sub(rb'\\(["\\])|"(")', rb"\1\2", inside)
    return inside.replace(b'""', b'"')
