"""No bytes at all crash a reader, and what a file holds is taken or rejected, never lost."""

from __future__ import annotations

import gzip
import re

from hypothesis import given
from hypothesis import strategies as st

from marsad.records.errors import InputError
from marsad.sources.readers import Limits, Reader, files, open_reader
from tests.sources.readers.reading import Content, content_of, with_file

FRAGMENTS = [
    b'{"a":1}', b'{"a":"\xd8\xb3"}', b"[", b"]", b"{", b"}", b",", b";", b"\t", b'"', b"'", b"a,b",
    b"id,text", b"\n", b"\r\n", b"\r", b"\n\n", b" ", b"\0", b"\xff", b"\xd8", b"\xed\xa0\x80",
    b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"<html>", b"PAR1", b"ARROW1", b"PK\x03\x04",
    b"\x1f\x8b\x08", b"sep=;\n", b'"data":[', b'"messages":[', b"\\", b"1,2", "مرحبا".encode(),
    "مرحبا".encode("windows-1256"), "a\nb".encode("utf-16-le"), b"x" * 70,
]  # fmt: skip
anything = st.binary(max_size=60) | st.lists(st.sampled_from(FRAGMENTS), max_size=14).map(b"".join)
LIMITS = Limits(line_bytes=64)


def contents(data: bytes, limits: Limits) -> list[Content] | str:
    """What is read from every file in a file with these bytes, or the id of the error."""

    def use(path):
        return [_checked(open_reader(file, limits)) for file in files([path])]

    try:
        return with_file(data, use)
    except InputError as error:
        return error.message.id


def _checked(reader: Reader) -> Content:
    sample = reader.sample(3)
    assert sample.layout == reader.layout
    if sample.layout == "table":
        assert tuple(sample.rows.column_names) == reader.columns
        assert sample.rows.num_rows <= 3
    return content_of(reader)


@given(anything)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    whole = contents(data, LIMITS)
    parts = contents(data, Limits(block_bytes=9, line_bytes=64, chunk_rows=2))
    if isinstance(whole, str):
        assert whole == parts
        return
    assert [(found.rows, found.rejected) for found in whole] == [
        (found.rows, found.rejected) for found in parts
    ]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map(b"".join))
def test_every_line_is_taken_rejected_or_blank(data: bytes) -> None:
    """Of text with one record a line: no quotes, which join lines, and no JSON documents."""
    data = re.sub(rb'["\[{]', b"", data)
    found = contents(b"a,b\n" + data, LIMITS)
    assert not isinstance(found, str)
    [only] = found
    if only.reader.encoding != "utf-8":
        return
    numbers = [row["line"] for row in only.rows] + [line for line, _ in only.reasons]
    lines = re.split(rb"\r\n|\r|\n", b"a,b\n" + data)
    # A line of tabs is blank, or a row of empty fields if tabs tell fields apart.
    full = [n for n, line in enumerate(lines, 1) if line.strip(b" \t\r\n")]
    tabs = [n for n, line in enumerate(lines, 1) if line.strip(b" \r\n") and n not in full]
    no_header = any(warning.id == "read.no_header" for warning in only.reader.warnings)
    header = [] if no_header else full[:1]
    assert sorted({*numbers, *header} - {*tabs}) == full
    assert len({*numbers, *header}) == len(numbers) + len(header)


@given(anything)
def test_compressed_bytes_are_read_alike(data: bytes) -> None:
    plain, packed = contents(data, LIMITS), contents(gzip.compress(data), LIMITS)
    if isinstance(plain, str) or isinstance(packed, str):
        assert plain == packed
    else:
        assert [found.rows for found in plain] == [found.rows for found in packed]
        assert [found.rejected for found in plain] == [found.rejected for found in packed]
