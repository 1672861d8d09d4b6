"""Opening the desk's database, and transactions in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from marsad.records.errors import InputError, MarsadError, OutsideError
from marsad.store import sqlite
from marsad.store.addresses import BUSY_SECONDS, engine_for, shown
from marsad.store.failing import explained
from marsad.store.upgrade import Bring, upgrade

Transaction = Connection
"""What is passed to every function that reads or writes: a connection inside a transaction."""

LOG_LOCK = 0x6C6F67
"""The number of PostgreSQL's lock that whoever writes to the log holds."""

_APART = "marsad_apart"
_ERASED = ("private", "persons", "cases", "case_findings", "case_keys", "opened_items",
           "bank_outbox", "action_work", "action_looks", "mails")  # fmt: skip


@dataclass(frozen=True)
class Database:
    """An opened database whose schema is the one this version knows."""

    engine: Engine
    turn: Lock = field(default_factory=Lock, repr=False, compare=False)
    """Who of this process writes to SQLite: others wait here, and not for the file."""

    @property
    def name(self) -> str:
        """Where it is, without a password."""
        return shown(self.engine.url)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that sees one state of the database and changes nothing."""
        with self._connected(writes=False) as transaction:
            yield transaction

    @contextmanager
    def writing(self, apart: bool = False) -> Iterator[Transaction]:
        """A transaction that is committed at the end of the block; an error undoes all of it.

        It holds the right to write to the log from its first statement on: what it reads of cases
        nobody changes before it writes, and no two wait for each other. ``apart`` is for what is no
        part of the log, such as leases: on PostgreSQL it does not wait for those who write there.
        """
        with self._connected(writes=True, apart=apart) as transaction:
            if not apart and self.engine.dialect.name == "postgresql":
                transaction.execute(text(f"SELECT pg_advisory_xact_lock({LOG_LOCK})"))
            yield transaction

    def write_out(self) -> None:
        """Overwrites what was erased, as far as the database can: empties SQLite's write-ahead log
        into the file; has PostgreSQL give up the rows. It does as much as readers that are at it
        leave it to do."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        with self.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(text("SET statement_timeout = 0"))
            alone.execute(text(f"VACUUM {', '.join(_ERASED)}"))
            alone.execute(text("RESET statement_timeout"))

    def within(self, transaction: Transaction) -> Database:
        """The same database as it is inside a transaction that is under way: what is written
        through it is committed or undone with all else in that transaction."""
        return _Within(self.engine, self.turn, transaction)

    def close(self) -> None:
        """Closes the connections."""
        self.engine.dispose()

    @contextmanager
    def _connected(self, writes: bool, apart: bool = False) -> Iterator[Transaction]:
        try:
            with self._turn(writes), self.engine.connect() as connection:
                connection.execution_options(**{sqlite.WRITES: writes, _APART: apart})
                if not writes and self.engine.dialect.name == "postgresql":
                    connection.execution_options(
                        isolation_level="REPEATABLE READ", postgresql_readonly=True
                    )
                with connection.begin():
                    yield connection
        except SQLAlchemyError as error:
            raise explained(error, self.engine) from error

    @contextmanager
    def _turn(self, writes: bool) -> Iterator[None]:
        if not writes or self.engine.dialect.name != "sqlite":
            yield
            return
        if not self.turn.acquire(timeout=BUSY_SECONDS):
            raise OutsideError("store.busy", where=self.name, seconds=BUSY_SECONDS)
        try:
            yield
        finally:
            self.turn.release()


@dataclass(frozen=True)
class _Within(Database):
    transaction: Transaction | None = None

    def write_out(self) -> None:
        """Nothing: whoever commits the transaction does so afterwards."""

    @contextmanager
    def _connected(self, writes: bool, apart: bool = False) -> Iterator[Transaction]:
        assert self.transaction is not None
        yield self.transaction


def is_writing(transaction: Transaction) -> bool:
    """Whether a transaction may change something."""
    return bool(transaction.get_execution_options().get(sqlite.WRITES))


def is_apart(transaction: Transaction) -> bool:
    """Whether a transaction has said that it does not write to the log."""
    return bool(transaction.get_execution_options().get(_APART))


def for_upkeep(transaction: Transaction) -> None:
    """Lets statements of this transaction take as long as they need."""
    if transaction.dialect.name == "postgresql":
        for limit in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            transaction.execute(text(f"SET LOCAL {limit} = 0"))


def open_database(where: Path | str, *, bring: Bring | None = None) -> Database:
    """The database in an SQLite file, or at a URL (``postgresql+psycopg://…``).

    The file is made where there is none, readable by its owner alone, and so are the tables. What
    an older version has written is refused, but with ``bring`` upgraded: it is called with the
    schema that was found, in the same transaction, to make what follows from the log anew.

    Raises `InputError` for what an older or newer version has written, for somebody else's tables,
    a wrong URL or login; `OutsideError` where it cannot be opened.
    """
    engine = engine_for(where)
    if isinstance(where, Path):
        sqlite.make_private(where)
    try:
        database = Database(engine)
        upgrade(engine, database.writing, bring)
    except SQLAlchemyError as error:
        engine.dispose()
        raise explained(error, engine) from error
    except MarsadError:
        engine.dispose()
        raise
    return database


def open_any(where: Path | str) -> Database:
    """A database as it stands, whatever its schema: to look at, not to work with."""
    return Database(engine_for(where))


def open_empty(where: Path | str) -> Database:
    """A database without any table, to be filled. Raises `InputError` where it has some."""
    if isinstance(where, Path):
        sqlite.make_private(where)
    database = Database(engine_for(where))
    try:
        with database.engine.connect() as connection:
            tables = inspect(connection).get_table_names()
    except SQLAlchemyError as error:
        database.close()
        raise explained(error, database.engine) from error
    if tables:
        database.close()
        raise InputError("restore.database-not-empty", where=database.name)
    return database


def has_database(where: Path | str) -> bool:
    """Whether there is a database of the desk; nothing is made. Raises as `open_database` does
    where it cannot be looked at."""
    if isinstance(where, Path):
        return where.is_file()
    engine = engine_for(where)
    try:
        with engine.connect() as connection:
            return inspect(connection).has_table("audit_head")
    except SQLAlchemyError as error:
        raise explained(error, engine) from error
    finally:
        engine.dispose()
