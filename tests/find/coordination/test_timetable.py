"""What keeps hours, and what is merely frequent."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.find.coordination.timetable import DRIFT, hours, timetable, within
from marsad.records.times import DAY, HOUR, MINUTE, SECOND

START = 1_700_006_400_000_000 // DAY * DAY


def daily(
    *hours: float, days: int = 20, drift: int = 0, late: int = 20 * SECOND, seed: int = 1
) -> list[int]:
    """Ten posts at each of these hours, each day ``drift`` later and each up to ``late``."""
    draw = random.Random(seed)
    return [
        START + day * (DAY + drift) + round(hour * HOUR) + draw.randrange(late)
        for day in range(days)
        for hour in hours
        for _ in range(10)
    ]


def at_random(since: float, until: float, each_day: int, seed: int = 2) -> list[int]:
    """Posts at any time between two hours of each day."""
    draw = random.Random(seed)
    return [
        START + day * DAY + round(draw.uniform(since, until) * HOUR)
        for day in range(20)
        for _ in range(each_day)
    ]


PRAYERS = (4.5, 12.2, 15.6, 18.9, 20.4)


@pytest.mark.parametrize(
    ("times", "keeps"),
    [
        (daily(*PRAYERS), True),
        (daily(*PRAYERS, drift=2 * MINUTE), True),
        (daily(18), True),
        (daily(*range(24)), True),
        (daily(*PRAYERS) + at_random(0, 24, 3), True),  # 60 of 1,060 times of their own
        (daily(*PRAYERS) + at_random(0, 24, 9), False),  # 180 of 1,180
        (daily(18, days=1), False),
        (daily(18, days=3), False),
        (daily(18, late=40 * MINUTE), False),  # an evening of each day
        (at_random(0, 24, 5), False),
        (at_random(18, 20, 12), False),
        (at_random(0, 24, 200), False),
        (daily(*(part / 6 for part in range(144))), False),  # every ten minutes
        ([START], False),
        ([], False),
    ],
)  # fmt: skip
def test_who_keeps_hours(times: Sequence[int], keeps: bool) -> None:
    assert bool(timetable(times)) == keeps


def test_once_a_week() -> None:
    friday = [
        START + week * 7 * DAY + 11 * HOUR + n * SECOND for week in range(8) for n in range(9)
    ]
    assert len(timetable(friday)) == 8


@given(st.lists(st.integers(START, START + 30 * DAY), max_size=60))
def test_slots_are_apart_and_hold_the_times_they_were_made_of(extra: list[int]) -> None:
    times = daily(*PRAYERS) + extra[:20]
    slots = timetable(times)
    assert all(end < begin for (_, end), (begin, _) in pairwise(slots))
    held = sum(within(slots, at) for at in times)
    assert not slots or held >= 0.9 * len(times)


def test_what_lies_in_a_slot() -> None:
    slots = ((START, START + MINUTE), (START + DAY, START + DAY + MINUTE))
    inside = [START - DRIFT, START, START + MINUTE + DRIFT, START + DAY]
    outside = [START - DRIFT - 1, START + MINUTE + DRIFT + 1, START + HOUR, START + 2 * DAY]
    assert [within(slots, at) for at in inside] == [True] * 4
    assert [within(slots, at) for at in outside] == [False] * 4
    assert not within((), START)


def test_hours_are_told_by_their_middle() -> None:
    assert hours(timetable(daily(*PRAYERS, late=SECOND))) == (
        "04:30, 12:12, 15:36, 18:54, 20:24 UTC"
    )
    assert hours(timetable(daily(6, drift=MINUTE, late=SECOND))) == "06:10 UTC"
    assert hours(timetable(daily(*range(24), late=SECOND))).endswith("05:00, … UTC")
