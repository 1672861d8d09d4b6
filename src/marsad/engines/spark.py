"""The engine for many machines: Spark through Ibis, over files that all machines can read."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from marsad.engines.base import BatchFunction, Engine, Gap, GroupFunction, nullable
from marsad.engines.groups import EachGroup, whole_groups
from marsad.records.errors import MarsadError, OutsideError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

BATCH_ROWS = 20_000

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.ui.enabled": "false",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(BATCH_ROWS),
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.shuffle.partitions": "16",
    "spark.log.level": "ERROR",
}
LOCAL_SETTINGS = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def why_not() -> str:
    """Why Spark cannot run here, or an empty string where it can."""
    try:
        import pyspark  # noqa: F401
    except ImportError:
        return "pyspark is not installed: pip install 'marsad[spark]'"
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        return "Java 17 is not installed: on Debian, apt-get install openjdk-17-jre-headless"
    return ""


class SparkEngine(Engine):
    """Spark on a master: ``local[*]`` if none is given, a cluster's URL, or ``local-cluster[…]``.

    ``folder`` is where results are written between steps. On a cluster every machine must see
    it, and the workspace, under the same path.
    """

    name: ClassVar[str] = "spark"
    gaps: ClassVar[tuple[Gap, ...]] = (
        Gap("import", "needs functions of the embedded engine", "engine.embedded-only"),
        Gap("watch, screen and the desk", "answer in milliseconds", "engine.embedded-only"),
    )

    def __init__(self, folder: Path | None = None, master: str = "") -> None:
        missing = why_not()
        if missing:
            raise OutsideError("engine.spark-missing", reason=missing)
        self._folder = Path(tempfile.mkdtemp(prefix="marsad-", dir=folder))
        self._session = _session(master or "local[*]", self._folder)
        self._connection = ibis.pyspark.connect(self._session)
        self._names = itertools.count()

    def read(self, paths: Sequence[Path], schema: pa.Schema) -> ir.Table:
        if not paths:
            return self.table(nullable(schema).empty_table(), "empty")
        frame = self._session.read.parquet(*[str(path.absolute()) for path in paths])
        return self._view(frame.select(*[f"`{name}`" for name in schema.names]), "files")

    def table(self, rows: pa.Table, name: str) -> ir.Table:
        path = self._path(name)
        path.mkdir(parents=True)
        pq.write_table(rows, path / "rows.parquet")
        return self._view(self._session.read.parquet(str(path)), name)

    def run(self, expr: ir.Table) -> Iterator[pa.RecordBatch]:
        schema = expr.schema().to_pyarrow()
        path = self._write(self._frame(expr), "result", expr)
        for batch in ds.dataset(_parts(path), format="parquet").to_batches(batch_size=BATCH_ROWS):
            yield batch.select(schema.names).cast(schema)

    def materialise(self, expr: ir.Table, name: str) -> ir.Table:
        path = self._write(self._frame(expr), name, expr)
        return self._view(self._session.read.parquet(str(path)), name)

    def map_batches(self, fn: BatchFunction, expr: ir.Table, schema: pa.Schema) -> ir.Table:
        return self._mapped(self._frame(expr), _over_batches(fn), schema, expr)

    def map_groups(
        self, fn: GroupFunction, expr: ir.Table, key: str, schema: pa.Schema
    ) -> ir.Table:
        frame = self._frame(expr).repartition(key).sortWithinPartitions(key)
        function = _over_groups(EachGroup(fn, key, schema), key, expr.schema().to_pyarrow())
        return self._mapped(frame, function, schema, expr)

    def close(self) -> None:
        self._session.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _mapped(
        self, frame: DataFrame, function: Callable[..., Any], schema: pa.Schema, expr: ir.Table
    ) -> ir.Table:
        from pyspark.sql.pandas.types import from_arrow_schema

        mapped = frame.mapInArrow(function, from_arrow_schema(nullable(schema)))
        path = self._write(mapped, "mapped", expr)
        return self._view(self._session.read.parquet(str(path)), "mapped")

    def _frame(self, expr: ir.Table) -> DataFrame:
        return self._session.sql(str(self._connection.compile(expr)))

    def _write(self, frame: DataFrame, name: str, expr: ir.Table) -> Path:
        """Computes a frame once, into files; what follows reads these."""
        path = self._path(name)
        try:
            frame.write.parquet(str(path))
        except Exception as error:
            query = str(self._connection.compile(expr))
            raise MarsadError(
                "engine.failed", engine=self.name, error=str(error), query=query
            ) from error
        return path

    def _view(self, frame: DataFrame, name: str) -> ir.Table:
        view = self._path(name).name
        frame.createOrReplaceTempView(view)
        return self._connection.table(view)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}_{next(self._names)}"


def _session(master: str, folder: Path) -> SparkSession:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(master).appName("marsad")
    settings = {**SETTINGS, "spark.sql.warehouse.dir": str(folder / "warehouse")}
    settings["spark.local.dir"] = str(folder)
    settings["spark.pyspark.python"] = os.environ.get("PYSPARK_PYTHON", sys.executable)
    if master.startswith("local"):
        settings |= LOCAL_SETTINGS
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        raise OutsideError("engine.spark-start", master=master, error=str(error)) from error


def _over_batches(fn: BatchFunction) -> Callable[[Any], Any]:
    def apply(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if batch.num_rows:
                yield fn(batch)

    return apply


def _over_groups(fn: EachGroup, key: str, schema: pa.Schema) -> Callable[[Any], Any]:
    def apply(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for whole in whole_groups(batches, key, schema):
            yield fn(whole)

    return apply


def _parts(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.glob("*.parquet"))
