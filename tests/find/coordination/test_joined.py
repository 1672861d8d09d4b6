"""Which pairs a third account joins, and what is told of the others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.find.coordination import Coordination
from marsad.find.coordination.joined import in_triangles
from marsad.find.coordination.network import Edges
from tests.find.coordination.test_signal import GROUP, found

PAIR = [post for post in GROUP if "together" not in post["account"]] + [
    post for post in GROUP if post["account"] in ("x:@together-0", "x:@together-1")
]


def edges(*pairs: tuple[int, int]) -> Edges:
    """From pairs of accounts, each on a kind of its own."""
    size = len(pairs)
    u, v = np.sort(np.array(pairs, np.int64).reshape(size, 2), axis=1).T
    kinds = np.array([f"kind{n}" for n in range(size)], dtype=object)
    ones, floats = np.ones(size, np.int64), np.ones(size)
    return Edges(kinds, ones, u * 10**12, v * 10**12, ones, ones, floats, floats, floats, ones > 0)


@pytest.mark.parametrize(
    ("pairs", "joined"),
    [
        ([], []),
        ([(1, 2)], [False]),
        ([(1, 2), (1, 2)], [False, False]),
        ([(1, 2), (2, 3), (3, 4), (4, 1)], [False] * 4),
        ([(1, 2), (2, 3), (1, 3)], [True] * 3),
        ([(1, 2), (2, 3), (1, 3), (1, 2), (3, 4), (4, 5)], [True] * 4 + [False] * 2),
    ],
)
def test_the_third(pairs: list[tuple[int, int]], joined: list[bool]) -> None:
    assert in_triangles(edges(*pairs)).tolist() == joined


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1])))
def test_as_the_definition_says(pairs: set[tuple[int, int]]) -> None:
    listed = sorted(pairs)
    both = {*pairs, *((b, a) for a, b in pairs)}
    wanted = [any((a, c) in both and (b, c) in both for c in range(8)) for a, b in listed]
    assert in_triangles(edges(*listed)).tolist() == wanted


def test_a_pair_that_nobody_joins_is_counted_and_not_told() -> None:
    signal = Coordination()
    assert found(PAIR, signal) == []
    (note,) = signal.notes
    assert (note.id, note.values) == ("coordination.pairs", {"count": 1})


def test_a_pair_is_told_if_asked_for_and_opens_no_case() -> None:
    signal = Coordination(pairs=True)
    rows = {row["subject_id"]: row for row in found(PAIR, signal)}
    group = {row["community"] for row in rows.values()}
    assert set(rows) == {"x:@together-0", "x:@together-1", *group}
    assert len(group) == 1
    assert not any(row["opens_case"] for row in rows.values())
    assert rows[group.pop()]["message"] == "coordination.group.pairs"
    assert signal.notes == []


def test_a_group_that_one_account_leads_is_told_so() -> None:
    """The same meetings, but one of them came first each time."""
    posts = [
        {**post, "created_at": post["created_at"] - 30_000_000}
        if post["account"] == "x:@together-3"
        else post
        for post in GROUP
    ]
    (row,) = [row for row in found(posts) if row["subject_kind"] == "community"]
    assert row["opens_case"]
    assert row["message"] == "coordination.group.led"
    assert "x:@together-3" in row["values"]
    (plain,) = [row for row in found(GROUP) if row["subject_kind"] == "community"]
    assert plain["message"] == "coordination.group.audience"
