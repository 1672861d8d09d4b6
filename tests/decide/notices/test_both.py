"""The whole way of notices on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from marsad.decide.desk import Desk
from marsad.decide.notices import telling
from marsad.decide.notices.desk import Notices
from marsad.records.times import DAY
from marsad.store import notices as stored
from marsad.store import open_database
from tests.decide.conftest import ADMIN, FIRST, POLICY, SENIOR, Clock, Room
from tests.decide.notices.conftest import ACCOUNT, FLAGGER, PLACES, Counter


@pytest.fixture
def counter(place: Path | str) -> Iterator[Counter]:
    clock = Clock()
    database = open_database(place)
    yield Counter(Room(Desk(database, (POLICY,), clock), clock), Notices(database, PLACES, clock))
    database.close()


def test_from_a_notice_to_an_erased_reporter(counter: Counter) -> None:
    ann = "ann@mail.example"
    receipts = [counter.send(one) for one in (ann, ann, "bob@mail.example", "")]
    counter.send(sender=FLAGGER, state_body=True)
    case = counter.case()
    with counter.room.desk.database.reading() as transaction:
        assert stored.counts(transaction, case.id) == (5, 3, 1, 1)
    for number in range(3):
        receipt = counter.send(ann, address=f"https://forum.example/p/{number}")
        counter.notices.mark(FIRST, counter.case(f"forum:{number}").id, receipt.notice, True)
    reporter = counter.notices.reporters(SENIOR)[0].reporter
    counter.notices.measure(SENIOR, reporter, "warn", "three of them in a week")
    counter.room.decide(FIRST, case, "remove")
    assert telling.answer_due(counter.room.desk.database, counter.room.clock) == 2
    assert counter.state(receipts[0]) == ("decided", "acted")
    for _ in range(40):
        counter.send(address=ACCOUNT)
    counter.room.clock.now += DAY
    counter.room.desk.erase(ADMIN, f"reporter:{ann}")
    counter.room.desk.erase(ADMIN, "forum:ann")
    assert counter.notices.of_case(FIRST, counter.case("forum:0").id).listed[0].reasons is None
    assert counter.whole()


def test_an_address_is_disowned_and_threats_are_counted(counter: Counter) -> None:
    most = counter.notices.settings.threats_an_hour
    for number in range(most):
        receipt = counter.send("ann@mail.example", ground="threat-to-life",
                               address=f"https://forum.example/p/{number}")  # fmt: skip
        counter.notices.mark(FIRST, counter.case(f"forum:{number}").id, receipt.notice, True)
    assert counter.notices.threats(FIRST)
    assert counter.notices.reporters(SENIOR) != []
    assert counter.notices.disown(receipt.code) is not None
    assert counter.notices.reporters(SENIOR) == []
    assert counter.whole()


def test_many_at_once_make_one_case(counter: Counter) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: counter.send(f"p{n}@mail.example"), range(40)))
    with counter.room.desk.database.reading() as transaction:
        assert stored.counts(transaction, counter.case().id) == (40, 40, 0, 0)
    assert counter.whole()
