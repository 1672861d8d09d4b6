"""Names of platforms."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.records.errors import InputError
from marsad.records.platforms import platform_column, platform_id, platform_named

NAMES = [
    ("twitter", "twitter"),
    ("X", "twitter"),
    ("x.com", "twitter"),
    ("www.Twitter.com", "twitter"),
    ("تويتر", "twitter"),
    ("bsky.app", "bluesky"),
    ("Telegram", "telegram"),
    ("fig", "fig"),
    ("Fig.Example", "fig.example"),
    ("4chan", "4chan"),
    ("unknown", "unknown"),
    ("ｆｉｇ", "fig"),
    ("a" * 40, "a" * 40),
    ("a" * 41, None),
    ("two words", None),
    ("a/b", None),
    ("a:b", None),
    ("@ann", None),
    ("https://x.com", None),
    ("", None),
    (" ", None),
    ("-", None),
    ("a\0b", None),
    ("Reporter", None),
    ("authority", None),
    ("flagger", None),
]


@pytest.mark.parametrize(("name", "expected"), NAMES)
def test_one_id_for_each(name: str, expected: str | None) -> None:
    assert platform_id(name) == expected


@given(st.text(max_size=50))
def test_an_id_is_its_own_name(name: str) -> None:
    found = platform_id(name)
    assert found is None or platform_id(found) == found


def test_a_column_is_as_its_names() -> None:
    names = [name for name, _ in NAMES if "\0" not in name]
    rows = ibis.memtable(pa.table({"name": pa.array([*names, None] * 3, pa.string())}))
    found = ibis.duckdb.connect().to_pyarrow(platform_column(rows.name)).to_pylist()
    assert found == [*(platform_id(name) for name in names), None] * 3


def test_a_name_that_is_none_is_told() -> None:
    assert platform_named("X") == "twitter"
    with pytest.raises(InputError) as error:
        platform_named("two words")
    assert "“two words”" in str(error.value)
    assert "40" in str(error.value)
