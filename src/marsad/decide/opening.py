"""Cases from findings: one case a subject, its findings copied and sealed into it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from time import monotonic, sleep
from typing import Any

from marsad.decide import blind, crises, priority
from marsad.decide.crises import Crisis
from marsad.decide.exhibits import NOTHING, Exhibits
from marsad.decide.findings import SealedFinding
from marsad.decide.outcomes import BANKED, NETWORK_SIGNALS
from marsad.decide.recording import record
from marsad.store import cases, persons
from marsad.store.cases import Case
from marsad.store.database import Database, Transaction

DESK = "marsad"
"""The actor of what no person did."""

AT_ONCE = 200


@dataclass(frozen=True)
class Opened:
    """What findings led to: cases opened, opened again, and given more findings."""

    opened: int = 0
    reopened: int = 0
    added: int = 0

    def __add__(self, other: Opened) -> Opened:
        return Opened(
            self.opened + other.opened, self.reopened + other.reopened, self.added + other.added
        )


@dataclass(frozen=True)
class Mixing:
    """How many golden cases are mixed in: with a chance of ``golden``, one for each case opened."""

    golden: float = 0.0
    chance: Callable[[], float] = random.random


NO_MIXING = Mixing()

Subject = tuple[str, str]
"""Kind and id."""


@dataclass(frozen=True)
class _Arrived:
    """The findings of one subject, what is shown with them, and when they came. ``level`` is the
    priority they ask for, where their signals do not say; ``route`` how they came."""

    findings: Sequence[SealedFinding]
    shown: Exhibits
    at: int
    level: int | None = None
    route: str = blind.SIGNAL

    @property
    def urgency(self) -> int:
        """The priority of a case with these findings."""
        if self.level is not None:
            return self.level
        return priority.of_signals(one.signal for one in self.findings if one.opens_case)


def open_cases(
    database: Database,
    findings: Iterable[SealedFinding],
    at: int,
    exhibits: Mapping[Subject, Exhibits] | None = None,
    mixing: Mixing = NO_MIXING,
    rest: float = 0.0,
    still: Callable[[], bool] = lambda: True,
) -> Opened:
    """Opens a case for each subject with a finding that opens one; other findings join it.

    ``exhibits`` are what reviewers will look at; what they show is sealed with the findings.

    A finding that a case already has adds nothing, so that it may be called again with the same
    ones. A case that was decided is opened again by a new finding, except where the account is
    gone. Subjects are committed some hundreds at a time, with ``rest`` seconds of rest for each
    second of work: where people decide in the same database, and others wait for answers. It ends
    as soon as they are not ``still`` what there is: somebody may have been erased meanwhile.
    """
    ordered = sorted(findings, key=lambda one: (one.subject_kind, one.subject_id, one.finding_id))
    groups = [
        list(group) for _, group in groupby(ordered, lambda f: (f.subject_kind, f.subject_id))
    ]
    total = Opened()
    for start in range(0, len(groups), AT_ONCE):
        began = monotonic()
        new = _with_something_new(database, groups[start : start + AT_ONCE])
        if not new:
            continue
        with database.writing() as transaction:
            if not still():
                return total
            watched = crises.watched(transaction)
            for group in new:
                shown = (exhibits or {}).get((group[0].subject_kind, group[0].subject_id), NOTHING)
                total += _take(transaction, _Arrived(group, shown, at), watched, mixing)
        sleep((monotonic() - began) * rest)
    return total


def _with_something_new(
    database: Database, groups: Sequence[Sequence[SealedFinding]]
) -> list[Sequence[SealedFinding]]:
    """Leaves out whose case has all of it already, as most do where a desk is started again."""
    known: set[str] = set()
    with database.reading() as transaction:
        for kind, of_kind in groupby(groups, lambda group: group[0].subject_kind):
            subjects = [group[0].subject_id for group in of_kind]
            known |= cases.findings_of_subjects(transaction, kind, subjects)
    return [group for group in groups if not known.issuperset(one.finding_id for one in group)]


def take_notice(
    transaction: Transaction, finding: SealedFinding, level: int, at: int, mixing: Mixing
) -> Opened:
    """Opens a case for what somebody has reported, or has it join the one there is."""
    arrived = _Arrived((finding,), NOTHING, at, level, blind.NOTICE)
    return _take(transaction, arrived, crises.watched(transaction), mixing)


def show(
    transaction: Transaction, case: Case, shown: Exhibits, at: int, actor: str = DESK
) -> Case:  # fmt: skip
    """Seals more to look at into a case whose findings brought nothing with them."""
    data = {"priority": case.priority, "rank": case.rank, "network_only": case.network_only,
            "signals": [], "opening": []}  # fmt: skip
    return record(transaction, case, "found", at=at, actor=actor, person=case.person, data=data,
                  private=_sealed((), shown))[0]  # fmt: skip


def _take(
    transaction: Transaction, arrived: _Arrived, watched: Sequence[Crisis], mixing: Mixing
) -> Opened:
    group, at = arrived.findings, arrived.at
    case = cases.of_subject(transaction, group[0].subject_kind, group[0].subject_id)
    crisis = crises.matching(watched, [one.to_dict() for one in group], group[0].subject_id, at)
    if case is not None:
        return _add(transaction, case, arrived, crisis)
    if not any(one.opens_case for one in group):
        return Opened()
    signals = {one.signal for one in group}
    urgency = arrived.urgency
    kind, subject = group[0].subject_kind, group[0].subject_id
    data = {
        "kind": kind,
        "platform": subject.partition(":")[0],
        "priority": urgency,
        "clock": None,
        "due_at": None,
        "rank": priority.rank(at, urgency, None),
        "network_only": signals <= NETWORK_SIGNALS,
        "signals": sorted(signals),
        "opening": sorted({one.signal for one in group if one.opens_case}),
        "crisis": crisis,
        **({"route": arrived.route} if arrived.route != blind.SIGNAL else {}),
    }
    private = {"subject": subject} | _sealed(group, arrived.shown)
    person = persons.number_of(transaction, _person(group))
    opened, _ = record(transaction, None, "opened", at=at, actor=DESK, person=person, data=data,
                       private=private)  # fmt: skip
    blind.mix_in(transaction, opened, at, mixing.golden, mixing.chance)
    return Opened(opened=1)


def _add(transaction: Transaction, case: Case, arrived: _Arrived, crisis: int) -> Opened:
    at, known = arrived.at, cases.known_findings(transaction, case.id)
    new = [one for one in arrived.findings if one.finding_id not in known]
    if not new:
        return Opened()
    opens = any(one.opens_case for one in new)
    done = case.state in ("decided", "overturned")
    again = done and opens and case.outcome not in BANKED
    urgency = replace(arrived, findings=new).urgency if opens else priority.LOW
    urgency = urgency if again else min(case.priority, urgency)
    since, due = (at, None) if again else (case.opened_at, case.due_at)
    data = {
        "priority": urgency,
        "rank": priority.rank(since, urgency, due),
        "network_only": case.network_only and {one.signal for one in new} <= NETWORK_SIGNALS,
        "signals": sorted({one.signal for one in new}),
        "opening": sorted({one.signal for one in new if one.opens_case}),
        **({"crisis": crisis} if crisis or again else {}),
    }
    record(transaction, case, "reopened" if again else "found", at=at, actor=DESK,
           person=case.person, data=data, private=_sealed(new, arrived.shown))  # fmt: skip
    return Opened(reopened=int(again), added=int(not again))


def _sealed(findings: Sequence[SealedFinding], shown: Exhibits) -> dict[str, Any]:
    return {"findings": [one.to_dict() for one in findings], "exhibits": shown.to_dict()}


def _person(group: Sequence[SealedFinding]) -> str:
    if group[0].subject_kind == "account":
        return group[0].subject_id
    return next((one.account for one in group if one.account), group[0].subject_id)
