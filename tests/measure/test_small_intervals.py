"""The median's interval and that of a mean count, against cases worked by hand and by draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from marsad.measure.mean_count import mean_count_interval
from marsad.measure.order_statistics import fewest, median_interval


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
