"""CSV: the fast form against the grammar, Python's own writer, and rows that are broken."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.sources.readers import Limits, files, open_reader
from marsad.sources.readers.csv import Csv
from marsad.sources.readers.csv_blocks import CsvBlocks
from marsad.sources.readers.csv_dialect import Form
from marsad.sources.readers.csv_records import Dialect, read_record
from marsad.sources.readers.encoding import Encoding
from tests.sources.readers.reading import SMALL, Content, content_of, read, with_file

COLUMNS = ("a", "b")
# Every byte that matters to the grammar, and little else, so that it is met in every place.
texts = st.lists(
    st.sampled_from(
        [
            *(
                b'"',
                b'"',
                b",",
                b",",
                b"\n",
                b"\n",
                b"\r\n",
                b"\r",
                b"x",
                b" ",
                b"\t",
                b'""',
                b'",',
            ),
            *(b'"x"', b'"x",', b"x,y\n", b'"x\ny",z\n', b"\0", b"\xff", "س".encode()),
            b"\xef\xbb\xbf",
        ]
    ),
    max_size=40,
).map(b"".join)
dialects = st.builds(
    Dialect, st.sampled_from([b",", b"\t"]), st.sampled_from(["doubled", "doubled", "none"])
)


def table(data: bytes, dialect: Dialect, limits: Limits, columns=COLUMNS) -> Content:
    """The bytes read as a table without a header."""

    def use(path):
        return content_of(
            Csv(files([path])[0], limits, Encoding("utf-8"), Form(dialect, columns, 0))
        )

    return with_file(data, use)


@given(texts, dialects, st.sampled_from([("a",), COLUMNS, ("a", "b", "c")]), st.integers(1, 60))
@example(b'"x\n"\n', Dialect(b","), ("a",), 1)
@example(b'x,"",""""\ny,"",\n', Dialect(b","), ("a",), 60)
@example(b'x,""\ny,\n', Dialect(b",", "none"), ("a",), 60)
def test_the_fast_form_equals_the_grammar(data, dialect, columns, limit) -> None:
    limits = Limits(line_bytes=limit)
    fast = table(data, dialect, limits, columns)
    with patch.object(CsvBlocks, "_fast", lambda *_: 0):
        slow = table(data, dialect, limits, columns)
    assert fast.rows == slow.rows
    assert fast.rejected == slow.rejected


@given(texts, dialects, st.integers(1, 30), st.integers(1, 60))
def test_the_size_of_blocks_changes_nothing(data, dialect, block, limit) -> None:
    whole = table(data, dialect, Limits(line_bytes=limit))
    parts = table(data, dialect, Limits(block_bytes=block, line_bytes=limit, chunk_rows=2))
    assert whole.rows == parts.rows
    assert whole.rejected == parts.rejected


@given(texts, dialects)
def test_every_line_is_accounted_for(data, dialect) -> None:
    """Each line begins a row, is rejected, is blank, or lies inside a row that began before."""
    found = table(data, dialect, Limits())
    numbers = [row["line"] for row in found.rows] + [line for line, _ in found.reasons]
    assert len(set(numbers)) == len(numbers)
    inside = sum(
        len(_line_ends(value))
        for row in found.rows
        for value in row.values()
        if value != row["line"]
    ) + sum(len(_line_ends(raw)) for _, _, raw in found.rejected)
    white = b" \r\n" if dialect.delimiter == b"\t" else b" \t\r\n"
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    blank = sum(not line.strip(white) for line in lines)
    full = len(lines) - blank
    # A blank line inside a quoted field is no blank line.
    assert full <= len(numbers) + inside <= full + blank


def _line_ends(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[1:]


cells = st.text(st.sampled_from("ab\"',;\t\n\r |\\سé#"), max_size=6)
rows = st.integers(2, 4).flatmap(
    lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=12)
)


