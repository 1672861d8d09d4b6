"""Where a lower bound is honest, on tables that hold what is expected of a known population."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from marsad.measure.capture_recapture import capture_recapture
from marsad.measure.capture_recapture.bias_corrected import chao
from marsad.measure.capture_recapture.histories import Histories, patterns
from marsad.measure.capture_recapture.lower_bound import (
    avoiding_pairs,
    excess_of_chao,
    lower_bound,
    near_equal_reach,
)

N = 10_000


def expected(reaches: Any, shares: Any = (1.0,), odds: Any = (1.0,)) -> Histories:
    """Expected counts, to whole numbers, of N units in classes whose odds differ by ``odds``."""
    k = len(reaches)
    counts = np.zeros(2**k - 1)
    for share, times in zip(shares, odds, strict=True):
        ratio = np.array(reaches) / (1 - np.array(reaches)) * times
        p = ratio / (1 + ratio)
        counts += N * share * np.where(patterns(k) == 1, p, 1 - p).prod(axis=1)
    return Histories(tuple(str(j) for j in range(k)), np.round(counts).astype(np.float64))


def test_chao_is_no_lower_bound_where_reaches_differ() -> None:
    """Reaches .6, .1, .05: it says 19,100 of 10,000, and what unequal reach adds is foretold."""
    table = expected((0.6, 0.1, 0.05))
    f1, f2 = table.frequencies()[:2]
    number, _ = chao(table.n, f1, f2, 3)
    assert number == pytest.approx(19_100, rel=0.01)
    unseen = N - table.n
    assert excess_of_chao(table) == pytest.approx((number - table.n) / unseen - 1, rel=0.02)
    assert not near_equal_reach(table)
    found = lower_bound(table, 0.95)
    assert found is not None
    assert found.method == "mth-chao"
    assert found.value == pytest.approx(N, rel=0.02)
    assert found.low < N


@pytest.mark.parametrize(
    ("reaches", "method"),
    [
        ((0.2, 0.2, 0.2), "chao-bias-corrected"),
        ((0.2, 0.2, 0.2, 0.21), "chao-bias-corrected"),
        ((0.2, 0.3, 0.4), "mth-chao"),
        ((0.1, 0.2, 0.2, 0.4), "mth-chao"),
    ],
)
def test_which_bound(reaches: tuple[float, ...], method: str) -> None:
    table = expected(reaches)
    found = lower_bound(table, 0.95)
    assert found is not None
    assert found.method == method
    assert table.n < found.low < N
    assert found.value == pytest.approx(N, rel=0.02)


@pytest.mark.parametrize("reaches", [(0.2, 0.2, 0.2), (0.1, 0.3, 0.4), (0.1, 0.2, 0.3, 0.4)])
def test_however_units_differ_it_is_below(reaches: tuple[float, ...]) -> None:
    table = expected(reaches, (0.5, 0.3, 0.2), (0.3, 1.0, 5.0))
    found = lower_bound(table, 0.95)
    assert found is not None
    assert found.value < N
    assert not avoiding_pairs(table)
    result = capture_recapture(patterns(table.k), counts=table.counts)
    assert "reach-may-differ" in result.population.warnings


def removed(reaches: tuple[float, ...], share: float) -> Histories:
    """Of those that the first route hits, ``share`` are gone before the others look."""
    table = expected(reaches)
    seen = patterns(table.k)
    alone = int(np.flatnonzero((seen[:, 0] == 1) & (seen.sum(axis=1) == 1))[0])
    together = (seen[:, 0] == 1) & (seen.sum(axis=1) > 1)
    lost = np.where(together, np.round(table.counts * share), 0)
    counts = table.counts - lost
    counts[alone] += lost.sum()
    return Histories(table.routes, counts)


def test_where_routes_avoid_one_another_there_is_no_bound() -> None:
    """One route leaves out three in four of those the other has found."""
    table = expected((0.3, 0.3, 0.3, 0.3))
    both = patterns(4)[:, :2].all(axis=1)
    table = Histories(table.routes, np.where(both, np.round(table.counts / 4), table.counts))
    assert avoiding_pairs(table) == [("0", "1")]
    result = capture_recapture(patterns(4), counts=table.counts)
    assert (result.lower_bound, result.no_lower_bound) == (None, "routes-avoid")
    assert "routes-avoid" in result.population.warnings


def test_removal_leaves_no_such_trace() -> None:
    """Why `removal` has to be said: overlaps given the others are as before, the bound too high."""
    table = removed((0.3, 0.3, 0.3, 0.3), 0.6)
    found = lower_bound(table, 0.95)
    assert found is not None
    assert found.low > N
    assert avoiding_pairs(table) == []


def test_overlap_is_compared_within_patterns_of_the_others() -> None:
    """Worked by hand for three routes: of those seen by the third, 2 × 2 with 20, 5, 5 and 20."""
    order = [tuple(one) for one in patterns(3)]
    cells = dict.fromkeys(product((0, 1), repeat=3), 50.0)
    cells |= {(1, 1, 1): 5, (1, 0, 1): 20, (0, 1, 1): 20, (0, 0, 1): 5}
    table = Histories(("a", "b", "c"), np.array([cells[one] for one in order]))
    assert ("a", "b") in avoiding_pairs(table)
    turned = cells | {(1, 1, 1): 20, (1, 0, 1): 5, (0, 1, 1): 5, (0, 0, 1): 20}
    table = Histories(("a", "b", "c"), np.array([turned[one] for one in order]))
    assert ("a", "b") not in avoiding_pairs(table)
