"""Rows in and out: read, table, run, materialise, collect. One body for every engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from marsad.engines import Engine
from marsad.engines.base import nullable
from marsad.records.errors import InputError, MarsadError
from marsad.records.tables import TABLES
from tests.engines.rows import MIXED, MIXED_ROWS, assert_same, many, mixed

ODD_FOLDERS = (
    "with space", "[1] x", "st*r", "que?", "{a,b}", "%20", "quo'te", 'dou"ble', "a#b",
    "back\\slash", ".hidden", "_under", "language=fr", "مرصد",
)  # fmt: skip


def written(path: Path, rows: pa.Table) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, path)
    return path


class TestRead:
    def test_no_file_is_an_empty_table(self, engine: Engine) -> None:
        rows = engine.collect(engine.read([], MIXED))
        assert rows.num_rows == 0
        assert rows.schema.equals(nullable(MIXED))

    def test_one_file(self, engine: Engine, tmp_path: Path) -> None:
        path = written(tmp_path / "a.parquet", mixed())
        rows = engine.collect(engine.read([path], MIXED))
        assert rows.schema.equals(nullable(MIXED))
        assert_same(rows.to_pylist(), MIXED_ROWS)

    def test_several_files_and_only_those(self, engine: Engine, tmp_path: Path) -> None:
        paths = [written(tmp_path / f"{n}.parquet", mixed().slice(n, 1)) for n in range(4)]
        rows = engine.collect(engine.read([paths[0], paths[2], paths[3]], MIXED)).to_pylist()
        assert_same(rows, [MIXED_ROWS[n] for n in (0, 2, 3)])

    def test_columns_in_another_order_and_more_of_them(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        turned = mixed().select(MIXED.names[::-1]).append_column("more", pa.array([1] * 6))
        paths = [
            written(tmp_path / "a.parquet", mixed()),
            written(tmp_path / "b.parquet", turned),
        ]
        for order in (paths, paths[::-1]):
            rows = engine.collect(engine.read(order, MIXED))
            assert_same(rows.to_pylist(), [*MIXED_ROWS, *MIXED_ROWS])

    def test_paths_are_taken_as_they_stand(self, engine: Engine, tmp_path: Path) -> None:
        """Not as patterns, and a folder called language=fr says nothing about the rows."""
        schema = pa.schema([("folder", pa.string()), ("language", pa.string())])
        for decoy in ("1 x", "star", "quee", "a"):
            rows = pa.table({"folder": ["decoy"], "language": ["xx"]}, schema=schema)
            written(tmp_path / decoy / "f.parquet", rows)
        for folder in ODD_FOLDERS:
            rows = pa.table({"folder": [folder], "language": ["ar"]}, schema=schema)
            path = written(tmp_path / folder / "f.parquet", rows)
            found = engine.collect(engine.read([path], schema)).to_pylist()
            assert found == [{"folder": folder, "language": "ar"}]

    def test_a_missing_file_is_named(self, engine: Engine, tmp_path: Path) -> None:
        there = written(tmp_path / "there.parquet", mixed())
        with pytest.raises(MarsadError) as raised:
            engine.collect(engine.read([there, tmp_path / "gone.parquet"], MIXED))
        assert raised.value.message.id == "engine.failed"
        assert "gone.parquet" in raised.value.message.values["error"]

    @pytest.mark.parametrize("name", TABLES)
    def test_every_table_of_a_workspace(self, engine: Engine, tmp_path: Path, name: str) -> None:
        schema = TABLES[name]
        empty = engine.collect(engine.read([], schema))
        filled = [_filled(schema)]
        path = written(tmp_path / "f.parquet", pa.Table.from_pylist(filled, schema=schema))
        rows = engine.collect(engine.read([path], schema))
        assert empty.schema.equals(rows.schema)
        assert rows.schema.equals(nullable(schema))
        assert rows.to_pylist() == filled


def _filled(schema: pa.Schema) -> dict[str, object]:
    values = {pa.string(): "ن", pa.int64(): 7, pa.float64(): 0.5, pa.bool_(): True}
    return {
        field.name: values.get(field.type, [] if field.name == "media" else ["a", None])
        for field in schema
    }


class TestTable:
    def test_rows_come_back_as_they_were(self, engine: Engine) -> None:
        rows = engine.collect(engine.table(mixed(), "mixed"))
        assert rows.schema.equals(nullable(MIXED))
        assert_same(rows.to_pylist(), MIXED_ROWS)

    def test_one_name_may_be_given_twice(self, engine: Engine) -> None:
        first = engine.table(pa.table({"a": [1]}), "same name")
        second = engine.table(pa.table({"a": [2]}), "same name")
        assert engine.collect(first).to_pylist() == [{"a": 1}]
        assert engine.collect(second).to_pylist() == [{"a": 2}]

    @pytest.mark.parametrize("name", ["with space", "a-b", "select", "1", "مرصد", "a\"b`c'd", ""])
    def test_any_name_will_do(self, engine: Engine, name: str) -> None:
        table = engine.table(pa.table({"a": [1]}), name)
        kept = engine.materialise(table.mutate(b=table.a + 1), name)
        assert engine.collect(kept).to_pylist() == [{"a": 1, "b": 2}]

    def test_no_rows(self, engine: Engine) -> None:
        rows = engine.collect(engine.table(MIXED.empty_table(), "none"))
        assert rows.num_rows == 0
        assert rows.schema.equals(nullable(MIXED))

    def test_a_table_cut_into_many_pieces(self, engine: Engine) -> None:
        pieces = pa.concat_tables([mixed().slice(n, 1) for n in range(6)])
        assert_same(engine.collect(engine.table(pieces, "pieces")).to_pylist(), MIXED_ROWS)


class TestRun:
    def test_a_stream_of_batches_with_the_schema_of_the_expression(self, engine: Engine) -> None:
        table = engine.table(many(50_000), "many")
        expr = table.filter(table.number % 2 == 0).select("number", half=table.number // 2)
        batches = list(engine.run(expr))
        assert len(batches) > 1
        assert all(batch.schema.equals(expr.schema().to_pyarrow()) for batch in batches)
        rows = pa.Table.from_batches(batches)
        assert sorted(rows["half"].to_pylist()) == list(range(25_000))

    def test_in_order_where_an_order_is_asked_for(self, engine: Engine) -> None:
        table = engine.table(many(50_000), "many")
        rows = pa.Table.from_batches(engine.run(table.order_by(table.number.desc())))
        assert rows["number"].to_pylist() == list(range(49_999, -1, -1))

    def test_no_rows(self, engine: Engine) -> None:
        table = engine.table(many(10), "few")
        assert sum(batch.num_rows for batch in engine.run(table.filter(table.number < 0))) == 0

    def test_two_streams_at_once(self, engine: Engine) -> None:
        """An engine may be asked for something else while a stream is read."""
        table = engine.table(many(100_000), "many")
        upper = engine.run(table.filter(table.number >= 50_000).select("number"))
        lower = engine.run(table.filter(table.number < 50_000).select("number"))
        found = [*next(upper)["number"].to_pylist(), *next(lower)["number"].to_pylist()]
        kept = engine.materialise(table.agg(rows=table.count()), "counted")
        assert engine.collect(kept).to_pylist() == [{"rows": 100_000}]
        for stream in (upper, lower):
            for batch in stream:
                found.extend(batch["number"].to_pylist())
        assert sorted(found) == list(range(100_000))

    def test_a_stream_left_unread(self, engine: Engine) -> None:
        table = engine.table(many(100_000), "many")
        next(engine.run(table))
        assert engine.collect(table.agg(rows=table.count())).to_pylist() == [{"rows": 100_000}]

    def test_types_are_those_that_the_expression_promises(self, engine: Engine) -> None:
        table = engine.table(mixed(), "mixed")
        expr = table.group_by("group").agg(
            total=(table.number * 2).sum(),
            rows=table.count(),
            different=table.whole.nunique(),
            mean=table.number.mean(),
            one=ibis.literal(1),
        )
        rows = engine.collect(expr.mutate(place=ibis.row_number()))
        kept = engine.collect(engine.materialise(expr.mutate(place=ibis.row_number()), "typed"))
        types = [
            pa.string(),
            pa.int64(),
            pa.int64(),
            pa.int64(),
            pa.float64(),
            pa.int8(),
            pa.int64(),
        ]
        assert rows.schema.types == kept.schema.types == types
        assert_same(
            kept.drop_columns(["place"]).to_pylist(),
            [
                {"group": "a", "total": 2, "rows": 2, "different": 2, "mean": 0.5, "one": 1},
                {"group": "b", "total": 10, "rows": 2, "different": 1, "mean": 2.5, "one": 1},
                {"group": None, "total": 18, "rows": 2, "different": 2, "mean": 4.5, "one": 1},
            ],
        )


class TestMaterialise:
    def test_is_computed_once(self, engine: Engine, tmp_path: Path) -> None:
        path = written(tmp_path / "a.parquet", mixed())
        table = engine.read([path], MIXED)
        kept = engine.materialise(table.filter(table.number > 2), "kept")
        path.unlink()
        assert_same(engine.collect(kept).to_pylist(), MIXED_ROWS[3:])

    def test_no_rows_and_no_partitions(self, engine: Engine) -> None:
        table = engine.table(many(10), "few")
        none = engine.materialise(table.filter(table.number < 0).order_by("key"), "none")
        again = engine.materialise(none.group_by("key").agg(rows=none.count()), "again")
        assert engine.collect(none).num_rows == engine.collect(again).num_rows == 0
        assert again.schema().names == ("key", "rows")

    def test_an_aggregate_of_no_rows_is_null(self, engine: Engine) -> None:
        table = engine.table(mixed(), "mixed")
        none = table.filter(table.number < 0)
        kept = engine.materialise(none.agg(most=none.number.max(), rows=none.count()), "none")
        assert engine.collect(kept).to_pylist() == [{"most": None, "rows": 0}]

    def test_what_stands_on_others(self, engine: Engine) -> None:
        table = engine.table(many(10_000), "many")
        for step in range(3):
            table = engine.materialise(table.mutate(number=table.number + 1), f"step{step}")
        rows = engine.collect(table.agg(least=table.number.min(), most=table.number.max()))
        assert rows.to_pylist() == [{"least": 3, "most": 10_002}]

    def test_all_kinds_of_columns(self, engine: Engine) -> None:
        kept = engine.materialise(engine.table(mixed(), "mixed"), "kept")
        rows = engine.collect(kept)
        assert rows.schema.equals(nullable(MIXED))
        assert_same(rows.to_pylist(), MIXED_ROWS)


class TestCollect:
    def test_up_to_the_limit(self, engine: Engine) -> None:
        table = engine.table(many(30_000), "many")
        assert engine.collect(table, limit=30_000).num_rows == 30_000

    def test_more_is_refused_and_the_engine_goes_on(self, engine: Engine) -> None:
        table = engine.table(many(30_000), "many")
        with pytest.raises(InputError) as raised:
            engine.collect(table, limit=29_999)
        assert raised.value.message.id == "engine.too-many-rows"
        assert raised.value.message.values == {"limit": 29_999}
        assert engine.collect(table.limit(5)).num_rows == 5


@pytest.mark.parametrize("size", [0, 1, 20_000, 20_001, 120_001])
def test_no_row_is_lost_at_the_borders_of_batches(engine: Engine, size: int) -> None:
    rows = engine.collect(engine.table(many(size), "many").select("number"))
    assert sorted(_numbers(rows)) == list(range(size))


def _numbers(rows: pa.Table) -> Sequence[int]:
    numbers: list[int] = rows["number"].to_pylist()
    return numbers
