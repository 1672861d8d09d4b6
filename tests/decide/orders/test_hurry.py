"""What an authority has ordered is in a hurry: it is tried and looked at again within a minute or
so for as long as its hour may run, before all else, whatever the platform and the clock do."""

from __future__ import annotations

from itertools import pairwise

import pytest

from marsad.decide.actions.carrying import Carrier
from marsad.decide.actions.pace import ORDERED, Pace
from marsad.platforms.base import Answer, Asked, Sight, Subject
from marsad.platforms.manual import Manual
from marsad.platforms.settings import Configured
from marsad.records.times import DAY, HOUR, MINUTE, SECOND
from marsad.store import actions, mails
from tests.decide.conftest import FIRST, SENIOR, Room
from tests.decide.orders.conftest import Forum, Hall


class Slow(Forum):
    """A platform that says when it was asked and looked at, and wants to be left alone."""

    def __init__(self, hall: Hall) -> None:
        super().__init__()
        self.hall = hall
        self.at: list[int] = []

    def request(self, asked: Asked, key: str) -> Answer:
        self.at.append(self.hall.clock.gone)
        answer = super().request(asked, key)
        return answer if self.works else Answer("later", "503", after=6 * HOUR)

    def look(self, subject: Subject) -> Sight:
        self.at.append(self.hall.clock.gone)
        return super().look(subject)


@pytest.fixture
def forum(hall: Hall) -> Slow:
    hall.forum = Slow(hall)
    return hall.forum


def run(hall: Hall, minutes: int) -> None:
    """A desk that runs: it looks every 15 seconds."""
    for _ in range(4 * minutes):
        hall.act()
        hall.orders.keep_up()
        hall.later(0.25)


def test_a_platform_that_is_down_is_asked_every_minute_until_it_is_not(
    hall: Hall, forum: Slow
) -> None:
    order = hall.arrive()
    hall.orders.execute(SENIOR, order, "remove")
    forum.works = False
    run(hall, 50)
    assert max(after - before for before, after in pairwise(forum.at)) <= MINUTE + 15 * SECOND
    forum.works = True
    run(hall, 3)
    found = hall.order(order)
    assert (found.state, found.late_at) == ("confirmed", None)


def test_what_is_not_seen_is_looked_at_every_minute_until_it_is(hall: Hall, forum: Slow) -> None:
    order = hall.arrive()
    hall.orders.execute(SENIOR, order, "remove")
    forum.obeys = False
    run(hall, 50)
    assert max(after - before for before, after in pairwise(forum.at)) <= MINUTE + 15 * SECOND
    forum.gone["forum:1"] = "remove"
    run(hall, 2)
    found = hall.order(order)
    assert (found.state, found.late_at) == ("confirmed", None)


def test_what_was_ordered_and_is_taken_back_is_in_a_hurry_too(hall: Hall, forum: Slow) -> None:
    order = hall.arrive()
    hall.done(order)
    forum.obeys = False
    forum.at.clear()
    hall.orders.step(SENIOR, order, "order-withdrawn", "authority", "they have written so")
    run(hall, 1)
    assert hall.state(order) == "reinstated"


@pytest.mark.parametrize("leap", [-90 * MINUTE, -400 * DAY, 400 * DAY])
@pytest.mark.parametrize("after", [0, 1])
def test_a_clock_that_is_set_makes_it_wait_for_nothing(
    hall: Hall, forum: Slow, leap: int, after: int
) -> None:
    order = hall.arrive()
    hall.orders.execute(SENIOR, order, "remove")
    forum.works = False
    run(hall, after)
    hall.clock.now += leap
    forum.works = True
    run(hall, 3)
    assert hall.state(order) == "confirmed"


def test_an_order_is_before_all_that_was_due_before_it(hall: Hall) -> None:
    room = Room(hall.desk, hall.clock)
    for number in range(5):
        room.decide(FIRST, room.case(f"forum:w{number}", number=str(number)), "warn")
    hall.later(10)
    order = hall.arrive()
    hall.orders.execute(SENIOR, order, "remove")
    assert hall.act(1) == ["forum:1"]
    hall.later(0.25)
    assert hall.act(2) == ["forum:1", "forum:w0"]


def test_what_people_are_asked_for_under_an_order_is_first_on_their_list(hall: Hall) -> None:
    people = Configured("forum", Manual({}))
    carrier = Carrier(hall.desk.database, lambda _: people, hall.clock)
    room = Room(hall.desk, hall.clock)
    for number in range(3):
        room.decide(FIRST, room.case(f"forum:w{number}", number=str(number)), "warn")
    hall.orders.execute(SENIOR, hall.arrive(), "remove")
    carrier.carry_out()
    listed = hall.desk.to_do(SENIOR, 2)
    assert [one.subject for one in listed] == ["forum:1", "forum:w0", "forum:w1"]
    assert [one.ordered for one in listed] == [True, False, False]
    last = listed[-1].action.id
    assert [one.subject for one in hall.desk.to_do(SENIOR, 2, last)] == ["forum:w2"]


@pytest.mark.parametrize("by_then", ["put off", "asked for"])
def test_what_the_desk_has_asked_for_itself_is_in_a_hurry_once_it_is_ordered(
    hall: Hall, forum: Slow, by_then: str
) -> None:
    """The order asks for nothing new: what is under way must not wait for the limit of an hour, nor
    for a look in six."""
    room = Room(hall.desk, hall.clock)
    forum.obeys = False
    room.decide(FIRST, room.case("forum:1", kind="post"), "remove")
    if by_then == "put off":
        with hall.desk.database.writing() as transaction:
            actions.put_off(transaction, "forum", hall.clock(), hall.clock() + HOUR, 10)
    else:
        run(hall, 45)
    order = hall.arrive()
    hall.orders.execute(SENIOR, order, "remove")
    forum.obeys = True
    forum.gone["forum:1"] = "remove"
    run(hall, 2)
    assert hall.order(order).state == "confirmed"
    assert len(forum.asked) == 1


def test_who_dies_over_it_keeps_it_for_a_few_minutes(hall: Hall) -> None:
    assert 2 * MINUTE < ORDERED.held < Pace().held


def test_the_pace_is_a_minute_for_an_hour_and_then_as_for_all_else() -> None:
    waits = [ORDERED.wait(one, DAY, 0.0) for one in range(1, ORDERED.hurried + 1)]
    assert max(waits) <= MINUTE
    assert sum(waits) >= HOUR - 2 * MINUTE
    assert ORDERED.wait(ORDERED.hurried + 1, None, 1.0) == ORDERED.first
    assert ORDERED.wait(ORDERED.tries, None, 1.0) > HOUR
    assert sum(one for one in ORDERED.looks if one <= MINUTE) >= HOUR
    assert list(ORDERED.looks) == sorted(ORDERED.looks)


# ── mail


def taken(hall: Hall) -> list[str]:
    with hall.desk.database.writing() as transaction:
        found = []
        while (mail := mails.take(transaction, hall.clock(), hall.clock() + HOUR)) is not None:
            found.append(mail.message)
        return found


def test_mail_about_orders_leaves_before_all_other(hall: Hall) -> None:
    with hall.desk.database.writing() as transaction:
        for _ in range(3):
            mails.put(transaction, to="a@b.example", message="test", values={}, lang="en",
                      at=hall.clock())  # fmt: skip
    hall.later(10)
    hall.arrive()
    assert taken(hall) == ["order-alarm", "test", "test", "test"]
