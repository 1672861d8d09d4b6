"""The engine for many machines: Spark through Ibis, over files that all machines can read."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines.aside import Aside, read_rows, write_rows
from marsad.engines.base import BatchFunction, Engine, Gap, GroupFunction, nullable, reading
from marsad.engines.functions import Applied, OverBatches, function_name, pieces, sent
from marsad.engines.groups import OverGroups, check_key, whole_groups
from marsad.engines.spark_errors import CrossingError, crossed, lost, reason
from marsad.engines.spark_gaps import GAPS, refuse
from marsad.engines.spark_session import SparkLease
from marsad.records.errors import MarsadError, OutsideError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

Batches = Iterator[pa.RecordBatch]


class SparkEngine(Engine):
    """Spark on a master: ``local[*]`` if none is given, a cluster's URL, or ``local-cluster[…]``.

    ``folder`` is where results are written between steps. On a cluster every machine must see
    it, and the workspace, under the same path, and have the same Python with Marsad in it.
    """

    name: ClassVar[str] = "spark"
    gaps: ClassVar[tuple[Gap, ...]] = GAPS

    def __init__(self, folder: Path | None = None, master: str = "") -> None:
        self._lease = SparkLease(master)
        try:
            self._aside = Aside(folder)
        except OutsideError:
            self._lease.close()
            raise
        self._session = self._lease.session
        self._connection = ibis.pyspark.connect(self._session)

    def read(self, paths: Sequence[Path], schema: pa.Schema) -> ir.Table:
        if not paths:
            return self.table(schema.empty_table(), "empty")
        # with the schema Spark need not open every file to know what is in it
        reader = self._session.read.schema(_struct(schema))
        try:
            frame = reader.parquet(*[_literal(path) for path in paths])
        except Exception as error:
            raise self._failed(reason(error), reading(paths)) from error
        return self._view(frame, "files")

    def table(self, rows: pa.Table, name: str) -> ir.Table:
        path = self._aside.path(name, ".parquet")
        write_rows(path, rows.schema, rows.to_batches())
        return self.read([path], rows.schema)

    def run(self, expr: ir.Table) -> Batches:
        path = self._written(self._frame(expr), "result", expr)
        return self._read_once(path, expr.schema().to_pyarrow())

    def materialise(self, expr: ir.Table, name: str) -> ir.Table:
        path = self._written(self._frame(expr), name, expr)
        return self.read([path], expr.schema().to_pyarrow())

    def map_batches(self, fn: BatchFunction, expr: ir.Table, schema: pa.Schema) -> ir.Table:
        applied = OverBatches(fn, schema)
        return self._mapped(applied, self._frame(expr), _over_batches(applied, _given(expr)), expr)

    def map_groups(
        self, fn: GroupFunction, expr: ir.Table, key: str, schema: pa.Schema
    ) -> ir.Table:
        given = _given(expr)
        check_key(given, key)
        applied = OverGroups(fn, key, schema)
        frame = self._frame(expr).repartition(f"`{key}`").sortWithinPartitions(f"`{key}`")
        return self._mapped(applied, frame, _over_groups(applied, given), expr)

    def close(self) -> None:
        self._aside.close()
        self._lease.close()

    def _mapped(
        self, applied: OverBatches | OverGroups, frame: DataFrame,
        over: Callable[[Batches], Batches], expr: ir.Table,
    ) -> ir.Table:  # fmt: skip
        sent(applied)  # Spark could send more; what runs on one engine must run on all
        mapped = frame.mapInArrow(over, _struct(applied.schema))
        path = self._aside.path("mapped")
        try:
            mapped.write.parquet(_url(path))
        except Exception as error:
            raise self._failure(error, applied, expr) from error
        return self.read([path], applied.schema)

    def _failure(self, error: Exception, applied: Applied, expr: ir.Table) -> MarsadError:
        """What ended a mapping: the function, the process it ran in, or the query before it."""
        raised = crossed(error)  # first: a function may itself raise what a lost process leaves
        if raised:
            return raised
        ending = lost(error)
        if ending:
            name = function_name(applied.fn)
            return MarsadError("engine.workers", function=name, ending=ending)
        return self._explained(error, expr)

    def _frame(self, expr: ir.Table) -> DataFrame:
        """The rows of an expression with the types Ibis promises."""
        from pyspark.sql.functions import col

        refuse(expr)
        try:
            frame = self._session.sql(str(self._connection.compile(expr)))
        except Exception as error:
            raise self._explained(error, expr) from error
        columns = [col(f"`{field.name}`").cast(field.dataType) for field in _struct(_given(expr))]
        return frame.select(*columns)

    def _written(self, frame: DataFrame, name: str, expr: ir.Table) -> Path:
        """Computes a frame once, into files; what follows reads these."""
        path = self._aside.path(name)
        try:
            frame.write.parquet(_url(path))
        except Exception as error:
            raise self._explained(error, expr) from error
        return path

    def _read_once(self, path: Path, schema: pa.Schema) -> Batches:
        try:
            for batch in read_rows(sorted(path.glob("*.parquet"))):
                yield batch.select(schema.names).cast(schema)
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def _view(self, frame: DataFrame, stem: str) -> ir.Table:
        name = self._aside.name(stem)
        frame.createOrReplaceTempView(name)
        return self._connection.table(name)

    def _explained(self, error: Exception, expr: ir.Table) -> MarsadError:
        try:
            query = str(self._connection.compile(expr))
        except Exception:  # an expression that cannot be compiled is shown as it stands
            query = repr(expr)
        return self._failed(reason(error), query)


def _over_batches(fn: OverBatches, given: pa.Schema) -> Callable[[Batches], Batches]:
    def apply(batches: Batches) -> Batches:
        for batch in batches:
            for piece in pieces(batch.cast(given)):
                yield _across(fn, piece)

    return apply


def _over_groups(fn: OverGroups, given: pa.Schema) -> Callable[[Batches], Batches]:
    def apply(batches: Batches) -> Batches:
        for whole in whole_groups(batches, fn.key, given):
            yield _across(fn, whole)

    return apply


def _across(fn: Applied, batch: pa.RecordBatch) -> pa.RecordBatch:
    try:
        return fn(batch)
    except MarsadError as error:
        raise CrossingError(error) from error


def _given(expr: ir.Table) -> pa.Schema:
    return expr.schema().to_pyarrow()


def _struct(schema: pa.Schema) -> StructType:
    """The schema in Spark's terms; every column may be null, as Spark takes any to be."""
    from pyspark.sql.pandas.types import from_arrow_schema

    return from_arrow_schema(nullable(schema))


def _literal(path: Path) -> str:
    """A path as a pattern that matches it alone, on this machine's file system."""
    plain = "".join(f"\\{char}" if char in "\\*?[]{}" else char for char in str(path.absolute()))
    return _url(Path(plain))


def _url(path: Path) -> str:
    """A path on a file system that all machines see, whatever Spark takes for its own.

    No part of it is encoded: Spark takes it as it stands.
    """
    return f"file://{path.absolute()}"
