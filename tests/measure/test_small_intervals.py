"""The median's interval and that of a mean count, against cases worked by hand and by draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from marsad.measure.mean_count import mean_count_interval
from marsad.measure.order_statistics import (
    fewest,
    fewest_for,
    median_interval,
    quantile_interval,
)


def test_six_values_are_the_fewest() -> None:
    assert fewest(0.95) == 6
    assert 1 - 2 * 0.5**6 >= 0.95 > 1 - 2 * 0.5**5
    with pytest.raises(ValueError, match="5 values"):
        median_interval([1, 2, 3, 4, 5])


@given(st.lists(st.floats(-1e6, 1e6), min_size=6, max_size=80))
def test_the_median_lies_inside_order_statistics_that_hold_it(values: list[float]) -> None:
    middle, low, high = median_interval(values)
    ordered, n = sorted(values), len(values)
    k = int(stats.binom.ppf(0.025, n, 0.5))  # the largest with less than 2.5 % below it
    while stats.binom.cdf(k - 1, n, 0.5) > 0.025:
        k -= 1
    assert ordered[k - 1] <= low <= middle <= high <= ordered[n - k]


def test_hettmansperger_and_sheather_by_hand() -> None:
    """n = 10: ranks 2…9 hold 97.85 %, 3…8 hold 89.06 %."""
    outer, inner = 1 - 22 / 1024, 1 - 112 / 1024
    share = (outer - 0.95) / (outer - inner)
    inward = 8 * share / (2 + 6 * share)
    _, low, high = median_interval(range(1, 11))
    assert (low, high) == pytest.approx((2 + inward, 9 - inward))


def test_poisson_like_counts_get_garwoods_interval() -> None:
    """Counts that scatter less than Poisson's count as Poisson's."""
    n = 4000
    mean, low, high = mean_count_interval([1, 0] * (n // 2))
    expected = (stats.chi2.ppf(0.025, n) / 2 / n, stats.chi2.ppf(0.975, n + 2) / 2 / n)
    assert mean == 0.5
    assert (low, high) == pytest.approx(expected, abs=1e-4)


def test_counts_that_scatter_are_worth_fewer() -> None:
    even, wild = [2] * 50, [0] * 49 + [100]
    assert mean_count_interval(even)[0] == mean_count_interval(wild)[0]
    narrow, wide = (np.diff(mean_count_interval(counts)[1:])[0] for counts in (even, wild))
    assert wide > 5 * narrow


def test_few_counts_are_worth_fewer_still() -> None:
    """Four counts with variance above their mean, worked by hand."""
    n, total, variance = 4, 8.0, np.var([0, 1, 2, 5], ddof=1)
    worth = total * (total / (n * variance)) * (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 3)) ** 2
    _, low, high = mean_count_interval([0, 1, 2, 5])
    expected = [
        2 * stats.chi2.ppf(q, 2 * (worth + k)) / 2 / worth for q, k in ((0.025, 0), (0.975, 1))
    ]
    assert (low, high) == pytest.approx(tuple(expected))


def test_one_count_has_no_interval() -> None:
    with pytest.raises(ValueError, match="1 counts"):
        mean_count_interval([3])


@pytest.mark.parametrize(("quantile", "least"), [(0.5, 6), (0.95, 72), (0.05, 72), (0.9, 36)])
def test_the_fewest_values_for_a_quantile(quantile: float, least: int) -> None:
    assert fewest_for(quantile) == least
    with pytest.raises(ValueError, match=f"{least - 1} values"):
        quantile_interval(range(least - 1), quantile)
    low, high = quantile_interval(range(least), quantile)
    assert 0 <= low < high <= least - 1


@pytest.mark.parametrize("quantile", [0.05, 0.5, 0.9, 0.95])
@pytest.mark.parametrize("n", [*range(72, 130), 200, 365, 1_000, 4_999])
def test_a_quantile_is_missed_at_most_one_time_in_forty_on_either_side(
    quantile: float, n: int
) -> None:
    """Exactly: of n values how many lie below a quantile is binomial. No narrower ends would do."""
    low, high = (int(end) + 1 for end in quantile_interval(range(n), quantile))  # ranks from 1
    below = stats.binom(n, quantile).cdf
    assert below(low - 1) <= 0.025 < below(low)
    assert 1 - below(high - 1) <= 0.025 < 1 - below(high - 2)


def test_the_interval_of_a_quantile_holds_it_as_often_as_it_says() -> None:
    draws = np.random.default_rng(7)
    truth = float(-np.log(0.05))
    held = 0
    for _ in range(2_000):
        low, high = quantile_interval(draws.exponential(size=150), 0.95)
        held += low <= truth <= high
    assert 0.94 <= held / 2_000 <= 0.99
