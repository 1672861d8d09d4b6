"""Exposure: counted for the reviewer alone, soon forgotten, and no part of the log."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from marsad.decide import audit
from marsad.decide.exposure import Counts
from marsad.decide.items import WORDLESS, Item
from marsad.decide.settings import Care
from marsad.records.times import MINUTE
from marsad.store.exposures import KEPT
from tests.decide.conftest import FIRST, SECOND, Room, reviewer
from tests.decide.test_desk import fails

DAY = 60 * 24


def caring(room: Room, care: Care) -> Room:
    settings = replace(room.desk.settings, care=care)
    return Room(replace(room.desk, settings=settings), room.clock)


def test_what_was_opened_is_counted_by_hour_and_day(room: Room) -> None:
    case, grave = room.case("x:1"), room.case("x:2", "copies")
    room.open(FIRST, case)
    room.later(50)
    room.open(FIRST, grave)
    room.desk.open_item(FIRST, grave.id, Item("x:2-film", "x:2", WORDLESS))
    room.open(SECOND, case)
    found = room.desk.exposure(FIRST)
    assert found.hour == found.day == Counts(3, 2, 1)
    room.later(20)
    assert room.desk.exposure(FIRST).hour == Counts(2, 2, 1)
    room.later(DAY)
    later = room.desk.exposure(FIRST)
    assert (later.hour, later.day) == (Counts(), Counts())
    assert sum(one.items for one in later.days.values()) == 3
    assert room.desk.exposure(reviewer("rev-9")).days == {}


def test_unblurring_is_counted_and_is_in_no_log(room: Room) -> None:
    case = room.case()
    before = audit.verify(room.desk.database, None).entries
    room.desk.unblur(FIRST, case.id)
    assert room.desk.exposure(FIRST).hour == Counts(1, 0, 1)
    assert audit.verify(room.desk.database, None).entries == before
    with room.desk.database.reading() as transaction:
        columns = transaction.execute(text("SELECT * FROM exposures")).keys()
    assert "case_id" not in columns
    fails("no-case", room.desk.unblur, FIRST, 99)
    fails("not-allowed", room.desk.unblur, reviewer("ana", "analyst"), case.id)


@pytest.mark.parametrize(
    ("items", "media", "apart", "message"),
    [
        (2, 0, 0, None),
        (3, 0, 0, "care.items-hour"),
        (3, 0, 40, None),
        (5, 0, 40, "care.items-day"),
        (1, 2, 0, "care.media-hour"),
        (0, 1, 0, None),
    ],
)
def test_when_a_pause_is_suggested(
    room: Room, items: int, media: int, apart: float, message: str | None
) -> None:
    room = caring(room, Care(3, 2, 5))
    case = room.case()
    for number in range(items):
        room.desk.open_item(FIRST, case.id, Item(f"x:1-{number}", "x:1", "en"))
        room.later(apart)
    for _ in range(media):
        room.desk.unblur(FIRST, case.id)
    pause = room.desk.exposure(FIRST).pause
    assert (pause.id if pause else None) == message
    if pause is not None:
        assert "{" not in pause.render("ar")


def test_with_0_none_is_suggested(room: Room) -> None:
    room = caring(room, Care(0, 0, 0))
    case = room.case()
    for _ in range(20):
        room.desk.unblur(FIRST, case.id)
    assert room.desk.exposure(FIRST).pause is None


@pytest.mark.parametrize("jump", [-3 * DAY, 3 * DAY])
def test_a_clock_that_jumps_counts_nothing_twice(room: Room, jump: float) -> None:
    case = room.case()
    room.desk.unblur(FIRST, case.id)
    room.later(jump)
    assert room.desk.exposure(FIRST).hour == Counts()
    room.later(-jump)
    assert room.desk.exposure(FIRST).hour == Counts(1, 0, 1)


def test_what_is_old_is_forgotten(room: Room) -> None:
    case = room.case()
    room.desk.unblur(FIRST, case.id)
    room.desk.unblur(SECOND, case.id)
    room.later(KEPT / MINUTE + 1)
    room.desk.unblur(FIRST, case.id)
    with room.desk.database.reading() as transaction:
        rows = transaction.execute(text("SELECT reviewer FROM exposures")).scalars().all()
    assert sorted(rows) == [FIRST.id, SECOND.id]
