"""Estimates: never a bare number. Coverage is proved in tests/proofs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from marsad.records.errors import InputError
from marsad.records.estimate import Estimate, proportion

KNOWN = [
    # Clopper-Pearson 95 %: e.g. R's binom.test
    (0, 10, 0.0, 0.3085),
    (5, 10, 0.1871, 0.8129),
    (10, 10, 0.6915, 1.0),
    (81, 263, 0.2527, 0.3676),
]


@pytest.mark.parametrize(("hits", "trials", "low", "high"), KNOWN)
def test_published_intervals(hits: int, trials: int, low: float, high: float) -> None:
    found = proportion(hits, trials)
    assert found.low == pytest.approx(low, abs=2e-4)
    assert found.high == pytest.approx(high, abs=2e-4)


def test_clusters_widen_the_interval() -> None:
    alone = proportion(50, 100)
    together = proportion([10] * 5 + [0] * 5, [10] * 10)
    assert together.high - together.low > 2 * (alone.high - alone.low)
    assert together.n == 100


def test_clusters_worked_by_hand() -> None:
    """deff = (2 · 3/2 / 12²) / (0.25 / 12) = 1; n* = 12 · (2.200985 / 4.302653)² = 3.140091; then
    the quantiles of Beta(1.570045, 2.570045) and Beta(2.570045, 1.570045)."""
    found = proportion([1, 3, 2], [4, 4, 4])
    assert found.value == 0.5
    assert found.low == pytest.approx(stats.beta.ppf(0.025, 1.570045, 2.570045), abs=1e-5)
    assert found.high == pytest.approx(stats.beta.ppf(0.975, 2.570045, 1.570045), abs=1e-5)
    assert found.warnings == ("few-clusters",)


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=30).filter(
        lambda rows: sum(max(row) > 0 for row in rows) >= 2
    )
)
def test_an_interval_holds_its_value(rows: list[tuple[int, int]]) -> None:
    found = proportion([min(row) for row in rows], [max(row) for row in rows])
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert math.isfinite(found.low + found.high)


REFUSED = [
    ((0, 0), "nothing was tried"),
    ((3, 2), "no proportion"),
    (([1], [2]), "at least 2 clusters"),
    (([1, 2], [2]), "same length"),
    ((1, [2]), "same length"),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED)
def test_what_it_cannot_say_it_refuses(arguments: tuple[object, object], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        proportion(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(("low", "high"), [(0.6, 0.7), (0.1, math.inf), (math.nan, 1.0)])
def test_an_estimate_without_a_sound_interval_does_not_exist(low: float, high: float) -> None:
    with pytest.raises(ValueError, match="interval"):
        Estimate("x", 0.5, low, high, 0.95, "m", "f", 10)
