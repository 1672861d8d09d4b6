"""With an order that is kept secret and without one, whoever reported sees the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from marsad.decide.appeals import finding
from marsad.decide.appeals.desk import Appeals, Ruling
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.desk import Desk
from marsad.decide.notices import telling
from marsad.decide.notices.desk import Notices
from marsad.decide.orders.authorities import Authorities
from marsad.decide.orders.desk import Orders
from marsad.decide.orders.duty import Duty
from marsad.records.times import DAY, MINUTE, to_datetime
from marsad.store import open_database
from marsad.store.statements import last_verdict
from tests.decide.conftest import (
    APPEALS,
    FIRST,
    POLICY,
    REASON,
    SECOND,
    SENIOR,
    Clock,
    Room,
    reviewer,
)  # fmt: skip
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

    appeals = Appeals(counter.room.desk.database, AppealSettings(), (POLICY,), counter.room.clock)

    def look(*receipts: Any) -> None:
        found = [(counter.notices.status(one.code), appeals.look(one.code)) for one in receipts]
        seen.append(found)
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
    counter.room.case(SUBJECT, "links", kind="post", number="9")  # and the desk looks again
    look(first)
    if ordered and counter.case(SUBJECT).state == "open":
        counter.room.decide(FIRST, counter.case(SUBJECT), "remove")
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


def _decision(counter: Counter, receipt: Any) -> int | None:
    """The entry that the code of a notice lets its sender complain of."""
    with counter.room.desk.database.reading() as transaction:
        found = finding.find(transaction, receipt.code, AppealSettings(), counter.room.clock())
        return found.decision if found is not None else None


@pytest.mark.parametrize("days", [1, 31])
def test_of_what_was_decided_before_a_notice_only_what_answers_it_is_told(
    counter: Counter, days: int
) -> None:
    counter.send("ann@mail.example", address=MONA)
    counter.room.decide(FIRST, counter.case(SUBJECT), "no-violation")
    counter.room.clock.now += days * DAY
    counter.room.case(SUBJECT, "links", kind="post", number="9")
    late = counter.send(address=MONA)  # the case is open again
    assert counter.state(late) == ("received", None)
    assert _decision(counter, late) is None
    counter.room.decide(FIRST, counter.case(SUBJECT), "exempt", exemption="news")
    assert _decision(counter, late) == _last(counter)


def test_taking_back_what_was_done_can_be_complained_of_and_doing_it_cannot(
    counter: Counter,
) -> None:
    receipt = counter.send(address=MONA)
    counter.room.decide(FIRST, counter.case(SUBJECT), "warn")
    assert counter.state(receipt) == ("decided", "acted")
    assert _decision(counter, receipt) is None
    counter.room.desk.overturn(APPEALS, counter.case(SUBJECT).id, POLICY, REASON)
    assert counter.state(receipt) == ("decided", "taken-back")
    appeals = Appeals(counter.room.desk.database, AppealSettings(), (POLICY,), counter.room.clock)
    appeals.make(receipt.code, "It is what the rules forbid all the same.")
    (made,) = appeals.listed(APPEALS)
    assert made.own  # who took it back has no part in this
    other = reviewer("app-2", "appeals")
    assert appeals.decide(other, Ruling(made.appeal.seq, "reversed", POLICY, REASON)) == "reversing"
    assert counter.case(SUBJECT).state == "open"
    counter.room.decide(SECOND, counter.case(SUBJECT), "warn")
    assert appeals.settle() == 1
    assert counter.whole()


def _last(counter: Counter) -> int:
    """The entry that decided last."""
    with counter.room.desk.database.reading() as transaction:
        found = last_verdict(transaction, counter.case(SUBJECT).id)
    assert found is not None
    return found.seq
