"""The number if units differ in how easily they are found, on tables of what is expected."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.measure.capture_recapture import capture_recapture
from marsad.measure.capture_recapture.abundance import fitted_closed
from marsad.measure.capture_recapture.closed import designs
from marsad.measure.capture_recapture.differing import if_reach_differs
from marsad.measure.capture_recapture.histories import Histories, patterns

N, REACHES = 5_000, np.array([0.4, 0.3, 0.2, 0.15])


def expected(spread: float, reaches: np.ndarray = REACHES) -> Histories:
    """Of N units whose log odds of being found are normal with this standard deviation."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    odds = np.log(reaches / (1 - reaches)) + spread * nodes[:, None]
    p = 1 / (1 + np.exp(-odds))
    seen = patterns(len(reaches)) == 1
    chance = np.where(seen[None], p[:, None], 1 - p[:, None]).prod(axis=2)
    counts = np.round(N * (weights / weights.sum()) @ chance)
    return Histories(tuple("abcd"), counts.astype(np.float64))


@pytest.mark.parametrize("spread", [0.5, 1.0])
def test_it_finds_those_that_are_hard_to_find(spread: float) -> None:
    table = expected(spread)
    found = capture_recapture(patterns(4), counts=table.counts, turnover=0.0)
    differing = found.if_reach_differs
    assert differing is not None
    assert differing.low < N < differing.high
    assert differing.value == pytest.approx(N, rel=0.03)
    assert "reach-may-differ" in found.population.warnings
    assert found.to_dict()["if_reach_differs"]["name"] == "population-if-reach-differs"


def test_the_interval_for_units_alike_is_then_too_low() -> None:
    population = capture_recapture(patterns(4), counts=expected(0.5).counts).population
    assert population.high < N


def test_the_condition_is_said_where_nothing_shows() -> None:
    found = capture_recapture(patterns(4), counts=expected(0.0).counts, turnover=0.0)
    assert "reach-taken-as-equal" in found.population.warnings
    assert "reach-may-differ" not in found.population.warnings


def test_units_do_not_differ_by_less_than_nothing() -> None:
    """Overlaps smaller than chance would give take no units away: it is the model Mt then."""
    table = expected(0.0)
    pairs = table.times * (table.times - 1) / 2
    seldom = (0.95**pairs * table.counts).round()
    mt = next(one for one in designs(4) if one.name == "Mt")
    alone, _ = fitted_closed(seldom, mt, seldom.sum(), 4)
    value, low, high = if_reach_differs(Histories(table.routes, seldom), 0.95)
    assert seldom.sum() + value == pytest.approx(alone.abundance, rel=0.01)
    assert high is not None
    assert low < value < high


def test_strata_are_summed() -> None:
    counts = expected(0.5).counts
    found = capture_recapture(
        np.vstack([patterns(4)] * 2), counts=[*counts, *counts],
        strata=["x"] * 15 + ["y"] * 15, turnover=0.0,
    )  # fmt: skip
    assert found.if_reach_differs is not None
    assert found.if_reach_differs.value == pytest.approx(2 * N, rel=0.03)
    assert found.if_reach_differs.method == "mth-darroch-strata"


def test_where_the_table_contradicts_it_there_is_none() -> None:
    """Two routes of four find three times as many together: units that differ do not do that."""
    table = expected(0.0)
    both = patterns(4)[:, :2].all(axis=1)
    counts = np.where(both, 3 * table.counts, table.counts)
    assert capture_recapture(patterns(4), counts=counts).if_reach_differs is None


def test_where_routes_avoid_one_another_there_is_none() -> None:
    table = expected(0.0)
    both = patterns(4)[:, :2].all(axis=1)
    counts = np.where(both, np.round(table.counts / 4), table.counts)
    assert capture_recapture(patterns(4), counts=counts).if_reach_differs is None
