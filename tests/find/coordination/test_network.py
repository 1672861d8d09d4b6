"""Edges, communities and what explains them, on networks small enough to see through."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from marsad.find.coordination.automation import Source, explaining
from marsad.find.coordination.communities import communities
from marsad.find.coordination.exhibits import NO_POST, Meeting, Post
from marsad.find.coordination.network import Edges


def edges(*pairs: tuple[int, int]) -> Edges:
    u, v = (np.array([pair[end] for pair in pairs], np.int64) for end in (0, 1))
    size = len(pairs)
    fives, ones = np.full(size, 5), np.ones(size)
    kind = np.full(size, "url", dtype=object)
    return Edges(kind, np.arange(size), u, v, fives, fives, ones, ones, ones, ones > 0)


def all_of(*accounts: int) -> list[tuple[int, int]]:
    return list(combinations(sorted(accounts), 2))


def named(found: tuple[np.ndarray, np.ndarray]) -> list[list[int]]:
    keys, of = found
    return [keys[of == number].tolist() for number in range(int(of.max()) + 1)]


def test_parts_without_a_way_between_them() -> None:
    network = edges(*all_of(1, 2, 3), *all_of(10, 11, 12, 13))
    assert named(communities(network)) == [[10, 11, 12, 13], [1, 2, 3]]


def test_two_groups_with_one_edge_between_them() -> None:
    network = edges(*all_of(*range(10)), *all_of(*range(20, 28)), (9, 20))
    assert named(communities(network)) == [list(range(10)), list(range(20, 28))]


def test_one_group_that_is_not_quite_complete_stays_one() -> None:
    whole = all_of(*range(20))
    draw = np.random.default_rng(1)
    some = [pair for pair in whole if draw.random() < 0.6]
    assert named(communities(edges(*some))) == [list(range(20))]


def test_no_edges() -> None:
    keys, of = communities(edges())
    assert len(keys) == len(of) == 0


def test_an_account_in_two_kinds_of_objects_is_one_node() -> None:
    network = edges((1, 2), (2, 3), (1, 2))
    assert named(communities(network)) == [[1, 2, 3]]


def meeting(kind: str = "url", name: str = "https://a.example/1", **post: str) -> Meeting:
    made = Post("x:1", post.get("client"), post.get("author"))
    return Meeting(kind, name, 0, 1, made, made)


CASES = [
    ([meeting(client="App")] * 10, None, Source("client", "App")),
    ([meeting(client="App")] * 8 + [meeting(name="https://b.example/")] * 2, None, None),
    ([meeting()] * 9 + [meeting(name="https://b.example/")], None, Source("domain", "a.example")),
    ([meeting()] * 10, Source("domain", "a.example"), None),
    ([meeting("repost", "x:9", author="x:@star")] * 5, None, Source("account", "x:@star")),
    ([meeting("hashtag", "tag")] * 5, None, None),
    ([meeting(client="App")] * 10, Source("client", "App"), Source("domain", "a.example")),
    ([], None, None),
]


@pytest.mark.parametrize(("meetings", "common", "source"), CASES)
def test_what_explains(meetings: list[Meeting], common: Source | None, source: Source) -> None:
    commons = frozenset({common} if common else ())
    assert explaining(meetings, commons) == source


def test_two_clients_are_no_common_source() -> None:
    apart = Meeting("hashtag", "tag", 0, 1, Post("x:1", "App", None), Post("x:2", "Web", None))
    assert explaining([apart] * 5) is None
    assert explaining([Meeting("hashtag", "tag", 0, 1, NO_POST, NO_POST)] * 5) is None
