"""What somebody is told of themselves while nobody may be told of an order."""

from __future__ import annotations

from typing import Any

import pytest

from marsad.decide import accessing
from marsad.decide.appeals.desk import Appeals
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.statements.desk import Statements
from marsad.records.times import DAY, to_datetime
from tests.decide.conftest import FIRST, POLICY, SENIOR, Room
from tests.decide.orders.conftest import Hall
from tests.decide.statements.conftest import MAKER

KARIM = "https://forum.example/@karim/8"


def told(hall: Hall) -> dict[str, list[dict[str, Any]]]:
    """All of somebody."""
    return accessing.of_person(
        hall.desk.database, "forum:karim", ["forum:8"], ["forum"], hall.clock(), "en"
    )


def code_of(hall: Hall) -> str:
    """The code of the statement of a decision against them."""
    hall.notice(KARIM)
    Room(hall.desk, hall.clock).decide(FIRST, hall.case("forum:8"), "remove")
    hall.carry()
    desk = Statements(hall.desk.database, MAKER, hall.clock)
    while desk.make():
        pass
    code = desk.of_case(FIRST, hall.case("forum:8").id)[0].code
    assert code is not None
    return code


@pytest.mark.parametrize("ordered", [False, True])
def test_a_complaint_is_told_with_or_without_an_order(hall: Hall, ordered: bool) -> None:
    """One that is missing would tell of an order that nobody may tell of."""
    code = code_of(hall)
    hall.later(60)
    if ordered:
        until = to_datetime(hall.clock() + 20 * DAY).isoformat()
        order = hall.arrive(urls=[KARIM], confidential_until=until)
        hall.done(order)
    appeals = Appeals(hall.desk.database, AppealSettings(), (POLICY,), hall.clock)
    appeals.make(code, "It was a report, and no call.")
    found = told(hall)
    kinds = [row["kind"] for row in found["entries"]]
    assert kinds == ["opened", "item-opened", "decided", "statement-made", "appeal-made"]
    assert [row["act"] for row in found["actions"]] == ["remove"]
    assert [row["outcome"] for row in found["cases"]] == ["remove"]


def test_who_was_hit_by_mistake_is_told_so_once(hall: Hall) -> None:
    order = hall.arrive(urls=["https://forum.example/odd?id=7"])
    hall.orders.locate(SENIOR, order, 1, "post", "forum:8", "forum:karim")
    hall.done(order)
    desk = Statements(hall.desk.database, MAKER, hall.clock)
    while desk.make():
        pass
    hall.orders.part(SENIOR, order, hall.orders.file(SENIOR, order).found[0].item.seq)
    hall.later(60)
    while desk.make():
        pass
    last, first = desk.of_case(FIRST, hall.case("forum:8").id)
    assert "ordered it" in (first.text or "")
    assert "that was our mistake" in (last.text or "")


def test_an_order_that_another_one_waits_beside_is_told_of(hall: Hall) -> None:
    """Whoever had something removed learns so, whatever becomes of a second order."""
    first = hall.arrive(urls=[KARIM])
    hall.arrive(urls=[KARIM], reference="R-2")
    hall.done(first)
    hall.later(3 * 24 * 60)
    desk = Statements(hall.desk.database, MAKER, hall.clock)
    while desk.make():
        pass
    [told_of] = desk.of_case(FIRST, hall.case("forum:8").id)
    assert "ordered it" in (told_of.text or "")


def test_who_was_parted_from_one_order_learns_that_another_holds_no_longer(hall: Hall) -> None:
    first = hall.arrive(urls=["https://forum.example/odd?id=7"])
    hall.orders.locate(SENIOR, first, 1, "post", "forum:8", "forum:karim")
    hall.orders.part(SENIOR, first, hall.orders.file(SENIOR, first).found[0].item.seq)
    second = hall.arrive(urls=[KARIM], reference="R-2")
    hall.done(second)
    desk = Statements(hall.desk.database, MAKER, hall.clock)
    while desk.make():
        pass
    hall.orders.step(SENIOR, second, "order-withdrawn", "court", "the court has quashed it")
    hall.later(60)
    while desk.make():
        pass
    last = desk.of_case(FIRST, hall.case("forum:8").id)[0]
    assert "holds no longer" in (last.text or "")


def test_what_was_parted_from_a_secret_order_is_told_as_before(hall: Hall) -> None:
    hall.notice(KARIM)
    before = told(hall)
    until = to_datetime(hall.clock() + 20 * DAY).isoformat()
    order = hall.arrive(urls=["https://forum.example/odd?id=7"], confidential_until=until)
    hall.orders.locate(SENIOR, order, 1, "post", "forum:8", "forum:karim")
    hall.done(order)
    assert told(hall) == before
    hall.orders.part(SENIOR, order, hall.orders.file(SENIOR, order).found[0].item.seq)
    hall.carry()
    assert told(hall) == before
