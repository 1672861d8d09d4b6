"""A database of the desk, and entries in its log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from marsad.store import Database, Transaction, log, open_database, persons
from marsad.store.log import Event


@pytest.fixture
def database(place: Path | str) -> Iterator[Database]:
    opened = open_database(place)
    yield opened
    opened.close()


@pytest.fixture
def in_a_file(desk_file: Path) -> Iterator[Database]:
    """For what only SQLite does."""
    opened = open_database(desk_file)
    yield opened
    opened.close()


def add(
    transaction: Transaction, kind: str = "noted", name: str = "x:1", text: str = "marker"
) -> Event:
    """An entry about somebody, with private content."""
    person = persons.number_of(transaction, name)
    return log.append(
        transaction, at=5, actor="r1", kind=kind, case=1, data={"n": 1},
        person=person, private_data={"text": text},
    )  # fmt: skip
