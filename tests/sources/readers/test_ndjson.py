"""One JSON value a line: the fast path against a plain reader, and lines that cannot be taken."""

from __future__ import annotations

import json
import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.sources.readers import Limits, files
from marsad.sources.readers.encoding import Encoding
from marsad.sources.readers.ndjson import Ndjson
from tests.sources.readers.reading import SMALL, Content, content_of, read, with_file

values = st.dictionaries(st.text(max_size=3), st.text() | st.integers() | st.none(), max_size=3)
good_lines = st.builds(lambda v, a: json.dumps(v, ensure_ascii=a).encode(), values, st.booleans())
bad_lines = st.sampled_from(
    [b"", b" \t", b"{", b'{"a": "\xed\xa0\x80"}', b'{"a":\0}', b"\xff", b"x" * 5000, b'{"cut": "of']
)
CUT = (b"{", b'{"cut": "of')
line_ends = st.sampled_from([b"\n", b"\r\n", b"\r"])
LINE = re.compile(rb"[^\r\n]*(\r\n|\r|\n|\Z)")


def ndjson(data: bytes, limits: Limits = SMALL, encoding: str = "utf-8") -> Content:
    """The bytes read as lines of JSON, whatever they look like."""

    def use(path):
        return content_of(Ndjson(files([path])[0], limits, Encoding(encoding), pages=False))

    return with_file(data, use)


def one_by_one(data: bytes, limit: int):
    """The reference: a loop over lines."""
    rows, rejected = [], []
    for number, line in enumerate((found[0] for found in LINE.finditer(data)), 1):
        text = line.rstrip(b"\r\n")
        if not text.strip(b" \t"):
            continue
        if len(text) > limit:
            rejected.append((number, "line-too-long"))
        elif line == text and text in CUT:
            rejected.append((number, "json-cut-off"))
        elif b"\0" in text:
            rejected.append((number, "nul-bytes"))
        else:
            try:
                rows.append((number, text.decode().strip(" \t")))
            except UnicodeDecodeError:
                rejected.append((number, "not-utf8"))
    return rows, rejected


@given(
    st.lists(st.tuples(good_lines | bad_lines, line_ends)),
    st.booleans(),
    st.integers(1, 200),
)
def test_the_fast_path_equals_a_plain_reader(lines, last_end: bool, block: int) -> None:
    data = b"".join(line + end for line, end in lines)
    data = data if last_end else data.rstrip(b"\r\n")
    limits = Limits(block_bytes=block, line_bytes=1000, chunk_rows=2)
    found = ndjson(data, limits)
    assert (found.texts, found.reasons) == one_by_one(data, 1000)


WHOLE = b'{"id": "1", "text": "plums \xd8\xb3", "n": [1, true]}'


@pytest.mark.parametrize("before", [b"", WHOLE + b"\n", WHOLE + b"\n" + WHOLE + b"\n"])
@pytest.mark.parametrize("cut", range(1, len(WHOLE)))
def test_a_file_cut_anywhere_has_one_reason(before: bytes, cut: int) -> None:
    found = read(before + WHOLE[:cut])
    assert found.reasons == [(before.count(b"\n") + 1, "json-cut-off")]
    assert len(found.rows) == before.count(b"\n")


@pytest.mark.parametrize("last", [b"plums", b"{]", b"{} x", b"  ", b"[1]"])
def test_a_last_line_without_an_end_may_be_wrong_otherwise(last: bytes) -> None:
    assert ndjson(WHOLE + b"\n" + last).reasons == []


def test_rows_lie_in_the_buffer_that_was_read() -> None:
    data = b"".join(b'{"n": %d}\n' % i for i in range(1000))

    def buffers(path):
        [block] = Ndjson(
            files([path])[0], Limits(chunk_rows=100), Encoding("utf-8"), False
        ).blocks()
        return block.rows.column("json")

    column = with_file(data, buffers)
    assert column.num_chunks == 10
    assert len({chunk.buffers()[2].address for chunk in column.chunks}) == 1
    assert column.type == pa.string()


