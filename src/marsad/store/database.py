"""Opening the desk's database, and transactions in it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError

from marsad.records.errors import ConflictError, MarsadError, OutsideError
from marsad.store.upgrade import upgrade

Transaction = Connection
"""What is passed to every function that reads or writes: a connection inside a transaction."""

BUSY_SECONDS = 15
_WRITES = "marsad_writes"


@dataclass(frozen=True)
class Database:
    """An opened database whose schema is the one this version knows."""

    engine: Engine

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that sees one state of the database and changes nothing."""
        with self._connected(writes=False) as transaction:
            yield transaction

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that is committed at the end of the block; an error undoes all of it.

        On SQLite it holds the database's only write lock from its first statement on: what it
        reads nobody changes before it writes.
        """
        with self._connected(writes=True) as transaction:
            yield transaction

    def write_out(self) -> None:
        """Empties SQLite's write-ahead log into the file, where erased content is overwritten. It
        does as much as readers that are at it leave it to do."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Closes the connections."""
        self.engine.dispose()

    @contextmanager
    def _connected(self, writes: bool) -> Iterator[Transaction]:
        try:
            with self.engine.connect() as connection:
                connection.execution_options(**{_WRITES: writes})
                with connection.begin():
                    yield connection
        except DBAPIError as error:
            raise explained(error, self.engine) from error


def open_database(where: Path | str) -> Database:
    """The database in an SQLite file, or at a URL (``postgresql+psycopg://…``), upgraded.

    The file is made where there is none, readable by its owner alone. Raises `InputError` where a
    newer version of Marsad has written it, `OutsideError` where it cannot be opened.
    """
    if isinstance(where, Path):
        _make_private(where)
        engine = create_engine(f"sqlite:///{where}", connect_args={"timeout": BUSY_SECONDS})
    else:
        engine = create_engine(where)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    try:
        database = Database(engine)
        upgrade(database.engine, database.writing)
    except DBAPIError as error:
        engine.dispose()
        raise explained(error, engine) from error
    except MarsadError:
        engine.dispose()
        raise
    return database


def explained(error: DBAPIError, engine: Engine) -> MarsadError:
    """The database's error as one that a person can act on."""
    where = engine.url.render_as_string(hide_password=True)
    said = str(error.orig).splitlines()[0] if error.orig else str(error)
    if isinstance(error, IntegrityError):
        return ConflictError("store.conflict", error=said)
    if "database is locked" in said:
        return OutsideError("store.busy", where=where, seconds=BUSY_SECONDS)
    if "disk is full" in said:
        return OutsideError("disk.full", what=where)
    return OutsideError("store.failed", where=where, error=said)


def _make_private(path: Path) -> None:
    """An empty file of mode 0600, before SQLite would make one that others can read."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        said = error.strerror or str(error)
        raise OutsideError("store.failed", where=str(path), error=said) from error


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    # SQLAlchemy begins, through `_begin`; the driver's own idea of when to begin is turned off.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a decision that was acknowledged outlives a power cut
        "foreign_keys=ON",
        "secure_delete=ON",  # what is erased is overwritten, not only forgotten
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    """Takes the write lock at once: a lock asked for later fails where somebody else wrote."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