@given(rows, st.sampled_from(",\t;|"), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_what_python_writes_is_read_back(rows, delimiter, end, quote_all) -> None:
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    if not quote_all:  # before Python 3.13 the writer leaves a lone CR without quotes
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    dialect = Dialect(delimiter.encode())
    columns = tuple(f"c{i}" for i in range(len(rows[0])))
    for limits in (Limits(), SMALL):
        found = table(text.getvalue().encode(), dialect, limits, columns)
        assert found.cells == rows
        assert found.rejected == []


HEAD = b"id,text\n"


@pytest.mark.parametrize(
    ("body", "rows", "rejected"),
    [
        (b"1,a\n2,b\n", [(2, "1", "a"), (3, "2", "b")], []),
        (b'1,"a\nb"\n2,c\n', [(2, "1", "a\nb"), (4, "2", "c")], []),
        (b'1,"a ""b"" c"\n2,\n', [(2, "1", 'a "b" c'), (3, "2", "")], []),
        (b'1,5" wide\n2,b\n', [(2, "1", '5" wide'), (3, "2", "b")], []),
        (b'1,"a\n2,b\n3,c\n', [(3, "2", "b"), (4, "3", "c")], [(2, "unbalanced-quote", '1,"a')]),
        (b'1,"a" b\n2,b\n', [(3, "2", "b")], [(2, "unbalanced-quote", '1,"a" b')]),
        (
            b'1,"a\n2,"b"\n3,c\n',
            [(3, "2", "b"), (4, "3", "c")],
            [(2, "unbalanced-quote", '1,"a')],
        ),
        (b"1,a,x\n2,b\n", [(3, "2", "b")], [(2, "wrong-number-of-fields", "1,a,x")]),
        (b"1\n2,b\n", [(3, "2", "b")], [(2, "wrong-number-of-fields", "1")]),
        (b"1,a\n2,b", [(2, "1", "a"), (3, "2", "b")], []),
        (
            b"1,a\r2,b\r\n3,c\n\n\n4,d",
            [(2, "1", "a"), (3, "2", "b"), (4, "3", "c"), (7, "4", "d")],
            [],
        ),
        (b"1,a\n2,\0\n3,c\n", [(2, "1", "a"), (4, "3", "c")], [(3, "nul-bytes", "2,\0")]),
        (b"1,a\n2,\xff\n3,c\n", [(2, "1", "a"), (4, "3", "c")], [(3, "not-utf8", "2,\\xff")]),
        (b'1,"a\n\xff"\n3,c\n', [(4, "3", "c")], [(2, "not-utf8", '1,"a\n\\xff"')]),
        (b'1,"\xed\xa0\x80"\n3,c\n', [(3, "3", "c")], [(2, "not-utf8", '1,"\\xed\\xa0\\x80"')]),
        (
            b'1,"a\nb",c\n2,d\n',
            [(3, 'b"', "c"), (4, "2", "d")],
            [(2, "unbalanced-quote", '1,"a')],
        ),
    ],
)
def test_broken_rows_cost_only_themselves(body, rows, rejected) -> None:
    for limits in (Limits(), SMALL, Limits(block_bytes=3, chunk_rows=1)):
        found = read(HEAD + body, limits)
        assert [tuple(row.values()) for row in found.rows] == rows
        assert found.rejected == rejected
        assert found.reader.columns == ("id", "text")


def test_a_long_line_and_a_long_record() -> None:
    body = b"1,a\n" * 500 + b"2," + b"x" * 5000 + b'\n3,c\n4,"' + b"y\n" * 3000 + b"5,e\n"
    found = read(HEAD + body, SMALL)
    assert [row["id"] for row in found.rows] == ["1"] * 500 + ["3", "5"]
    assert found.reasons[:2] == [(502, "line-too-long"), (504, "unbalanced-quote")]
    assert {reason for _, reason in found.reasons[2:]} == {"wrong-number-of-fields"}
    assert len(found.rejected) == 2 + 2999


def test_many_records_of_many_lines_and_some_stray_quotes() -> None:
    """Long enough for the windows of the fast form to grow and shrink."""
    records, rows, rejected, line = [HEAD], [], [], 2
    for i in range(3000):
        if i % 500 == 7:
            records.append(b'%d,"stray\n' % i)
            rejected.append((line, "unbalanced-quote"))
        elif i % 100 == 13:
            records.append(b"%d,a,b\n" % i)
            rejected.append((line, "wrong-number-of-fields"))
        else:
            records.append(b'%d,"a\nb, ""%d"""\n' % (i, i))
            rows.append((line, str(i), f'a\nb, "{i}"'))
            line += 1
        line += 1
    for limits in (Limits(), Limits(block_bytes=1000)):
        found = read(b"".join(records), limits)
        assert [tuple(row.values()) for row in found.rows] == rows
        assert found.reasons == rejected


def test_regular_text_is_never_read_one_record_at_a_time() -> None:
    body = b'1,"a ""b"", c"\n2,"d\r\n\r\ne"\n3,""\n"4",\n\n5,"""x"""\n6,\n' * 50
    with patch.object(CsvBlocks, "_slow", side_effect=AssertionError):
        found = table(body, Dialect(b","), Limits())
    assert len(found.rows) == 300
    assert found.cells[4] == ["5", '"x"']


def test_a_stray_quote_does_not_hold_up_the_rows_after_it() -> None:
    def use(path):
        blocks = open_reader(files([path])[0], SMALL).blocks()
        return [block.done for block in blocks if block.rows.num_rows]

    data = HEAD + b"1,a\n" * 300 + b'2,"stray\n' + b"3,c\n" * 9000
    done = with_file(data, use)
    gaps = [after - before for before, after in pairwise(done)]
    assert max(gaps) < SMALL.line_bytes * 1.5


def test_a_file_with_a_header_alone_has_no_rows() -> None:
    found = read(b"id,text,created_at\n")
    assert (found.rows, found.rejected) == ([], [])
    assert found.reader.columns == ("id", "text", "created_at")


def test_a_sample_is_a_table_of_texts() -> None:
    data = HEAD + b"".join(b"%d,x\n" % i for i in range(5000))
    sample = with_file(data, lambda path: open_reader(files([path])[0]).sample(1000))
    assert sample.layout == "table"
    assert sample.rows.column_names == ["id", "text"]
    assert sample.rows.column("id").to_pylist() == [str(i) for i in range(1000)]


@pytest.mark.parametrize(
    ("text", "dialect", "fields"),
    [
        (b'a,"b ""c""",d\n', Dialect(b","), [b"a", b'b "c"', b"d"]),
        (b'a,"b \\"c\\" \\\\",d\n', Dialect(b",", "escaped"), [b"a", b'b "c" \\', b"d"]),
        (b'a,"b",c\n', Dialect(b",", "none"), [b"a", b'"b"', b"c"]),
        (b'a,b"c,d\n', Dialect(b","), [b"a", b'b"c', b"d"]),
        (b'a,"b\r\nc"\r\n', Dialect(b","), [b"a", b"b\r\nc"]),
        (b"a,", Dialect(b","), [b"a", b""]),
    ],
)
def test_the_grammar(text: bytes, dialect: Dialect, fields: list[bytes]) -> None:
    record = read_record(text + b"next\n" * text.endswith(b"\n"), 0, dialect)
    assert (record.fields, record.end) == (fields, len(text))


@pytest.mark.parametrize(("text", "open_"), [(b'a,"b\n', True), (b'a,"b" c\n', False)])
def test_what_is_no_record(text: bytes, open_: bool) -> None:
    record = read_record(text, 0, Dialect(b","))
    assert (record.fields, record.open) == (None, open_)
