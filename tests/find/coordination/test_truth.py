"""What is found where the truth is known: nothing where nobody agreed, all where twenty did."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.find.coordination.communities import communities
from marsad.find.coordination.network import validated
from marsad.find.coordination.testing import put_to_test
from tests.find.coordination.nulls import NULLS
from tests.find.coordination.rings import planted, ring
from tests.find.coordination.rows import WINDOW, found

HIDDEN = {
    "nobody else": {"others": 0},
    "nobody else, some stay away": {"others": 0, "part": 0.6},
    "a hundred others": {"others": 100},
    "a hundred others, some stay away": {"others": 100, "part": 0.6},
    "a hundred within the hour after": {"others": 100, "spread": 3600.0},
    "a hundred within the day after": {"others": 100, "spread": 86_400.0},
}


@pytest.mark.parametrize("name", NULLS)
def test_nothing_where_nobody_agreed(name: str) -> None:
    """Two seeds here, a hundred in the slow tests."""
    for seed in range(2):
        assert len(found(NULLS[name](np.random.default_rng(seed)))) == 0, seed


@pytest.mark.parametrize("name", HIDDEN)
def test_twenty_in_five_thousand(name: str) -> None:
    """All in one community with nobody else; of those who stay away at times 95 in a hundred."""
    rows, members = planted(np.random.default_rng(7), **HIDDEN[name])
    accounts, of = communities(found(rows))
    assert set(accounts.tolist()) <= members
    assert len(accounts) >= (0.95 if "part" in HIDDEN[name] else 1) * len(members)
    assert set(of.tolist()) == {0}


@pytest.mark.parametrize(("size", "objects"), [(20, 100), (20, 600), (8, 300), (100, 30)])
def test_a_busy_ring_and_a_large_one_do_not_hide_themselves(size: int, objects: int) -> None:
    rows, members = ring(np.random.default_rng(1), size, objects)
    accounts, of = communities(found(rows))
    assert set(accounts.tolist()) == members
    assert set(of.tolist()) == {0}


def test_what_is_explained_lets_nothing_else_pass() -> None:
    """Without some discoveries the others stand or fall by as many tests, and by fewer fellows."""
    rows, _ = ring(np.random.default_rng(1), 8, 300)
    tested = {"url": put_to_test(rows.shares(), WINDOW, 0.05)}
    every, _ = validated(tested, 0.05)
    some = every.only_at(np.arange(0, len(every), 2))
    left, _ = validated(tested, 0.05, without=some)
    pairs = set(zip(left.u.tolist(), left.v.tolist(), strict=True))
    assert pairs.isdisjoint(zip(some.u.tolist(), some.v.tolist(), strict=True))
    before = {(u, v): q for u, v, q in zip(every.u, every.v, every.q, strict=True)}
    assert pairs
    assert all(q >= before[u, v] for u, v, q in zip(left.u, left.v, left.q, strict=True))
    assert len(left) == len(every) - len(some)
