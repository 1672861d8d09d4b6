"""The hazard in pieces: closed forms, bias, profiles, and what one side alone tells."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.measure.refusal import Refused
from marsad.measure.survival import kaplan_meier, lifetimes
from marsad.measure.survival.data import checked
from marsad.measure.survival.hazard import Fitted, Likelihood
from marsad.measure.survival.pieces import knots_of, start_of
from marsad.records.errors import InputError
from tests.measure.survival.oracles import INFINITY, looked_at

MEDIAN = 13.86
CHI = 3.841459


def test_looks_far_apart_do_not_bias_the_median() -> None:
    """Looks every 0.5–7 days, true median 13.86: the date of finding is late by some 1.7 days."""
    medians, naive = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        left, right = looked_at(rng, rng.exponential(MEDIAN / math.log(2), 1000))
        medians.append(lifetimes(left, right, days=())["median-survival"].value)
        found = np.isfinite(right)
        product = kaplan_meier(np.where(found, right, left), found)
        naive.append(float(product.days[np.argmax(product.survival <= 0.5)]))
    error = np.std(medians) / len(medians) ** 0.5
    assert abs(np.mean(medians) - MEDIAN) < 3.5 * error
    assert np.mean(naive) > MEDIAN + 1


def test_one_piece_is_ends_over_days() -> None:
    """Timed ends in one piece: hazard d/T, and its profile is a Poisson count's."""
    until, ended = np.array([2.0, 5, 9, 4, 7, 10, 10]), np.array([1, 1, 1, 1, 0, 0, 0], bool)
    found = lifetimes(
        until, np.where(ended, until, INFINITY), days=(), periods=(0, 10), cuts=(), start=0
    )["hazard-day-0-to-10"]
    days = until.sum()
    assert found.value == pytest.approx(4 / days)
    for end in (found.low, found.high):
        deviance = 2 * (4 * math.log(found.value / end) - days * (found.value - end))
        assert deviance == pytest.approx(CHI, abs=0.01)


def test_a_common_gap_has_the_interval_of_a_proportion() -> None:
    """One look for all after 5 days: survival there is a proportion, by its likelihood ratio."""
    left, right = [0] * 30 + [5] * 70, [5] * 30 + [INFINITY] * 70
    found = lifetimes(left, right, days=(5,))["survival-day-5"]
    assert found.value == pytest.approx(0.7, abs=1e-6)
    for end in (found.low, found.high):
        ratio = 2 * (70 * math.log(0.7 / end) + 30 * math.log(0.3 / (1 - end)))
        assert ratio == pytest.approx(CHI, abs=0.01)


@given(seed=st.integers(0, 1000), side=st.sampled_from([-1, 1]), late=st.booleans())
def test_the_ends_of_intervals_are_where_the_likelihood_falls_by_half_of_chi_square(
    seed: int, side: int, late: bool
) -> None:
    rng = np.random.default_rng(seed)
    entry = rng.uniform(0, 8, 120) * late
    left, right = looked_at(rng, entry + rng.exponential(15, 120), entry)
    data = checked(left, right, entry)
    fitted = Fitted.of(data, knots_of(data, start_of(data)))
    direction = fitted.days_between(start_of(data), 12.0)
    end = fitted.limit(direction, side, CHI**0.5)
    best = max(
        fitted.likelihood.value(fitted.hazard * (1 + 0.0)),
        *(fitted.likelihood.value(fitted.hazard * by) for by in (0.9, 1.1)),
    )
    assert best == pytest.approx(fitted.log_likelihood, abs=1e-6)
    # No hazards with that sum are likelier than the interval's end: scaled ones are not.
    scaled = fitted.hazard * end / float(direction @ fitted.hazard)
    assert 2 * (best - fitted.likelihood.value(scaled)) >= CHI - 0.02


def test_slopes_are_those_of_the_likelihood() -> None:
    rng = np.random.default_rng(1)
    left, right = looked_at(rng, rng.exponential(10, 60), until=20)
    right[:5] = left[:5] = rng.uniform(3, 9, 5)
    likelihood = Likelihood.of(checked(left, right), np.array([0, 4.0, 9, 30]))
    x, step = np.array([0.05, 0.1, 0.2]), 1e-6
    slope, curvature = likelihood.slopes(x)
    for place, unit in enumerate(np.eye(3)):
        up, down = (x + side * step * unit for side in (1, -1))
        rise = (likelihood.value(up) - likelihood.value(down)) / (2 * step)
        bend = (likelihood.slopes(down)[0] - likelihood.slopes(up)[0]) / (2 * step)
        assert slope[place] == pytest.approx(rise, rel=1e-5)
        assert curvature[place] == pytest.approx(bend, rel=1e-4)


def test_the_median_that_is_not_reached_is_a_bound() -> None:
    rng = np.random.default_rng(1)
    left, right = looked_at(rng, rng.exponential(60, 300), until=20)
    found = lifetimes(left, right, days=(7, 90))
    median = found["median-survival"]
    assert (median.bound, median.value) == ("lower", median.high)
    assert median.low <= 60 * math.log(2)
    assert "median-not-reached" in median.warnings
    with pytest.raises(Refused, match="Day 90"):
        found["survival-day-90"]


