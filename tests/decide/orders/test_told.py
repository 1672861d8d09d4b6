"""What whoever an order is about is told of it: that it was carried out, and that it is over."""

from __future__ import annotations

import pytest

from marsad.decide.appeals.desk import Appeals, Ruling
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.statements.desk import Statements
from marsad.decide.statements.making import ORDERED, RESTRICTED
from tests.decide.conftest import APPEALS, FIRST, POLICY, SENIOR, Room
from tests.decide.orders.conftest import Hall
from tests.decide.statements.conftest import MAKER

POST = "forum:1"
WHY = "The court annulled it on Monday."


def told(hall: Hall) -> list[tuple[str, str]]:
    """What the person was told, in order."""
    desk = Statements(hall.desk.database, MAKER, hall.clock)
    while desk.make():
        pass
    shown = reversed(desk.of_case(FIRST, hall.case(POST).id))
    return [(one.statement.step, one.text or "") for one in shown]


def test_who_was_told_of_an_order_is_told_that_it_is_over(hall: Hall) -> None:
    order = hall.arrive()
    hall.done(order)
    assert len(told(hall)) == 1
    hall.orders.step(SENIOR, order, "order-withdrawn", "court", WHY)
    said = told(hall)
    assert [step for step, _ in said] == [ORDERED, ORDERED]
    assert "holds no longer" in said[-1][1]
    assert told(hall) == said
    hall.whole()


def decide(hall: Hall) -> None:
    case = hall.case(POST)
    Room(hall.desk, hall.clock).decide(FIRST, case, "remove")


def test_what_the_desk_decides_after_an_order_ended_is_stated_once(hall: Hall) -> None:
    order = hall.arrive()
    hall.done(order)
    assert [step for step, _ in told(hall)] == [ORDERED]
    hall.orders.step(SENIOR, order, "order-withdrawn", "court", WHY)
    decide(hall)  # before anything is made of the end
    assert [step for step, _ in told(hall)].count(RESTRICTED) == 1


def test_what_the_desk_decided_under_an_order_is_stated_when_the_order_ends(hall: Hall) -> None:
    order = hall.arrive()
    hall.done(order)
    decide(hall)
    assert [step for step, _ in told(hall)] == [ORDERED, ORDERED]
    hall.orders.step(SENIOR, order, "order-withdrawn", "court", WHY)
    said = told(hall)
    assert [step for step, _ in said] == [ORDERED, ORDERED, RESTRICTED]
    assert "Your code" in said[-1][1]
    complaints = Appeals(hall.desk.database, AppealSettings(), (POLICY,), hall.clock)
    shown = Statements(hall.desk.database, MAKER, hall.clock).of_case(FIRST, hall.case(POST).id)
    complaints.make(shown[0].code or "", "It was a report, and no call.")
    appeal = complaints.listed(APPEALS)[0].appeal.seq
    complaints.decide(APPEALS, Ruling(appeal, "reversed", POLICY, "It reports on it."))
    assert hall.case(POST).state == "overturned"
    assert hall.forum.asked == [("remove", POST)]  # it stays as it is
    hall.whole()


def test_when_a_non_disclosure_ends_before_its_time_they_are_told_soon(hall: Hall) -> None:
    order = hall.arrive()
    hall.orders.keep_confidential(SENIOR, order, "2023-12-20T00:00")
    hall.done(order)
    assert told(hall) == []
    hall.later(11)
    assert told(hall) == []
    hall.orders.disclose(SENIOR, order, "The authority wrote that it is over.")
    hall.later(11)
    assert [step for step, _ in told(hall)] == [ORDERED]


@pytest.mark.parametrize("reason", ["another", "ours", "secret"])
def test_nobody_is_told_so_while_something_keeps_it_or_who_was_never_told(
    hall: Hall, reason: str
) -> None:
    if reason == "ours":
        hall.arrive(reference="R-0")
        hall.orders.step(SENIOR, hall.arrive(reference="R-0"), "order-refused", "no-order", WHY)
        decide(hall)
        told(hall)
    order = hall.arrive()
    if reason == "secret":
        hall.orders.keep_confidential(SENIOR, order, "2023-12-20T00:00")
    hall.done(order)
    if reason == "another":
        hall.done(hall.arrive(reference="R-2"))
    before = told(hall)
    hall.orders.step(SENIOR, order, "order-withdrawn", "court", WHY)
    if reason == "secret":
        hall.later(90 * 24 * 60)
    assert told(hall) == before
