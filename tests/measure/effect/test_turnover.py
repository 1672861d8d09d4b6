"""Turnover is not effect: swapped accounts, equal ages, closed panels."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.measure.effect import Accounts, Event, turnover
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError

GAIN, EVENT = 2.0, Event(0, "takedown")
Rows = list[tuple[str, int, int, float]]


def looked_at(seed: int, hazard: float, days: range, slots: int = 300) -> Rows:
    """Places that are always taken, in their steady state; weekly looks."""
    rng = np.random.default_rng([seed, int(1 / hazard)])
    rows: Rows = []
    for slot in range(slots):
        created, number = days.start - int(rng.exponential(1 / hazard)), 0
        for day in days:
            if rng.random() < hazard:
                created, number = day, number + 1
            if (day - days.start) % 7 == 3:
                followers = float(rng.poisson(GAIN * (day - created)))
                rows.append((f"{slot}/{number}", created, day, followers))
    return rows


@pytest.mark.parametrize(("lifetime", "mean"), [(700, 1395), (60, 119), (14, 28)])
def test_the_mean_over_living_accounts_falls_with_turnover_alone(
    lifetime: float, mean: float
) -> None:
    """The figures of simulated accounts in the methods: 1,395, 119, 28 with two a day gained."""
    rng = np.random.default_rng(1)
    ages = []
    for _ in range(4000):  # lifetimes one after the other until a day far from the start
        now, born = 0.0, 0.0
        while now < 10 * lifetime:
            born = now
            now += rng.exponential(lifetime)
        ages.append(10 * lifetime - born)
    followers = rng.poisson(GAIN * np.array(ages))
    # exponential ages: the standard error is the mean over the root of the accounts
    assert followers.mean() == pytest.approx(mean, rel=4 / np.sqrt(4000))


def after_rise(hazard: float, gain: float = GAIN) -> Accounts:
    """A daily hazard of 1/700 before, ``hazard`` after; every account swapped at the event."""
    before = looked_at(2, 1 / 700, range(-84, 0))
    rng = np.random.default_rng(3)
    after: Rows = []
    for slot in range(300):
        created, number = 0, 0
        for day in range(84):
            if rng.random() < hazard:
                created, number = day, number + 1
            if day % 7 == 3:
                followers = float(rng.poisson(gain * (day - created)))
                after.append((f"new/{slot}/{number}", created, day, followers))
    return Accounts.of(*zip(*(before + after), strict=True))


@pytest.mark.parametrize("hazard", [1 / 60, 1 / 14])
def test_at_equal_age_a_full_replacement_shows_no_effect(hazard: float) -> None:
    # hazards before of 1/700 leave few young accounts, so that only part of the ages is shared
    rows = looked_at(4, 1 / 60, range(-84, 0))
    old = Accounts.of(*zip(*rows, strict=True))
    new = after_rise(hazard)
    later = new.day >= 0
    both = Accounts.of(
        [f"a{x}" for x in old.account] + [f"b{x}" for x in new.account[later]],
        np.append(old.created, new.created[later]), np.append(old.day, new.day[later]),
        np.append(old.value, new.value[later]),
    )  # fmt: skip
    found = turnover(both, EVENT)
    assert found.at_age is not None
    assert found.at_age.low < 1 < found.at_age.high
    assert found.at_age.high - found.at_age.low < 0.2
    assert found.living.high < 0.8  # the number that is published
    assert "turnover-inside" in found.living.warnings
    assert found.same is None  # nobody is there on both sides
    assert [one.message.id for one in found.refused] == ["measure.effect.panel-gone"]


def test_at_equal_age_a_real_loss_is_seen() -> None:
    rows = looked_at(5, 1 / 60, range(-84, 0))
    old, new = Accounts.of(*zip(*rows, strict=True)), after_rise(1 / 60, gain=0.6 * GAIN)
    later = new.day >= 0
    both = Accounts.of(
        [f"a{x}" for x in old.account] + [f"b{x}" for x in new.account[later]],
        np.append(old.created, new.created[later]), np.append(old.day, new.day[later]),
        np.append(old.value, new.value[later]),
    )  # fmt: skip
    found = turnover(both, EVENT).at_age
    assert found is not None
    assert found.low < 0.6 < found.high < 0.75


def test_ages_that_do_not_meet_are_refused() -> None:
    found = turnover(after_rise(1 / 14), EVENT)
    assert found.at_age is None
    assert found.shared < 0.2
    assert "measure.effect.ages-differ" in [one.message.id for one in found.refused]


def test_from_a_closed_panel_activity_cannot_have_fallen() -> None:
    rows = [(f"a{k}", -200, day, 100.0 - day) for k in range(30) for day in range(-28, 28, 7)]
    found = turnover(Accounts.of(*zip(*rows, strict=True)), EVENT)
    assert found.same is not None
    assert found.same.frame == "closed-panel"
    assert found.at_age is None
    (refusal,) = found.refused
    assert refusal.missing == ("replenished-frame",)
    assert refusal.message.id == "measure.effect.no-newcomers"


def test_accounts_are_clusters() -> None:
    """A hundred looks at an account are one account."""
    rng = np.random.default_rng(6)
    level = rng.gamma(2, 50, (40, 2))
    few = [(k, -400, day, level[k, int(day > 0)]) for k in range(40) for day in (-1, 1)]
    many = [(k, -400, day, level[k, int(day >= 0)]) for k in range(40) for day in range(-50, 50)]
    a, b = (turnover(Accounts.of(*zip(*rows, strict=True)), EVENT).living for rows in (few, many))
    assert b.high - b.low == pytest.approx(a.high - a.low, abs=1e-9)
    assert b.n == 40


@pytest.mark.parametrize(
    ("row", "fault"),
    [(("a", 5, 3, 1.0), "before-created"), (("a", 0, 3, -1.0), "values")],
)
def test_what_no_account_can_be(row: tuple[str, int, int, float], fault: str) -> None:
    with pytest.raises(InputError) as error:
        Accounts.of([row[0]], [row[1]], [row[2]], [row[3]])
    assert error.value.message.id == f"measure.effect.accounts.{fault}"


def test_few_accounts_are_refused() -> None:
    rows = [(k, -400, day, 1.0) for k in range(9) for day in (-1, 1)]
    with pytest.raises(Refused):
        turnover(Accounts.of(*zip(*rows, strict=True)), EVENT)
