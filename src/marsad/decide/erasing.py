"""Erasing somebody where the workspace lies, without a login."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from marsad.decide.desk import Desk
from marsad.decide.preservation import requests
from marsad.decide.roles import Reviewer
from marsad.decide.users import COMMAND_LINE
from marsad.store import cases, log, mails, persons, preservations
from marsad.store.database import Database, Transaction

DESK = "marsad"

OUTSIDE = ("reporter", "authority", "uploader", "appellant")
"""How the log names people who write from outside: a kind and what they are reached by."""


@dataclass(frozen=True)
class Known:
    """What the desk's database holds about somebody: cases (copies for quality too), entries of the
    log with private content, mails, and records that are kept apart and stay until their time is
    over."""

    cases: int = 0
    entries: int = 0
    mails: int = 0
    preserved: int = 0


def known(transaction: Transaction, name: str) -> Known:
    """What there is about somebody."""
    written = mails.count_to(transaction, address_of(name))
    person = persons.find(transaction, name)
    if person is None:
        return Known(mails=written)
    kept = [one for one in preservations.every(transaction, person=person) if one.deleted is None]
    return Known(
        len(cases.of_person(transaction, person)), log.count_private(transaction, person),
        written + mails.count_of(transaction, person), len(kept),
    )  # fmt: skip


def address_of(name: str) -> str:
    """The e-mail address in the name of somebody who wrote from outside (``reporter:a@b.example``);
    empty for anybody else."""
    kind, _, address = name.partition(":")
    return address if kind in OUTSIDE and "@" in address else ""


def erase(database: Database, name: str, at: int, by: str = COMMAND_LINE) -> None:
    """Erases what the log holds about somebody, if anything, in the transaction that the database
    is `within`. Their open requests to be erased are answered with it."""
    with database.writing() as transaction:
        if by != DESK:  # nobody asked: what is theirs goes with them, other mail to them leaves
            mails.forget_to(transaction, address_of(name))
        person = persons.find(transaction, name)
        if person is not None:
            Desk(database, (), lambda: at).erase(Reviewer(by, frozenset({"admin"})), name)
            requests.answer_all(transaction, by, person, requests.ERASURE, at)


def say(transaction: Transaction, rows: Mapping[str, int], concerned: int, at: int) -> None:
    """Writes to the log that records were erased, how many of which table, and how many cases that
    concerned; not whose."""
    data = {"rows": dict(rows), "cases": concerned}
    log.append(transaction, at=at, actor=COMMAND_LINE, kind="records-erased", data=data)
