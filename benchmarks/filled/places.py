"""Where a filled database is: a file, or a database on a PostgreSQL server of one's own.

What speaks to PostgreSQL is imported where it is used: a test that fills files does without it.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from benchmarks.filled.patterns import made
from benchmarks.filled.rows import Filling, Rows
from marsad.store import open_database

PATTERNS = 300


def fill(place: Path | str, count: int) -> None:
    """Fills a new database with ``count`` cases of ten entries each."""
    open_database(place).close()
    filling = Filling(made(PATTERNS), count)
    (_into_file if isinstance(place, Path) else _into_server)(place, filling)  # type: ignore[operator]


def _into_file(path: Path, filling: Filling) -> None:
    connection = sqlite3.connect(path)
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "journal_mode=OFF",
                   "cache_size=-1000000"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    indexes = connection.execute(found).fetchall()
    for name, _ in indexes:  # made again at the end, which is faster
        connection.execute(f"DROP INDEX {name}")
    for part in _told(filling):
        for table, (columns, rows) in part.items():
            places = ",".join("?" * len(columns))
            into = f"INSERT INTO {table} ({','.join(columns)}) VALUES ({places})"
            connection.executemany(into, rows)
    for _, definition in indexes:
        connection.execute(definition)
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _into_server(url: str, filling: Filling) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SET session_replication_role = replica")  # no foreign keys
        connection.execute("SET maintenance_work_mem = '1GB'")
        indexes = connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND indexname "
            "NOT IN (SELECT conname FROM pg_constraint)"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        for part in _told(filling):
            for table, (columns, rows) in part.items():
                names = sql.SQL(",").join(map(sql.Identifier, columns))
                copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
                with connection.cursor().copy(copy) as sent:
                    for row in rows:
                        sent.write_row(row)
        for _, definition in indexes:
            connection.execute(definition)
        last = "setval(pg_get_serial_sequence('persons', 'id'), max(id))"
        connection.execute(f"SELECT {last} FROM persons")
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _told(filling: Filling) -> Iterator[Mapping[str, Rows]]:
    """The parts, with a line of progress for each tenth."""
    done = 0
    for part in filling.parts():
        yield part
        before, done = done, done + len(part["cases"][1])
        if done * 10 // filling.count > before * 10 // filling.count:
            print(f"{done:,} cases", file=sys.stderr, flush=True)
    yield filling.rest()


@contextmanager
def server_database(server: str, name: str) -> Iterator[str]:
    """A database of its own on a server, dropped at the end; its URL as marsad.toml names it."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield server.replace("postgresql:", "postgresql+psycopg:").rpartition("/")[0] + f"/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            drop = "DROP DATABASE {} WITH (FORCE)"
            connection.execute(sql.SQL(drop).format(sql.Identifier(name)))
