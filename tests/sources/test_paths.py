"""The grammar of paths, the structure they make, and rows parsed by it."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.sources.paths import (
    Document,
    Path,
    Step,
    alternatives,
    parse,
    path,
    readable_together,
    structure,
)

ENGINE = ibis.duckdb.connect()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("text", Path((Step("text"),))),
        ("account.acct", Path((Step("account"), Step("acct")))),
        ("tags[].name", Path((Step("tags", True), Step("name")))),
        ("langs[]", Path((Step("langs", True),))),
        ("text{}", Path((Step("text"),), True)),
        ('"a.b"."c d"', Path((Step("a.b"), Step("c d")))),
        ('"say \\"x\\""', Path((Step('say "x"'),))),
        ("ref.$link", Path((Step("ref"), Step("$link")))),
        ("النص", Path((Step("النص"),))),
    ],
)
def test_a_path_is_read_and_written(text: str, expected: Path) -> None:
    assert path(text) == expected
    assert str(expected) == text


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a b", "a[", "a[]b", 'a"b', "{}"])
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        path(text)


@given(st.lists(st.tuples(st.text(min_size=1), st.booleans()), min_size=1, max_size=4))
def test_every_path_is_read_as_it_is_written(steps: list[tuple[str, bool]]) -> None:
    whole = Path(tuple(Step(*step) for step in steps))
    assert path(str(whole)) == whole


def test_one_structure_reads_all_paths() -> None:
    paths = [*alternatives("full_text | text"), path("user.id"), path("tags[].name"), path("ids[]")]
    assert structure(paths) == {
        "full_text": "VARCHAR",
        "text": "VARCHAR",
        "user": {"id": "VARCHAR"},
        "tags": [{"name": "VARCHAR"}],
        "ids": ["VARCHAR"],
    }


@pytest.mark.parametrize(
    "paths",
    [("a", "a.b"), ("a.b", "a"), ("a[]", "a"), ("a[].b", "a.b"), ("ID", "id"), ("a", "a{}")],
)
def test_paths_that_cannot_be_read_together(paths: tuple[str, str]) -> None:
    one, other = map(path, paths)
    with pytest.raises(ValueError, match=r"read together|as text and as JSON"):
        structure([one, other])
    assert readable_together([one, other]) == (one,)


def parsed(*texts: str | None) -> list[dict[str, object]]:
    raw = pa.table({"line": pa.array(range(len(texts))), "json": pa.array(texts, pa.string())})
    paths = [path(one) for one in ("id", "who.name", "tags[].name", "langs[]", "text{}")]
    docs = parse(ibis.memtable(raw), structure(paths))
    doc = Document(docs["doc"])
    fields = docs.select(
        "line",
        "reason",
        id=doc.text("id"),
        who=doc.text("who.name | id"),
        tags=doc.texts("tags[].name"),
        langs=doc.texts("langs[]"),
        text=doc.text("text{}"),
    )
    return ENGINE.to_pyarrow(fields.order_by("line")).to_pylist()


def test_a_row_is_parsed() -> None:
    text = '{"id": 12345678901234567890, "who": {"name": ""}, "text": "[1]", "langs": [], "x": 0}'
    (row,) = parsed(text)
    assert row == {
        "line": 0,
        "reason": None,
        "id": "12345678901234567890",
        "who": "12345678901234567890",
        "tags": None,
        "langs": [],
        "text": '"[1]"',
    }


def test_another_shape_than_expected_is_nothing() -> None:
    (row,) = parsed('{"id": {"a": 1}, "who": "x", "tags": [{"name": "a"}, 3, null], "langs": "en"}')
    assert row["id"] == row["who"] == '{"a":1}'
    assert row["tags"] == ["a", None, None]
    assert row["langs"] is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"id": 1}', None),
        (' \t{"id": 1} ', None),
        ('{"id": "\\ud83d\\ude00"}', None),
        ('{"id": "\\u0000"}', None),
        ("{" * 3 + '"id', "malformed-json"),
        ('{"id": 1}{"id": 2}', "malformed-json"),
        ("", "malformed-json"),
        (None, "malformed-json"),
        ("[1]", "not-an-object"),
        ("null", "not-an-object"),
        ('"{"', "not-an-object"),
        ('{"id": "\\ud83d"}', "surrogate"),
        ('{"id": "\\uDE00 x"}', "surrogate"),
        ('{"id": "\\ud83d', "malformed-json"),
    ],
)
def test_what_is_no_object_says_why(text: str | None, reason: str | None) -> None:
    good = '{"id": "before"}'
    before, row, after = parsed(good, text, good)
    assert row["reason"] == reason
    assert before["id"] == after["id"] == "before"


@settings(max_examples=25)
@given(st.lists(st.text(max_size=30), max_size=5))
def test_no_text_stops_the_others(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    rows = parsed('{"id": "first"}', *texts, '{"id": "last"}')
    assert len(rows) == len(texts) + 2
    assert rows[0]["id"] == "first"
    assert rows[-1]["id"] == "last"
