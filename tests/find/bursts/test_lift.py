"""Tail and limits of a lift: beside SciPy, and what they must be in plain cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats.contingency import odds_ratio

from marsad.find.bursts.lift import Table, limits, tail

CELLS = st.integers(0, 60)
TABLES = st.builds(Table, CELLS, CELLS, CELLS, CELLS)


@given(TABLES, st.floats(0.2, 20))
def test_the_tail_is_fishers_noncentral_law(table: Table, odds: float) -> None:
    new = table.new_inside + table.new_outside
    known = table.known_inside + table.known_outside
    inside = table.new_inside + table.known_inside
    law = stats.nchypergeom_fisher(new + known, new, inside, odds)
    assert tail(table, odds) == pytest.approx(law.sf(table.new_inside - 1), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(
    "table", [Table(8, 5, 10, 90), Table(3, 20, 40, 30), Table(9, 0, 5, 50), Table(0, 9, 20, 40)]
)
def test_limits_are_those_of_scipy(table: Table) -> None:
    cells = [[table.new_inside, table.known_inside], [table.new_outside, table.known_outside]]
    theirs = odds_ratio(cells, kind="conditional").confidence_interval(0.95)
    ours = limits(table)
    assert ours.low == pytest.approx(theirs.low, rel=1e-4, abs=1e-9)
    if ours.high is None:
        assert theirs.high == float("inf")
    else:
        assert ours.high == pytest.approx(theirs.high, rel=1e-4)


@given(TABLES)
def test_the_lift_is_finite_and_inside_its_limits_or_nearly(table: Table) -> None:
    found = limits(table)
    assert table.lift > 0
    assert table.expected > 0
    assert found.low >= 0
    assert found.high is None or found.high >= found.low


def test_more_inside_is_less_likely_by_chance() -> None:
    tails = [tail(Table(a, 20 - a, 20, 80), 2) for a in range(21)]
    assert tails == sorted(tails, reverse=True)
    assert tails[0] == 1
