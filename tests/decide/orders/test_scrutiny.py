"""The clocks of Article 4: alarms before the end of the time to ask, and of the time to decide."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import event, select

from marsad.records.times import to_datetime
from marsad.store import mails
from tests.decide.conftest import SENIOR
from tests.decide.orders.conftest import Hall
from tests.decide.orders.test_orders import TEXT

FRENCH = {"authority": {"id": "fr-example"}}


def reminded(hall: Hall) -> list[tuple[str, int]]:
    """The mails about Article 4, and the hours that they tell."""
    with hall.desk.database.reading() as transaction:
        rows = transaction.execute(select(mails.mails).order_by(mails.mails.c.id)).all()
    return [(row.message, json.loads(row.content)["count"]) for row in rows
            if row.message.startswith(("order-ask", "order-decide"))]  # fmt: skip


def days(hall: Hall, number: int) -> None:
    for _ in range(24 * number):
        hall.later(60)
        hall.orders.keep_up()
        hall.again().orders.keep_up()


def test_before_the_time_to_ask_is_over_whoever_is_on_duty_is_told_twice(hall: Hall) -> None:
    order = hall.arrive(**FRENCH)
    hall.done(order)
    days(hall, 4)
    assert reminded(hall) == [("order-ask", 23), ("order-ask", 3)]
    found = hall.orders.file(SENIOR, order)
    assert found.order.state == "confirmed"
    assert [one.minutes for one in found.alarms] == [60, 24 * 60, 4 * 60]


def test_before_the_time_to_decide_is_over_and_when_it_is(hall: Hall) -> None:
    order = hall.arrive(**FRENCH)
    hall.done(order)
    asked = to_datetime(hall.clock()).isoformat()
    hall.later(60)
    hall.orders.step(SENIOR, order, "order-scrutiny", "provider", "", asked)
    days(hall, 4)
    assert reminded(hall) == [("order-decide", 24), ("order-decide-over", 0)]
    found = hall.orders.file(SENIOR, order)
    assert [one.minutes for one in found.alarms[1:]] == [24 * 60, 0]
    assert found.alarms[-1].at == found.decide_until
    hall.orders.step(SENIOR, order, "order-upheld", "lapsed")
    days(hall, 1)
    assert len(reminded(hall)) == 2


@pytest.mark.parametrize("ends", ["order-withdrawn", "order-infringing"])
def test_what_is_taken_back_is_not_reminded_of(hall: Hall, ends: str) -> None:
    order = hall.arrive(**FRENCH)
    hall.done(order)
    ground = "authority" if ends == "order-withdrawn" else "own-motion"
    hall.orders.step(SENIOR, order, ends, ground, TEXT)
    days(hall, 4)
    assert reminded(hall) == []


def test_orders_of_our_own_state_have_none(hall: Hall) -> None:
    hall.done(hall.arrive())
    days(hall, 4)
    assert reminded(hall) == []


def test_a_desk_that_stood_still_until_it_was_over_tells_nothing_of_the_time_to_ask(
    hall: Hall,
) -> None:
    hall.done(hall.arrive(**FRENCH))
    hall.later(47 * 60)
    hall.orders.keep_up()
    assert reminded(hall) == [("order-ask", 0), ("order-ask", 0)]
    hall.done(hall.arrive(reference="R-2", **FRENCH))
    hall.later(49 * 60)
    hall.orders.keep_up()
    assert len(reminded(hall)) == 2


def test_a_look_at_no_order_is_one_question_by_an_index(hall: Hall) -> None:
    asked: list[tuple[str, object]] = []
    engine = hall.desk.database.engine

    @event.listens_for(engine, "before_cursor_execute")
    def keep(_: object, __: object, statement: str, given: object, *more: object) -> None:
        if statement.lstrip().startswith(("SELECT", "INSERT", "UPDATE")):
            asked.append((statement, given))

    hall.orders.keep_up()
    event.remove(engine, "before_cursor_execute", keep)
    assert len(asked) == 1
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked[0][0]}", asked[0][1])
            said = [row[-1] for row in plan]
        assert not any(one.startswith("SCAN") for one in said), said
