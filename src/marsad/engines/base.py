"""What every engine can do, and how one is opened by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Self

import pyarrow as pa

from marsad.records.errors import InputError, MarsadError

if TYPE_CHECKING:
    import ibis.expr.types as ir

BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]
GroupFunction = Callable[[pa.Table], pa.Table]

COLLECT_LIMIT = 20_000_000


@dataclass(frozen=True)
class Gap:
    """Something an engine cannot do: what, why, and the error it gives instead."""

    what: str
    reason: str
    error: str


class Engine(ABC):
    """Executes Ibis expressions. Use as a context manager; `close` frees what it holds.

    Functions given to `map_batches` and `map_groups` run in other processes: they must be
    picklable (module-level functions, or frozen dataclasses with ``__call__``) and build what is
    heavy when first called.
    """

    name: ClassVar[str]
    gaps: ClassVar[tuple[Gap, ...]] = ()

    @abstractmethod
    def read(self, paths: Sequence[Path], schema: pa.Schema) -> ir.Table:
        """The rows of Parquet files, named one by one; an empty table where there are none."""

    @abstractmethod
    def table(self, rows: pa.Table, name: str) -> ir.Table:
        """A small Arrow table as a table of this engine, under a name of its own."""

    @abstractmethod
    def run(self, expr: ir.Table) -> Iterator[pa.RecordBatch]:
        """The rows of an expression as a stream; order is not defined without ``order_by``."""

    @abstractmethod
    def materialise(self, expr: ir.Table, name: str) -> ir.Table:
        """Computes an expression once and returns a table of its rows, under ``name``."""

    @abstractmethod
    def map_batches(self, fn: BatchFunction, expr: ir.Table, schema: pa.Schema) -> ir.Table:
        """Applies ``fn`` to batches of rows in parallel; rows with ``schema`` come back."""

    @abstractmethod
    def map_groups(
        self, fn: GroupFunction, expr: ir.Table, key: str, schema: pa.Schema
    ) -> ir.Table:
        """Applies ``fn`` to all rows of each value of ``key``; a group must fit in memory."""

    @abstractmethod
    def close(self) -> None:
        """Ends the engine and removes what it wrote aside."""

    def collect(self, expr: ir.Table, limit: int = COLLECT_LIMIT) -> pa.Table:
        """All rows of an expression in memory; refuses above ``limit`` rows."""
        batches, rows = [], 0
        for batch in self.run(expr):
            rows += batch.num_rows
            if rows > limit:
                raise InputError("engine.too-many-rows", limit=limit)
            batches.append(batch)
        return pa.Table.from_batches(batches, schema=expr.schema().to_pyarrow())

    def _failed(self, error: str, query: str) -> MarsadError:
        return MarsadError("engine.failed", engine=self.name, error=error, query=query)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def nullable(schema: pa.Schema) -> pa.Schema:
    """The schema as engines keep it: a table of theirs may hold NULL in any column."""
    return pa.schema([field.with_nullable(True) for field in schema])


def reading(paths: Sequence[Path]) -> str:
    """What an error calls the reading of files: it names the first few."""
    named = ", ".join(str(path) for path in paths[:3])
    return f"read {named}" + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")


ENGINES = ("duckdb", "spark")


def open_engine(name: str = "duckdb", folder: Path | None = None, master: str = "") -> Engine:
    """An engine by name; ``folder`` is where it may write aside, ``master`` is Spark's."""
    if name == "duckdb":
        from marsad.engines.duckdb import DuckDBEngine

        return DuckDBEngine(folder)
    if name == "spark":
        from marsad.engines.spark import SparkEngine

        return SparkEngine(folder, master)
    raise InputError("engine.unknown", given=name, valid=list(ENGINES))


@dataclass(frozen=True)
class EngineStatus:
    """Whether an engine can be used here, why not, and what it cannot do."""

    ready: bool
    why: str
    gaps: tuple[Gap, ...]


def engine_status() -> dict[str, EngineStatus]:
    """Every engine there is, by name."""
    from marsad.engines.duckdb import DuckDBEngine
    from marsad.engines.spark import SparkEngine
    from marsad.engines.spark_session import why_not

    missing = why_not()
    return {
        "duckdb": EngineStatus(True, "", DuckDBEngine.gaps),
        "spark": EngineStatus(not missing, missing.render() if missing else "", SparkEngine.gaps),
    }
