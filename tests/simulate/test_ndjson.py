from __future__ import annotations

import io
import json

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from marsad.simulate import ndjson

TEXTS = st.lists(st.one_of(st.none(), st.text("abc ابت🌿#", max_size=5)), max_size=8)


@given(TEXTS)
def test_lines_are_read_back_as_they_were(values: list[str | None]) -> None:
    column = pa.array(values, pa.string())
    count = pa.array(range(len(values)), pa.int64())
    lines = ndjson.lines(
        [("n", ndjson.numbers(count)), ("always", ndjson.quoted(column))],
        [("some", ndjson.quoted(column)), ("list", ndjson.lists(column, column))],
    )
    expected = [
        {"n": n, "always": value}
        | ({} if value is None else {"some": value, "list": [value, value]})
        for n, value in enumerate(values)
    ]
    assert [json.loads(line) for line in lines.to_pylist()] == expected


def test_lists_leave_out_what_is_missing() -> None:
    first, second = pa.array(["a", None, "b", None]), pa.array(["c", "d", None, None])
    assert ndjson.lists(first, second).to_pylist() == ['["a","c"]', '["d"]', '["b"]', None]


@given(st.lists(st.text("ab\nاب", max_size=4), max_size=8), st.integers(0, 4))
def test_write_appends_the_very_bytes_of_any_slice(texts: list[str], start: int) -> None:
    file = io.BytesIO()
    written = ndjson.write(pa.array(texts, pa.string())[start:], file)
    assert file.getvalue() == "".join(texts[start:]).encode()
    assert written == len(file.getvalue())
