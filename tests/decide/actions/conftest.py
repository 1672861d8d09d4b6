"""A desk with a platform that does what a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest

from marsad.decide.actions.carrying import Carried, Carrier
from marsad.decide.actions.listing import Shown
from marsad.decide.actions.pace import Pace
from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.platforms.base import ACTS, KINDS, Answer, Asked, Place, Platform, Sight, Subject
from marsad.platforms.manual import Manual
from marsad.platforms.settings import Configured
from marsad.records.times import SECOND
from marsad.store import open_database
from marsad.store.actions import Action
from marsad.store.cases import Case
from tests.decide.conftest import FIRST, POLICY, Clock, Room

PACE = Pace(
    tries=4, first=10 * SECOND, longest=60 * SECOND, held=30 * SECOND,
    looks=(SECOND, 10 * SECOND, 100 * SECOND),
)  # fmt: skip
YES = Answer("accepted", "yes")


class Script(Platform):
    """Keeps what it was asked; answers and sights are given beforehand, the last one stays."""

    name: ClassVar[str] = "script"

    def __init__(self) -> None:
        self.asked: list[tuple[Asked, str]] = []
        self.answers: list[Answer | Callable[[], Answer]] = [YES]
        self.sights: list[Sight | Callable[[], Sight]] = [Sight("alive")]
        self.looked: list[Subject] = []
        self.acts = frozenset(ACTS)

    @classmethod
    def open(cls, settings: Mapping[str, Any], place: Place) -> Self:
        return cls()

    def can(self, kind: str) -> frozenset[str]:
        return self.acts if kind in KINDS else frozenset()

    def request(self, asked: Asked, key: str) -> Answer:
        self.asked.append((asked, key))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer() if callable(answer) else answer

    undo = request

    def look(self, subject: Subject) -> Sight:
        self.looked.append(subject)
        sight = self.sights.pop(0) if len(self.sights) > 1 else self.sights[0]
        return sight() if callable(sight) else sight

    @property
    def keys(self) -> list[str]:
        return [key for _, key in self.asked]


@dataclass
class Stage(Room):
    """A desk, its platform, and who carries out."""

    script: Script = field(default_factory=Script)
    an_hour: int = 100

    @property
    def carrier(self) -> Carrier:
        return Carrier(self.desk.database, self.chosen, self.clock, PACE, lambda: 0.5)

    def chosen(self, action: Action) -> Configured:
        people = Manual.open({"links": {}}, Place(action.platform, Path()))
        by = people if action.by_hand else self.script
        return Configured(action.platform, by, self.an_hour)

    def act(self, **more: Any) -> Carried:
        return self.carrier.carry_out(**more)

    def warned(self, subject: str = "x:1", outcome: str = "warn") -> Case:
        return self.decide(FIRST, self.case(subject), outcome)

    def shown(self, case: Case) -> list[Shown]:
        return self.desk.actions(FIRST, case.id)

    def states(self, case: Case) -> list[str]:
        return [one.action.state for one in self.shown(case)]

    def whys(self, case: Case) -> list[str | None]:
        return [one.action.why for one in self.shown(case)]

    def wait(self, seconds: float) -> Carried:
        self.clock.now += round(seconds * SECOND)
        return self.act()

    def whole(self) -> None:
        assert verify(self.desk.database, None).broken is None


def in_force(*acts: str, state: str = "alive") -> Sight:
    return Sight(state, frozenset(acts))


@pytest.fixture
def stage(place: Path | str) -> Iterator[Stage]:
    clock = Clock()
    database = open_database(place)
    made = Stage(Desk(database, (POLICY,), clock), clock)
    yield made
    made.whole()
    database.close()
