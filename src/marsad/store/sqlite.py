"""How SQLite is set up, and how its transactions begin."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from marsad.records.errors import OutsideError

WRITES = "marsad_writes"
ASK_AGAIN_MS = 4


def make_private(path: Path) -> None:
    """An empty file of mode 0600, before SQLite would make one that others can read."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        said = error.strerror or str(error)
        raise OutsideError("store.failed", where=str(path), error=said) from error


def set_up(busy_seconds: int) -> Callable[[sqlite3.Connection, object], None]:
    """What is done with each new connection."""

    def prepare(connection: sqlite3.Connection, _: object) -> None:
        # SQLAlchemy begins, through `begin`; the driver's own idea of when is turned off.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # a decision that was acknowledged outlives a power cut
            "foreign_keys=ON",
            "cache_size=-32768",  # 32 MiB: pages of a large desk touch more than the 2 there are
            "secure_delete=ON",  # what is erased is overwritten, not only forgotten
            f"busy_timeout={busy_seconds * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    return prepare


def begin(connection: Any) -> None:
    """Takes the write lock at once: a lock asked for later fails where somebody else wrote.

    Whoever waits asks every few milliseconds. SQLite by itself asks ten times a second after a
    while, and one process that writes without pause would leave another nothing for seconds.
    """
    if not connection.get_execution_options().get(WRITES, False):
        connection.exec_driver_sql("BEGIN")
        return
    driver: sqlite3.Connection = connection.connection.driver_connection
    waited = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute(f"PRAGMA busy_timeout={ASK_AGAIN_MS}")
    try:
        until = time.monotonic() + waited / 1000
        while time.monotonic() < until and not _begun(driver):
            time.sleep(random.random() * ASK_AGAIN_MS / 1000)
        if not driver.in_transaction:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={waited}")


def _begun(driver: sqlite3.Connection) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True
