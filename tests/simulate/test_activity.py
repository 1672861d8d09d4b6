"""The published marginals: 40 % post fewer than 1 a day, 69 % fewer than 5, 2.3 % more than 50."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.simulate import Knobs
from marsad.simulate.activity import (
    DAY,
    activity_until,
    published_rate,
    stratified_rates,
    time_at,
)

if TYPE_CHECKING:
    from tests.simulate.conftest import Network

BELOW = [(1.0, 0.40), (5.0, 0.69), (50.0, 0.977)]


def test_the_published_mean_is_met() -> None:
    grid = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert published_rate(grid).mean() == pytest.approx(15.6, abs=0.05)


@pytest.mark.parametrize("count", [100, 2_000])
@pytest.mark.parametrize(("rate", "fraction"), BELOW)
def test_rates_have_the_published_marginals(count: int, rate: float, fraction: float) -> None:
    rates = stratified_rates(np.random.default_rng(1), count)
    assert (rates < rate).mean() == pytest.approx(fraction, abs=1.5 / count)


def test_posts_written_have_the_published_marginals(make: Callable[..., Network]) -> None:
    network = make(accounts=1000, days=5, volume=1.0, ceiling=1370.0, wave=0.0, newcomers=0.0)
    own = Counter(truth["account_id"] for truth in network.truth if truth["activity"] == "own")
    there = [
        row
        for row in network.accounts.values()
        if row["origin"] == "original" and row["ended_at"] is None and row["group"] != "wire-bot"
    ]
    rates = np.array([own[row["account_id"]] / 5 for row in there])
    for rate, fraction in BELOW:
        assert (rates < rate).mean() == pytest.approx(fraction, abs=0.03)
    assert rates.mean() == pytest.approx(15.6, rel=0.1)


def test_default_knobs_are_the_published_ones() -> None:
    knobs = Knobs()
    assert knobs.volume == 1.0
    assert dict(knobs.violating_languages)["en"] == 0.2
    assert 1 - np.exp(-knobs.hazard * 54) == pytest.approx(678 / 20_000, rel=0.02)


@given(st.floats(-40 * DAY, 40 * DAY))
def test_activity_and_time_invert_each_other(seconds: float) -> None:
    times = np.array([seconds])
    assert time_at(activity_until(times))[0] == pytest.approx(seconds, abs=1e-3)


def test_a_day_is_one_days_worth_of_activity_and_night_is_quiet() -> None:
    hours = activity_until(np.arange(25) * 3600.0)
    assert hours[24] == pytest.approx(1.0)
    steps = np.diff(hours)
    assert (steps > 0).all()
    assert steps[3:5].sum() < 0.2 * steps[20:22].sum()


def test_people_post_by_day(network: Network) -> None:
    hours = Counter(
        (int(post["created_at"][11:13]) + 3) % 24
        for post, truth in network.pairs
        if truth["activity"] == "own" and post["language"] == "ar"
    )
    assert sum(hours[hour] for hour in (3, 4)) < 0.4 * sum(hours[hour] for hour in (20, 21))
