"""Which pairs are worth a test: the same, whichever way their common objects are looked up."""

from __future__ import annotations

import numpy as np
import pytest

from marsad.find.coordination import candidates as module
from marsad.find.coordination.candidates import Candidates, candidates, met_twice
from marsad.find.coordination.chances import own_chances
from marsad.find.coordination.closeness import Close, close
from tests.find.coordination.rows import SECOND, WINDOW, Rows


def network(seed: int, accounts: int, objects: int) -> Close:
    """Accounts that share objects within some hours; a few of these within one minute."""
    draw = np.random.default_rng(seed)
    count = accounts * 12
    what = draw.integers(0, objects, count)
    at = draw.random(count) * np.where(what % 9 == 0, 90, 20_000)
    return close(Rows(draw.integers(0, accounts, count), what, at).shares(), WINDOW)


def plainly(met: Close) -> dict[tuple[int, int], list[int]]:
    """Of each pair of accounts the objects on which it came close, by every pair of shares."""
    shares, found = met.shares, {}
    for i, j in (pair for block in met.pairs() for pair in zip(*block, strict=True)):
        ends = sorted((int(shares.account[i]), int(shares.account[j])))
        found.setdefault((ends[0], ends[1]), []).append(int(shares.object[i]))
    return {pair: objects for pair, objects in found.items() if len(objects) > 1}


def listed(pairs: Candidates) -> list[tuple[int, ...]]:
    own = zip(pairs.u, pairs.v, pairs.count, np.diff(pairs.starts), strict=True)
    rows = zip(pairs.pair, pairs.object, pairs.share_u, pairs.share_v, strict=True)
    return [*(tuple(map(int, one)) for one in own), *(tuple(map(int, one)) for one in rows)]


@pytest.mark.parametrize("steps", [0, 10**12])  # along what two have in common, or along all pairs
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_candidates_are_the_pairs_whose_product_is_small_enough(
    seed: int, part: float, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    met = network(seed, 150, 120)
    own, twice = own_chances(met), plainly(met)
    sums = {pair: float(np.log(own[objects]).sum()) for pair, objects in twice.items()}
    most = float(np.quantile(list(sums.values()), part)) + 1e-9
    wanted = {pair for pair, value in sums.items() if value <= most}
    monkeypatch.setattr(module, "_steps", lambda *_: steps)
    found = candidates(met, own, len(twice) / np.exp(most), 1.0)
    assert set(zip(found.u.tolist(), found.v.tolist(), strict=True)) == wanted
    assert found.count.tolist() == [len(twice[u, v]) for u, v in zip(found.u, found.v, strict=True)]
    assert 0 < len(wanted) < len(twice)


@pytest.mark.parametrize("seed", range(3))
def test_both_ways_give_the_same_rows(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    met = network(seed, 150, 120)
    found = []
    for steps in (0, 10**12):
        monkeypatch.setattr(module, "_steps", lambda *_, steps=steps: steps)
        found.append(listed(candidates(met, own_chances(met), 1.0, 1.0)))
    assert found[0] == found[1]
    assert found[0]


def test_nobody_who_met_twice() -> None:
    rows = Rows(np.array([1, 2, 3, 4]), np.array([0, 0, 1, 1]), np.array([0.0, 1.0, 2.0, 3.0]))
    met = close(rows.shares(), 5 * SECOND)
    assert not len(met_twice(met)[0])
    assert listed(candidates(met, own_chances(met), 12.0, 0.05)) == []