@pytest.mark.parametrize(
    ("data", "texts", "reasons"),
    [
        (b'{"a":1}\n{"a":2}\n', [(1, '{"a":1}'), (2, '{"a":2}')], []),
        (b'\n\n{"a":1}\n \t \n{"a":2}', [(3, '{"a":1}'), (5, '{"a":2}')], []),
        (
            b'{"a":1}\r{"a":2}\r\n{"a":3}\n\r\n',
            [(1, '{"a":1}'), (2, '{"a":2}'), (3, '{"a":3}')],
            [],
        ),
        (b'{"a":1}\n{"a":"\xff"}\n{"a":3}\n', [(1, '{"a":1}'), (3, '{"a":3}')], [(2, "not-utf8")]),
        (b'{"a":1}\n{"\0":2}\n{"a":3}\n', [(1, '{"a":1}'), (3, '{"a":3}')], [(2, "nul-bytes")]),
        (b'{"a":1}\n{"a":\n{"a":3}\n', [(1, '{"a":1}'), (2, '{"a":'), (3, '{"a":3}')], []),
        (
            b'\xef\xbb\xbf{"a":1}\n{"a":2}\n',
            [(1, '{"a":1}'), (2, '{"a":2}')],
            [],
        ),
        (
            b'{"a":"\\ud83d"}\n{"a":2}\n',
            [(1, '{"a":"\\ud83d"}'), (2, '{"a":2}')],
            [],
        ),
    ],
    ids=[
        "plain",
        "blank",
        "mixed ends",
        "wrong byte",
        "nul",
        "cut off",
        "mark",
        "escaped surrogate",
    ],
)
def test_lines(data: bytes, texts, reasons) -> None:
    for limits in (Limits(), SMALL, Limits(block_bytes=1, chunk_rows=1)):
        found = read(data, limits)
        assert (found.texts, found.reasons) == (texts, reasons)
        assert found.reader.layout == "json"


def test_a_long_line_is_rejected_with_its_beginning() -> None:
    data = b'{"a":1}\n{"a":"' + b"x" * 5000 + b'"}\n{"a":3}\n'
    found = read(data, SMALL)
    assert found.texts == [(1, '{"a":1}'), (3, '{"a":3}')]
    [(line, reason, raw)] = found.rejected
    assert (line, reason) == (2, "line-too-long")
    assert raw is not None
    assert raw.startswith('{"a":"xxx')


def test_a_first_line_longer_than_the_sample() -> None:
    data = b'{"n": 1, "t": "' + b"x" * 500 + b'"}\n{"n": \n{"n": 3}\n'
    found = read(data, Limits(sample_bytes=100))
    assert isinstance(found.reader, Ndjson)
    assert [line for line, _ in found.texts] == [1, 2, 3]


def test_a_sample_holds_parsed_values() -> None:
    data = b"".join(b'{"n": %d}\n{"n": \n' % i for i in range(5000))
    sample = read(data).reader
    assert sample.encoding == "utf-8"

    def use(path):
        from marsad.sources.readers import open_reader

        return open_reader(files([path])[0]).sample(10)

    assert with_file(data, use).objects == tuple({"n": n} for n in range(5))


@pytest.mark.parametrize("blank", [b"\n", b" \r\n"])
def test_rows_after_more_blank_lines_than_are_looked_at(blank: bytes) -> None:
    assert len(read(blank * (1 << 20) + b'{"n": 1}\n{"n": 2}\n').rows) == 2
    table = read(blank * (1 << 20) + b"name,number\nfig,1\nplum,2\n")
    assert table.cells == [["fig", "1"], ["plum", "2"]]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "windows-1256"])
def test_the_encoding_of_rows_after_blank_lines_is_theirs(encoding: str) -> None:
    text = "الاسم,العمر\nسارة من القاهرة,30\nليلى والقمر,31\n"
    found = read(("\n" * (3 << 20) + text).encode(encoding))
    assert [row["الاسم"] for row in found.rows] == ["سارة من القاهرة", "ليلى والقمر"]
