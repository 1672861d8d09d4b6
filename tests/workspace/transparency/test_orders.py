"""Reports of a desk at which removal orders were carried out: counted, and nothing given away."""

from __future__ import annotations

from pathlib import Path

from marsad.records.times import DAY
from marsad.workspace.transparency.figures import Account, account
from marsad.workspace.transparency.span import Span
from marsad.workspace.transparency.suppressing import suppressed
from tests.decide.conftest import SENIOR, START, Room
from tests.decide.orders.conftest import Hall, hall
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
    assert numbers(told, "orders") == {"all": 3, "issuer:DE": 3}
    room = Room(hall.desk, hall.clock)
    for one in (told, suppressed(told)):
        assert checked(room, one, tmp_path).different == ()
