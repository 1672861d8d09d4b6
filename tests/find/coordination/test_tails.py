"""Tails of counts, beside every outcome counted by hand and beside SciPy."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from marsad.find.coordination.tails import exact_tails, tails
from marsad.find.discoveries import q_values

CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=8)


def one(chances: list[float], count: int) -> float:
    starts = np.array([0, len(chances)])
    return float(exact_tails(np.array(chances), starts, np.array([count]))[0])


def counted(chances: list[float], count: int) -> float:
    """Every outcome with at least that many successes."""
    total = 0.0
    for outcome in itertools.product((0, 1), repeat=len(chances)):
        if sum(outcome) >= count:
            total += np.prod([p if hit else 1 - p for p, hit in zip(chances, outcome, strict=True)])
    return total


@given(CHANCES, st.integers(1, 9))
def test_every_outcome_counts(chances: list[float], count: int) -> None:
    assert one(chances, count) == pytest.approx(counted(chances, count), abs=1e-12)


@given(st.lists(st.tuples(CHANCES, st.integers(1, 9)), min_size=1, max_size=12))
def test_groups_do_not_disturb_one_another(groups: list[tuple[list[float], int]]) -> None:
    starts = np.cumsum([0, *(len(chances) for chances, _ in groups)])
    chances = np.concatenate([chances for chances, _ in groups])
    found = exact_tails(chances, starts, np.array([count for _, count in groups]))
    assert found == pytest.approx([one(*group) for group in groups], abs=1e-12)


def test_equal_chances_are_binomial() -> None:
    """25 of 30 at one half: 1.6e-4, where a Poisson count would say 1.1e-2."""
    assert one([0.5] * 30, 25) == pytest.approx(stats.binom.sf(24, 30, 0.5))
    assert one([0.5] * 30, 25) == pytest.approx(1.6e-4, rel=0.02)
    assert one([1e-6] * 50, 10) == pytest.approx(stats.binom.sf(9, 50, 1e-6), rel=1e-9)


def test_many_groups_of_many_sizes() -> None:
    """More than fits at once."""
    draw = np.random.default_rng(3)
    sizes = draw.integers(1, 400, 20_000)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    counts = np.minimum(sizes, draw.integers(1, 40, len(sizes)))
    found = exact_tails(np.full(starts[-1], 0.03), starts, counts)
    assert found == pytest.approx(stats.binom.sf(counts - 1, sizes, 0.03), rel=1e-9)


@given(st.lists(st.tuples(CHANCES, st.integers(1, 9)), min_size=1, max_size=12))
def test_a_shortcut_is_never_too_small(groups: list[tuple[list[float], int]]) -> None:
    starts = np.cumsum([0, *(len(chances) for chances, _ in groups)])
    chances = np.concatenate([chances for chances, _ in groups])
    counts = np.array([count for _, count in groups])
    quick, exact = (reckon(chances, starts, counts) for reckon in (tails, exact_tails))
    assert (quick >= exact * (1 - 1e-9)).all()
    means = np.add.reduceat(chances, starts[:-1])
    plain = (counts > means) & (quick >= 1e-14)
    assert quick[plain] == pytest.approx(exact[plain], abs=1e-15)
    assert (quick[counts <= means] == 1).all()


def test_a_bound_that_is_tiny_is_near_the_tail() -> None:
    """3,000 of 3,500 at 1 in 100: no table of 10 million numbers is needed to know."""
    starts = np.array([0, 3500, 3600])
    chances = np.concatenate([np.full(3500, 0.01), np.full(100, 0.1)])
    quick = tails(chances, starts, np.array([3000, 50]))
    exact = stats.binom.sf([2999, 49], [3500, 100], [0.01, 0.1])
    assert (quick >= exact).all()
    assert quick[1] < exact[1] * 100
    assert quick[0] < 1e-300


@pytest.mark.parametrize("sure", [0, 1, 5])
def test_objects_on_which_all_come_close_change_nothing(sure: int) -> None:
    """A chance of 1, as of an object that only the two shared; of 0 too."""
    chances = np.array([0.05] * 150 + [1.0] * sure + [0.0] * 3)
    quick = tails(chances, np.array([0, len(chances)]), np.array([130 + sure]))[0]
    exact = stats.binom.sf(129, 150, 0.05)
    assert exact <= quick <= 1000 * exact


def test_q_values_beside_a_plain_reading() -> None:
    p = np.array([0.001, 0.02, 0.0005, 0.9])
    ranked = sorted(p)
    expected = [
        min(min(1.0, later * 100 / rank) for rank, later in enumerate(ranked, 1) if later >= one_p)
        for one_p in p
    ]
    assert q_values(p, 100) == pytest.approx(expected)


@given(st.lists(st.floats(0, 1), max_size=50), st.integers(0, 1000))
def test_q_values_keep_the_order_and_never_flatter(p: list[float], more: int) -> None:
    given_p = np.array(p)
    found = q_values(given_p, len(p) + more)
    assert (found >= given_p - 1e-12).all()
    assert (found <= 1).all()
    assert all(a <= b for a, b in itertools.pairwise(found[np.argsort(given_p, kind="stable")]))
