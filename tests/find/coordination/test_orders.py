"""The order of numbers, as numpy's own stable sort has it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.find.coordination.orders import numbered, places

NARROW = st.integers(-3, 3)
WIDE = st.integers(-(2**63), 2**63 - 1)
ALIKE = st.builds(lambda high, low: high * 2**59 + low, st.integers(-8, 7), st.integers(0, 5))
"""Numbers of which groups differ in their last bits alone."""


@given(st.lists(NARROW, max_size=40) | st.lists(WIDE, max_size=40) | st.lists(ALIKE, max_size=60))
def test_the_order_is_that_of_a_stable_sort(listed: list[int]) -> None:
    values = np.array(listed, np.int64)
    assert places(values).tolist() == np.argsort(values, kind="stable").tolist()


@given(st.lists(NARROW | WIDE | ALIKE, max_size=40))
def test_numbers_are_those_of_unique(listed: list[int]) -> None:
    values = np.array(listed, np.int64)
    distinct, place = np.unique(values, return_inverse=True)
    ours, at = numbered(values)
    assert (ours.tolist(), at.tolist()) == (distinct.tolist(), place.tolist())


@pytest.mark.parametrize("wide", [1, 2**20, 2**40])
def test_many_numbers(wide: int) -> None:
    values = np.random.default_rng(1).integers(-1_000, 1_000, 50_000) * wide
    assert (places(values) == np.argsort(values, kind="stable")).all()
