"""The whole database as Parquet files, a table each, and back: the same form on SQLite and
PostgreSQL, so that what was written out of one can be read into the other.

Tables are taken as they stand, whatever the version that made them. Sessions are left out: who was
logged in logs in again, and a session that was ended does not come back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    text,
    update,
)

from marsad.records.errors import InputError
from marsad.store.database import Transaction

ROWS = 20_000
LEFT_OUT = ("alembic_version", "sessions", "used_logins", "decoys")
_TYPES = ((Boolean, pa.bool_()), (Integer, pa.int64()), (Float, pa.float64()),
          (LargeBinary, pa.binary()))  # fmt: skip


def write(transaction: Transaction, folder: Path) -> dict[str, int]:
    """Writes every table into ``<folder>/<table>.parquet``; returns their numbers of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        table.name: _write(transaction, table, folder / f"{table.name}.parquet")
        for table in _tables(transaction)
    }


def _write(transaction: Transaction, table: Table, path: Path) -> int:
    schema = pa.schema([(column.name, _type(column)) for column in table.columns])
    query = select(table).order_by(*table.primary_key.columns)
    found = transaction.execute(query, execution_options={"yield_per": ROWS})
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        for part in found.mappings().partitions():
            rows = pa.Table.from_pylist([dict(row) for row in part], schema)
            file.write_table(rows)
            count += rows.num_rows
    return count


def read(transaction: Transaction, folder: Path) -> None:
    """Fills a new database's tables from what `write` wrote. Raises `InputError` for a table or a
    column that this schema does not have."""
    tables = {table.name: table for table in _tables(transaction)}
    found = {path.stem: path for path in folder.glob("*.parquet")}
    for name in found:
        if name not in tables:
            raise InputError("restore.unknown-table", table=name)
    for name, table in tables.items():  # those that others refer to first
        if name in found:
            _read(transaction, table, found[name])
            _count_on(transaction, table)


def _read(transaction: Transaction, table: Table, path: Path) -> None:
    own = [one.parent.name for one in table.foreign_keys if one.column.table is table]
    with pq.ParquetFile(path) as file:
        unknown = set(file.schema_arrow.names) - set(table.columns.keys())
        if unknown:
            raise InputError("restore.unknown-table", table=f"{table.name}.{min(unknown)}")
        if transaction.execute(select(table).limit(1)).first() is not None:
            transaction.execute(delete(table))  # what a migration has put into a new database
        for rows in _parts(file):
            transaction.execute(insert(table), [row | dict.fromkeys(own) for row in rows])
        for rows in _parts(file):  # a row may name one that comes after it
            for row in rows:
                named = {name: row[name] for name in own if row[name] is not None}
                if named:
                    same = [column == row[column.name] for column in table.primary_key.columns]
                    transaction.execute(update(table).where(*same).values(**named))


def _parts(file: pq.ParquetFile) -> Iterator[list[dict[str, Any]]]:
    for batch in file.iter_batches(ROWS):
        if batch.num_rows:
            yield batch.to_pylist()


def _tables(transaction: Transaction) -> Iterable[Table]:
    """The tables that there are, those that others refer to before these."""
    there = MetaData()
    there.reflect(transaction)
    return [table for table in there.sorted_tables if table.name not in LEFT_OUT]


def _type(column: Column[Any]) -> pa.DataType:
    found = (arrow for kind, arrow in _TYPES if isinstance(column.type, kind))
    return next(found, pa.string())


def _count_on(transaction: Transaction, table: Table) -> None:
    """Has PostgreSQL number the next row after the last one; SQLite does so by itself."""
    if transaction.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        names = {"table": table.name, "column": column.name}
        query = text("SELECT pg_get_serial_sequence(:table, :column)")
        sequence = transaction.execute(query, names).scalar()
        last = transaction.execute(select(func.max(column))).scalar() if sequence else None
        if last is not None:
            move = text("SELECT setval(:sequence, :last)")
            transaction.execute(move, {"sequence": sequence, "last": last})
