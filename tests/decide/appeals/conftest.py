"""A desk whose decisions can be appealed, with a platform that is played by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from marsad.decide.actions.carrying import Carrier
from marsad.decide.appeals.desk import Appeals, Public, Ruling
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.desk import Desk
from marsad.decide.statements.desk import Statements
from marsad.platforms.base import Sight
from marsad.platforms.settings import Configured
from marsad.records.times import MINUTE
from marsad.store import actions, notices, open_database
from marsad.store.actions import Action
from marsad.store.notices import Notice
from tests.decide.actions.conftest import PACE, Script
from tests.decide.conftest import APPEALS, FIRST, POLICY, START, Clock
from tests.decide.statements.conftest import MAKER, POLICIES, Stated

TEXT = "This was a report about the marker word, not one for it."
REASON = "The post reports on it; it does not promote it."


@dataclass
class Court(Stated):
    """A stated room in which decisions are appealed."""

    appeals: Appeals
    script: Script = field(default_factory=Script)

    def act(self, sight: Sight, minutes: float = 30) -> None:
        """Asks the platform for what is due, and looks, for so long: it shows what `sight` is."""
        self.script.sights = [sight]
        carrier = Carrier(self.desk.database, self._chosen, self.clock, PACE, lambda: 0.5)
        until = self.clock.now + round(minutes * MINUTE)
        while self.clock.now < until:
            done = carrier.carry_out()
            self.clock.now = min(done.next_at or until, until)

    def _chosen(self, action: Action) -> Configured:
        return Configured(action.platform, self.script, 999)

    def code(self, outcome: str = "warn", subject: str = "x:900100", **more: Any) -> str:
        """The code of a decision that was just stated."""
        case = self.acted(outcome, subject, **more)
        self.made()
        found = self.statements.of_case(FIRST, case.id)[0].code
        assert found is not None
        return found

    def appealed(self, outcome: str = "warn", subject: str = "x:900100", **more: Any) -> int:
        """The number of an appeal that was just made."""
        self.appeals.make(self.code(outcome, subject, **more), TEXT)
        return self.appeals.listed(APPEALS)[-1].appeal.seq

    def rule(self, appeal: int, outcome: str, **more: Any) -> str:
        given = {"policy": POLICY, "reason": REASON} | more
        return self.appeals.decide(APPEALS, Ruling(appeal, outcome, **given))

    def looked(self, code: str) -> Public:
        found = self.appeals.look(code)
        assert found is not None
        return found

    def states(self, subject: str = "x:900100") -> list[tuple[str, bool, str]]:
        """What was asked of the platform: act, whether it undoes one, state."""
        with self.desk.database.reading() as transaction:
            found = actions.of_case(transaction, self.read(subject).id)
        return [(one.act, one.undoes is not None, one.state) for one in found]

    def later_on(self, **changed: Any) -> None:
        self.appeals = replace(self.appeals, **changed)


@pytest.fixture
def court(place: Path | str) -> Iterator[Court]:
    clock = Clock()
    database = open_database(place)
    desk = Desk(database, tuple(POLICIES), clock)
    yield Court(desk, clock, Statements(database, MAKER, clock),
                Appeals(database, AppealSettings(), tuple(POLICIES), clock))  # fmt: skip
    database.close()


@pytest.fixture
def refused_notice(court: Court, monkeypatch: pytest.MonkeyPatch) -> str:
    """The code of a notice whose case was decided to be no violation."""
    from marsad.decide import codes
    from marsad.store import persons

    case = court.decide(FIRST, court.shown("x:900700"), "no-violation")
    with court.desk.database.writing() as transaction:
        reporter = persons.number_of(transaction, "reporter:zed@mail.example")
    code = codes.new()
    digest = codes.digest(code)
    notice = Notice(1, case.id, None, reporter, "form", False, False, "account", "x", "terrorism",
                    "en", None, None, False, START)  # fmt: skip
    found = {digest: notice}
    monkeypatch.setattr(notices, "by_code", lambda _, given: found.get(given))
    return code
