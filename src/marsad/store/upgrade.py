"""Bringing a database to the schema that this version knows; migrations are Alembic's."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from marsad.records.errors import InputError
from marsad.records.version import VERSION

HEAD = "0001"
"""The newest migration; a test holds it against the folder."""

LOCK = 0x6D617273
"""The number of PostgreSQL's lock that whoever upgrades holds."""

FOLDER = Path(__file__).parent / "migrations"
Writing = Callable[[], AbstractContextManager[Connection]]


def upgrade(engine: Engine, writing: Writing) -> None:
    """Applies the migrations that a database lacks; of several processes one does it.

    Raises `InputError` where the database has a migration that this version does not know.
    """
    with engine.connect() as connection:
        if _revision(connection) == HEAD:
            return
    with writing() as connection:
        if connection.dialect.name == "postgresql":  # SQLite's write lock is held already
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
        found = _revision(connection)  # again: another process may have been first
        if found == HEAD:
            return
        known = sorted(path.stem.split("_")[0] for path in FOLDER.glob("versions/[0-9]*.py"))
        if found is not None and found not in known:
            where = connection.engine.url.render_as_string(hide_password=True)
            raise InputError(
                "store.newer-schema", where=where, found=found, known=HEAD, version=VERSION
            )
        _run(connection)


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
