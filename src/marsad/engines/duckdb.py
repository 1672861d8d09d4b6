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
import pyarrow.parquet as pq

from marsad.engines.base import BatchFunction, Engine, Gap, GroupFunction, nullable
from marsad.engines.groups import EachGroup, whole_groups
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
            return self.table(nullable(schema).empty_table(), "empty")
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
        groups = whole_groups(self.run(expr.order_by(key)), key, expr.schema().to_pyarrow())
        return self._mapped(EachGroup(fn, key, schema), groups, schema)

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
