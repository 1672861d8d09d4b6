"""The embedded engine: DuckDB through Ibis, on one machine."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from marsad.engines.base import BatchFunction, Engine, Gap, GroupFunction
from marsad.engines.workers import Workers
from marsad.records.errors import MarsadError

BATCH_ROWS = 20_000
ROW_GROUP_ROWS = 100_000


class DuckDBEngine(Engine):
    """DuckDB in this process; spills to ``folder`` above ``memory``.

    ``memory`` bounds DuckDB's own buffers, not Arrow tables that a caller holds.
    """

    name: ClassVar[str] = "duckdb"
    gaps: ClassVar[tuple[Gap, ...]] = ()

    def __init__(
        self, folder: Path | None = None, memory: str = "1GB", threads: int | None = None
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="marsad-", dir=folder))
        self._threads = threads or os.cpu_count() or 1
        self._connection = ibis.duckdb.connect(
            threads=self._threads,
            memory_limit=memory,
            temp_directory=str(self._folder / "spill"),
            preserve_insertion_order=False,
            enable_external_file_cache=False,
        )
        self._connection.con.execute("SET TimeZone = 'UTC'")
        self._names = itertools.count()

    def read(self, paths: Sequence[Path], schema: pa.Schema) -> ir.Table:
        if not paths:
            return self.table(schema.empty_table(), "empty")
        return self.read_all(paths).select(*schema.names)

    def read_all(self, paths: Sequence[Path]) -> ir.Table:
        """The rows of at least one Parquet file, with the columns the files have."""
        return self._connection.read_parquet(
            [str(path) for path in paths], table_name=self._name("files")
        )

    def table(self, rows: pa.Table, name: str) -> ir.Table:
        return self._connection.create_table(self._name(name), rows, temp=True)

    def run(self, expr: ir.Table) -> Iterator[pa.RecordBatch]:
        schema = expr.schema().to_pyarrow()
        try:
            for batch in self._connection.to_pyarrow_batches(expr, chunk_size=BATCH_ROWS):
                yield batch if batch.schema == schema else batch.cast(schema)
        except Exception as error:
            raise self._explained(error, expr) from error

    def materialise(self, expr: ir.Table, name: str) -> ir.Table:
        try:
            return self._connection.create_table(self._name(name), expr, temp=True)
        except Exception as error:
            raise self._explained(error, expr) from error

    def map_batches(self, fn: BatchFunction, expr: ir.Table, schema: pa.Schema) -> ir.Table:
        return self._mapped(fn, self.run(expr), schema)

    def map_groups(
        self, fn: GroupFunction, expr: ir.Table, key: str, schema: pa.Schema
    ) -> ir.Table:
        groups = _whole_groups(self.run(expr.order_by(key)), key, expr.schema().to_pyarrow())
        return self._mapped(_EachGroup(fn, key, schema), groups, schema)

    def write(
        self, expr: ir.Table, path: Path, partition_by: Sequence[str] = (), fast: bool = False
    ) -> list[Path]:
        """Writes rows to Parquet: one file at ``path``, or a folder of files by partition.

        Returns the files written. ``fast`` trades size for speed (for what is read once).
        """
        options = ["FORMAT parquet", f"ROW_GROUP_SIZE {ROW_GROUP_ROWS}"]
        options.append("COMPRESSION lz4_raw" if fast else "COMPRESSION zstd")
        if partition_by:
            options.append(f"PARTITION_BY ({', '.join(partition_by)})")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._copy(self._sql(expr), path, options)
        return sorted(path.rglob("*.parquet")) if partition_by else [path]

    def prepare(self, expr: ir.Table) -> str:
        """Compiles an expression over a `view` once; `write_prepared` then follows the view."""
        # running it once over no rows registers the Python functions it calls
        self.materialise(expr.limit(0), "prepared")
        return self._sql(expr)

    def write_prepared(self, sql: str, path: Path) -> None:
        """Writes the rows that a prepared expression has now to one file, fast."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._copy(sql, path, ["FORMAT parquet", "COMPRESSION lz4_raw"])

    def view(self, name: str, rows: pa.Table) -> ir.Table:
        """Arrow rows under a fixed name, without a copy; a second call replaces the first."""
        self._connection.con.register(name, rows)
        return self._connection.table(name)

    def close(self) -> None:
        self._connection.disconnect()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _mapped(
        self, fn: Any, batches: Iterable[pa.RecordBatch], schema: pa.Schema
    ) -> ir.Table:
        path = self._folder / f"{self._name('mapped')}.parquet"
        with pq.ParquetWriter(path, schema) as writer:
            for result in Workers(fn, self._threads).map(batches):
                writer.write_batch(result)
        return self.read([path], schema)

    def _sql(self, expr: ir.Table) -> str:
        return str(self._connection.compile(expr))

    def _copy(self, sql: str, path: Path, options: Sequence[str]) -> None:
        target = str(path).replace("'", "''")
        try:
            self._connection.con.execute(f"COPY ({sql}) TO '{target}' ({', '.join(options)})")
        except Exception as error:
            raise self._failed(error, sql) from error

    def _explained(self, error: Exception, expr: ir.Table) -> Exception:
        if isinstance(error, MarsadError):
            return error
        try:
            query = self._sql(expr)
        except Exception:  # an expression that cannot be compiled is shown as it stands
            query = repr(expr)
        return self._failed(error, query)

    def _failed(self, error: Exception, sql: str) -> MarsadError:
        return MarsadError("engine.failed", engine=self.name, error=str(error), query=sql)

    def _name(self, stem: str) -> str:
        return f"{stem}_{next(self._names)}"


