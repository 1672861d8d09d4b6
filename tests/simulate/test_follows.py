from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from marsad.simulate import follows

if TYPE_CHECKING:
    from tests.simulate.conftest import Network


def test_edges_resolve_and_none_is_a_loop_or_doubled(network: Network) -> None:
    pairs = [(edge["follower"], edge["followed"]) for edge in network.follows]
    assert len(set(pairs)) == len(pairs)
    for source, target in pairs:
        assert source != target
        assert source in network.accounts
        assert target in network.accounts


def test_degrees_have_the_mean_that_was_set_and_a_heavy_tail(network: Network) -> None:
    incoming = Counter(edge["followed"] for edge in network.follows)
    degrees = np.array([incoming[account] for account in network.accounts])
    assert 12 < degrees.mean() < 26
    assert degrees.max() > 8 * np.median(degrees)


def test_people_follow_their_own_language(network: Network) -> None:
    language = {key: row["language"] for key, row in network.accounts.items()}
    ordinary = {key for key, row in network.accounts.items() if row["group"] == "ordinary"}
    edges = [edge for edge in network.follows if edge["follower"] in ordinary]
    same = np.mean([language[edge["follower"]] == language[edge["followed"]] for edge in edges])
    assert same > 0.7


def test_violating_accounts_follow_one_another(network: Network) -> None:
    bad = {key for key, row in network.accounts.items() if row["is_violating"]}
    edges = [edge for edge in network.follows if edge["follower"] in bad]
    assert np.mean([edge["followed"] in bad for edge in edges]) > 0.5


def test_fans_follow_their_star(network: Network) -> None:
    star = {
        row["community"].split("-")[-1]: key
        for key, row in network.accounts.items()
        if row["group"] == "star"
    }
    pairs = {(edge["follower"], edge["followed"]) for edge in network.follows}
    fans = [row for row in network.accounts.values() if row["group"] == "fan"]
    assert fans
    for row in fans:
        assert (row["account_id"], star[row["community"].split("-")[-1]]) in pairs


def test_no_edge_joins_accounts_that_never_met(network: Network) -> None:
    for edge in network.follows:
        one, two = network.accounts[edge["follower"]], network.accounts[edge["followed"]]
        if "return" in (one["origin"], two["origin"]):
            begin = max(one["created_at"], two["created_at"])
            ends = [row["ended_at"] for row in (one, two) if row["ended_at"]]
            assert all(begin < end for end in ends)


def test_blocks_change_nothing_but_the_draws(
    make: Callable[..., Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = make()
    monkeypatch.setattr(follows, "_BLOCK", 37)
    cut = make()
    assert abs(len(cut.follows) - len(whole.follows)) < 0.2 * len(whole.follows)
    sources = Counter(edge["follower"] for edge in cut.follows)
    assert len(sources) > 200
