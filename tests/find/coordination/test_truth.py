"""What is found where the truth is known: nothing where nobody agreed, all where twenty did."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.find.coordination.communities import communities
from tests.find.coordination.rows import NULLS, found, planted, ring

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
