"""Erasing somebody where the workspace lies, without a login."""

from __future__ import annotations

from collections.abc import Mapping

from marsad.decide.desk import Desk
from marsad.decide.roles import Reviewer
from marsad.decide.users import COMMAND_LINE
from marsad.store import cases, log, persons
from marsad.store.database import Database

ERASER = Reviewer(COMMAND_LINE, frozenset({"admin"}), frozenset())


def count(database: Database, name: str) -> int:
    """How many cases are about somebody, copies for quality too."""
    with database.reading() as transaction:
        person = persons.find(transaction, name)
        return len(cases.of_person(transaction, person)) if person is not None else 0


def erase(database: Database, name: str, at: int, rows: Mapping[str, int]) -> int:
    """Erases what the log holds about somebody, if anything; returns how many cases that
    concerned. Another entry says that records were erased, how many of which table, not whose."""
    with database.reading() as transaction:
        known = persons.find(transaction, name) is not None
    concerned = Desk(database, (), lambda: at).erase(ERASER, name) if known else 0
    with database.writing() as transaction:
        data = {"rows": dict(rows), "cases": concerned}
        log.append(transaction, at=at, actor=COMMAND_LINE, kind="records-erased", data=data)
    return concerned
