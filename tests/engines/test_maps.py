"""Python functions over batches and groups. One body for every engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from marsad.engines import Engine
from marsad.records.errors import InputError, MarsadError
from tests.engines import functions as f
from tests.engines.rows import assert_same, many

ROWS = 120_000
"""More than is done in one process."""

RECORD = many(0).schema


class TestMapBatches:
    def test_few_rows(self, engine: Engine) -> None:
        table = engine.table(many(100), "few")
        rows = engine.collect(engine.map_batches(f.lengths, table, f.LENGTHS))
        assert_same(
            rows.to_pylist(),
            [
                {"number": row["number"], "length": len(row["text"])}
                for row in many(100).to_pylist()
            ],
        )

    def test_many_rows_each_once_in_several_processes(self, engine: Engine) -> None:
        table = engine.table(many(ROWS), "many").filter(lambda t: t.number % 10 != 3)
        rows = engine.collect(engine.map_batches(f.places, table, f.PLACES))
        numbers = [number for row in rows["numbers"].to_pylist() for number in row]
        assert sorted(numbers) == [number for number in range(ROWS) if number % 10 != 3]
        assert max(rows["rows"].to_pylist()) <= 25_000

    def test_no_rows_in(self, engine: Engine) -> None:
        table = engine.table(many(10), "few")
        mapped = engine.map_batches(f.lengths, table.filter(table.number < 0), f.LENGTHS)
        assert mapped.schema().names == ("number", "length")
        assert engine.collect(mapped).num_rows == 0

    def test_no_rows_out(self, engine: Engine) -> None:
        table = engine.table(many(ROWS), "many")
        assert engine.collect(engine.map_batches(f.nothing, table, RECORD)).num_rows == 0

    def test_a_dataclass_as_function(self, engine: Engine) -> None:
        table = engine.table(many(ROWS), "many")
        found = engine.map_batches(f.Holds("word 7 "), table, RECORD)
        expected = [n for n in range(ROWS) if n % 97 == 7]
        assert sorted(engine.collect(found)["number"].to_pylist()) == expected

    def test_what_comes_back_is_a_table_like_any_other(self, engine: Engine) -> None:
        table = engine.table(many(1_000), "few")
        mapped = engine.map_batches(f.lengths, table, f.LENGTHS)
        joined = table.join(mapped, "number").group_by("length").agg(rows=lambda t: t.count())
        expected: dict[int, int] = defaultdict(int)
        for text in many(1_000)["text"].to_pylist():
            expected[len(text)] += 1
        rows = engine.collect(joined).to_pylist()
        assert {row["length"]: row["rows"] for row in rows} == expected

    def test_columns_of_every_kind_go_in_and_out(self, engine: Engine) -> None:
        from tests.engines.rows import MIXED, MIXED_ROWS, mixed

        mapped = engine.map_batches(f.same, engine.table(mixed(), "mixed"), MIXED)
        assert_same(engine.collect(mapped).to_pylist(), MIXED_ROWS)


@dataclass(frozen=True)
class Failure:
    """A function that fails, and what the error must say of it."""

    fn: Callable[..., Any]
    message_id: str
    values: dict[str, Any]
    kind: type[MarsadError] = MarsadError


def _named(name: str) -> str:
    return f"tests.engines.functions.{name}"


FAILURES = [
    Failure(
        f.failing,
        "engine.function",
        {"function": _named("failing"), "error": "ValueError: no\nsuch “thing” as\x00 this"},
    ),
    Failure(
        f.FailsAt(5), "engine.function", {"function": "the signal test", "error": "LookupError: 5"}
    ),
    Failure(
        f.leaving,
        "engine.function",
        {"function": _named("leaving"), "error": "SystemExit: a function must not end the process"},
    ),
    Failure(  # not taken for a process that died
        f.cut_off,
        "engine.function",
        {"error": "ConnectionResetError: SocketException: Connection reset"},
    ),
    Failure(f.refusing, "engine.unknown", {"given": "x", "valid": ["a", "b"]}, InputError),
    Failure(
        f.without_text,
        "engine.function-result",
        {
            "function": _named("without_text"),
            "problem": "its columns are ['number'], not ['number', 'length']",
        },
    ),
    Failure(
        f.other_type,
        "engine.function-result",
        {"function": _named("other_type"), "problem": "number is string, not int64"},
    ),
    Failure(
        f.with_null,
        "engine.function-result",
        {"function": _named("with_null"), "problem": "number holds nulls"},
    ),
    Failure(
        f.no_rows_at_all,
        "engine.function-result",
        {"function": _named("no_rows_at_all"), "problem": "it is a NoneType"},
    ),
]


class TestFailures:
    @pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.values.get("problem"))
    def test_an_error_names_the_function(self, engine: Engine, failure: Failure) -> None:
        for rows in (10, 60_000):  # in this process, and in others
            table = engine.table(many(rows), "rows")
            with pytest.raises(MarsadError) as raised:
                engine.map_batches(failure.fn, table, f.LENGTHS)
            assert type(raised.value) is failure.kind
            assert raised.value.message.id == failure.message_id
            assert failure.values.items() <= raised.value.message.values.items()

    def test_it_names_the_place(self, engine: Engine) -> None:
        with pytest.raises(MarsadError) as raised:
            engine.map_batches(f.failing, engine.table(many(10), "few"), f.LENGTHS)
        assert str(raised.value.message.values["where"]).startswith("functions.py:")

    def test_one_bad_row_in_many(self, engine: Engine) -> None:
        with pytest.raises(MarsadError) as raised:
            engine.map_batches(f.FailsAt(ROWS - 1), engine.table(many(ROWS), "many"), RECORD)
        assert raised.value.message.values["error"] == f"LookupError: {ROWS - 1}"

    def test_a_process_that_dies(self, engine: Engine) -> None:
        with pytest.raises(MarsadError) as raised:
            engine.map_batches(f.dying, engine.table(many(ROWS), "many"), RECORD)
        assert raised.value.message.id == "engine.workers"
        assert raised.value.message.values["function"] == _named("dying")
        assert raised.value.message.values["ending"]

    def test_what_cannot_be_sent(self, engine: Engine) -> None:
        def inner(batch: pa.RecordBatch) -> pa.RecordBatch:
            return batch

        with pytest.raises(MarsadError) as raised:
            engine.map_batches(inner, engine.table(many(10), "few"), RECORD)
        assert raised.value.message.id == "engine.function-sent"
        assert "inner" in raised.value.message.values["function"]

    def test_a_failing_function_of_groups(self, engine: Engine) -> None:
        table = engine.table(many(10), "few")
        with pytest.raises(MarsadError) as raised:
            engine.map_groups(f.failing, table, "key", f.SIZES)
        assert raised.value.message.id == "engine.function"
        assert raised.value.message.values["function"] == _named("failing")

    def test_the_engine_goes_on(self, engine: Engine) -> None:
        table = engine.table(many(ROWS), "many")
        with pytest.raises(MarsadError):
            engine.map_batches(f.failing, table, RECORD)
        assert engine.collect(engine.map_batches(f.same, table, RECORD)).num_rows == ROWS


def grouped(rows: pa.Table) -> list[dict[str, Any]]:
    """The plain form of `functions.sizes` over groups, which engines must equal."""
    groups: dict[Any, list[int]] = defaultdict(list)
    for row in rows.to_pylist():
        groups[row["key"]].append(row["number"])
    return [
        {"key": key, "rows": len(numbers), "numbers": sorted(numbers)}
        for key, numbers in groups.items()
    ]


def keyed(keys: list[Any], kind: pa.DataType) -> pa.Table:
    numbers = pa.array(range(len(keys)), pa.int64())
    return pa.table({"number": numbers, "key": pa.array(keys, kind)})


def keys() -> Iterator[tuple[list[Any], pa.DataType]]:
    """Keys that are hard on those who group."""
    yield [], pa.int64()
    yield [None], pa.int64()
    yield [None, 1, None, 2, None], pa.int64()
    yield [2**63 - 1, -(2**63), 0, -1, -(2**63)], pa.int64()
    yield ["", "a", None, "A", "a ", "a\x00", "مرصد", "مرصد", "é", "é"], pa.string()
    yield [True, None, False, True], pa.bool_()


class TestMapGroups:
    @pytest.mark.parametrize(("values", "kind"), list(keys()), ids=range(6))
    def test_hard_keys(self, engine: Engine, values: list[Any], kind: pa.DataType) -> None:
        rows = keyed(values, kind)
        schema = f.SIZES.set(0, pa.field("key", kind))
        found = engine.map_groups(f.sizes, engine.table(rows, "keyed"), "key", schema)
        assert_same(engine.collect(found).to_pylist(), grouped(rows))

    @pytest.mark.parametrize("count", [1, 3, 1_000, 20_000])
    def test_groups_that_span_batches_and_partitions(self, engine: Engine, count: int) -> None:
        rows = many(ROWS, keys=count)
        found = engine.map_groups(f.sizes, engine.table(rows, "many"), "key", f.SIZES)
        assert_same(engine.collect(found).to_pylist(), grouped(rows))

    def test_one_hot_group(self, engine: Engine) -> None:
        """100,000 rows of one key among others with a few."""
        keys = [7] * 100_000 + [n % 1_000 for n in range(20_000)]
        rows = keyed(keys, pa.int64())
        found = engine.map_groups(f.sizes, engine.table(rows, "hot"), "key", f.SIZES)
        assert_same(engine.collect(found).to_pylist(), grouped(rows))

    @pytest.mark.parametrize("column", ["part", "tags"])
    def test_keys_by_which_rows_cannot_be_told_apart(self, engine: Engine, column: str) -> None:
        from tests.engines.rows import mixed

        with pytest.raises(TypeError, match=f"cannot be grouped by {column}"):
            engine.map_groups(f.sizes, engine.table(mixed(), "mixed"), column, f.SIZES)

    @hypothesis_settings(max_examples=30)
    @given(
        st.lists(
            st.lists(st.none() | st.integers(-2, 2) | st.integers(), max_size=12).map(
                lambda values: [v if v is None or -(2**63) <= v < 2**63 else 0 for v in values]
            ),
            max_size=6,
        )
    )
    def test_equals_a_plain_group_by(self, duckdb: Engine, batches: list[list[int | None]]) -> None:
        """Any keys in batches of any size."""
        rows = _in_batches(batches)
        found = duckdb.map_groups(f.sizes, duckdb.table(rows, "any"), "key", f.SIZES)
        assert_same(duckdb.collect(found).to_pylist(), grouped(rows))


def _in_batches(batches: list[list[int | None]]) -> pa.Table:
    rows = keyed([key for batch in batches for key in batch], pa.int64())
    ends = [0, *accumulate(map(len, batches))]
    parts = [rows.slice(start, end - start) for start, end in pairwise(ends)]
    return pa.concat_tables([rows.slice(0, 0), *parts])
