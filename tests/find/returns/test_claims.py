"""Which pairs become claims."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.find.returns.blocks import Pairs
from marsad.find.returns.claims import Claim, claims, roots

DAY = 86_400_000_000


def made(rows: list[tuple[int, int, float, float]], since: dict[int, int], first: dict[int, int]):  # type: ignore[no-untyped-def]
    """Claims from (parent, child, chance, weight); times in days."""
    parent, child, chance, weight = (np.array(column) for column in zip(*rows, strict=True))
    gone = np.array([since.get(n, -1) for n in range(9)]) * DAY
    gone[gone < 0] = -1
    appeared = np.array([first.get(n, 0) for n in range(9)]) * DAY
    return claims(Pairs(parent, child, np.zeros(len(parent))), chance, weight, gone, appeared)


def test_one_parent_a_child_and_the_others_are_shown() -> None:
    found = made([(0, 5, 0.7, 2.0), (1, 5, 0.8, 3.0), (2, 5, 0.3, 1.0)], {0: 1, 1: 1, 2: 1}, {})
    assert [(one.parent, one.clear, one.rivals) for one in found] == [(1, False, (0,))]


def test_several_children_a_parent() -> None:
    found = made([(0, 5, 0.999, 9.0), (0, 6, 0.999, 8.0)], {0: 1}, {5: 2, 6: 2})
    assert [(one.child, one.parent) for one in found] == [(5, 0), (6, 0)]


def test_in_a_chain_the_last_to_go_is_the_parent() -> None:
    rows = [(0, 5, 0.9999, 20.0), (1, 5, 0.9999, 12.0)]
    assert made(rows, {0: 1, 1: 4}, {5: 5})[0].parent == 1
    # the second had not gone yet when the child appeared
    assert made(rows, {0: 1, 1: 9}, {5: 5})[0].parent == 0


def test_of_two_that_are_gone_the_later_is_the_child() -> None:
    rows = [(0, 1, 0.9999, 9.0), (1, 0, 0.9999, 9.0)]
    assert [(one.parent, one.child) for one in made(rows, {0: 1, 1: 4}, {1: 2})] == [(0, 1)]
    assert [(one.parent, one.child) for one in made(rows, {0: 4, 1: 4}, {})] == [(0, 1)]


def test_below_even_chances_nothing_is_said() -> None:
    assert made([(0, 5, 0.49, 2.0)], {0: 1}, {}) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, 0, True), (2, 1, True)], {1: 0, 2: 0}),
        ([(1, 0, False), (2, 1, True)], {1: 0, 2: 1}),
        ([(1, 2, True), (2, 1, True)], {1: 1, 2: 2}),
    ],
    ids=["chain", "unsure does not chain", "circle ends"],
)
def test_roots(rows: list[tuple[int, int, bool]], expected: dict[int, int]) -> None:
    assert roots([Claim(child, parent, 0, clear) for child, parent, clear in rows]) == expected
