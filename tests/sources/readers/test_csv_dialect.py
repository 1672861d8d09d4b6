"""Dialects and headers, recognised from the first rows."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from marsad.sources.readers import files
from marsad.sources.readers.columns import distinct
from marsad.sources.readers.csv_dialect import recognise
from tests.sources.readers.reading import content, read


def form(text: str | bytes):
    return recognise(text.encode() if isinstance(text, str) else text, True, "x")


MANY = "".join(f"{i}{{d}}some text, and more{{d}}2024-01-{i:02}\n" for i in range(1, 20))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters(delimiter: str) -> None:
    quoted = MANY.replace("some text, and more", '"some text, and; more|"').format(d=delimiter)
    found = form(f"id{delimiter}text{delimiter}date\n" + quoted)
    assert (found.dialect.delimiter, found.columns) == (delimiter.encode(), ("id", "text", "date"))
    if delimiter != ",":
        found = form(f"id{delimiter}text{delimiter}date\n" + MANY.format(d=delimiter))
        assert found.dialect.delimiter == delimiter.encode()


@pytest.mark.parametrize(
    ("text", "quoting"),
    [
        ('a,b\n1,"x ""y"" z"\n2,"q, r"\n', "doubled"),
        ("a,b\n" + '1,"x \\"y\\", z"\n2,"q, r"\n' * 5, "escaped"),
        ("a\tb\n" + '1\t"x" y\n2\t"q\n3\tz\n' * 5, "none"),
        ('a,b\n1,"c:\\"\n2,"q, r"\n', "doubled"),
    ],
)
def test_quoting(text: str, quoting: str) -> None:
    assert form(text).dialect.quoting == quoting


def test_quotes_that_are_letters() -> None:
    found = read(b"id\ttext\n" + b'1\t"x" y\n2\t"q\n3\tz\n' * 5)
    assert found.cells == [["1", '"x" y'], ["2", '"q'], ["3", "z"]] * 5
    assert found.rejected == []


def test_quotes_escaped_with_a_backslash() -> None:
    found = read(b"id,text\n" + b'1,"x \\"y\\", z\n\\\\ w"\n2,b\n' * 5)
    assert found.cells == [["1", 'x "y", z\n\\ w'], ["2", "b"]] * 5
    assert [row["line"] for row in found.rows[:3]] == [2, 4, 5]


@pytest.mark.parametrize(
    ("text", "columns", "skip"),
    [
        ("id,text\n1,a\n2,b\n", ("id", "text"), 1),
        ("1,a\n2,b\n", ("c1", "c2"), 0),
        ("\n\nid,text\n1,a\n", ("id", "text"), 3),
        ("#domain,#severity\na.example,suspend\n", ("#domain", "#severity"), 1),
        ("id,text,text,Text\n1,a,b,c\n", ("id", "text", "text (2)", "Text (3)"), 1),
        ("line,text\n1,a\n", ("line (2)", "text"), 1),
        (",a,\n0,x,y\n", ("c1", "a", "c3"), 1),
        ("0,1,2\na,b,c\nd,e,f\n", ("0", "1", "2"), 1),
        ("sep=;\nid;text\n1;a\n", ("id", "text"), 2),
        ('"long\nname",text\n1,a\n', ("long\nname", "text"), 2),
        ("المعرف,النص\n1,a\n", ("المعرف", "النص"), 1),
        ("user,when\na,2024-01-01\nb,2024-01-02\n", ("user", "when"), 1),
        ("a,2024-01-01\nb,2024-01-02\n", ("c1", "c2"), 0),
        ("https://a.example/1,x\nhttps://a.example/2,y\n", ("c1", "c2"), 0),
        ("en,this is a text of more than six words\nar,and another one\n", ("c1", "c2"), 0),
        ("en,hello\nen,good\nar,bye\nen,x\n", ("c1", "c2"), 0),
        ("text,label\nhello,en\nbye,ar\ntext,label\n" + "hi,en\n" * 30, ("text", "label"), 1),
        ('id,"text\n1,a\n2,b\n', ("id", '"text'), 1),
        ("text\nhello, world\nbye\nno, not, at all\n", ("text",), 1),
        ('text\n"hello, world"\n"bye"\n', ("text",), 1),
        ("id\n1\n2\n", ("id",), 1),
        ("date,group,n\n2020-01-01,a,3\n", ("date", "group", "n"), 1),
    ],
)  # fmt: skip
def test_headers(text: str, columns: tuple[str, ...], skip: int) -> None:
    found = form(text)
    assert (found.columns, found.skip) == (columns, skip)


@pytest.mark.parametrize(
    ("text", "columns", "rows"),
    [
        ("a,b\n" + "r1,1,2\n" * 3, ("c1", "a", "b"), [["r1", "1", "2"]] * 3),
        ("a,b,\n" + "x,1\n" * 3, ("a", "b"), [["x", "1"]] * 3),
    ],
)
def test_headers_of_another_length_than_the_rows(text: str, columns, rows) -> None:
    found = read(text.encode())
    assert (found.reader.columns, found.cells, found.rejected) == (columns, rows, [])
    assert [warning.id for warning in found.reader.warnings] == ["read.header_length"]


BROKEN = ["1,ann,plums", "2,bob,figs,more", "3,cat", '4,"dan,pears']
WRONG, QUOTE = "wrong-number-of-fields", "unbalanced-quote"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 1, 2, 2, 2, 0)])
def test_rows_that_are_mostly_broken_cost_only_themselves(delimiter: str, order) -> None:
    rows = ["id,account,text", *(BROKEN[i] for i in order)]
    found = read("\n".join(rows).replace(",", delimiter).encode())
    assert found.reader.columns == ("id", "account", "text")
    assert found.cells == [["1", "ann", "plums"]]
    reasons = {0: None, 1: WRONG, 2: WRONG, 3: QUOTE}
    expected = [(line, reasons[i]) for line, i in enumerate(order, 2) if reasons[i]]
    assert found.reasons == expected


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ann,\n\nI like plums, figs, and pears.\nYou like none\n\nRegards,\nBob\n",
        "I like plums, figs, and pears.\nYou like none.\nI like plums, figs, and nuts.\nNo.\nNo.\n",
        "plums\nfigs, pears\nnuts\n",
    ],
)
def test_prose_is_one_column(text: str) -> None:
    assert len(form(text).columns) == 1


HEADER = "id,account,created_at,text\n"
ROWS = "1,ann,2024-01-01,plums\n2,bob,2024-01-02,figs\n"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize(
    ("above", "count"),
    [
        ("Report:,plums and figs\nBrand:,fig\nFrom:,2024-01-01\n\n", 3),
        ("Report:,plums,,\n,,,\nFrom:,2024-01-01,,\n", 3),
        ('"Report:","plums\nand figs"\n', 1),
        ("All plums\n", 1),
        ("# from 2024-01-01\n# by ann, bob\n", 2),
        ("\n# from 2024-01-01\n\n", 1),
    ],
)
def test_what_stands_above_the_header_is_left_out(above: str, count: int, delimiter: str) -> None:
    text = (above + HEADER + ROWS).replace(",", delimiter)
    found = read(text.encode())
    assert found.reader.columns == ("id", "account", "created_at", "text")
    assert found.rejected == []
    first = above.count("\n") + 2
    assert [(row["line"], row["text"]) for row in found.rows] == (
        [(first, "plums"), (first + 1, "figs")]
    )
    [warning] = found.reader.warnings
    assert (warning.id, warning.values["count"]) == ("read.above_header", count)


@pytest.mark.parametrize(
    ("text", "columns", "skip"),
    [
        ('sep=;\nReport:;plums\n\na;b;c;d\n1;2;3;4\n', ("a", "b", "c", "d"), 4),
        ('"sep=;"\na;b\n1;2\n', ("a", "b"), 2),
        ("# plums\nsubject,label\nann,fruit\n", ("subject", "label"), 2),
        ("# plums\n" + HEADER, ("id", "account", "created_at", "text"), 2),
        ("# id,account,text\n1,ann,plums\n", ("# id", "account", "text"), 1),
        ("Report:,plums\n" + HEADER + "1,ann\n2\n" + ROWS[:23],
         ("id", "account", "created_at", "text"), 2),
        ("a,b\nann,plums\nbob,figs\n", ("a", "b"), 1),
        ("text,label\nplums are ripe,fruit\na,b\n", ("text", "label"), 1),
    ],
)  # fmt: skip
def test_where_the_header_is(text: str, columns: tuple[str, ...], skip: int) -> None:
    found = form(text)
    assert (found.columns, found.skip) == (columns, skip)


def test_a_delimiter_at_the_end_of_rows_is_no_field() -> None:
    rows = b'1,2,\n3,4\n5,6,,,\n7,8,""\n"9\n",0,"",\n'
    found = read(b"a,b\n" + rows)
    assert found.cells == [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8"], ["9\n", "0"]]
    assert (found.rejected, found.reader.warnings) == ([], ())
    assert read(b"a\tb\n1\t2\t\n3\t4\n").cells == [["1", "2"], ["3", "4"]]
    assert read(b"a,b\n1,2, \n3,4,,x\n").reasons == [(2, WRONG), (3, WRONG)]


def test_warnings_name_the_columns() -> None:
    [warning] = read(b"id,text,text\n1,a,b\n").reader.warnings
    assert warning.id == "read.duplicate_columns"
    assert warning.values == {"file": "data", "columns": ["text"]}
    [warning] = read(b"Line,text\n1,a\n").reader.warnings
    assert warning.id == "read.line_column"
    assert warning.values == {"file": "data", "column": "Line", "name": "Line (2)"}
    both = read(b"line,LINE,a,a,a\n1,2,3,4,5\n").reader.warnings
    assert [warning.id for warning in both] == ["read.line_column", "read.duplicate_columns"]
    assert both[1].values["columns"] == ["LINE", "a"]
    assert [warning.id for warning in read(b"1,a\n2,b\n").reader.warnings] == ["read.no_header"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "a", "A", "a (2)"], ["a", "a (2)", "A (3)", "a (2) (2)"]),
        (["", "c1", ""], ["c1", "c1 (2)", "c3"]),
        (["line", "LINE"], ["line (2)", "LINE (3)"]),
    ],
)
def test_names_are_made_distinct(names, expected) -> None:
    result = distinct(names)
    assert list(result) == expected
    assert len({name.casefold() for name in result}) == len(names)


def test_real_files_are_read_as_python_reads_them(shared_data: Path) -> None:
    paths = sorted(shared_data.rglob("*.csv"))
    assert paths
    for path in paths:
        with path.open(newline="", encoding="utf-8-sig") as file:
            expected = [row for row in csv.reader(file) if row]
        found = content(files([path])[0])
        assert found.rejected == [], path
        without_header = len(found.cells) == len(expected)
        assert found.cells == expected[0 if without_header else 1 :], path
