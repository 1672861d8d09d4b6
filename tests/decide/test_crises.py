"""Crises: who is in their queue, before and after; and surges that are proposed as such."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from marsad.decide import crises
from marsad.decide.audit import verify
from marsad.decide.crises import Wanted
from marsad.decide.opening import open_cases
from marsad.decide.surges import Surge
from marsad.records.errors import InputError
from marsad.records.times import DAY, HOUR
from marsad.store.cases import Filter
from tests.decide.conftest import ADMIN, FIRST, SENIOR, SENIOR_2, START, Room, finding
from tests.decide.test_desk import fails
from tests.decide.test_history import opened, phrase

AMBER = Wanted(entries=(("markers", "amber"),))


def queue(room: Room, crisis: int | None) -> set[str]:
    every = ("open", "second", "escalated", "decided")
    found = room.desk.queue(FIRST, Filter(every, crisis=crisis), 200)
    return {str(case.subject) for case in found}


def tagged(subject: str, hashtag: str, **more: Any) -> Any:
    shown = [{"kind": "burst", "object_kind": "hashtag", "object": hashtag}]
    return replace(finding(subject, number=hashtag, **more), evidence=shown)


def linked(subject: str, host: str) -> Any:
    return replace(finding(subject, "links", number=host), evidence=[{"host": host}])


@pytest.mark.parametrize(
    ("wanted", "subjects"),
    [
        (AMBER, {"x:1", "y:1"}),
        (replace(AMBER, platform="y"), {"y:1"}),
        (replace(AMBER, signal="links"), set()),
        (Wanted(hashtags=("#LANTERN",)), {"x:2"}),
        (Wanted(domains=("marker.example",)), {"x:3"}),
        (replace(AMBER, hashtags=("lantern",)), {"x:1", "y:1", "x:2"}),
        (Wanted(signal="links"), {"x:3"}),
        (Wanted(signal="phrases", since=START + 1), set()),
        (Wanted(signal="phrases", since=START, until=START + 1), {"x:1", "y:1", "x:2"}),
        (Wanted(entries=(("markers", "%' OR 1=1 --"),)), set()),
    ],
)
def test_cases_that_wait_and_new_ones_join(room: Room, wanted: Wanted, subjects: set[str]) -> None:
    found = [phrase("amber", "x:1"), phrase("amber", "y:1"), tagged("x:2", "Lantern"),
             linked("x:3", "marker.example")]  # fmt: skip
    open_cases(room.desk.database, found, room.clock())
    before = room.desk.open_crisis(SENIOR, "one", SENIOR.id, wanted)
    assert queue(room, before.id) == subjects
    assert queue(room, 0) == {"x:1", "y:1", "x:2", "x:3"} - subjects
    again = [replace(one, subject_id=f"{one.subject_id}0", account=f"{one.subject_id}0")
             for one in found]  # fmt: skip
    open_cases(room.desk.database, again, room.clock())
    assert queue(room, before.id) == subjects | {f"{one}0" for one in subjects}
    assert verify(room.desk.database, None).broken is None


def test_a_case_joins_by_a_later_finding_and_is_taken_from_its_queue(room: Room) -> None:
    case = opened(room, finding("x:1"))
    crisis = room.desk.open_crisis(SENIOR, "one", SENIOR.id, AMBER)
    assert queue(room, crisis.id) == set()
    room.later(1)
    opened(room, phrase("amber"))
    taken = room.desk.take_next(FIRST, Filter(("open",), crisis=crisis.id))
    assert taken is not None
    assert taken[0].id == case.id
    assert verify(room.desk.database, None).broken is None


def test_what_is_decided_does_not_join(room: Room) -> None:
    room.decide(FIRST, opened(room, phrase("amber")), "no-violation")
    crisis = room.desk.open_crisis(SENIOR, "one", SENIOR.id, AMBER)
    assert queue(room, crisis.id) == set()


def test_closing_gives_the_cases_back(room: Room) -> None:
    opened(room, phrase("amber"))
    crisis = room.desk.open_crisis(SENIOR, "one", SENIOR.id, AMBER)
    room.desk.close_crisis(SENIOR_2, crisis.id)
    opened(room, phrase("amber", "x:2"))
    assert queue(room, crisis.id) == set()
    assert queue(room, 0) == {"x:1", "x:2"}
    assert room.desk.crises(FIRST) == []
    assert [one.name for one in room.desk.crises(FIRST, closed=True)] == ["one"]
    with pytest.raises(InputError) as error:
        room.desk.close_crisis(SENIOR, crisis.id)
    assert error.value.message.id == "crisis.none"
    assert verify(room.desk.database, None).broken is None


def test_more_than_one_entry_holds(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crises, "AT_ONCE", 3)
    found = [phrase("amber", f"x:{number}") for number in range(10)]
    open_cases(room.desk.database, found, room.clock())
    crisis = room.desk.open_crisis(SENIOR, "one", SENIOR.id, AMBER)
    assert len(queue(room, crisis.id)) == 10
    room.desk.erase(ADMIN, "x:3")
    room.desk.close_crisis(SENIOR, crisis.id)
    assert queue(room, crisis.id) == set()
    assert verify(room.desk.database, None).broken is None


def test_joining_does_not_disturb_who_is_deciding(room: Room) -> None:
    from marsad.decide.rules import Decision
    from tests.decide.conftest import POLICY, REASON

    case = opened(room, phrase("amber"))
    lease = room.desk.take(FIRST, case.id)
    room.desk.open_crisis(SENIOR, "one", SENIOR.id, AMBER)
    decision = Decision(case.id, case.version, lease.token, "no-violation", POLICY, REASON)
    assert room.desk.decide(FIRST, decision).state == "decided"


def test_of_two_crises_the_newer_takes_new_cases(room: Room) -> None:
    room.desk.open_crisis(SENIOR, "one", SENIOR.id, AMBER)
    second = room.desk.open_crisis(SENIOR, "two", SENIOR.id, AMBER)
    opened(room, phrase("amber"))
    assert queue(room, second.id) == {"x:1"}


def test_two_seniors_at_once(room: Room) -> None:
    open_cases(room.desk.database, [phrase("amber", f"x:{n}") for n in range(9)], room.clock())
    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(room.desk.open_crisis, who, "one", who.id, AMBER)
            for who in (SENIOR, SENIOR_2)
        ]
        first, second = (one.result().id for one in both)
    assert not queue(room, first) & queue(room, second)
    assert len(queue(room, first) | queue(room, second)) == 9
    assert verify(room.desk.database, None).broken is None


@pytest.mark.parametrize(
    ("name", "owner", "wanted", "message"),
    [
        ("", "o", AMBER, "crisis.name"),
        ("x" * 201, "o", AMBER, "crisis.name"),
        ("one", " ", AMBER, "crisis.owner"),
        ("one", "o", Wanted(), "crisis.filter"),
        ("one", "o", Wanted(platform="x"), "crisis.filter"),
        ("one", "o", Wanted(hashtags=("h",) * 101), "crisis.filter"),
        ("one", "o", replace(AMBER, since=5, until=5), "crisis.window"),
    ],
)
def test_what_is_no_crisis(room: Room, name: str, owner: str, wanted: Wanted, message: str) -> None:
    with pytest.raises(InputError) as error:
        room.desk.open_crisis(SENIOR, name, owner, wanted)
    assert error.value.message.id == message


def test_only_seniors_lead(room: Room) -> None:
    fails("not-allowed", room.desk.open_crisis, FIRST, "one", FIRST.id, AMBER)
    fails("not-allowed", room.desk.close_crisis, FIRST, 1)
    fails("not-allowed", room.desk.suggest_crisis, FIRST)


# ── surges


def fill(room: Room, entry: str, count: int, since: int, until: int, prefix: str) -> None:
    for number in range(count):
        at = since + (until - since) * number // count
        open_cases(room.desk.database, [phrase(entry, f"x:{prefix}{number}")], at)


def surges(room: Room) -> list[Surge]:
    return room.desk.suggest_crisis(SENIOR)


def test_a_surge_is_proposed_and_what_is_usual_is_not(room: Room) -> None:
    now = START
    fill(room, "usual", 56, now - 14 * DAY, now - 6 * HOUR, "u")
    fill(room, "amber", 4, now - 14 * DAY, now - 6 * HOUR, "a")
    fill(room, "usual", 2, now - 5 * HOUR, now, "v")
    fill(room, "amber", 20, now - 5 * HOUR, now, "b")
    (surge,) = surges(room)
    assert surge.key.value == "markers\namber"
    assert (surge.count, surge.hours) == (20, 6)
    assert surge.usual == pytest.approx(4 * 6 / (14 * 24 - 6), rel=0.01)
    assert surge.times is not None
    assert 3 < surge.low < surge.times
    assert "markers / amber" in surge.message.render("en")
    assert "{" not in surge.message.render("ar")


@pytest.mark.parametrize("past", [0, 1])
def test_where_there_is_no_past_there_is_no_usual(room: Room, past: int) -> None:
    fill(room, "amber", 5 * past, START - 20 * HOUR, START - 6 * HOUR, "a")
    fill(room, "amber", 20, START - 5 * HOUR, START, "b")
    assert surges(room) == []


def test_where_all_has_grown_nothing_stands_out(room: Room) -> None:
    for entry in ("amber", "lantern", "copper"):
        fill(room, entry, 4, START - 14 * DAY, START - 6 * HOUR, f"{entry}a")
        fill(room, entry, 20, START - 5 * HOUR, START, f"{entry}b")
    assert surges(room) == []


def test_few_are_no_surge(room: Room) -> None:
    fill(room, "usual", 30, START - 14 * DAY, START - 6 * HOUR, "u")
    fill(room, "amber", 7, START - 5 * HOUR, START, "b")
    assert surges(room) == []


def test_an_empty_desk_proposes_nothing(room: Room) -> None:
    assert surges(room) == []
