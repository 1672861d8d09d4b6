"""Holds: what they need, when they stand, and what they stand against."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marsad.decide.audit import verify
from marsad.decide.preservation import holds
from marsad.decide.preservation.desk import Preservation
from marsad.decide.preservation.holds import Wanted
from marsad.decide.preservation.terms import months_after
from marsad.decide.roles import Reviewer
from marsad.records.errors import ConflictError, InputError
from marsad.records.times import DAY, to_datetime
from marsad.store import persons
from tests.decide.conftest import ADMIN, APPEALS, FIRST, SENIOR, START, Room

WANTED = Wanted("x:1", "court", "Order 7 of the district court", "a trial", until=START + DAY)


@pytest.fixture
def kept(room: Room) -> Preservation:
    return Preservation(room.desk.database, room.clock)


def is_held(room: Room, name: str = "x:1") -> bool:
    with room.desk.database.reading() as transaction:
        person = persons.find(transaction, name)
        return person is not None and holds.held(transaction, person, room.clock())


def test_a_hold_stands_until_its_end(room: Room, kept: Preservation) -> None:
    assert not is_held(room)
    kept.set_hold(SENIOR, WANTED)
    assert is_held(room)
    assert not is_held(room, "x:2")
    room.clock.now = START + DAY
    assert not is_held(room)


def test_an_open_hold_stands_after_its_review_too(room: Room, kept: Preservation) -> None:
    kept.set_hold(SENIOR, replace(WANTED, until=None, review_at=START + DAY))
    room.clock.now = START + 1000 * DAY
    assert is_held(room)


def test_a_hold_that_was_ended_stands_no_longer(room: Room, kept: Preservation) -> None:
    hold = kept.set_hold(SENIOR, WANTED)
    kept.end_hold(ADMIN, hold.id, "the trial is over")
    assert not is_held(room)
    with pytest.raises(ConflictError) as error:
        kept.end_hold(ADMIN, hold.id, "again")
    assert error.value.message.id == "hold.ended"
    with pytest.raises(InputError) as missing:
        kept.end_hold(ADMIN, 999, "none")
    assert missing.value.message.id == "hold.none"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "nobody"}, "hold.name"),
        ({"name": "x:\x00"}, "hold.name"),
        ({"name": "x:" + "y" * 500}, "hold.name"),
        ({"kind": "police"}, "hold.kind"),
        ({"basis": " "}, "hold.reason"),
        ({"reason": ""}, "hold.reason"),
        ({"reason": "w" * 2_001}, "hold.reason"),
        ({"until": None}, "hold.end"),
        ({"review_at": START + DAY}, "hold.end"),
        ({"until": START}, "hold.past"),
        ({"until": None, "review_at": START}, "hold.review"),
        ({"until": None, "review_at": START + 367 * DAY}, "hold.review"),
    ],
)
def test_what_a_hold_needs(kept: Preservation, changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as error:
        kept.set_hold(SENIOR, replace(WANTED, **changes))
    assert error.value.message.id == message
    assert kept.holds(SENIOR) == []


@pytest.mark.parametrize("who", [FIRST, APPEALS])
def test_who_may_not_set_one(kept: Preservation, who: Reviewer) -> None:
    with pytest.raises(InputError):
        kept.set_hold(who, WANTED)
    with pytest.raises(InputError):
        kept.holds(who)


def test_it_blocks_erasing_and_says_which_and_until_when(room: Room, kept: Preservation) -> None:
    room.case()
    hold = kept.set_hold(SENIOR, WANTED)
    with pytest.raises(InputError) as error:
        room.desk.erase(ADMIN, "x:1")
    said = error.value.message.render("en")
    assert str(hold.id) in said
    assert to_datetime(START + DAY).strftime("%Y-%m-%d") in said
    kept.end_hold(SENIOR, hold.id, "over")
    assert room.desk.erase(ADMIN, "x:1") == 1
    told = kept.holds(SENIOR)[0]
    assert (told.hold.name, told.basis, told.reason) == (None, "", "")
    assert verify(room.desk.database, None).broken is None


def test_somebody_without_a_case_is_erased_and_the_log_stays_whole(
    room: Room, kept: Preservation
) -> None:
    hold = kept.set_hold(SENIOR, replace(WANTED, name="reporter:a@b.example"))
    kept.end_hold(SENIOR, hold.id, "over")
    assert room.desk.erase(ADMIN, "reporter:a@b.example") == 0
    assert verify(room.desk.database, None).broken is None


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2024-01-31", 1, "2024-02-29"), ("2023-08-31", 6, "2024-02-29"),
     ("2024-11-15", 2, "2025-01-15")],
)  # fmt: skip
def test_months(day: str, months: int, expected: str) -> None:
    from marsad.cli.days import micros_of

    assert months_after(micros_of(day), months) == micros_of(expected)


# ── requests


def test_a_request_is_due_in_a_month_and_can_have_two_more(room: Room, kept: Preservation) -> None:
    made = kept.receive(ADMIN, "x:1", "access", START - DAY, "by their own account")
    assert made.due_at == months_after(START - DAY, 1)
    assert kept.extend_request(ADMIN, made.id, "many posts").due_at == months_after(START - DAY, 3)
    with pytest.raises(ConflictError):
        kept.extend_request(ADMIN, made.id, "more")
    assert kept.answer(ADMIN, made.id, "done").outcome == "done"
    with pytest.raises(ConflictError):
        kept.answer(ADMIN, made.id, "done")
    assert [note for _, note in kept.requests(ADMIN)] == ["by their own account"]
    assert verify(room.desk.database, None).broken is None


@pytest.mark.parametrize(
    ("name", "kind", "received", "message"),
    [("x", "access", START, "hold.name"), ("x:1", "sale", START, "request.kind"),
     ("x:1", "access", START + 1, "request.later")],
)  # fmt: skip
def test_what_is_no_request(
    kept: Preservation, name: str, kind: str, received: int, message: str
) -> None:
    with pytest.raises(InputError) as error:
        kept.receive(ADMIN, name, kind, received)
    assert error.value.message.id == message


def test_a_refusal_needs_a_reason(kept: Preservation) -> None:
    made = kept.receive(ADMIN, "x:1", "erasure", START)
    with pytest.raises(InputError):
        kept.answer(ADMIN, made.id, "refused")
    with pytest.raises(InputError):
        kept.answer(ADMIN, made.id, "maybe", "x")
    assert kept.answer(ADMIN, made.id, "refused", "a hold stands").outcome == "refused"
