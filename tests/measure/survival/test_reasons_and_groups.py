"""Competing reasons between looks, groups, periods, and what looks were too seldom to see."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from marsad.measure.refusal import Refused
from marsad.measure.survival import (
    aalen_johansen,
    aft,
    come_and_gone,
    compare,
    cox,
    cumulative_incidence,
    difference_of,
    lifetimes,
    proportional,
    ratio_of,
    schedule_of,
    wide_ends,
)
from marsad.measure.survival.causes import _Likelihood
from marsad.measure.survival.data import checked
from marsad.measure.survival.incidence import _fraction
from tests.measure.survival.oracles import INFINITY, Floats, column, looked_at, rows


def _two_reasons(seed: int, n: int) -> tuple[Floats, Floats, list[str | None], Floats]:
    rng = np.random.default_rng(seed)
    life = rng.exponential(15, n)
    left, right = looked_at(rng, life)
    suspended = rng.random(n) < 0.3
    reason = [
        None if math.isinf(r) else ("suspended" if s else "gone")
        for r, s in zip(right, suspended, strict=True)
    ]
    return left, right, reason, life


def test_reasons_add_up_to_all_ends() -> None:
    left, right, reason, _ = _two_reasons(1, 400)
    parts = cumulative_incidence(left, right, reason, days=(5, 20)).estimates
    alive = lifetimes(left, right, days=(5, 20))
    for day in (5, 20):
        told = sum(e.value for e in parts if e.name.endswith(f"-day-{day}"))
        assert told == pytest.approx(1 - alive[f"survival-day-{day}"].value, abs=0.01)


def test_one_reason_is_one_less_survival() -> None:
    left, right, reason, _ = _two_reasons(2, 300)
    one = ["gone" if r else None for r in reason]
    (found,) = cumulative_incidence(left, right, one, days=(10,)).estimates
    alive = lifetimes(left, right, days=(10,))["survival-day-10"]
    assert found.value == pytest.approx(1 - alive.value, abs=1e-4)
    assert (found.low, found.high) == pytest.approx((1 - alive.high, 1 - alive.low), abs=0.01)


def test_timed_ends_come_near_aalen_johansen() -> None:
    left, right, reason, life = _two_reasons(3, 2000)
    known = aalen_johansen(np.where(np.isinf(right), left, life), reason)
    ended = np.isfinite(right)
    found = cumulative_incidence(
        np.where(ended, life, left), np.where(ended, life, INFINITY), reason, days=(10,)
    )["incidence-suspended-day-10"]
    at = np.searchsorted(known.days, 10, side="right") - 1
    column = known.states.index("suspended")
    assert found.value == pytest.approx(known.fraction[at, column], abs=0.005)
    error = (found.high - found.low) / (2 * 1.96)
    assert error == pytest.approx(known.error[at, column], rel=0.1)


def test_a_reason_that_never_came_has_an_upper_end() -> None:
    left, right, reason, _ = _two_reasons(4, 200)
    found = cumulative_incidence(
        left, right, reason, reasons=["suspended", "gone", "withheld"], days=(10,)
    )["incidence-withheld-day-10"]
    assert (found.value, found.low) == (0, 0)
    assert 0 < found.high < 0.03


def test_slopes_of_reasons_are_those_of_the_likelihood() -> None:
    left, right, reason, _ = _two_reasons(5, 60)
    likelihood = _Likelihood(checked(left, right, reason=reason), np.array([0, 5.0, 12, 60]))
    hazard = np.random.default_rng(1).uniform(0.01, 0.1, (2, 3))
    _, ends, days = likelihood.counted(hazard)
    for reason_, piece in np.ndindex(2, 3):
        up, down = hazard.copy(), hazard.copy()
        up[reason_, piece] *= math.exp(1e-6)
        down[reason_, piece] *= math.exp(-1e-6)
        rise = (likelihood.counted(up)[0] - likelihood.counted(down)[0]) / 2e-6
        assert (ends - hazard * days)[reason_, piece] == pytest.approx(rise, abs=1e-5)


def test_the_slope_of_an_incidence() -> None:
    hazard, days = np.random.default_rng(2).uniform(0.01, 0.2, (2, 4)), np.array([3.0, 2, 5, 1])
    value, slope = _fraction(hazard, days, 0)
    for place in np.ndindex(2, 4):
        moved = hazard.copy()
        moved[place] *= math.exp(1e-6)
        assert (_fraction(moved, days, 0)[0] - value) / 1e-6 == pytest.approx(
            slope[place], abs=1e-6
        )


def test_groups_that_differ_and_groups_that_do_not() -> None:
    rng = np.random.default_rng(1)
    scale = np.repeat([20.0, 20.0, 10.0], 400)
    left, right = looked_at(rng, rng.exponential(scale))
    found = compare(left, right, ["a"] * 400 + ["b"] * 400 + ["c"] * 400, days=(10,))
    same, other = (found[f"survival-difference-{g}-a-day-10"] for g in "bc")
    truth = math.exp(-1) - math.exp(-0.5)
    assert same.low < 0 < same.high
    assert other.low < truth < other.high < 0
    ratio = {e.name: e for e in found.ratios.estimates}
    assert ratio["hazard-ratio-b"].low < 1 < ratio["hazard-ratio-b"].high
    assert ratio["hazard-ratio-c"].low < 2 < ratio["hazard-ratio-c"].high
    assert found.ratios.p_value < 1e-6
    assert set(found.groups) == {"a", "b", "c"}


def test_one_group_is_refused() -> None:
    with pytest.raises(Refused, match="two groups"):
        compare([1, 2], [2, 3], ["a", "a"])


def test_hazard_ratios_from_looks_are_those_of_timed_ends() -> None:
    rng = np.random.default_rng(8)
    x = rng.integers(0, 2, 2000).astype(float)
    life = rng.exponential(20 / np.where(x == 1, 1.8, 1.0))
    left, right = looked_at(rng, life)
    ended = life <= left.max()
    exact = cox(np.where(ended, life, left), ended, x, ["x"]).estimates[0]
    found = proportional(left, right, x, ["x"]).estimates[0]
    assert found.low < 1.8 < found.high
    assert found.value == pytest.approx(exact.value, rel=0.05)
    slower = aft(left, right, x, ["x"], family="exponential").estimates[0]
    assert 1 / slower.value == pytest.approx(found.value, rel=0.05)


def test_a_difference_and_a_ratio_of_estimates() -> None:
    rng = np.random.default_rng(9)
    left, right = looked_at(rng, rng.exponential(20, 500))
    found = lifetimes(left, right, days=(5, 10), periods=(0, 10, 30))
    one, other = found["survival-day-10"], found["survival-day-5"]
    gap = difference_of(one, other, "gap")
    below = math.hypot(one.value - one.low, other.high - other.value)
    assert gap.value - gap.low == pytest.approx(below)
    ratio = ratio_of(found["hazard-day-10-to-30"], found["hazard-day-0-to-10"], "later")
    assert ratio.low < 1 < ratio.high


def test_the_gaps_of_a_schedule() -> None:
    found = schedule_of([3, 0, 10, 1, 5, 5], ["a", "a", "a", "b", "b", "b"])
    assert (found.shortest, found.median, found.longest) == (3, 4, 7)
    assert sorted(found.gaps) == [3, 4, 7]
    with pytest.raises(Refused) as refused:
        schedule_of([1, 2, 3], ["a", "b", "c"])
    assert refused.value.missing == ("looks",)


def test_ends_between_looks_too_far_apart() -> None:
    found = wide_ends([0, 0, 0, 9, 5], [1, 10, 12, 10, INFINITY], median=5)
    assert (found.value, found.n) == (0.5, 4)


def test_what_came_and_went_between_two_looks() -> None:
    """Exponential lives, gap g, rate h: 1 − (1 − exp(−gh))/(gh)."""
    rng = np.random.default_rng(10)
    left, right = looked_at(rng, rng.exponential(20, 3000))
    found = come_and_gone([7.0], left, right)
    missed = 1 - (1 - math.exp(-7 / 20)) / (7 / 20)
    assert found.low < missed < found.high
    assert found.value == pytest.approx(missed, abs=0.015)
    with pytest.raises(Refused, match="from the day they are made"):
        come_and_gone([7.0], left + 5, right + 5, np.full(3000, 4.0))


def test_the_worked_example(shared_data: Path) -> None:
    """What docs/measures/survival.md says of the breast cosmesis data."""
    table = rows(shared_data, "survival_bcos.csv")
    left, right = column(table, "left"), column(table, "right")
    treatment = [row["treatment"] for row in table]
    alive = lifetimes(left, right, days=[24])["survival-day-24"]
    assert (alive.value, alive.low, alive.high) == pytest.approx((0.562, 0.448, 0.667), abs=6e-4)
    compared = compare(left, right, treatment, days=[24])
    gap = compared["survival-difference-RadChem-Rad-day-24"]
    assert (gap.value, gap.low, gap.high) == pytest.approx((-0.274, -0.460, -0.069), abs=6e-4)
    (ratio,) = compared.ratios.estimates
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((2.48, 1.414, 4.35), abs=6e-3)
    median = compared.groups["Rad"]["median-survival-Rad"]
    assert (median.value, median.low) == pytest.approx((42.3, 28.9), abs=0.06)
    assert median.bound == "lower"


def test_what_is_not_told_of_a_group_names_it() -> None:
    """The second group was looked at for nine days, the first for thirty."""
    long, short = [1.0, 5, 9, 20, 29] * 6, [1.0, 3, 5, 7, 8] * 6
    left = [*long, *short]
    right = [one + 1 for one in left]
    told = compare(left, right, ["long"] * 30 + ["short"] * 30, days=[7, 20])
    assert str(told.not_told["survival-short-day-20"]).startswith("Group short: Day 20: ")
    assert "survival-short-day-7" not in told.not_told
    with pytest.raises(Refused, match=r"Group short: .*one gap"):
        compare([*long, 5, 5], [*right[:30], 7, 7], ["long"] * 30 + ["short"] * 2, days=[7])


def test_ends_at_one_instant_have_no_incidence() -> None:
    with pytest.raises(Refused, match="at one and the same time, on day 5"):
        cumulative_incidence([5] * 9, [5] * 9, ["gone"] * 9, days=[4])
