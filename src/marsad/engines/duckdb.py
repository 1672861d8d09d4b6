"""The embedded engine: DuckDB through Ibis, on one machine."""

from __future__ import annotations

import os
import re
import weakref
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines.aside import ROW_GROUP_BYTES, ROW_GROUP_ROWS, Aside, write_rows
from marsad.engines.base import BatchFunction, Engine, Gap, GroupFunction, nullable, reading
from marsad.engines.functions import Applied, OverBatches
from marsad.engines.groups import OverGroups, check_key, whole_groups
from marsad.engines.streams import Stream
from marsad.engines.workers import Workers
from marsad.records.errors import MarsadError

BATCH_ROWS = 20_000
MEMORY = "1GB"
MOST_THREADS = 4
"""Each thread of a sort holds on to memory: `MEMORY` is enough for these, and not for eight."""

# By bytes too: a reader holds whole row groups, and 100,000 long texts fill its memory.
_ROW_GROUPS = (f"ROW_GROUP_SIZE {ROW_GROUP_ROWS}", f"ROW_GROUP_SIZE_BYTES {ROW_GROUP_BYTES}")
# What is read once is written without the search for repeats, which takes a third of the time.
_NO_SEARCH = ("DICTIONARY_SIZE_LIMIT 100", "PARQUET_VERSION V2")
FAST = ("FORMAT parquet", "COMPRESSION lz4_raw", *_NO_SEARCH, *_ROW_GROUPS)
KEPT = ("FORMAT parquet", "COMPRESSION snappy", *_ROW_GROUPS)


_INTERRUPTED = re.compile("^INTERRUPT Error|Query interrupted|the UDF: KeyboardInterrupt")


