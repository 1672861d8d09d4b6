"""Who reported something long ago is erased, and nobody who still has something to expect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from marsad.decide.appeals.desk import Appeals
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.audit import verify
from marsad.decide.desk import Desk
from marsad.decide.notices import telling
from marsad.decide.notices.desk import Notices
from marsad.decide.notices.receiving import Receipt
from marsad.decide.preservation.desk import Preservation
from marsad.decide.preservation.holds import Wanted
from marsad.decide.preservation.terms import Keeping
from marsad.records.errors import InputError
from marsad.records.times import DAY
from marsad.store import open_database, persons
from marsad.workspace import Workspace, forgetting
from marsad.workspace.forgetting import Forgotten
from tests.decide.conftest import ADMIN, FIRST, POLICY, SENIOR, Clock, Room
from tests.decide.notices.conftest import PLACES, Counter

ANN, WORDS = "ann@mail.example", "It calls for an attack on a market, says my sister."
YEAR = 365 * DAY


@dataclass
class Kept(Counter):
    """A desk that takes notices, in a workspace."""

    workspace: Workspace

    def report(self, email: str = ANN, post: str = "12") -> Receipt:
        return self.send(email, address=f"https://forum.example/@mona/{post}", reasons=WORDS)

    def decide(self, post: str = "12", outcome: str = "no-violation") -> None:
        self.room.decide(FIRST, self.case(f"forum:{post}"), outcome)
        telling.answer_due(self.room.desk.database, self.room.clock)

    def later(self, time: int) -> None:
        self.room.clock.now += time

    def look(self) -> Forgotten:
        return forgetting.keep_up(self.workspace, self.room.desk.database, self.room.clock)

    def erased(self) -> int:
        """How many are erased by two looks a day apart."""
        self.look()
        self.later(DAY)
        return self.look().erased

    def knows(self, name: str = f"reporter:{ANN}") -> bool:
        with self.room.desk.database.reading() as transaction:
            return persons.find(transaction, name) is not None


@pytest.fixture
def kept(place: Path | str, tmp_path: Path) -> Iterator[Kept]:
    clock = Clock()
    database = open_database(place)
    room = Room(Desk(database, (POLICY,), clock), clock)
    made = Workspace.create(tmp_path / "ws")
    yield Kept(room, Notices(database, PLACES, clock), made)
    assert verify(database, None).broken is None
    database.close()


def test_who_reported_a_year_ago_is_erased_and_the_log_stays_whole(kept: Kept) -> None:
    named, nameless = kept.report(), kept.report("")
    kept.decide()
    kept.later(YEAR - DAY)
    assert kept.look() == Forgotten()
    kept.later(DAY + 1)
    assert kept.look() == Forgotten(0, 2)
    kept.later(DAY)
    assert kept.look() == Forgotten(2, 0)
    assert kept.look() == Forgotten()
    assert not kept.knows()
    with kept.room.desk.database.reading() as transaction:
        for table in ("private", "mails"):
            rows = transaction.execute(text(f"SELECT * FROM {table}")).all()
            assert WORDS not in str(rows)
            assert ANN not in str(rows)
    for one in (named, nameless):  # their codes still tell
        assert kept.state(one) == ("decided", "no-violation")


def test_it_counts_from_the_last_that_came_and_was_decided(kept: Kept) -> None:
    kept.report()
    kept.later(200 * DAY)
    kept.decide()
    kept.later(200 * DAY)
    assert kept.look() == Forgotten()
    kept.report(post="13")
    kept.decide("13")
    kept.later(YEAR)
    assert kept.look() == Forgotten()
    kept.later(1)
    assert kept.erased() == 1


@pytest.mark.parametrize("email", [ANN, ""])
def test_nobody_whose_notice_waits_is_erased(kept: Kept, email: str) -> None:
    kept.report(email)
    kept.later(3 * YEAR)
    assert kept.erased() == 0
    kept.decide()
    kept.later(YEAR + 1)
    assert kept.erased() == 1


def test_nobody_who_complains_or_asks_is_erased(kept: Kept) -> None:
    receipt = kept.report()
    kept.decide()
    database, clock = kept.room.desk.database, kept.room.clock
    appeals = Appeals(database, AppealSettings(), (POLICY,), clock)
    assert appeals.make(receipt.code, "They do call for it, look again at the second line.")
    desk = Preservation(database, clock)
    request = desk.receive(SENIOR, "reporter:bob@mail.example", "access", clock())
    kept.later(2 * YEAR)
    assert kept.erased() == 0
    desk.answer(SENIOR, request.id, "done")
    assert kept.erased() == 1


def test_nobody_under_a_hold_is_erased(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.report()
    kept.decide()
    kept.later(YEAR + 1)
    assert kept.look().over == 1
    kept.later(DAY)
    desk, name = Preservation(kept.room.desk.database, kept.room.clock), f"reporter:{ANN}"
    until = kept.room.clock() + 10 * DAY
    whole = forgetting.confirmed

    def meanwhile(*given: object, **more: object) -> set[int]:
        desk.set_hold(SENIOR, Wanted(name, "court", "Order 7", "a trial", until=until))
        return whole(*given, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(forgetting, "confirmed", meanwhile)
        assert kept.look().erased == 0
    assert kept.erased() == 0
    kept.later(10 * DAY)
    (kept.workspace.folder / "holds.txt").write_text(name)
    assert kept.erased() == 0
    (kept.workspace.folder / "holds.txt").unlink()
    assert kept.erased() == 1


@pytest.mark.parametrize("name", ["forum:mona", "forum:12"])
def test_what_was_said_of_somebody_under_a_hold_stays(kept: Kept, name: str) -> None:
    kept.report()
    kept.decide()
    kept.later(YEAR + 1)
    (kept.workspace.folder / "holds.txt").write_text(name)
    assert kept.erased() == 0
    (kept.workspace.folder / "holds.txt").unlink()
    assert kept.erased() == 1


def test_who_reported_somebody_that_was_erased_is_owed_nothing(kept: Kept) -> None:
    kept.report()
    kept.room.desk.erase(ADMIN, "forum:mona")
    kept.later(YEAR + 1)
    assert kept.erased() == 1


def test_no_clock_is_believed_at_once(kept: Kept) -> None:
    kept.report()
    kept.decide()
    for _ in range(3):
        kept.later(2 * YEAR)
        assert kept.look() == Forgotten(0, 1)
        kept.later(-2 * YEAR + DAY)
        assert kept.look() == Forgotten()
    assert kept.knows()


def test_a_longer_time_to_complain_is_waited_for(kept: Kept) -> None:
    kept.report()
    kept.decide()
    folder = kept.workspace.folder
    (folder / "marsad.toml").write_text("format = 1\n[appeals]\nmonths = 24\n")
    kept.workspace = Workspace.open(folder)
    kept.later(YEAR + 1)
    assert kept.erased() == 0
    kept.later(YEAR + 30 * DAY)
    assert kept.erased() == 1


@pytest.mark.parametrize("given", [189, 3_651, True, "365", 365.0])
def test_what_is_no_term(given: object) -> None:
    with pytest.raises(InputError):
        Keeping.of({"keeping": {"reporters_days": given}})
    with pytest.raises(InputError):
        Keeping.of({"keeping": {"reporter_days": 365}})
