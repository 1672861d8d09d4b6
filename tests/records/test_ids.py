"""Ids, and keys that every engine and Python compute alike."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.engines import open_engine
from marsad.records import ids

CASES = [
    (("x", "12", None), "x:12"),
    (("x", "12", "Reed"), "x:12"),
    (("x", None, "@Reed"), "x:@reed"),
]


@pytest.mark.parametrize(("given_", "wanted"), CASES)
def test_subject_ids(given_: tuple[str, str | None, str | None], wanted: str) -> None:
    assert ids.subject_id(*given_) == wanted


def test_a_subject_needs_a_name() -> None:
    with pytest.raises(ValueError, match="native id or a handle"):
        ids.subject_id("x")


@given(st.lists(st.text(st.characters(codec="utf-8")), min_size=1, max_size=30))
@settings(max_examples=20)
def test_the_engine_and_python_agree(values: list[str]) -> None:
    with open_engine() as engine:
        rows = engine.table(pa.table({"id": pa.array(values, pa.string())}), "ids")
        table = engine.collect(rows.mutate(key=ids.key_column(rows.id)))
    for value, key in zip(table["id"].to_pylist(), table["key"].to_pylist(), strict=True):
        assert key == ids.key(value)
        assert key >= 0


def test_keys_do_not_change_between_versions() -> None:
    assert ids.key("abc") == 4125280303191149419