class _EachGroup:
    """Splits a batch of whole groups and applies a function to each; runs in a worker."""

    def __init__(self, fn: GroupFunction, key: str, schema: pa.Schema) -> None:
        self.fn, self.key, self.schema = fn, key, schema

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        table = pa.Table.from_batches([batch])
        results = [self.fn(group) for group in _split(table, self.key)]
        if not results:
            return pa.RecordBatch.from_pylist([], schema=self.schema)
        joined = pa.concat_tables(results).cast(self.schema).combine_chunks()
        return pa.RecordBatch.from_arrays(
            [column.combine_chunks() for column in joined.columns], schema=self.schema
        )


def _split(table: pa.Table, key: str) -> Iterator[pa.Table]:
    """The runs of equal keys in a table sorted by key."""
    if table.num_rows == 0:
        return
    runs = pc.run_end_encode(table[key].combine_chunks())
    ends = runs.run_ends.to_pylist()
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        yield table.slice(start, end - start)


def _whole_groups(
    batches: Iterable[pa.RecordBatch], key: str, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Re-cuts batches sorted by key so that no group is spread over two."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if batch.num_rows == 0:
            continue
        cut = _last_group_start(batch, key)
        if held and (cut > 0 or held[-1][key][-1].as_py() != batch[key][0].as_py()):
            whole = [*held, batch.slice(0, cut)] if cut else held
            held = [batch.slice(cut)] if cut else [batch]
            yield _joined(whole, schema)
        elif cut:
            yield batch.slice(0, cut)
            held = [batch.slice(cut)]
        else:
            held.append(batch)
    if held:
        yield _joined(held, schema)


def _last_group_start(batch: pa.RecordBatch, key: str) -> int:
    """The first row of the last group in a batch sorted by key."""
    ends = pc.run_end_encode(batch[key]).run_ends.to_pylist()
    return int(ends[-2]) if len(ends) > 1 else 0


def _joined(batches: Sequence[pa.RecordBatch], schema: pa.Schema) -> pa.RecordBatch:
    table = pa.Table.from_batches(batches).cast(schema)
    columns = [column.combine_chunks() for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
