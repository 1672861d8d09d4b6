"""Every name of Ibis that the engines use, called by itself.

Engines stand on a few methods of Ibis, and on versions of DuckDB and sqlglot that fit it. When one
of the three moves, these tests say which method it is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marsad.engines import Engine
from tests.conftest import ROOT

ENGINES = ROOT / "src" / "marsad" / "engines"
ROWS = pa.table({"number": pa.array([3, 1, 2], pa.int64()), "text": ["c", "a", None]})

Backend = Any


@pytest.fixture
def backend() -> Iterator[Backend]:
    connected = ibis.duckdb.connect(threads=1, memory_limit="100MB", preserve_insertion_order=False)
    yield connected
    connected.disconnect()


@pytest.fixture
def table(backend: Backend, tmp_path: Path) -> Any:
    pq.write_table(ROWS, tmp_path / "rows.parquet")
    path = str(tmp_path / "rows.parquet")
    return backend.read_parquet([path], table_name="rows", hive_partitioning=False)


def used(names: set[str]) -> set[str]:
    """The attributes that the engines ask of what is called by one of the names.

    Not the views: they are expressions, which `test_views` runs on every engine.
    """
    found = set()
    for path in set(ENGINES.glob("*.py")) - {ENGINES / "views.py"}:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and _name(node.value) in names:
                found.add(node.attr)
    return found


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


class TestModule:
    def test_all_that_is_used_is_here(self) -> None:
        assert used({"ibis"}) == {"duckdb", "pyspark", "schema"}

    def test_schema(self) -> None:
        schema = ibis.schema(ROWS.schema)
        assert schema.names == ("number", "text")
        assert schema == ibis.schema({"number": "int64", "text": "string"})
        assert schema.to_pyarrow().equals(ROWS.schema)

    def test_schema_to_sqlglot_column_defs(self) -> None:
        schema = ibis.schema({"a b": "int64", "l": "array<string>", "s": "struct<x: float64>"})
        columns = schema.to_sqlglot_column_defs("duckdb")
        assert [(c.this.sql("duckdb"), c.kind.sql("duckdb")) for c in columns] == [
            ('"a b"', "BIGINT"), ('"l"', "TEXT[]"), ('"s"', 'STRUCT("x" DOUBLE)'),
        ]  # fmt: skip


def made_known(backend: Backend, table: Any) -> object:
    """What the SQL of an expression with rows in memory gives, once Ibis has made these known."""
    expr = ibis.memtable(ROWS).inner_join(table, "number").select("number").order_by("number")
    backend._run_pre_execute_hooks(expr)
    return backend.con.execute(str(backend.compile(expr))).fetchall()


DUCKDB: dict[str, Callable[[Backend, Any], object]] = {
    "con": lambda backend, _: backend.con.execute("SELECT 1").fetchall(),
    "read_parquet": lambda _, table: table.schema().names,
    "to_pyarrow_batches": lambda backend, table: sorted(
        number
        for batch in backend.to_pyarrow_batches(table, chunk_size=2)
        for number in batch["number"].to_pylist()
    ),
    "table": lambda backend, _: backend.table("rows").columns,
    "_run_pre_execute_hooks": made_known,
    "compile": lambda backend, table: "ROWS" in str(backend.compile(table)).upper(),
}
EXPECTED: dict[str, object] = {
    "con": [(1,)],
    "read_parquet": ("number", "text"),
    "to_pyarrow_batches": [1, 2, 3],
    "table": ("number", "text"),
    "_run_pre_execute_hooks": [(1,), (2,), (3,)],
    "compile": True,
}


class TestDuckDB:
    def test_all_that_is_used_is_here(self) -> None:
        # of both engines: `compile` and `table` are asked of Spark's too
        assert used({"_connection", "_idle"}) == {*DUCKDB, "disconnect"}

    @pytest.mark.parametrize("name", DUCKDB)
    def test_method(self, backend: Backend, table: Any, name: str) -> None:
        assert DUCKDB[name](backend, table) == EXPECTED[name]

    def test_disconnect(self) -> None:
        connected = ibis.duckdb.connect()
        connected.disconnect()
        with pytest.raises(Exception, match=r"[Cc]losed"):
            connected.raw_sql("SELECT 1")

    def test_settings_are_taken(self) -> None:
        connected = ibis.duckdb.connect(
            threads=1,
            memory_limit="100MB",
            preserve_insertion_order=False,
            enable_external_file_cache=False,
            autoinstall_known_extensions=False,
        )
        names = (
            "threads", "memory_limit", "preserve_insertion_order", "enable_external_file_cache",
            "autoinstall_known_extensions",
        )  # fmt: skip
        shown = [f"current_setting('{name}')" for name in names]
        row = connected.con.execute(f"SELECT {', '.join(shown)}").fetchone()
        connected.disconnect()
        assert row == (1, "95.3 MiB", False, False, False)

    def test_a_second_query_ends_an_open_stream_without_a_word(
        self, backend: Backend, tmp_path: Path
    ) -> None:
        """Why `Stream` sets itself aside. If this fails, it no longer needs to."""
        pq.write_table(pa.table({"n": range(100_000)}), tmp_path / "many.parquet")
        table = backend.read_parquet([str(tmp_path / "many.parquet")], table_name="many")
        stream = backend.to_pyarrow_batches(table, chunk_size=2_048)
        next(stream)
        backend.con.execute("SELECT 1")
        assert sum(batch.num_rows for batch in stream) < 97_000


OPERATIONS = (
    "RegexSearch", "RegexExtract", "RegexReplace", "RegexSplit", "Lowercase", "Uppercase",
    "Capitalize", "StringSQLILike", "ApproxCountDistinct", "ApproxMedian", "ApproxQuantile",
    "First", "Last", "ArrayCollect", "GroupConcat", "Cast", "TryCast", "Value", "Impure", "Sample",
    "ScalarUDF", "Hash", "Reverse", "Levenshtein", "IsNan", "ArrayStringJoin", "InMemoryTable",
    "Node",
)  # fmt: skip


class TestExpressions:
    def test_select_order_limit(self, backend: Backend, table: Any) -> None:
        expr = table.select("number").order_by("number").limit(2)
        assert backend.to_pyarrow(expr)["number"].to_pylist() == [1, 2]

    def test_cast_to_a_schema(self, table: Any) -> None:
        cast = table.cast(ibis.schema({"number": "float64", "text": "string"}))
        assert cast.schema() == ibis.schema({"number": "float64", "text": "string"})

    def test_find_in_the_operations(self, table: Any) -> None:
        node = table.mutate(low=table.text.lower()).op()
        assert [type(found) for found in node.find(ops.Lowercase)] == [ops.Lowercase]
        assert node.find(lambda found: isinstance(found, ops.Uppercase)) == []

    def test_all_operations_that_are_used_are_here(self) -> None:
        assert used({"ops"}) == set(OPERATIONS)

    @pytest.mark.parametrize("name", OPERATIONS)
    def test_operation(self, name: str) -> None:
        assert issubclass(getattr(ops, name), ops.Node)


@pytest.mark.java
class TestSpark:
    def test_connect_table_compile(self, spark: Engine) -> None:
        session = spark._session  # type: ignore[attr-defined]
        connected = ibis.pyspark.connect(session)
        session.range(3).createOrReplaceTempView("three")
        table = connected.table("three")
        assert table.schema() == ibis.schema({"id": "int64"})
        sql = str(connected.compile(table.filter(table.id > 0)))
        assert sorted(row.id for row in session.sql(sql).collect()) == [1, 2]
