"""A desk whose decisions are stated, with two policies: a law's list and a platform's rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.desk import Desk
from marsad.decide.exhibits import Exhibits, Post, Profile
from marsad.decide.opening import open_cases
from marsad.decide.operator import Operator
from marsad.decide.statements.desk import Statements, record_of
from marsad.decide.statements.making import Maker
from marsad.decide.statements.record import Record
from marsad.decide.statements.settings import StatementSettings
from marsad.records.policy import Policy, parse_policy
from marsad.store import open_database, statements
from marsad.store.cases import Case
from marsad.store.statements import Statement
from tests.decide.conftest import FIRST, POLICY, SECOND, START, Clock, Room, finding

LIST = """
name = "list"
[[designations]]
list = "Common list of the Union"
date = 2025-01-30
legal_basis = "Council Regulation (EC) No 2580/2001, Article 2(3)"
"""
RULE = """
name = "demo"
[[rules]]
id = "rule-4"
title = "Marker words"
published = "https://forum.example/rules"
date = 2025-06-01
"""
STUDY = """
name = "study"
[[protocols]]
id = "p1"
title = "A study"
approved_by = "a board"
date = 2025-06-01
"""
POLICIES: dict[str, Policy] = {
    POLICY: parse_policy(RULE, "demo.toml", 1),
    "list@1": parse_policy(LIST, "list.toml", 1),
    "study@1": parse_policy(STUDY, "study.toml", 1),
}
OPERATOR = Operator("Forum Example", email="contact@forum.example", country="DE")
APPEAL = "https://desk.example/appeal"
MAKER = Maker(StatementSettings(), AppealSettings(address=APPEAL), OPERATOR, POLICIES.get)


@dataclass
class Stated(Room):
    """A room whose decisions are stated."""

    statements: Statements

    def shown(self, subject: str = "x:900100", kind: str = "account", **more: Any) -> Case:
        """A case with one post of its own and a profile; `more` changes the post."""
        account = subject if kind == "account" else "x:900100"
        post = f"{subject}-post" if kind == "account" else subject
        given = {"text": "marker word", "language": "en", "created_at": START - 10**12} | more
        about = Profile(account, "amber_handle", "Salma Kareem", "a bio", state="alive")
        exhibits = Exhibits((Post(post, account, **given),), (about,))
        found = finding(subject, kind=kind, account=account)
        open_cases(self.desk.database, [found], self.clock(), {(kind, subject): exhibits})
        return self.read(subject, kind)

    def acted(self, outcome: str = "warn", subject: str = "x:900100", kind: str = "account",
              policy: str = POLICY, **more: Any) -> Case:  # fmt: skip
        """A case decided against somebody, by two where it takes two."""
        case = self.shown(subject, kind, **more)
        item = f"{subject}-post" if kind == "account" else subject
        for who in (FIRST, SECOND) if outcome == "suspend" else (FIRST,):
            if kind == "site":
                item = self.open(who, case).id
            else:
                self.desk.open_post(who, case.id, item)
            case = self.decide(who, self.read(subject, kind), outcome, item=item, policy=policy)
        return case

    def made(self) -> list[Statement]:
        """All statements, the newest first, after making those that are due."""
        while self.statements.make():
            pass
        with self.desk.database.reading() as transaction:
            found = [one for case in range(1, 2_000)
                     for one in statements.of_case(transaction, case)]  # fmt: skip
        return sorted(found, reverse=True)

    def record(self, statement: Statement) -> Record:
        with self.desk.database.reading() as transaction:
            found = record_of(transaction, statement)
        assert found is not None
        return found

    def text(self, statement: Statement) -> str:
        shown = self.statements.of_case(FIRST, statement.case_id)
        return next(one.text or "" for one in shown if one.statement.seq == statement.seq)

    def with_maker(self, **changed: Any) -> None:
        """States from now on with other settings."""
        self.statements = replace(self.statements, maker=replace(self.statements.maker, **changed))


@pytest.fixture
def stated(place: Path | str) -> Iterator[Stated]:
    clock = Clock()
    database = open_database(place)
    desk = Desk(database, tuple(POLICIES), clock)
    yield Stated(desk, clock, Statements(database, MAKER, clock))
    database.close()
