"""With an order that is kept secret and without one, whoever reported sees the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from marsad.decide.appeals import finding
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.desk import Desk
from marsad.decide.notices import telling
from marsad.decide.notices.desk import Notices
from marsad.decide.orders.authorities import Authorities
from marsad.decide.orders.desk import Orders
from marsad.decide.orders.duty import Duty
from marsad.records.times import DAY, MINUTE, to_datetime
from marsad.store import open_database
from tests.decide.conftest import FIRST, POLICY, SENIOR, Clock, Room
from tests.decide.notices.conftest import PLACES, Counter
from tests.decide.orders.conftest import BKA, NIGHT, OPERATOR, Hall
from tests.decide.orders.conftest import PLACES as OURS

MONA = "https://forum.example/@mona/1"
SUBJECT = "forum:1"


@pytest.fixture
def hall(counter: Counter) -> Hall:
    room, authorities = counter.room, Authorities((BKA,))
    orders = Orders(room.desk.database, room.clock, OURS, OPERATOR, Duty((NIGHT,)),
                    lambda: authorities)  # fmt: skip
    return Hall(orders, room.desk, room.clock)


def _story(counter: Counter, hall: Hall, ordered: bool, before: str, days: int) -> list[Any]:
    """What two reporters see of a post that was or was not ordered down, step by step."""
    seen: list[Any] = []

    def look(*receipts: Any) -> None:
        seen.append([counter.notices.status(one.code) for one in receipts])
        counter.room.clock.now += MINUTE

    first = counter.send("ann@mail.example", address=MONA)
    look(first)
    if before:
        counter.room.decide(FIRST, counter.case(SUBJECT), before)
        look(first)
    counter.room.clock.now += days * DAY
    if ordered:
        until = to_datetime(counter.room.clock() + 40 * DAY).isoformat()
        order = hall.arrive(confidential_until=until)
        hall.done(order)
        if counter.case(SUBJECT).state == "open":
            counter.room.decide(FIRST, counter.case(SUBJECT), "remove")
    else:  # as long as it took with one
        counter.room.clock.now += 11_000_000
    look(first)
    second = counter.send("bob@mail.example", address=MONA)
    look(first, second)
    told = telling.answer_due(counter.room.desk.database, counter.room.clock)
    look(first, second)
    return [*seen, told]


@pytest.mark.parametrize("days", [1, 35])
@pytest.mark.parametrize("before", ["", "no-violation", "warn", "remove"])
def test_nothing_differs(
    counter: Counter, hall: Hall, tmp_path: Path, made_once: Path, before: str, days: int
) -> None:
    with_order = _story(counter, hall, True, before, days)
    clock, file = Clock(), shutil.copyfile(made_once, tmp_path / "without.db")
    database = open_database(file)
    room = Room(Desk(database, (POLICY,), clock), clock)
    without = _story(Counter(room, Notices(database, PLACES, clock)), hall, False, before, days)
    database.close()
    assert with_order == without
    assert counter.whole()


def test_what_may_be_told_is_told_when_it_may(counter: Counter, hall: Hall) -> None:
    receipt = counter.send("ann@mail.example", address=MONA)
    until = to_datetime(counter.room.clock() + DAY).isoformat()
    order = hall.arrive(confidential_until=until)
    hall.done(order)
    counter.room.decide(FIRST, counter.case(SUBJECT), "remove")
    later = counter.send("bob@mail.example", address=MONA)
    assert counter.state(receipt) == counter.state(later) == ("received", None)
    counter.room.clock.now += DAY
    assert counter.state(receipt) == counter.state(later) == ("decided", "acted")
    assert telling.answer_due(counter.room.desk.database, counter.room.clock) == 2
    assert hall.orders.file(SENIOR, order).order.state == "confirmed"


def test_nor_can_they_complain_of_what_they_are_not_told(counter: Counter, hall: Hall) -> None:
    receipt = counter.send("ann@mail.example", address=MONA)
    until = to_datetime(counter.room.clock() + DAY).isoformat()
    hall.done(hall.arrive(confidential_until=until))
    counter.room.decide(FIRST, counter.case(SUBJECT), "no-violation")

    def found() -> bool:
        with counter.room.desk.database.reading() as transaction:
            now = counter.room.clock()
            return finding.find(transaction, receipt.code, AppealSettings(), now) is not None

    assert not found()
    counter.room.clock.now += DAY
    assert found()
