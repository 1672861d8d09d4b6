"""One post is one act, however many objects it names."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from marsad.find.coordination.acts import acts_of_accounts, one_an_act
from marsad.find.coordination.candidates import candidates
from marsad.find.coordination.closeness import close
from marsad.find.coordination.shares import Shares
from tests.find.coordination.nulls import NULLS, tagged
from tests.find.coordination.rings import planted
from tests.find.coordination.rows import SECOND, WINDOW, found


def shares(*rows: tuple[int, int, int]) -> Shares:
    """From account, object and second."""
    account, object_, at = np.array(rows, np.int64).T
    names = pa.array([f"x:{n}" for n in range(int(object_.max()) + 1)])
    return Shares.of(account, object_, at * SECOND, names)


def told(given: Shares) -> list[tuple[int, int, int, list[int]]]:
    met = close(given, WINDOW)
    pairs = candidates(met, np.full(len(given.objects), 1e-9), 1.0, 1.0)
    pairs = one_an_act(pairs, given, WINDOW)
    return [
        (int(u), int(v), int(n), pairs.object[pairs.starts[k] : pairs.starts[k + 1]].tolist())
        for k, (u, v, n) in enumerate(zip(pairs.u, pairs.v, pairs.count, strict=True))
    ]


def test_objects_of_the_same_posts_are_one_act() -> None:
    twice = [(0, 0, 0), (0, 1, 0), (1, 0, 5), (1, 1, 5)]
    assert told(shares(*twice)) == []
    again = [(0, 2, 500), (1, 2, 510)]
    assert told(shares(*twice, *again)) == [(0, 1, 2, [0, 2])]


def test_what_most_accounts_shared_stands_for_an_act() -> None:
    twice = [(0, 0, 0), (0, 1, 0), (1, 0, 5), (1, 1, 5)]
    others = [(2, 1, 90_000), (0, 2, 500), (1, 2, 510)]
    assert told(shares(*twice, *others)) == [(0, 1, 2, [1, 2])]


def test_a_chain_of_posts_is_one_act() -> None:
    """One account names both in a post, the other in two posts of the same minute."""
    chain = [(0, 0, 0), (0, 1, 0), (1, 0, 5), (1, 1, 9)]
    assert told(shares(*chain)) == []


def test_acts_that_were_not_close_stay_in_common() -> None:
    rows = [(0, n, n * 900) for n in range(4)]
    rows += [(1, n, n * 900 + (5 if n < 2 else 200)) for n in range(4)]
    assert told(shares(*rows)) == [(0, 1, 2, [0, 1, 2, 3])]


def test_posts_of_an_account_are_counted_by_their_times() -> None:
    given = shares((0, 0, 0), (0, 1, 0), (0, 2, 7), (1, 0, 0), (1, 1, 3), (1, 2, 3))
    every = np.ones(len(given.at), bool)
    assert acts_of_accounts(given, every).tolist() == [2, 2]
    assert acts_of_accounts(given, given.object == 2).tolist() == [1, 1]


def test_posts_with_several_objects_are_no_discovery() -> None:
    """Hashtags that stand together, in posts of nobody who agreed on anything."""
    for seed in range(3):
        for kind in ("uniform", "daily", "viewers"):
            draw = np.random.default_rng(seed)
            assert not len(found(tagged(NULLS[kind](draw), draw))), (kind, seed)


def test_a_group_that_shares_several_at_once_is_found() -> None:
    draw = np.random.default_rng(1)
    rows, members = planted(draw, accounts=1000, count=40_000)
    edges = found(tagged(rows, draw))
    seen = {*edges.u.tolist(), *edges.v.tolist()}
    assert seen == members
