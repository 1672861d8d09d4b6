"""Statements and complaints with real notices and orders: each part as it is, nothing played."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from marsad.decide import audit
from marsad.decide.appeals.desk import Appeals, Ruling
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.desk import Desk
from marsad.decide.notices.desk import Notices
from marsad.decide.orders.authorities import Authorities
from marsad.decide.orders.desk import Orders
from marsad.decide.orders.duty import Duty
from marsad.decide.rules import Decision
from marsad.decide.statements.desk import Shown, Statements
from marsad.decide.statements.making import ORDERED, RESTRICTED
from marsad.records.errors import InputError
from marsad.records.times import DAY, to_datetime
from marsad.store import open_database
from tests.decide.conftest import ADMIN, APPEALS, FIRST, POLICY, REASON, THIRD, Clock, Room
from tests.decide.notices.conftest import Counter
from tests.decide.orders.conftest import BKA, FRENCH, OPERATOR, PLACES, Hall
from tests.decide.statements.conftest import MAKER, POLICIES

TEXT = "It calls for an attack; please look at it once more."


@dataclass
class All:
    """One desk with all its parts."""

    room: Room
    counter: Counter
    hall: Hall
    statements: Statements
    appeals: Appeals

    def made(self, case: int) -> list[Shown]:
        while self.statements.make():
            pass
        return self.statements.of_case(FIRST, case)


@pytest.fixture
def all_(desk_file: Path) -> Iterator[All]:
    clock, database = Clock(), open_database(desk_file)
    desk = Desk(database, tuple(POLICIES), clock)
    room = Room(desk, clock)
    orders = Orders(database, clock, PLACES, OPERATOR, Duty(), lambda: Authorities((BKA, FRENCH)))
    yield All(
        room, Counter(room, Notices(database, PLACES, clock)), Hall(orders, desk, clock),
        Statements(database, MAKER, clock),
        Appeals(database, AppealSettings(), tuple(POLICIES), clock),
    )  # fmt: skip
    assert audit.verify(database, None).broken is None
    database.close()


def decide(all_: All, who: object, case: int, outcome: str, item: str | None = None) -> None:
    desk = all_.room.desk
    lease = desk.take(who, case)  # type: ignore[arg-type]
    if item is not None:
        desk.open_post(who, case, item)  # type: ignore[arg-type]
    version = desk.case(who, case).version  # type: ignore[arg-type]
    desk.decide(who, Decision(case, version, lease.token, outcome, POLICY, REASON, item))  # type: ignore[arg-type]


def test_a_notice_that_was_refused_is_looked_at_anew(all_: All) -> None:
    receipt = all_.counter.send("zuhal@mail.example", name="Zuhal Tariq")
    case = all_.counter.case().id
    assert all_.appeals.look(receipt.code) is None  # nothing was refused yet
    decide(all_, FIRST, case, "no-violation")
    made = all_.appeals.make(receipt.code, TEXT)
    assert made is not None
    assert (made.state, made.of_notice) == ("open", True)
    number = all_.appeals.listed(APPEALS)[0].appeal.seq
    ruling = Ruling(number, "reversed", POLICY, REASON)
    assert all_.appeals.decide(APPEALS, ruling) == "reversing"
    with pytest.raises(InputError):
        all_.room.desk.take(FIRST, case)
    decide(all_, THIRD, case, "no-violation")
    assert all_.appeals.settle() == 1
    shown = all_.appeals.look(receipt.code)
    assert shown is not None
    assert shown.state == "closed"
    assert all_.made(case) == []


def test_a_duplicate_and_a_nameless_notice_are_refused_and_can_complain(all_: All) -> None:
    first = all_.counter.send("zuhal@mail.example", name="Zuhal Tariq")
    nameless = all_.counter.send()
    case = all_.counter.case().id
    decide(all_, FIRST, case, "no-violation")
    for receipt in (first, nameless):
        made = all_.appeals.make(receipt.code, TEXT)
        assert made is not None
        assert made.state == "open"
    assert len(all_.appeals.listed(APPEALS)) == 2


def test_erasing_the_reporter_takes_their_complaint_along(all_: All) -> None:
    receipt = all_.counter.send("zuhal@mail.example", name="Zuhal Tariq")
    decide(all_, FIRST, all_.counter.case().id, "no-violation")
    all_.appeals.make(receipt.code, TEXT)
    number = all_.appeals.listed(APPEALS)[0].appeal.seq
    all_.room.desk.erase(ADMIN, "reporter:zuhal@mail.example")
    shown = all_.appeals.shown(APPEALS, number)
    assert shown.said[0].text is None
    all_.appeals.decide(APPEALS, Ruling(number, "upheld", POLICY, REASON))


def confidential(all_: All, days: int) -> str:
    return to_datetime(all_.room.clock() + days * DAY).isoformat()


def test_an_order_that_was_carried_out_is_told_to_the_uploader(all_: All) -> None:
    order = all_.hall.arrive()
    all_.hall.done(order)
    case = all_.hall.case_of(order).id
    shown = all_.made(case)[0]
    assert (shown.statement.step, shown.state, shown.code) == (ORDERED, None, None)
    assert "2021/784" in (shown.text or "")


def test_nothing_of_a_confidential_order_is_told_before_its_time(all_: All) -> None:
    order = all_.hall.arrive(confidential_until=confidential(all_, 20))
    all_.hall.done(order)
    case = all_.hall.case_of(order).id
    assert all_.made(case) == []
    all_.room.clock.now += 21 * DAY
    assert [one.statement.step for one in all_.made(case)] == [ORDERED]


def test_a_decision_of_ones_own_before_the_order_is_stated_as_ever(all_: All) -> None:
    receipt = all_.counter.send(address="https://forum.example/@mona/1")
    assert receipt.code
    case = all_.hall.case("forum:1").id
    decide(all_, FIRST, case, "no-violation")
    assert all_.made(case) == []
    order = all_.hall.arrive(confidential_until=confidential(all_, 20))
    before = all_.appeals.look(receipt.code)
    all_.hall.done(order)
    assert all_.appeals.look(receipt.code) == before  # whoever reported learns nothing of it
    assert RESTRICTED not in {one.statement.step for one in all_.made(case)}
