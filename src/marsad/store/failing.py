"""What a database says when it fails, as an error that a person can act on."""

from __future__ import annotations

from sqlalchemy import Engine
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from marsad.records.errors import ConflictError, InputError, MarsadError, OutsideError
from marsad.store.addresses import BUSY_SECONDS, STATEMENT_SECONDS, shown, without_secret

_DISK_FULL = "53100"
_AGAIN = ("40001", "40P01")  # serialization failure, deadlock: all of it was undone
_LOCKED = "55P03"
_TOO_LONG = "57014"

_CONNECTING = (
    ("authentication failed", "store.refused"),
    ("no password supplied", "store.refused"),
    ("role ", "store.refused"),
    ("pg_hba.conf", "store.refused"),
    ("database ", "store.no-database"),
    ("too many", "store.crowded"),
)
"""What a server says that does not let one in → the message; servers give no code for it."""


def explained(error: SQLAlchemyError, engine: Engine) -> MarsadError:
    """The database's error as one that a person can act on; it never holds the password, nor what
    was to be written."""
    where = shown(engine.url)
    if isinstance(error, NoConnectionFree):
        return OutsideError("store.busy", where=where, seconds=BUSY_SECONDS)
    if not isinstance(error, DBAPIError):
        return OutsideError("store.failed", where=where, error=type(error).__name__)
    said = str(error.orig).splitlines()[0] if error.orig and str(error.orig) else str(error.code)
    said = without_secret(said, engine.url)
    if isinstance(error, IntegrityError):
        return ConflictError("store.conflict", error=said)
    if engine.dialect.name == "sqlite":
        return _of_sqlite(said, where)
    return _of_server(error, said, where)


def _of_sqlite(said: str, where: str) -> MarsadError:
    if "database is locked" in said:
        return OutsideError("store.busy", where=where, seconds=BUSY_SECONDS)
    if "disk is full" in said:
        return OutsideError("disk.full", what=where)
    return OutsideError("store.failed", where=where, error=said)


def _of_server(error: DBAPIError, said: str, where: str) -> MarsadError:
    code = getattr(error.orig, "sqlstate", None)
    if code == _DISK_FULL:
        return OutsideError("disk.full", what=f"{where}: {said}")
    if code in _AGAIN:
        return ConflictError("store.conflict", error=said)
    if code == _LOCKED:
        return OutsideError("store.busy", where=where, seconds=BUSY_SECONDS)
    if code == _TOO_LONG:
        return OutsideError("store.slow", where=where, seconds=STATEMENT_SECONDS)
    if error.connection_invalidated:
        return OutsideError("store.lost", where=where, error=said)
    if code is None and said.startswith(("connection failed", "failed to", "connection timeout")):
        return _of_connecting(said, where)
    if isinstance(error, DataError):  # a NUL, say, which PostgreSQL has no place for
        return InputError("store.not-text", error=said)
    return OutsideError("store.failed", where=where, error=said)


def _of_connecting(said: str, where: str) -> MarsadError:
    reason = said.partition("FATAL: ")[2].strip()
    found = next((message for mark, message in _CONNECTING if mark in reason), None)
    if found == "store.refused":
        return InputError(found, where=where, error=reason)
    if found is not None:
        return OutsideError(found, where=where, error=reason)
    return OutsideError("store.unreachable", where=where, error=reason or said)
