"""The hour: minute 59, restarts, clocks that jump, summer time; and the alarms while it runs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from marsad.decide.orders import carrying, hour
from marsad.decide.orders.duty import Duty, Turn
from marsad.decide.orders.listing import annex_ii
from marsad.records.errors import ConflictError, InputError
from marsad.records.times import DAY, HOUR, MINUTE, SECOND, to_datetime
from marsad.store import Transaction, mails, orders
from marsad.store.orders import Order
from tests.decide.conftest import SENIOR, START
from tests.decide.orders.conftest import Hall
from tests.decide.orders.test_orders import TEXT


def left(hall: Hall) -> int:
    [one] = hall.orders.running()
    return one.left


def alarmed(hall: Hall, order: int) -> list[tuple[int, bool]]:
    return [(one.minutes, one.late) for one in hall.orders.file(SENIOR, order).alarms]


def mailed(hall: Hall) -> list[tuple[str, str]]:
    with hall.desk.database.reading() as transaction:
        rows = transaction.execute(select(mails.mails).order_by(mails.mails.c.id)).all()
    return [(row.message, row.recipient) for row in rows]


def test_a_restart_at_minute_59_leaves_the_hour_where_it_is(hall: Hall) -> None:
    order = hall.arrive()
    hall.later(59)
    started = hall.again()
    assert left(started) == MINUTE
    started.orders.execute(SENIOR, order, "remove")
    started.again().carry()
    started.again().orders.keep_up()
    found = started.order(order)
    assert (found.state, found.late_at) == ("confirmed", None)


def test_confirmed_a_second_too_late_is_late(hall: Hall) -> None:
    order = hall.arrive()
    hall.later(59)
    hall.orders.execute(SENIOR, order, "remove")
    hall.later(50 / 60)
    hall.carry()
    hall.orders.keep_up()
    found = hall.order(order)
    assert found.ended_at == found.due_at + SECOND
    assert found.late_at is not None


@pytest.mark.parametrize("back", [MINUTE, HOUR, 400 * DAY])
def test_a_clock_that_jumps_back_gives_nothing_back(hall: Hall, back: int) -> None:
    hall.arrive()
    hall.later(40)
    hall.orders.keep_up()
    hall.clock.now -= back
    assert left(hall) == left(hall.again()) == 20 * MINUTE
    hall.later(10)
    assert left(hall) <= 20 * MINUTE


def test_the_time_that_was_seen_is_written_down_without_any_entry(hall: Hall) -> None:
    order = hall.arrive()
    hall.later(10)
    hall.orders.keep_up()
    with hall.desk.database.reading() as transaction:
        assert orders.watched(transaction, order) == hall.clock()


def test_a_clock_that_jumped_forward_makes_it_late_and_nothing_else(hall: Hall) -> None:
    order = hall.arrive()
    hall.clock.now += DAY
    hall.orders.keep_up()
    assert hall.order(order).late_at is not None
    hall.clock.now -= DAY
    assert left(hall) == 0
    other = hall.arrive(reference="R-2")
    assert hall.order(other).due_at == hall.clock() + HOUR
    assert max(one.left for one in hall.orders.running()) == HOUR


@dataclass(frozen=True)
class Leap:
    """The clock is set by so much."""

    by: int


RESTART = "restart"
Happening = int | Leap | str
"""Minutes that go by, a clock that is set, a restart."""

THROUGH = [60, 30, 15, 5, 0]


def happen(hall: Hall, what: Happening) -> Hall:
    """Lets it happen, with a look at the orders each minute."""
    if isinstance(what, Leap):
        hall.clock.now += what.by
    if what == RESTART:
        hall = hall.again()
    for _ in range(what if isinstance(what, int) else 1):
        hall.later(1 if isinstance(what, int) else 0)
        hall.orders.keep_up()
    return hall


@pytest.mark.parametrize(
    ("what", "minutes", "given"),
    [
        pytest.param([Leap(-90 * MINUTE), 40], 20, [60, 30], id="fast at receipt"),
        pytest.param([Leap(-90 * MINUTE), 60], 0, THROUGH, id="fast at receipt, to the end"),
        pytest.param([RESTART, Leap(-90 * MINUTE), RESTART, 40], 20, [60, 30],
                     id="fast at receipt, and restarted"),
        pytest.param([10, Leap(365 * DAY), Leap(-365 * DAY), 1], 0, THROUGH,
                     id="a year ahead for a moment"),
        pytest.param([10, Leap(-365 * DAY), Leap(365 * DAY), 40], 10, [60, 30, 15],
                     id="a year back for a moment"),
        pytest.param([40, Leap(-39 * MINUTE), 10], 10, [60, 30, 15], id="back in the middle"),
        pytest.param([40, Leap(-39 * MINUTE), 10, RESTART, 10], 0, THROUGH,
                     id="back in the middle, and restarted"),
        pytest.param([10, Leap(-20 * MINUTE), 10, Leap(20 * MINUTE), 10], 30, [60, 30],
                     id="back, and right again"),
        pytest.param([10, Leap(20 * MINUTE), 10], 20, [60, 30], id="ahead, and it stays"),
        pytest.param([10, Leap(2 * HOUR), 10], -80, THROUGH, id="far ahead, and it stays"),
        pytest.param([59, RESTART], 1, [60, 30, 15, 5], id="a restart at minute 59"),
        pytest.param([59, RESTART, Leap(-HOUR), RESTART, 1], 0, THROUGH, id="and a clock set then"),
    ],
)  # fmt: skip
def test_whatever_the_clock_does(
    hall: Hall, what: list[Happening], minutes: int, given: list[int]
) -> None:
    order = hall.arrive()
    hall.orders.execute(SENIOR, order, "remove")
    for one in what:
        hall = happen(hall, one)
    assert left(hall) == minutes * MINUTE
    assert [one for one, _ in alarmed(hall, order)] == given
    hall.carry()
    hall.orders.keep_up()
    assert hall.state(order) == "confirmed"


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    what=st.lists(
        st.integers(1, 15) | st.just(RESTART)
        | (st.integers(-60, 60) | st.integers(-600_000, 600_000)).map(lambda by: Leap(by * MINUTE)),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_nobody_has_more_than_an_hour_and_no_hour_stands_still(
    hall: Hall, what: list[Happening]
) -> None:
    hall.clock.now = START
    order = hall.arrive(reference="")
    begun, before = hall.clock.gone, HOUR
    for one in what:
        hall = happen(hall, one)
        [shown] = [one.left for one in hall.orders.running() if one.order.id == order]
        true = HOUR - (hall.clock.gone - begun)
        assert shown <= max(true, 0)
        assert shown < before or shown <= 0 or not isinstance(one, int)
        before = shown
        due = [minutes for minutes in hour.ALARMS if shown <= minutes * MINUTE]
        assert [minutes for minutes, _ in alarmed(hall, order)] == due
    hall.orders.step(SENIOR, order, "order-stopped", "force-majeure", TEXT)


def test_addresses_that_come_after_the_hour_have_one_of_their_own_whatever_the_clock_says(
    hall: Hall,
) -> None:
    first = hall.arrive()
    hall.clock.now -= 90 * MINUTE
    hall.later(61)
    more = ["https://forum.example/@mona/1", "https://forum.example/@mona/2"]
    other = hall.receive(urls=more)
    assert (other.again, other.order.id == first) == (False, False)
    assert other.order.due_at == hall.clock() + HOUR


def test_an_hour_that_begins_anew_knows_nothing_of_a_clock_that_was_wrong(hall: Hall) -> None:
    order = hall.arrive()
    hall.clock.now += 365 * DAY
    hall.orders.keep_up()
    hall.clock.now -= 365 * DAY
    hall.orders.step(SENIOR, order, "order-stopped", "force-majeure", TEXT)
    assert hall.orders.clear(SENIOR, order, TEXT).due_at == hall.clock() + HOUR
    assert left(hall) == left(hall.again()) == HOUR


def test_what_is_written_down_has_the_time_of_the_clock(hall: Hall) -> None:
    order = hall.arrive()
    hall.clock.now += 365 * DAY
    hall.orders.keep_up()
    hall.clock.now -= 365 * DAY
    hall.orders.execute(SENIOR, order, "remove")
    hall.carry()
    hall.orders.keep_up()
    found = hall.orders.file(SENIOR, order)
    assert found.lines[-1].step.at == hall.clock()
    second = annex_ii(found, "Forum")
    assert second is not None
    assert [one.at for one in second.executed] == [hall.clock()]


def test_summer_time_is_nothing_to_it(hall: Hall) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for month, day in ((3, 31), (10, 27)):
        start = datetime(2024, month, day, 1, 30, tzinfo=berlin).astimezone(UTC)
        hall.clock.now = int(start.timestamp()) * SECOND
        order = hall.arrive(reference=f"R-{month}")
        assert hall.order(order).due_at == hall.clock() + HOUR
        hall.later(60)
        assert hall.orders.running()[-1].left == 0


def test_it_runs_from_receipt_whenever_it_was_typed_in(hall: Hall) -> None:
    came = datetime.fromtimestamp((hall.clock() - 20 * MINUTE) / SECOND, UTC).isoformat()
    order = hall.arrive(received_at=came)
    assert left(hall) == 40 * MINUTE
    assert hall.case_of(order).due_at == hall.clock() + 40 * MINUTE


def test_receipt_in_the_future_is_receipt_now(hall: Hall) -> None:
    came = datetime.fromtimestamp((hall.clock() + HOUR) / SECOND, UTC).isoformat()
    got = hall.receive(received_at=came)
    assert "received-ahead" in got.checks
    assert got.order.due_at == hall.clock() + HOUR


# ── alarms


def test_each_alarm_is_given_once_to_whoever_is_on_duty(hall: Hall) -> None:
    order = hall.arrive()
    for _ in range(70):
        hall.orders.keep_up()
        hall.again().orders.keep_up()
        hall.later(1)
    assert alarmed(hall, order) == [(60, False), (30, False), (15, False), (5, False), (0, False)]
    said = [message for message, to in mailed(hall) if to == "night@forum.example"]
    assert said == ["order-alarm"] * 4 + ["order-over"]


def test_a_server_that_was_down_gives_what_it_missed_as_late(hall: Hall) -> None:
    order = hall.arrive()
    hall.later(50)
    hall.again().orders.keep_up()
    assert alarmed(hall, order) == [(60, False), (30, True), (15, True)]
    hall.later(6)
    hall.orders.keep_up()
    assert alarmed(hall, order)[-1] == (5, False)


def test_two_processes_that_look_at_once_give_it_once(hall: Hall) -> None:
    order = hall.arrive()
    hall.later(31)
    threads = [Thread(target=hall.again().orders.keep_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert alarmed(hall, order) == [(60, False), (30, False)]
    assert len(mailed(hall)) == 2


def test_what_fails_with_one_order_keeps_no_alarm_of_another(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = hall.arrive(), hall.arrive(reference="R-2")
    follow = carrying.follow

    def failing(transaction: Transaction, order: Order, at: int, now: int) -> Order:
        if order.id == first:
            raise ConflictError("order.changed", order=first)
        return follow(transaction, order, at, now)

    monkeypatch.setattr(carrying, "follow", failing)
    hall.later(31)
    with pytest.raises(ConflictError):
        hall.orders.keep_up()
    assert alarmed(hall, second)[-1] == (30, False)
    monkeypatch.undo()
    hall.orders.keep_up()
    assert alarmed(hall, first)[-1] == (30, False)


def test_an_order_that_is_done_or_stopped_alarms_nobody(hall: Hall) -> None:
    order = hall.arrive()
    hall.done(order)
    other = hall.arrive(reference="R-2")
    hall.orders.step(SENIOR, other, "order-stopped", "force-majeure", TEXT)
    hall.later(200)
    assert hall.orders.keep_up() == 0
    assert alarmed(hall, order) == alarmed(hall, other) == [(60, False)]
    hall.orders.clear(SENIOR, other, TEXT)
    hall.orders.keep_up()
    assert alarmed(hall, other) == [(60, False), (60, False)]


def test_a_mail_says_how_long_and_nothing_of_what_it_is_about(hall: Hall) -> None:
    hall.arrive(urls=["https://forum.example/@secret/9"], explanation="terror words")
    with hall.desk.database.reading() as transaction:
        [row] = transaction.execute(select(mails.mails)).all()
    assert row.lang == "ar"
    assert set(json.loads(row.content)) == {"order", "count", "link", "due"}
    assert b"secret" not in row.content


def test_new_addresses_within_a_running_hour_are_told_of_at_once(hall: Hall) -> None:
    urls = ["https://forum.example/@mona/1"]
    order = hall.arrive(urls=urls)
    hall.orders.execute(SENIOR, order, "remove")
    hall.later(20)
    hall.receive(urls=urls)
    assert len(mailed(hall)) == 1
    hall.receive(urls=[*urls, "https://forum.example/@mona/2", "https://forum.example/@mona/3"])
    with hall.desk.database.reading() as transaction:
        row = transaction.execute(select(mails.mails).order_by(mails.mails.c.id.desc())).first()
    assert row is not None
    said = json.loads(row.content)
    assert (row.message, said["count"]) == ("order-more", 2)
    assert said["due"] == to_datetime(hall.order(order).due_at).strftime("%Y-%m-%d %H:%M UTC")


def test_alarms_are_for_minutes_that_go_down() -> None:
    assert list(hour.ALARMS) == sorted(hour.ALARMS, reverse=True) == [60, 30, 15, 5, 0]


# ── the rota

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = Turn("day", "d@x.example", days=("mon", "tue"), since="08:00", until="18:00")
NIGHTS = Turn("night", "n@x.example", days=("mon", "tue"), since="18:00", until="08:00")


@pytest.mark.parametrize(
    ("when", "who"),
    [
        ("2024-03-25T08:00", ["day"]), ("2024-03-25T17:59", ["day"]),
        ("2024-03-25T18:00", ["night"]), ("2024-03-26T07:59", ["night"]),
        ("2024-03-27T07:59", ["night"]), ("2024-03-27T08:00", ["day", "night"]),
        ("2024-03-25T07:59", ["day", "night"]),
    ],
)  # fmt: skip
def test_who_is_on_duty_by_the_clock_on_their_wall(when: str, who: list[str]) -> None:
    """Where nobody is, everybody is; each night belongs to the day on which it began."""
    micros = int(datetime.fromisoformat(when).replace(tzinfo=BERLIN).timestamp()) * SECOND
    assert [one.name for one in Duty((DAYS, NIGHTS), BERLIN).at(micros)] == who


def test_summer_time_moves_the_rota() -> None:
    duty = Duty((Turn("day", "d@x.example", since="08:00", until="18:00"),
                 Turn("night", "n@x.example", since="18:00", until="08:00")), BERLIN)  # fmt: skip
    for day, who in ((30, "night"), (31, "day")):
        at = int(datetime(2024, 3, day, 6, 30, tzinfo=UTC).timestamp()) * SECOND
        assert [one.name for one in duty.at(at)] == [who]


@pytest.mark.parametrize(
    "given",
    [
        {"rota": "me"}, {"rotas": []}, {"zone": "Mars/Base"}, {"zone": 7},
        {"rota": [{"name": "x"}]},
        {"rota": [{"name": "x", "email": "none"}]},
        {"rota": [{"name": "x", "email": "a@b.c", "lang": "fr"}]},
        {"rota": [{"name": "x", "email": "a@b.c", "days": ["monday"]}]},
        {"rota": [{"name": "x", "email": "a@b.c", "from": "25:00"}]},
        {"rota": [{"name": "x", "email": "a@b.c\nBcc: d@e.f"}]}, [],
    ],
)  # fmt: skip
def test_settings_that_are_wrong_are_named(given: object) -> None:
    with pytest.raises(InputError) as error:
        Duty.of({"orders": given})
    said = error.value.message
    assert said.id in ("settings.value", "settings.unknown")
    assert str(said.values.get("name", said.values.get("table"))).startswith("orders")
