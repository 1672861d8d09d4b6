from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from marsad.simulate.draws import chance, generator, mixed, picked, weighted


def test_mixed_is_splitmix64() -> None:
    # First outputs of the reference implementation for the states 0 and 1234567.
    seeds = np.array([0, 1234567], np.uint64)
    assert mixed(seeds, 0).tolist() == [16294208416658607535, 6457827717110365317]


@given(st.lists(st.integers(0, 2**64 - 1), max_size=20), st.integers(0, 500), st.integers(1, 2**40))
def test_picked_is_below_its_size_and_a_function_of_the_seed(
    numbers: list[int], salt: int, size: int
) -> None:
    seeds = np.array(numbers, np.uint64)
    found = picked(seeds, salt, size)
    assert ((found >= 0) & (found < size)).all()
    assert (picked(seeds[::-1], salt, size)[::-1] == found).all()


def test_chance_is_uniform_on_the_unit_interval() -> None:
    numbers = chance(np.arange(100_000, dtype=np.uint64), 3)
    assert 0 <= numbers.min() < numbers.max() < 1
    counts, _ = np.histogram(numbers, bins=10, range=(0, 1))
    # Five standard deviations of a count of 10,000.
    assert (abs(counts - 10_000) < 475).all()


def test_weighted_follows_its_weights_and_never_takes_what_has_none() -> None:
    found = weighted(np.random.default_rng(1), np.array([0.0, 3.0, 0.0, 1.0, 0.0]), 40_000)
    counts = np.bincount(found, minlength=5)
    assert counts[[0, 2, 4]].sum() == 0
    assert abs(counts[1] / 40_000 - 0.75) < 0.015


def test_parts_draw_independently_of_one_another() -> None:
    first = generator(1, "follows").random(5)
    generator(1, "posts", 3).random(100)
    assert (generator(1, "follows").random(5) == first).all()
    for other in (generator(2, "follows"), generator(1, "posts"), generator(1, "follows", 0)):
        assert (other.random(5) != first).all()
