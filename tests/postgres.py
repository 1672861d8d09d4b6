"""Databases on the server of tests marked `postgres`: one for each test, gone after it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from sqlalchemy import create_engine, make_url, text

_numbers = count()
_templates: dict[str, str] = {}


def url_of(server: str, database: str) -> str:
    """A database of a server, as marsad.toml names it."""
    url = make_url(server).set(drivername="postgresql+psycopg", database=database)
    return url.render_as_string(hide_password=False)


def run(server: str, *statements: str) -> None:
    """Runs statements beside any transaction, as `CREATE DATABASE` needs it."""
    engine = create_engine(url_of(server, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@contextmanager
def empty_database(server: str, template: str = "template0") -> Iterator[str]:
    """A database without tables, or a copy of another one."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    run(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield url_of(server, name)
    finally:
        run(server, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def database(server: str) -> Iterator[str]:
    """A database of the desk, without content. Its tables are made once and copied: that is ten
    times as fast."""
    with empty_database(server, _template(server)) as url:
        yield url


def _template(server: str) -> str:
    if server not in _templates:
        from marsad.store import open_database

        name = f"template_{os.getpid()}"
        run(server, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE template0")
        open_database(url_of(server, name)).close()
        _templates[server] = name
    return _templates[server]
