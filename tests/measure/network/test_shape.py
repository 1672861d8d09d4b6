"""The shape of a network: small ones seen through, and any against a slow reference."""

from __future__ import annotations

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.measure.network import Shape, Ties, removed_at_random, shape
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate

Pair = tuple[int, int]


def ties(*pairs: Pair, accounts: int = 10) -> Ties:
    source, target = (np.array([pair[end] for pair in pairs], np.int64) for end in (0, 1))
    return Ties.distinct(source, target, accounts)


def members(*which: int, of: int = 10) -> np.ndarray:
    found = np.zeros(of, bool)
    found[list(which)] = True
    return found


NONE = np.zeros(0, np.int64)


def moment(
    network: Ties, alive: np.ndarray, posts: object = 0, used: tuple[Pair, ...] = ()
) -> Shape:
    pairs = np.array(used, np.int64).reshape(-1, 2)
    counts = np.broadcast_to(np.asarray(posts, np.int64), (network.accounts,))
    return Shape(alive, network, counts, (pairs[:, 0], pairs[:, 1]))


def by_name(estimates: list[Estimate]) -> dict[str, Estimate]:
    return {one.name: one for one in estimates}


RING = ties((0, 1), (1, 2), (2, 0), (1, 0), (5, 0), (6, 1), (6, 2), (3, 4))
WATCHED = members(0, 1, 2, 3, 4)


def test_a_small_network_seen_through() -> None:
    used = ((0, 1), (0, 5), (1, 0), (1, 2), (3, 9))
    posts = np.arange(10)
    found = by_name(shape(moment(RING, WATCHED, posts, used), WATCHED, "before"))
    assert found["reach-before"].value == 2  # 5 and 6
    assert found["deepest-core-before"].value == 2
    assert found["reciprocity-before"].value == pytest.approx(2 / 5)
    assert found["in-network-before"].value == pytest.approx(3 / 5)
    assert found["reachable-before"].value == pytest.approx(3 / 5)
    assert "concentration-before" not in found  # four accounts alone posted
    assert found["reach-before"].bound == "lower"


def test_after_the_one_in_the_middle_has_gone() -> None:
    chain = ties((0, 1), (1, 2), (2, 3), (3, 4))
    found = by_name(shape(moment(chain, members(0, 1, 3, 4)), members(0, 1, 2, 3, 4), "after"))
    assert found["reachable-after"].value == pytest.approx(2 / 5)
    assert found["reach-after"].value == 0  # who has gone is nobody's audience


def test_concentration_is_that_of_the_most_active_tenth() -> None:
    posts = np.array([91, *[1] * 9])
    found = by_name(shape(moment(RING, members(*range(10)), posts), WATCHED, "before"))
    assert found["concentration-before"].value == pytest.approx(0.91)


def test_without_ties_it_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        shape(moment(Ties(NONE, NONE, 10), WATCHED), WATCHED, "before")
    assert refused.value.missing == ("edges",)


def test_removing_the_hub_leaves_less_than_removing_anybody() -> None:
    star = ties(*((0, n) for n in range(1, 100)), accounts=100)
    everybody = members(*range(100), of=100)
    before = moment(star, everybody)
    after = moment(star, members(*range(1, 100), of=100))
    random = removed_at_random(before, after, everybody)
    reached = by_name(shape(after, everybody, "after"))["reachable-after"]
    assert reached.value < 0.02 < random.low == pytest.approx(0.99)


def test_removing_nobody_changes_nothing() -> None:
    before = moment(RING, WATCHED)
    random = removed_at_random(before, before, WATCHED)
    assert random.low == random.high == pytest.approx(3 / 5)


PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=40)


@given(PAIRS, st.sets(st.integers(0, 9), min_size=1))
def test_against_networkx(pairs: list[Pair], who: set[int]) -> None:
    network, alive = ties(*pairs), members(*who)
    graph = networkx.DiGraph([pair for pair in pairs if pair[0] != pair[1]])
    graph.add_nodes_from(range(10))
    inside = graph.subgraph(who)
    loose = inside.to_undirected()
    assert network.largest_part(alive).sum() == max(map(len, networkx.connected_components(loose)))
    assert network.deepest_core(alive) == max(networkx.core_number(loose).values())
    assert network.audience(alive, alive) == len(
        {a for a, b in graph.edges if b in who and a not in who}
    )
    answered = sum((b, a) in inside.edges for a, b in inside.edges)
    assert network.between(alive).answered().sum() == answered