class DuckDBEngine(Engine):
    """DuckDB in this process; what exceeds ``memory`` and what is materialised goes to ``folder``.

    ``memory`` bounds DuckDB's own buffers, not Arrow tables that a caller holds. ``threads`` is
    how many DuckDB may use, and how many processes run functions: as many as there are cores,
    but `MOST_THREADS` for DuckDB. An engine is for one thread of the caller.
    """

    name: ClassVar[str] = "duckdb"
    gaps: ClassVar[tuple[Gap, ...]] = (
        Gap("logarithm of zero", "an error; Spark gives null: use x.nullif(0)", "engine.failed"),
        Gap("NUL in a literal", "ends DuckDB's query: put the value in a table", "engine.failed"),
    )

    def __init__(
        self, folder: Path | None = None, memory: str = MEMORY, threads: int | None = None
    ) -> None:
        self._aside = Aside(folder)
        self._workers = threads or _cores()
        self._connection = ibis.duckdb.connect(
            threads=threads or min(_cores(), MOST_THREADS),
            memory_limit=memory,
            temp_directory=str(self._aside.folder / "spill"),
            preserve_insertion_order=False,
            enable_external_file_cache=False,
            autoinstall_known_extensions=False,  # nothing is fetched behind the user's back
        )
        self._connection.con.execute("SET TimeZone = 'UTC'")
        self._connection.con.execute("SET enable_progress_bar = false")
        # a fifth of what DuckDB keeps before it writes partitions: half the memory, and sooner done
        self._connection.con.execute(f"SET partitioned_write_flush_threshold = {ROW_GROUP_ROWS}")
        self._open: Callable[[], Stream | None] = lambda: None

    def read(self, paths: Sequence[Path], schema: pa.Schema) -> ir.Table:
        if not paths:
            return self.table(schema.empty_table(), "empty")
        rows = self.read_all(paths).select(*schema.names)
        promised = ibis.schema(nullable(schema))
        return rows if rows.schema() == promised else rows.cast(promised)

    def read_all(self, paths: Sequence[Path], same_columns: bool = True) -> ir.Table:
        """The rows of at least one Parquet file, with the columns the files have; without
        ``same_columns``, with those that any has."""
        # without hive_partitioning a folder called language=fr would overrule the column language
        try:
            return self._idle.read_parquet(
                [_literal(path) for path in paths],
                table_name=self._aside.name("files"),
                hive_partitioning=False,
                union_by_name=not same_columns,
            )
        except Exception as error:
            raise self._failed(str(error), reading(paths)) from error

    def table(self, rows: pa.Table, name: str) -> ir.Table:
        path = self._aside.path(name, ".parquet")
        write_rows(path, rows.schema, rows.to_batches())
        return self.read_all([path])

    def run(self, expr: ir.Table) -> Stream:
        try:
            batches = self._idle.to_pyarrow_batches(expr, chunk_size=BATCH_ROWS)
        except Exception as error:
            raise self._explained(error, expr) from error
        schema = expr.schema().to_pyarrow()
        stream = Stream(batches, schema, lambda error: self._explained(error, expr))
        self._open = weakref.ref(stream)
        return stream

    def materialise(self, expr: ir.Table, name: str) -> ir.Table:
        path = self._aside.path(name, ".parquet")
        try:
            self._register(expr)
            sql = self._typed(expr)
        except Exception as error:
            raise self._explained(error, expr) from error
        self._copy(sql, path, FAST)
        return self.read_all([path])

    def map_batches(self, fn: BatchFunction, expr: ir.Table, schema: pa.Schema) -> ir.Table:
        return self._mapped(OverBatches(fn, schema), self.run(expr), schema)

    def map_groups(
        self, fn: GroupFunction, expr: ir.Table, key: str, schema: pa.Schema
    ) -> ir.Table:
        given = expr.schema().to_pyarrow()
        check_key(given, key)
        groups = whole_groups(self.run(expr.order_by(key)), key, given)
        return self._mapped(OverGroups(fn, key, schema), groups, schema)

    def write(
        self, expr: ir.Table, path: Path, partition_by: Sequence[str] = (), fast: bool = False
    ) -> list[Path]:
        """Writes rows to Parquet: one file at ``path``, or a folder of files by partition.

        Returns the files written. ``fast`` trades size for speed (for what is read once).
        """
        options: tuple[str, ...] = FAST if fast else KEPT
        if partition_by:
            options = (*options, f"PARTITION_BY ({', '.join(partition_by)})")
        path.parent.mkdir(parents=True, exist_ok=True)
        self._register(expr)
        self._copy(self._typed(expr), path, options)
        return sorted(path.rglob("*.parquet")) if partition_by else [path]

    def prepare(self, expr: ir.Table) -> str:
        """Compiles an expression over a `view` once; `write_prepared` then follows the view."""
        self._register(expr)
        return self._typed(expr)

    def write_prepared(self, sql: str, path: Path) -> None:
        """Writes the rows that a prepared expression has now to one file, fast."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._copy(sql, path, FAST)

    def view(self, name: str, rows: pa.Table) -> ir.Table:
        """Arrow rows under a fixed name, without a copy; a second call replaces the first."""
        self._idle.con.register(name, rows)
        return self._connection.table(name)

    def close(self) -> None:
        self._connection.disconnect()
        self._aside.close()

    @property
    def _idle(self) -> Any:
        """The connection, ready for another query: a stream that is still open is set aside."""
        stream = self._open()
        if stream is not None:
            stream.set_aside(self._aside.path("stream", ".parquet"))
            self._open = lambda: None
        return self._connection

    def _mapped(
        self, fn: Applied, batches: Iterable[pa.RecordBatch], schema: pa.Schema
    ) -> ir.Table:
        path = self._aside.path("mapped", ".parquet")
        write_rows(path, schema, Workers(fn, self._workers).map(batches))
        return self.read_all([path])

    def _register(self, expr: ir.Table) -> None:
        """Makes the Python functions and memory tables of an expression known to DuckDB."""
        # what Ibis does before it runs one; by its public ways it would compile the whole of it
        self._idle._run_pre_execute_hooks(expr)

    def _typed(self, expr: ir.Table) -> str:
        """The SQL of an expression with the types Ibis promises. DuckDB's own may differ: it sums
        in 128 bits, which Parquet does not have, and shifts unsigned numbers to unsigned ones."""
        columns = [
            f"CAST({column.this.sql('duckdb')} AS {column.kind.sql('duckdb')})"
            f" AS {column.this.sql('duckdb')}"
            for column in expr.schema().to_sqlglot_column_defs("duckdb")
        ]
        return f"SELECT {', '.join(columns)} FROM ({self._sql(expr)})"

    def _sql(self, expr: ir.Table) -> str:
        return str(self._connection.compile(expr))

    def _copy(self, sql: str, path: Path, options: Sequence[str]) -> None:
        target = str(path).replace("'", "''")
        try:
            self._idle.con.execute(f"COPY ({sql}) TO '{target}' ({', '.join(options)})")
        except Exception as error:
            raise self._failed(str(error), sql) from error

    def _failed(self, error: str, query: str) -> MarsadError:
        if _INTERRUPTED.search(error):  # Ctrl-C reaches DuckDB first
            raise KeyboardInterrupt
        return super()._failed(error.partition("\n\nPossible solutions:")[0], query)

    def _explained(self, error: Exception, expr: ir.Table) -> Exception:
        if isinstance(error, MarsadError):
            return error
        try:
            query = self._sql(expr)
        except Exception:  # an expression that cannot be compiled is shown as it stands
            query = repr(expr)
        return self._failed(str(error), query)


def _literal(path: Path) -> str:
    """A path as a pattern that matches it alone: DuckDB takes every path for a pattern."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in str(path))


def _cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
