"""The strike ladder: what stands, what has expired, what it suggests, and that it only suggests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from marsad.decide.items import Item
from marsad.decide.rules import Decision
from marsad.decide.settings import Settings, Step, Strikes, read
from marsad.decide.strikes import Standing
from marsad.records.errors import InputError
from marsad.store.cases import Case
from tests.decide.conftest import ADMIN, APPEALS, FIRST, POLICY, REASON, SECOND, Room

LADDER = Strikes((Step(1, 90, "warn"), Step(3, 90, "hide"), Step(5, 365, "suspend")), 365)


def with_ladder(
    room: Room, ladder: Strikes = LADDER, policies: tuple[str, ...] = (POLICY,)
) -> Room:
    settings = replace(room.desk.settings, strikes=ladder)
    return Room(replace(room.desk, settings=settings, policies=policies), room.clock)


def strike(room: Room, number: int, outcome: str = "hide", **more: Any) -> Case:
    case = room.case(f"x:1-{number}", kind="post", account="x:1")
    return room.decide(FIRST, case, outcome, **more)


def standing(room: Room, policy: str | None = None) -> Standing:
    return room.desk.standing(FIRST, room.case("x:1").id, policy)


@pytest.mark.parametrize(
    ("strikes", "with_this", "suggests"),
    [(0, False, None), (0, True, "warn"), (1, False, "warn"), (2, False, "warn"), (2, True, "hide"),
     (3, False, "hide"), (4, True, "suspend"), (7, False, "suspend")],
)  # fmt: skip
def test_what_the_ladder_suggests(
    room: Room, strikes: int, with_this: bool, suggests: str | None
) -> None:
    room = with_ladder(room)
    for number in range(strikes):
        strike(room, number)
    found = standing(room, POLICY if with_this else None)
    assert found.suggests == suggests
    assert len(found.strikes) == strikes
    if found.message is not None:
        assert found.message.values["count"] == strikes + with_this
        for lang in ("en", "ar"):
            assert "{" not in found.message.render(lang)
    assert room.read("x:1").state == "open"  # nothing was done


@pytest.mark.parametrize("outcome", ["no-violation", "exempt", "escalate", "unsure"])
def test_what_is_no_strike(room: Room, outcome: str) -> None:
    room = with_ladder(room)
    strike(room, 1, outcome, **({"exemption": "news"} if outcome == "exempt" else {}))
    other = room.case("x:2")
    room.decide(FIRST, other, "warn")
    assert standing(room).strikes == ()


def test_given_back_to_its_owner_is_no_strike(room: Room) -> None:
    room = with_ladder(room)
    room.decide(FIRST, room.case("x:1"), "return")
    assert room.desk.standing(FIRST, room.read("x:1").id).strikes == ()


def test_an_overturned_one_does_not_count(room: Room) -> None:
    room = with_ladder(room)
    case = strike(room, 1)
    strike(room, 2)
    room.desk.overturn(APPEALS, case.id, POLICY, REASON)
    assert len(standing(room).strikes) == 1


def test_overturning_takes_back_the_last_decision_alone(room: Room) -> None:
    room = with_ladder(room)
    case = strike(room, 1)
    room.case("x:1-1", kind="post", account="x:1", number="new")  # opened again
    strike(room, 1, "warn")
    room.desk.overturn(APPEALS, case.id, POLICY, REASON)
    assert [one.verdict.outcome for one in standing(room).strikes] == ["hide"]


def test_one_item_is_one_strike(room: Room) -> None:
    room = with_ladder(room)
    strike(room, 1)
    account = room.case("x:1")
    lease = room.desk.take(FIRST, account.id)
    item = Item("x:1-1", "x:1", "en")
    room.desk.open_item(FIRST, account.id, item)
    decision = Decision(account.id, account.version, lease.token, "warn", POLICY, REASON, "x:1-1")
    room.desk.decide(FIRST, decision)
    assert len(room.desk.standing(FIRST, account.id).strikes) == 1


@pytest.mark.parametrize(
    ("days", "strikes", "suggests"),
    [(89, 3, "hide"), (91, 3, None), (364, 3, None), (366, 0, None), (-30, 3, "hide")],
)
def test_strikes_expire_and_windows_close(
    room: Room, days: float, strikes: int, suggests: str | None
) -> None:
    """Of a clock that jumped back, strikes of a time to come count as those of now."""
    room = with_ladder(room)
    for number in range(3):
        strike(room, number)
    room.later(60 * 24 * days)
    found = standing(room)
    assert (len(found.strikes), found.suggests) == (strikes, suggests)


def test_policies_have_weights(room: Room) -> None:
    ladder = replace(LADDER, weights={"demo": 0.5, "other@2": 3})
    room = with_ladder(room, ladder, (POLICY, "other@1", "other@2"))
    strike(room, 1)
    assert standing(room).suggests is None
    strike(room, 2, policy="other@1")
    assert standing(room).suggests == "warn"
    strike(room, 3, policy="other@2")
    found = standing(room)
    assert found.suggests == "hide"
    assert [one.weight for one in found.strikes] == [3, 1, 0.5]
    assert found.message is not None
    assert found.message.values["count"] == 4.5


def test_who_was_erased_has_none(room: Room) -> None:
    room = with_ladder(room)
    case = strike(room, 1)
    room.desk.erase(ADMIN, "x:1")
    assert room.desk.standing(SECOND, case.id).suggests in (None, "warn")
    assert len(standing(room).strikes) == 0


# ── settings


def test_what_is_not_set_has_a_default() -> None:
    assert read({"format": 1}) == Settings()
    assert read({}).quality.golden == 0.05


def test_what_is_set() -> None:
    found = read({
        "quality": {"golden_every": 10, "second_reading_every": 0},
        "strikes": {"expire_days": 30, "weights": {"demo": 2},
                    "ladder": [{"strikes": 2, "within_days": 7, "suggests": "hide"},
                               {"strikes": 1, "within_days": 7, "suggests": "warn"}]},
        "care": {"media_an_hour": 3},
        "threat": {"contacts": [{"name": "duty desk", "phone": "112"}]},
    })  # fmt: skip
    assert (found.quality.golden, found.quality.second_readings) == (0.1, 0)
    assert [step.suggests for step in found.strikes.ladder] == ["warn", "hide"]
    assert (found.strikes.weight("demo@7"), found.strikes.weight("other@1")) == (2, 1)
    assert (found.care.media_an_hour, found.care.items_an_hour) == (3, 60)
    assert found.contacts[0].phone == "112"


@pytest.mark.parametrize(
    "given",
    [
        {"quality": 5},
        {"quality": {"golden_every": -1}},
        {"quality": {"golden_every": 1.5}},
        {"quality": {"golden_every": True}},
        {"quality": {"golden": 20}},
        {"care": {"items_an_hour": "many"}},
        {"care": {"items_an_hour": 10**12}},
        {"strikes": {"ladder": {}}},
        {"strikes": {"ladder": ["warn"]}},
        {"strikes": {"ladder": [{"strikes": 1, "within_days": 9}]}},
        {"strikes": {"ladder": [{"strikes": 1, "within_days": 9, "suggests": "unsure"}]}},
        {"strikes": {"ladder": [{"strikes": 0, "within_days": 9, "suggests": "warn"}]}},
        {"strikes": {"ladder": [{"strikes": float("nan"), "within_days": 9, "suggests": "warn"}]}},
        {"strikes": {"weights": {"demo": "heavy"}}},
        {"strikes": {"expire_days": 0}},
        {"threat": {"contacts": "112"}},
        {"threat": {"contacts": [{"phone": "112"}]}},
        {"threat": {"contacts": [{"name": "a"}, {"name": "a"}]}},
        {"threat": {"contacts": [{"name": "a", "phone": 112}]}},
        {"threat": {"numbers": []}},
    ],
)
def test_what_cannot_be_read_is_named(given: dict[str, Any]) -> None:
    with pytest.raises(InputError) as error:
        read(given)
    assert error.value.message.id in ("settings.value", "settings.unknown")
    assert next(iter(given)) in str(error.value)
