"""A desk with a clock that tests set, its reviewers, and findings to open cases from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from marsad.decide.desk import Desk
from marsad.decide.findings import SealedFinding
from marsad.decide.items import Item, content_of
from marsad.decide.opening import open_cases
from marsad.decide.roles import Reviewer
from marsad.decide.rules import Decision
from marsad.records.times import MINUTE
from marsad.store import Transaction, open_database
from marsad.store.cases import Case

START = 1_700_000_000_000_000
POLICY = "demo@1"
REASON = "it carries the marker word"
BOTH = frozenset({"ar", "en"})


def reviewer(name: str, role: str = "moderator", languages: frozenset[str] = BOTH) -> Reviewer:
    return Reviewer(name, frozenset({role}), languages)


FIRST, SECOND, THIRD = (reviewer(name) for name in ("rev-1", "rev-2", "rev-3"))
SENIOR, SENIOR_2 = reviewer("sen-1", "senior"), reviewer("sen-2", "senior")
APPEALS, ADMIN = reviewer("app-1", "appeals"), reviewer("adm-1", "admin")


@dataclass
class Clock:
    """A clock that stands still until it is set (``now``), and how much time has gone by in
    truth."""

    now: int = START
    gone: int = 0

    def __call__(self) -> int:
        return self.now

    def pass_by(self, micros: int) -> None:
        self.now += micros
        self.gone += micros


@dataclass
class Room:
    """A desk with its clock."""

    desk: Desk
    clock: Clock

    def case(self, subject: str = "x:1", signal: str = "phrases", **more: Any) -> Case:
        """The case of a subject, opened from one finding."""
        found = finding(subject, signal, **more)
        open_cases(self.desk.database, [found], self.clock())
        return self.read(subject, found.subject_kind)

    def read(self, subject: str, kind: str = "account") -> Case:
        from marsad.store import cases

        with self.desk.database.reading() as transaction:
            case = cases.of_subject(transaction, kind, subject)
        assert case is not None
        return case

    def decide(self, who: Reviewer, case: Case, outcome: str, **more: Any) -> Case:
        """Takes a case, opens an item of the subject's own, decides."""
        lease = self.desk.take(who, case.id)
        if "item" not in more and outcome not in ("no-violation", "exempt", "escalate", "unsure"):
            more["item"] = self.open(who, case).id
        decision = {"policy": POLICY, "reason": REASON, "version": case.version} | more
        return self.desk.decide(
            who, Decision(case.id, token=lease.token, outcome=outcome, **decision)
        )

    def open(self, who: Reviewer, case: Case, text: str = "marker word") -> Item:
        item = own_item(case, text)
        self.desk.open_item(who, case.id, item)
        return item

    def suspended(self, subject: str = "x:1") -> Case:
        """A case that two reviewers have decided."""
        return self.decide(SECOND, self.decide(FIRST, self.case(subject), "suspend"), "suspend")

    def later(self, minutes: float) -> None:
        self.clock.now += round(minutes * MINUTE)


def own_item(case: Case, text: str = "marker word", language: str = "en") -> Item:
    assert case.subject is not None
    name = f"{case.subject}-post" if case.kind == "account" else case.subject
    return Item(name, case.subject, language, content_of(text))


def finding(
    subject: str = "x:1", signal: str = "phrases", *, kind: str = "account", number: str = "",
    opens: bool = True, account: str | None = None,
) -> SealedFinding:  # fmt: skip
    return SealedFinding(
        f"{signal}-{kind}-{subject}-{number}", kind, subject, account or subject, signal, 0.5,
        evidence=[{"kind": "post", "id": f"{subject}-post"}], opens_case=opens,
    )  # fmt: skip


def let_forge(transaction: Transaction) -> None:
    """Lets a transaction change the log, as who owns the file or the server can."""
    if transaction.dialect.name == "postgresql":
        transaction.execute(text("SET LOCAL session_replication_role = replica"))
        return
    for change in ("update", "delete"):
        transaction.execute(text(f"DROP TRIGGER IF EXISTS audit_no_{change}"))


@pytest.fixture
def room(place: Path | str) -> Iterator[Room]:
    clock = Clock()
    database = open_database(place)
    yield Room(Desk(database, (POLICY,), clock), clock)
    database.close()
