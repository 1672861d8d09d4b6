"""Nothing that is published tells of a removal order, for the law may forbid to tell of one."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from marsad.decide.desk import Desk
from marsad.decide.notices.desk import Notices
from marsad.records.times import DAY, to_datetime
from marsad.store import log, open_database
from marsad.store.log import Event
from marsad.workspace.transparency import figures
from marsad.workspace.transparency.counting import Counting
from marsad.workspace.transparency.figures import Account, Figure
from marsad.workspace.transparency.span import Span
from marsad.workspace.transparency.suppressing import ADDING, is_of_orders, suppressed
from tests.decide.conftest import APPEALS, FIRST, POLICY, REASON, START, Clock, Room
from tests.decide.notices.conftest import PLACES, Counter, counter, room
from tests.decide.notices.test_orders_kept_secret import hall
from tests.decide.orders.conftest import Hall
from tests.workspace.transparency.test_counting import outsiders, worked

__all__ = ["counter", "hall", "room"]

SPAN = Span(START, START + 100 * DAY)


def published(events: Iterable[Event], threshold: int = 5) -> list[Figure]:
    """What the report of these entries tells."""
    counting = Counting(SPAN)
    for event in events:
        counting.take(event)
    told = Account(SPAN, 0, "", 0, figures.sorted_figures(figures._figures(counting)))
    return list(suppressed(told, threshold).figures)


def entries(room: Room) -> list[Event]:
    with room.desk.database.reading() as transaction:
        return [log.event_of(seq, body, None) for seq, _, body, _ in log.entries(transaction)]


def _history(counter: Counter, hall: Hall, orders: int) -> None:
    """A year at the desk: what signals find, what is reported, and orders about some of both and
    about what nobody had seen. What they are about the desk decides only after them."""
    room = counter.room
    subjects = [f"forum:{100 + n}" for n in range(30)]
    for n, subject in enumerate(subjects):
        room.case(subject, ("phrases", "links")[n % 2], kind="post")
    for n in range(9):
        counter.send(f"p{n}@mail.example", address=f"https://forum.example/@m/{300 + n}")
    for n, subject in enumerate(subjects[:20]):
        room.decide(FIRST, room.read(subject, "post"), "remove" if n < 12 else "no-violation")
    room.desk.overturn(APPEALS, room.read(subjects[0], "post").id, POLICY, REASON)
    hall.carry()
    until = to_datetime(room.clock() + 30 * DAY).isoformat()
    ordered = [(f"{500 + n}", f"{120 + n}", f"{300 + n}", f"{101 + n}") for n in range(orders)]
    for n, posts in enumerate(ordered):
        urls = [f"https://forum.example/@m/{post}" for post in posts]
        hall.done(hall.arrive(confidential_until=until, reference=f"R-{n}", urls=urls))
        for post in posts[:3]:
            room.decide(FIRST, room.read(f"forum:{post}", "post"), "remove")
        room.desk.overturn(APPEALS, room.read(f"forum:{posts[3]}", "post").id, POLICY, REASON)
    hall.carry()


@pytest.mark.parametrize("orders", [1, 4, 7])
def test_with_orders_and_without_the_same_is_told(
    counter: Counter, hall: Hall, tmp_path: Path, made_once: Path, orders: int
) -> None:
    """Every cell, so every sum and difference of cells."""
    _history(counter, hall, orders)
    clock = Clock()
    database = open_database(shutil.copyfile(made_once, tmp_path / "without.db"))
    without = Counter(Room(Desk(database, (POLICY,), clock), clock),
                      Notices(database, PLACES, clock))  # fmt: skip
    _history(without, Hall(hall.orders, without.room.desk, clock), 0)
    with_orders, none = published(entries(counter.room)), published(entries(without.room))
    database.close()
    assert _others(with_orders) == _others(none)
    assert len([one for one in none if not one.hidden and not is_of_orders(one.figure)]) > 20
    assert (with_orders == none) == (orders < 5)


def _others(told: Iterable[Figure]) -> list[Figure]:
    return [one for one in told if not is_of_orders(one.figure)]


WAITING = ("opened", "found", "reopened", "decided", "overturned", "appeal-made", "appeal-decided",
           "action-proposed")  # fmt: skip


def _cut(events: list[Event]) -> Iterator[Event]:
    """A history without any order: what orders were about has waited ever since."""
    ordered: dict[int | None, int] = {}
    gone: set[int] = set()
    for event in events:
        data, since = event.data, ordered.get(event.case)
        if event.kind == "order-item" or data.get("route") == "order":
            ordered.setdefault(event.case, event.seq)
            since = ordered[event.case]
        orders = event.kind.startswith("order") or event.kind == "action-ordered"
        after = since is not None and event.kind in WAITING
        if event.kind == "statement-made":
            after = data["step"] == "ordered" or (since or event.seq) <= data["decision"]
        if orders or after or data.get("action") in gone:
            gone.add(event.seq)
        else:
            yield event


@pytest.mark.parametrize("seed", range(3))
def test_any_history_with_orders_is_told_as_one_without(room: Room, seed: int) -> None:
    worked(room, seed)
    outsiders(room, seed)
    events = entries(room)
    without = list(_cut(events))
    assert len(without) < len(events)
    assert not any("order" in event.kind for event in without)
    for threshold in (0, 5):
        assert _others(published(events, threshold)) == _others(published(without, threshold))


@pytest.mark.parametrize("seed", range(20))
def test_a_signal_tells_of_no_small_rest(seed: int) -> None:
    """Nor does a cell that adds up with no other: the total less it is none, or not small."""
    draw = random.Random(seed)
    events, names = [], ("phrases", "links")[: draw.choice((1, 2))]
    for n in range(1, 61):
        route = draw.choices(("signal", "notice", "random"), (40, draw.choice((1, 9)), 1))[0]
        signals = draw.sample(names, draw.randint(1, len(names)))
        opening = {"signal": signals, "notice": ["notice"], "random": []}[route]
        data = {"kind": "post", "platform": "x", "route": route, "opening": opening}
        events.append(Event(2 * n, START, "a", "opened", n, data, None, None))
        outcome = draw.choice(("hide", "hide", "warn", "no-violation"))
        said = {"outcome": outcome, "policy": POLICY, "language": "ar"}
        events.append(Event(2 * n + 1, START, "a", "decided", n, said, None, None))
    told = {(one.figure, one.of): one for one in published(events)}
    for (figure, of), one in told.items():
        whole = told.get((figure, "all"))
        if one.hidden or whole is None or whole.hidden or of.partition(":")[0] in ADDING:
            continue
        assert not 0 < whole.size - one.size < 5
    for figure in ("opened", "decisions"):
        if told[figure, "route:signal"].hidden:
            cells = [one for (name, of), one in told.items() if of.startswith("signal:")
                     and name in (figure, *(("found-right", "overturned")
                                            if figure == "decisions" else ()))]  # fmt: skip
            assert all(one.hidden for one in cells)