def test_survival_and_median_say_the_same() -> None:
    """A day is inside the median's interval where one half is inside that day's."""
    rng = np.random.default_rng(7)
    left, right = looked_at(rng, rng.weibull(1.3, 400) * 20)
    median = lifetimes(left, right, days=())["median-survival"]
    for day in (median.low, median.high):
        alive = lifetimes(left, right, days=(day,)).estimates[0]
        assert pytest.approx(alive.low if day == median.low else alive.high, abs=0.002) == 0.5 or (
            pytest.approx(alive.high if day == median.low else alive.low, abs=0.002) == 0.5
        )


def test_late_entry_starts_where_twenty_are_watched() -> None:
    rng = np.random.default_rng(2)
    entry = rng.uniform(1, 15, 600)
    life = rng.exponential(20, 600) + entry
    left, right = looked_at(rng, life, entry)
    found = lifetimes(left, right, entry, days=(1, 14))
    assert np.sort(entry)[18] < found.curve.start <= np.sort(entry)[25]
    assert "starts-late" in found["survival-day-14"].warnings
    with pytest.raises(Refused, match="Day 1"):
        found["survival-day-1"]
    exact = math.exp(-(14 - found.curve.start) / 20)
    assert found["survival-day-14"].low < exact < found["survival-day-14"].high


def test_ends_before_the_first_look_back_count_from_the_start() -> None:
    """Nine in ten end before the second look; others come later. It all starts on day 0."""
    left, right = [0] * 90 + [9] * 40, [2] * 90 + [INFINITY] * 40
    found = lifetimes(left, right, [0] * 100 + [5] * 30, days=(2,))
    assert found.curve.start == 0
    assert found["survival-day-2"].value == pytest.approx(0.1, abs=0.001)


def test_nobody_ended_gives_lower_bounds() -> None:
    found = lifetimes([30] * 100, [INFINITY] * 100, days=(7, 30, 60))
    alive = found["survival-day-30"]
    assert (alive.value, alive.high, alive.bound) == (1, 1, "lower")
    # Clopper–Pearson's low end for 100 of 100 is .025^(1/100)
    assert alive.low == pytest.approx(0.025 ** (1 / 100))
    assert found["median-survival"].bound == "lower"
    assert "survival-day-60" in found.not_told


def test_everybody_ended_in_one_gap() -> None:
    found = lifetimes([5] * 20, [8] * 20, days=(5, 6, 8))
    assert (found["median-survival"].low, found["median-survival"].high) == (5, 8)
    assert found["survival-day-5"].low == pytest.approx(0.025 ** (1 / 20))
    assert found["survival-day-8"].high == pytest.approx(1 - 0.025 ** (1 / 20))
    with pytest.raises(Refused, match="Day 6"):
        found["survival-day-6"]


def test_every_account_gone_is_told_with_a_warning() -> None:
    rng = np.random.default_rng(3)
    left, right = looked_at(rng, rng.exponential(5, 200), until=500)
    found = lifetimes(left, right, days=(7,))["survival-day-7"]
    assert found.low < math.exp(-7 / 5) < found.high
    assert "all-gone" in found.warnings


def test_cuts_that_do_not_grow() -> None:
    with pytest.raises(InputError, match="4, 3"):
        lifetimes([0, 1, 6], [2, 5, INFINITY], cuts=[4, 3])


def test_hazards_of_periods_of_the_calendar() -> None:
    """On the calendar's clock: twice the hazard from day 30 on."""
    rng = np.random.default_rng(6)
    made = rng.uniform(0, 50, 3000)
    budget, before = rng.exponential(size=3000), np.maximum(30 - made, 0) * 0.03
    life = np.where(
        budget < before, budget / 0.03, np.maximum(30 - made, 0) + (budget - before) / 0.06
    )
    left, right = looked_at(rng, made + life, made, until=40)
    found = lifetimes(left, right, made, days=(), periods=(10, 30, 55))
    for name, truth in (("hazard-day-10-to-30", 0.03), ("hazard-day-30-to-55", 0.06)):
        assert found[name].low < truth < found[name].high
        assert found[name].high / found[name].low < 1.5


def test_a_median_far_off_is_at_least_the_last_day() -> None:
    """Ten of 400 ended, all others were watched until day 20."""
    left = [*range(10), *[20] * 390]
    right = [*range(1, 11), *[INFINITY] * 390]
    median = lifetimes(left, right, days=())["median-survival"]
    assert (median.low, median.value, median.high, median.bound) == (20, 20, 20, "lower")


@pytest.mark.parametrize(
    ("left", "right"),
    [([5.0] * 20, [5.0] * 20), ([5.0] * 20, [5.0] * 10 + [5.0] * 10)],
)
@pytest.mark.parametrize("entry", [None, [1.0, 4.0] * 10])
def test_all_ends_at_one_instant(
    left: list[float], right: list[float], entry: list[float] | None
) -> None:
    """Before it all lived, from it on none, and neither is certain; there is no median."""
    found = lifetimes(left, right, entry, days=(4.5, 5, 8))
    assert found["survival-day-4.5"].low == pytest.approx(0.025 ** (1 / 20))
    for name in ("survival-day-5", "survival-day-8"):
        assert found[name].value == 0
        assert found[name].high == pytest.approx(1 - 0.025 ** (1 / 20))
    assert "one-instant" in found["survival-day-8"].warnings
    with pytest.raises(Refused, match="at one and the same time, on day 5"):
        found["median-survival"]


def test_an_instant_within_a_gap_of_others_is_that_gap() -> None:
    found = lifetimes([5] * 20 + [4] * 3, [5] * 20 + [6] * 3, days=(3,))
    assert (found["median-survival"].low, found["median-survival"].high) == (4, 6)
