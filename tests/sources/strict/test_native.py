"""Native ids as files write them."""

from __future__ import annotations

from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.sources.strict.native import exact, is_no_id, is_rounded, native_id

ENGINE = ibis.duckdb.connect()


def column(function: Any, *texts: str | None) -> list[Any]:
    """What a function makes of some texts."""
    rows = ibis.memtable(pa.table({"text": pa.array(texts, pa.string())}))
    found: list[Any] = ENGINE.to_pyarrow(function(rows.text)).to_pylist()
    return found


EXACT = [
    ("123", "123"),
    (" 123\n", "123"),
    ('="123"', "123"),
    ('= " 123 "', "123"),
    ("'123", "123"),
    ("'@ann", "@ann"),
    ('="ann"', "ann"),
    ("١٢٣٤", "1234"),
    ("۱۲۳۴", "1234"),
    ('="١٢٣"', "123"),
    ("123.0", "123"),
    ("123.00", "123"),
    ("1234567890123456768.00", "1234567890123456768.00"),
    ("9007199254740992.0", "9007199254740992"),
    ("9007199254740994.0", "9007199254740994.0"),
    ("1500000000000000000.0", "1500000000000000000.0"),
    ("007", "007"),
    ("a.0", "a.0"),
    ("=", "="),
    ('=""', '=""'),
    ("=SUM(A1)", "=SUM(A1)"),
    ("'", "'"),
    ("علي١", "علي١"),
    ("#1", "#1"),
    ("", None),
    (" ", None),
    (None, None),
]


@pytest.mark.parametrize("text", ['="' + " " * 20_000 + "x", "9" * 20_000 + ".0", "=" * 20_000])
def test_a_long_cell_is_no_id_and_takes_no_time(text: str) -> None:
    """Any cell may be asked, texts too."""
    assert exact(text) == text
    assert column(native_id, text) == [text]


@pytest.mark.parametrize(("given", "expected"), EXACT)
def test_what_is_exact_is_taken(given: str | None, expected: str | None) -> None:
    assert column(native_id, given) == [expected]


def test_a_column_is_read_by_row() -> None:
    given, expected = zip(*EXACT, strict=True)
    assert column(native_id, *given) == list(expected)


@example("9007199254740993.0")
@example("99999999999999999999.0")
@given(st.text(st.sampled_from("=\"' 0123456789.٠١۹aé\t@")))
def test_one_text_is_read_as_a_column_is(text: str) -> None:
    assert column(native_id, text) == [exact(text) or None]


@pytest.mark.parametrize(
    "text",
    ["1.5E+18", "1.5e+18", "1,5E+18", "1.5e18", "1e18", "1.5E18", "1.5e18.0",
     "1500000000000000000.0", "9007199254740994.0"],
)  # fmt: skip
def test_a_number_that_a_program_rounded(text: str) -> None:
    assert column(is_rounded, text) == [True]


@pytest.mark.parametrize(
    "text",
    ["1500000000000000000", "12345678e9", "1e7", "t3_1e18", "abc+1", "a+b@c.example", "3e80ffee",
     "https://a.example/1.5E+18", "123.5", "1.0", "", None],
)  # fmt: skip
def test_what_no_program_rounded(text: str | None) -> None:
    assert column(is_rounded, text) == [False]


@pytest.mark.parametrize(
    "text",
    ["true", "false", "[]", "[1]", '["a", "b"]', "{}", '{"$oid": "1"}', '{\n  "a": 1}', "x:true",
     "x:[1]", 'x:@["a"]'],
)  # fmt: skip
def test_json_that_is_no_id(text: str) -> None:
    assert column(is_no_id, text) == [True]


@pytest.mark.parametrize(
    "text",
    ["1", "tree", "x:@true", "untrue", "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}", "a[1]",
     "http://[::1]", "https://a.example/true", "", None],
)  # fmt: skip
def test_what_may_be_an_id(text: str | None) -> None:
    assert column(is_no_id, text) == [False]
