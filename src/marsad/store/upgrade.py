"""Bringing a database to the schema that this version knows; migrations are Alembic's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from marsad.records.errors import InputError
from marsad.records.version import VERSION
from marsad.store.addresses import shown

HEAD = "0013"
"""The newest migration; a test holds it against the folder."""

LOCK = 0x6D617273
"""The number of PostgreSQL's lock that whoever upgrades holds."""

FOLDER = Path(__file__).parent / "migrations"
Writing = Callable[[], AbstractContextManager[Connection]]
Bring = Callable[[Connection, str], None]


def upgrade(engine: Engine, writing: Writing, bring: Bring | None = None) -> None:
    """Makes the tables where there are none; with ``bring`` applies the migrations that a database
    lacks, then calls it with the schema that was found. Of several processes one does it.

    Raises `InputError` where the database has a migration that this version does not know, one
    that is older while it may not be upgraded, or tables that are not Marsad's.
    """
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    with writing() as connection:
        if connection.dialect.name == "postgresql":  # SQLite's write lock is held already
            for limit in ("statement_timeout", "lock_timeout"):
                connection.execute(text(f"SET LOCAL {limit} = 0"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        found = _revision(connection)  # again: another process may have been first
        if found == HEAD:
            return
        if found is None:
            _check_empty(connection)
        else:
            _check_known(connection, found, bring is not None)
        migrate(connection)
        if found is not None and bring is not None:
            bring(connection, found)


def revision(connection: Connection) -> str | None:
    """The schema of a database, None for one without tables. Raises `InputError` where its tables
    are somebody else's, or of a newer version."""
    found = _revision(connection)
    if found is None:
        _check_empty(connection)
    else:
        _check_known(connection, found, True)
    return found


def _check_empty(connection: Connection) -> None:
    """Nobody's tables stand where Marsad's are to be made."""
    tables = inspect(connection).get_table_names()
    if tables:
        raise InputError("store.foreign", where=shown(connection.engine.url), found=tables[:5])
    if connection.dialect.name == "postgresql":
        encoding = connection.execute(text("SHOW server_encoding")).scalar()
        if encoding != "UTF8":
            where = shown(connection.engine.url)
            raise InputError("store.encoding", where=where, found=encoding)


def _check_known(connection: Connection, found: str, may_upgrade: bool) -> None:
    where = shown(connection.engine.url)
    if not inspect(connection).has_table("audit_head"):  # another program's migrations
        tables = inspect(connection).get_table_names()
        raise InputError("store.foreign", where=where, found=tables[:5])
    known = sorted(path.stem.split("_")[0] for path in FOLDER.glob("versions/[0-9]*.py"))
    if found not in known:
        raise InputError(
            "store.newer-schema", where=where, found=found, known=HEAD, version=VERSION
        )
    if found != HEAD and not may_upgrade and _has_entries(connection):
        raise InputError("store.older-schema", where=where, found=found, known=HEAD)


def _has_entries(connection: Connection) -> bool:
    return connection.execute(text("SELECT 1 FROM audit LIMIT 1")).first() is not None


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def migrate(connection: Connection, to: str = "head") -> None:
    """Applies migrations, up to one by its number."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
