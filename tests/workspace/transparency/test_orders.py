"""Reports of a desk at which removal orders were carried out: counted, and nothing given away."""

from __future__ import annotations

from pathlib import Path

from marsad.decide.statements.desk import Statements
from marsad.records.times import DAY
from marsad.store import statements as stored
from marsad.workspace.transparency.figures import Account, account
from marsad.workspace.transparency.span import Span
from marsad.workspace.transparency.suppressing import suppressed
from tests.decide.conftest import SENIOR, START, Room
from tests.decide.orders.conftest import Hall, hall
from tests.decide.statements.conftest import MAKER
from tests.workspace.transparency.test_counting import checked

__all__ = ["hall"]

SPAN = Span(START, START + 100 * DAY)


def counted(hall: Hall) -> Account:
    return account(hall.desk.database, SPAN)


def numbers(told: Account, figure: str) -> dict[str, int | None]:
    return {one.of: one.count for one in told.of(figure)}


def test_what_an_order_asked_for_is_no_measure_of_the_desk(hall: Hall, tmp_path: Path) -> None:
    done, lifted = (hall.arrive(reference=f"R-{n}", urls=[f"https://forum.example/@mona/{n}"])
                    for n in (1, 2))  # fmt: skip
    hall.done(done)
    hall.done(lifted)
    hall.orders.step(SENIOR, lifted, "order-withdrawn", "authority", "annulled in court")
    hall.carry()
    hall.forum.obeys = False
    failed = hall.arrive(reference="R-3", urls=["https://forum.example/@mona/3"])
    hall.done(failed)
    hall.later(60 * 24 * 30)
    hall.act()
    told = counted(hall)
    assert [told.of(one) for one in ("asked", "confirmed", "failed")] == [[], [], []]
    assert numbers(told, "order-items") == {"act:remove": 2, "all": 2}
    assert numbers(told, "orders") == {"all": 3, "issuer:DE": 3}
    room = Room(hall.desk, hall.clock)
    for one in (told, suppressed(told)):
        assert checked(room, one, tmp_path).different == ()


def test_items_of_many_orders_are_told_and_few_of_an_act_are_not(hall: Hall) -> None:
    for n in range(9):
        wanted = "disable" if n < 2 else "remove"
        order = hall.arrive(reference=f"R-{n}", urls=[f"https://forum.example/@mona/{n}"])
        hall.orders.execute(SENIOR, order, wanted)
        hall.carry()
        hall.orders.keep_up()
    told = counted(hall)
    assert numbers(told, "order-items") == {"act:hide": 2, "act:remove": 7, "all": 9}
    assert numbers(suppressed(told), "order-items") == {"all": 9}
    assert numbers(told, "order-cases") == {"figure:opened": 9}


def test_who_is_told_that_an_order_holds_no_longer_counts_once(hall: Hall, tmp_path: Path) -> None:
    order = hall.arrive()
    hall.done(order)
    statements = Statements(hall.desk.database, MAKER, hall.clock)
    assert statements.make() == 1
    hall.orders.step(SENIOR, order, "order-withdrawn", "authority", "annulled in court")
    hall.carry()
    assert statements.make() == 1
    with hall.desk.database.reading() as transaction:
        said = stored.of_case(transaction, hall.case_of(order).id)
    assert [one.step for one in said] == ["ordered", "ordered"]
    told = counted(hall)
    assert numbers(told, "order-texts") == {"all": 1}
    assert told.of("statements") == []
    assert checked(Room(hall.desk, hall.clock), told, tmp_path).different == ()
