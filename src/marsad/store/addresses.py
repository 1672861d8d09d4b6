"""Where the desk's database is: a file, or a server's URL; how it is shown and connected to."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from marsad.records.errors import InputError
from marsad.store import sqlite

BUSY_SECONDS = 15
"""How long a transaction waits for a lock, or a request for a free connection."""

STATEMENT_SECONDS = 60
"""The longest that one statement may take on PostgreSQL; for upkeep there is no limit."""

CONNECT_SECONDS = 10
CONNECTIONS, MORE_CONNECTIONS = 5, 10
"""Kept open by one process, and how many more it may open for a while."""

EXTRA = "postgresql"
FORM = "postgresql+psycopg://USER@HOST:5432/DATABASE"
_DRIVERS = ("postgresql", "postgres", "postgresql+psycopg")


def engine_for(where: Path | str) -> Engine:
    """What connects to a database; nothing is opened yet. Raises `InputError` for a URL that is
    none, and where the extra that it needs is not installed."""
    if isinstance(where, Path):
        engine = create_engine(
            f"sqlite:///{where}", connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True
        )
        event.listen(engine, "connect", sqlite.set_up(BUSY_SECONDS))
        event.listen(engine, "begin", sqlite.begin)
        return engine
    url = parsed(where)
    if find_spec("psycopg") is None:
        raise InputError("store.no-driver", where=shown(url), extra=EXTRA)
    return create_engine(
        url, connect_args=_connect_args(url), hide_parameters=True, pool_pre_ping=True,
        pool_size=CONNECTIONS, max_overflow=MORE_CONNECTIONS, pool_timeout=BUSY_SECONDS,
        pool_recycle=1_800,
    )  # fmt: skip


def parsed(text: str) -> URL:
    """A server's URL. Raises `InputError`, without repeating what may hold a password."""
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise InputError("store.url", valid=FORM) from None
    if url.drivername not in _DRIVERS or not url.database:
        raise InputError("store.url", valid=FORM)
    return url.set(drivername="postgresql+psycopg")


def has_password(text: str) -> bool:
    """Whether a URL has a password in it, in either of the places where one can stand."""
    url = parsed(text)
    return url.password is not None or any("password" in name.lower() for name in url.query)


def with_password(text: str, password: str | None) -> str:
    """A URL with a password, where it has none of its own."""
    url = parsed(text)
    if password is not None and not has_password(text):
        url = url.set(password=password)
    return url.render_as_string(hide_password=False)


def shown(url: URL) -> str:
    """A URL for people and logs: neither its password nor its options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return without_password(url).set(query={}).render_as_string(hide_password=False)


def without_password(url: URL) -> URL:
    """A URL that one may show; `URL.set` takes None for "as it was"."""
    return url._replace(password=None)


def without_secret(text: str, url: URL) -> str:
    """What a server said, without the password, should it repeat it."""
    secrets = [url.password, *(said for name, said in url.query.items() if "password" in name)]
    for secret in filter(None, secrets):
        text = text.replace(str(secret), "***")
    return text


def _connect_args(url: URL) -> dict[str, Any]:
    """Ends what hangs: a statement, a wait for a lock, a connection whose other end has gone."""
    limits = {
        "statement_timeout": STATEMENT_SECONDS * 1000,
        "lock_timeout": BUSY_SECONDS * 1000,
        "idle_in_transaction_session_timeout": 600_000,
    }
    options = " ".join(f"-c {name}={value}" for name, value in limits.items())
    wanted = {
        "client_encoding": "utf8",
        "connect_timeout": CONNECT_SECONDS, "application_name": "marsad", "keepalives_idle": 30,
        "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30_000,
    }  # fmt: skip
    args: dict[str, Any] = {name: n for name, n in wanted.items() if name not in url.query}
    own = url.query.get("options", "")
    return args | {"options": f"{options} {own if isinstance(own, str) else ' '.join(own)}".strip()}
