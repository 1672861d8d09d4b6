"""The return rate: what is counted, what is refused, and what is said beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from marsad.measure.refusal import Refused
from marsad.measure.returns import return_rate
from marsad.records.errors import InputError

NEVER = float("nan")


def rates(*given: Any, **named: Any) -> dict[str, float]:
    return {one.name: round(one.value, 3) for one in return_rate(*given, **named)}


def test_a_table_worked_by_hand() -> None:
    """Ten accounts, back on days 0, 0.5, 3 and 20; one was watched for 2 days alone."""
    back = [0, 0.5, 3, 20, *[NEVER] * 6]
    watched = [40] * 9 + [2]
    assert rates(back, watched) == {
        "return-rate-day-1": 0.2,
        "return-rate-day-7": round(1 - 0.8 * 6 / 7, 3),  # one of seven still watched
        "return-rate-day-30": round(1 - 0.8 * 6 / 7 * 5 / 6, 3),
    }


def test_links_miss_returns_so_it_is_a_lower_bound() -> None:
    back, watched = [0, 3, *[NEVER] * 30], [40] * 32
    (found,) = return_rate(back, watched, by=[7])
    assert (found.bound, "returns-missed" in found.warnings) == ("lower", True)
    assert "links-right" in found.assumptions
    (known,) = return_rate(back, watched, by=[7], complete=True)
    assert (known.bound, known.warnings) == (None, ())
    assert "links-right" not in known.assumptions
    assert (found.low, found.value, found.high) == (known.low, known.value, known.high)
    assert known.method == "beta-product"


def test_accounts_of_one_actor_are_not_independent() -> None:
    back, watched = [1.0] * 8 + [NEVER] * 24, [40] * 32
    (apart,) = return_rate(back, watched, by=[7])
    (together,) = return_rate(back, watched, ["a"] * 8 + [str(i) for i in range(24)], by=[7])
    assert together.value == apart.value
    assert together.high - together.low > 1.5 * (apart.high - apart.low)
    assert together.method == "beta-product-clustered"


def test_an_uncertain_end_widens_the_interval_on_both_sides() -> None:
    """Back 6 days after the first failed look, or up to 9 after the last that showed it."""
    back, watched = [6.0, -2.0, *[NEVER] * 18], [40.0] * 20
    late, early = (
        return_rate(b, watched, by=[7])[0] for b in ([6.0, 0.0, *back[2:]], [9.0, 1.0, *back[2:]])
    )
    (found,) = return_rate(back, watched, by=[7], end_uncertain=[3.0] * 20)
    assert (late.value, early.value) == (pytest.approx(0.1), pytest.approx(0.05))
    assert found.value == pytest.approx(0.075)
    assert (found.low, found.high) == (early.low, late.high)
    assert "ends-uncertain" in found.warnings


def test_doubt_that_changes_nothing_is_not_mentioned() -> None:
    (found,) = return_rate([1.0, *[NEVER] * 11], [40.0] * 12, by=[7], end_uncertain=[1.0] * 12)
    assert "ends-uncertain" not in found.warnings


def test_a_return_after_the_data_end_was_not_seen() -> None:
    assert rates([10.0, NEVER, NEVER], [8.0, 40.0, 40.0], by=[30]) == {"return-rate-day-30": 0.0}


@pytest.mark.parametrize(
    ("about", "back", "watched", "actor", "message"),
    [
        ("nobody", [], [], None, "measure.returns.one-actor"),
        ("one account", [1.0], [40.0], None, "measure.returns.one-actor"),
        ("one actor", [1.0, 2.0], [40.0, 40.0], ["a", "a"], "measure.returns.one-actor"),
        ("all lost before", [NEVER] * 3, [0.5, 3.0, 6.9], None, "measure.returns.not-watched"),
    ],
)
def test_what_cannot_be_told_is_refused(
    about: str, back: list[float], watched: list[float], actor: list[str] | None, message: str
) -> None:
    with pytest.raises(Refused) as raised:
        return_rate(back, watched, actor, [7])
    assert raised.value.message.id == message
    assert raised.value.exit_code == 2
    told = raised.value.to_dict()
    assert set(told) == {"refused", "missing", "next"}
    assert told["next"].startswith("marsad ")
    assert told["next"] in told["refused"]


@pytest.mark.parametrize(
    ("back", "watched", "named", "message"),
    [
        ([1.0], [1.0, 2.0], {}, "lengths"),
        ([1.0, 2.0], [1.0, 2.0], {"actor": ["a"]}, "lengths"),
        ([1.0, 2.0], [1.0, -2.0], {}, "days"),
        ([1.0, 2.0], [1.0, np.inf], {}, "days"),
        ([-1.0, 2.0], [1.0, 2.0], {}, "days"),
        ([1.0, 2.0], [9.0, 9.0], {"end_uncertain": [0.0, -1.0]}, "days"),
        ([1.0, 2.0], [9.0, 9.0], {"by": [0]}, "day"),
        ([1.0, 2.0], [9.0, 9.0], {"by": [float("nan")]}, "day"),
    ],
)
def test_arrays_that_cannot_be(back: Any, watched: Any, named: Any, message: str) -> None:
    with pytest.raises(InputError) as raised:
        return_rate(back, watched, **named)
    assert raised.value.message.id == f"measure.returns.{message}"


@pytest.mark.parametrize(
    ("about", "back", "watched", "actor", "warning"),
    [
        ("three actors", [1.0, NEVER, NEVER], [40.0] * 3, None, "few-actors"),
        ("one watched on", [1.0] * 3 + [NEVER] * 12, [40.0] * 4 + [6.0] * 11, None, "few-followed"),
        (
            "one with nearly all", [1.0] * 40 + [NEVER] * 12, [40.0] * 52,
            ["a"] * 40 + [str(i) for i in range(12)], "one-actor-weighs",
        ),
    ],
)  # fmt: skip
def test_warnings(about: str, back: Any, watched: Any, actor: Any, warning: str) -> None:
    (found,) = return_rate(back, watched, actor, [7])
    assert warning in found.warnings
    (plain,) = return_rate([1.0] * 10 + [NEVER] * 20, [40.0] * 30, by=[7])
    assert warning not in plain.warnings
