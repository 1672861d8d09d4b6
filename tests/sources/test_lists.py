"""Lists that arrive as text."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.sources.plain.lists import list_of

ENGINE = ibis.duckdb.connect()

CASES = [
    ("hashtags", "one", ["one"]),
    ("hashtags", "#one #two", ["one", "two"]),
    ("hashtags", "#one#two", ["one", "two"]),
    ("hashtags", "one,two", ["one", "two"]),
    ("hashtags", "one; two", ["one", "two"]),
    ("hashtags", "one|two", ["one", "two"]),
    ("hashtags", "#برقوق، تين", ["برقوق", "تين"]),
    ("hashtags", "['one', 'two']", ["one", "two"]),
    ("hashtags", '["one", "two"]', ["one", "two"]),
    ("hashtags", "[one, two]", ["one", "two"]),
    ("hashtags", "{one,two}", ["one", "two"]),
    ("hashtags", "[]", []),
    ("hashtags", "", None),
    ("hashtags", "  ", None),
    ("hashtags", None, None),
    ("hashtags", '[{"start": 1, "tag": "one"}, {"start": 5, "tag": "two"}]', ["one", "two"]),
    ("hashtags", "[{'text': 'one', 'indices': [0, 4], 'x': None, 'y': True}]", ["one"]),
    ("hashtags", "['it''s', \"two\"]", ["it''s", "two"]),
    ("urls", "https://a.example/x,y", ["https://a.example/x,y"]),
    (
        "urls",
        "https://a.example/x,https://b.example/y",
        ["https://a.example/x", "https://b.example/y"],
    ),
    (
        "urls",
        "https://a.example/x; https://b.example/y https://c.example",
        ["https://a.example/x", "https://b.example/y", "https://c.example"],
    ),
    ("urls", "a.example b.example", ["a.example", "b.example"]),
    ("urls", "['https://a.example/x,y']", ["https://a.example/x,y"]),
    (
        "urls",
        '[{"url": "https://t.example/1", "expanded_url": "https://a.example"}]',
        ["https://a.example"],
    ),
    ("mentions", "@ann, @bob", ["@ann", "@bob"]),
    ("mentions", "[4437233895]", ["4437233895"]),
    ("mentions", "[{'screen_name': 'ann', 'id': '1'}]", ["ann"]),
    ("mentions", '[{"id": 12345678901234567890}, {"id": 1.50}]', ["12345678901234567890", "1.50"]),
    ("hashtags", '["\\ud83d", "a\\u0000b", null, true, {"x": 1}]', ["\ufffd", "ab", "true"]),
    ("hashtags", "[" * 100_000, ["[" * 99_998]),
    ("media_alts", "a plum, ripe|a fig", ["a plum, ripe", "a fig"]),
]


def listed(field: str, values: list[str | None]) -> list[list[str] | None]:
    rows = ibis.memtable(pa.table({"n": range(len(values)), "x": pa.array(values, pa.string())}))
    table = rows.select("n", items=list_of(field, rows["x"])).order_by("n")
    return ENGINE.to_pyarrow(table)["items"].to_pylist()


@pytest.mark.parametrize(("field", "text", "expected"), CASES)
def test_a_text_as_a_list(field: str, text: str | None, expected: list[str] | None) -> None:
    assert listed(field, [text]) == [expected]


def test_all_texts_of_a_field_in_one_column() -> None:
    for field in {case[0] for case in CASES}:
        cases = [case for case in CASES if case[0] == field]
        assert listed(field, [case[1] for case in cases]) == [case[2] for case in cases]


@settings(max_examples=25)
@given(st.lists(st.text(max_size=20), max_size=4), st.sampled_from(["hashtags", "urls"]))
def test_no_text_stops_the_others(texts: list[str], field: str) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    wrapped = [f"[{text}]" for text in texts]
    found = listed(field, ["one", *texts, *wrapped, "two"])
    assert found[0] == ["one"]
    assert found[-1] == ["two"]


def test_lists_of_other_types_are_texts() -> None:
    rows = ibis.memtable(pa.table({"x": pa.array([[1, 2], None, []], pa.list_(pa.int64()))}))
    table = rows.select(items=list_of("mentions", rows["x"]))
    assert ibis.duckdb.connect().to_pyarrow(table)["items"].to_pylist() == [["1", "2"], None, []]
