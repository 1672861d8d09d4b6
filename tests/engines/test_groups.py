"""How a stream sorted by a key becomes whole groups, and results one batch."""

from __future__ import annotations

import pickle
from itertools import groupby, pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.engines.functions import BATCH_BYTES, OverBatches, packed, pieces, sent, unpacked
from marsad.engines.groups import OverGroups, groups, whole_groups
from marsad.records.errors import InputError, MarsadError, OutsideError
from tests.engines import functions as f
from tests.engines.rows import many

SCHEMA = pa.schema([("key", pa.string()), ("number", pa.int64())])


def batches_of(keys: list[str | None], cuts: list[int]) -> list[pa.RecordBatch]:
    """Rows sorted by key (nulls last), cut into batches at the given places."""
    ordered = sorted(keys, key=lambda key: (key is None, key or ""))
    whole = pa.RecordBatch.from_arrays(
        [pa.array(ordered, pa.string()), pa.array(range(len(ordered)), pa.int64())], schema=SCHEMA
    )
    ends = [0, *sorted(min(cut, len(ordered)) for cut in cuts), len(ordered)]
    return [whole.slice(a, b - a) for a, b in pairwise(ends)]


KEYS = st.lists(st.none() | st.sampled_from(["", "a", "b", "مرصد"]) | st.text(max_size=2))


@given(KEYS, st.lists(st.integers(0, 40)))
def test_no_group_is_spread_over_two_batches(keys: list[str | None], cuts: list[int]) -> None:
    given_batches = batches_of(keys, cuts)
    whole = list(whole_groups(given_batches, "key", SCHEMA))
    found = [value for batch in whole for value in dict.fromkeys(batch["key"].to_pylist())]
    assert len(found) == len(set(found))
    assert [n for batch in whole for n in batch["number"].to_pylist()] == list(range(len(keys)))
    assert all(batch.num_rows and batch.schema.equals(SCHEMA) for batch in whole)


@given(KEYS)
def test_groups_are_the_runs_of_equal_keys(keys: list[str | None]) -> None:
    (batch,) = batches_of(keys, [])
    expected = [list(run) for _, run in groupby(batch["key"].to_pylist())]
    assert [group["key"].to_pylist() for group in groups(batch, "key")] == expected


def test_a_group_is_held_no_longer_than_it_lasts() -> None:
    """Memory: groups go on as soon as the next one begins."""
    stream = iter(batches_of(["a"] * 10 + ["b"] * 10, [5, 12, 15]))
    seen = []

    def watched() -> Any:
        for batch in stream:
            seen.append(batch.num_rows)
            yield batch

    first = next(whole_groups(watched(), "key", SCHEMA))
    assert first["key"].to_pylist() == ["a"] * 10
    assert seen == [5, 7]


def test_results_of_groups_become_one_batch() -> None:
    rows = pa.RecordBatch.from_pydict({"number": [1, 2, 3], "key": [1, 1, 2]})
    applied = OverGroups(f.sizes, "key", f.SIZES)
    assert applied(rows).to_pylist() == [
        {"key": 1, "rows": 2, "numbers": [1, 2]},
        {"key": 2, "rows": 1, "numbers": [3]},
    ]
    none = applied(rows.slice(0, 0))
    assert none.num_rows == 0
    assert none.schema.equals(f.SIZES)


def test_a_batch_of_long_texts_is_cut() -> None:
    rows = pa.RecordBatch.from_pydict({"text": ["x" * (BATCH_BYTES // 4)] * 10})
    parts = list(pieces(rows))
    assert [part.num_rows for part in parts] == [4, 4, 2]
    assert [part.num_rows for part in pieces(rows.slice(0, 2))] == [2]
    assert list(pieces(rows.slice(0, 0))) == []


def test_one_row_is_never_cut() -> None:
    rows = pa.RecordBatch.from_pydict({"text": ["x" * (3 * BATCH_BYTES)] * 2})
    assert [part.num_rows for part in pieces(rows)] == [1, 1]


@pytest.mark.parametrize("kind", [MarsadError, InputError, OutsideError])
def test_an_error_crosses_as_text(kind: type[MarsadError]) -> None:
    error = kind("engine.function", function="f", error='a\n"b"\x00 «ج»', rows=3, valid=["a"])
    text = packed(error)
    assert text.isascii()
    again = unpacked(text)
    assert type(again) is kind
    assert again.message == error.message


def test_a_function_is_sent_without_what_it_has_made() -> None:
    holds = f.Holds("word")
    before = sent(OverBatches(holds, many(0).schema))
    holds(many(5).to_batches()[0])
    assert "heavy" in vars(holds)
    assert pickle.loads(before).fn == holds
