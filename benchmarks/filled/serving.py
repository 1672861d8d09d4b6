"""Server processes on a filled database, and who logs in to them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psutil

from marsad.decide import users
from marsad.store import Database
from marsad.store.users import User
from marsad.workspace import Workspace

NAME, PASSWORD = "somebody", "a long password"
STARTING = 60.0
"""Seconds that a server may take to answer."""


def workspace(folder: Path) -> Workspace:
    """A workspace with a policy; its database is ``review.db`` in it, or a server's."""
    made = Workspace.create(folder)
    made.policies.add("demo")
    return made


def user(database: Database, name: str, *roles: str) -> User:
    """Somebody who can log in with `PASSWORD`."""
    at = time.time_ns() // 1000
    given = {"password": PASSWORD, "reads": ("en",)}
    return users.add(database, name, roles, at=at, **given).user  # type: ignore[arg-type]


class Served(NamedTuple):
    """Where a server answers, and its process."""

    address: str
    pid: int

    def worked(self) -> float:
        """Milliseconds that its processors have worked for it."""
        return sum(psutil.Process(self.pid).cpu_times()[:2]) * 1000


@contextmanager
def served(folder: Path, place: Path | str) -> Iterator[Served]:
    """`marsad serve`, a process of its own, on a database."""
    chosen = {} if isinstance(place, Path) else {"MARSAD_DATABASE": place}
    command = [sys.executable, "-m", "marsad", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--workspace", str(folder)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, **chosen},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+?(?=/?\s)", process.stdout.readline())
        assert found is not None
        _wait_for(found[0])
        yield Served(found[0], process.pid)
    finally:
        process.terminate()
        process.wait()


def _wait_for(address: str) -> None:
    """The address is known a moment before anybody listens there."""
    until = time.monotonic() + STARTING
    while True:
        try:
            httpx.get(f"{address}/login").raise_for_status()
            return
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def browser(address: str, name: str = NAME) -> httpx.Client:
    """A client that somebody is logged in with."""
    client = httpx.Client(base_url=address, timeout=600)
    answer = client.post("/login", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303, answer.status_code
    return client
