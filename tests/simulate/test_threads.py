from __future__ import annotations

import numpy as np
import pytest

from marsad.simulate.population import ACCOUNT
from marsad.simulate.posts import CIRCLE, Kind, Wants, new_posts
from marsad.simulate.threads import Memory, thread
from marsad.simulate.window import NEVER


def accounts(count: int) -> np.ndarray:
    rows = np.zeros(count, ACCOUNT)
    rows["ended"], rows["taken"] = NEVER, NEVER
    return rows


def drafts(*rows: dict[str, int]) -> np.ndarray:
    """Posts an hour apart, each by an account of its own, with the given fields."""
    posts = new_posts(len(rows))
    posts["time"] = 10**9 + np.arange(len(rows)) * 3600
    posts["account"] = np.arange(len(rows))
    posts["seed"] = np.arange(len(rows)) + 100
    for number, fields in enumerate(rows):
        for name, value in fields.items():
            posts[name][number] = value
    return posts


class Now:
    """Stands for the random numbers: everybody refers to what was there this long ago."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def exponential(self, scale: float, size: int) -> np.ndarray:
        return np.full(size, self.seconds)


REPOST, REPLY = {"wants": Wants.REPOST}, {"wants": Wants.REPLY}


def threaded(posts: np.ndarray, memory: Memory | None = None, rows: np.ndarray | None = None):
    people = accounts(len(posts) + 5) if rows is None else rows
    return thread(posts, memory or Memory.empty(), people, Now(1800.0))


def test_a_repost_of_a_repost_points_to_the_original() -> None:
    posts = threaded(drafts({}, REPOST, REPOST, REPOST))
    assert posts["repost_of"].tolist() == [-1, 0, 0, 0]
    assert posts["repost_account"].tolist() == [-1, 0, 0, 0]
    assert (posts["seed"] == 100).all()


def test_a_repost_finds_originals_of_slices_before() -> None:
    first = threaded(drafts({}, REPOST))
    later = drafts(REPOST)
    later["time"] += 2 * 3600
    later["account"] = 4
    posts = threaded(later, Memory.empty().after(first), accounts(5))
    assert posts["number"].tolist() == [2]
    assert posts["repost_of"].tolist() == [0]


def test_nothing_before_makes_an_original() -> None:
    posts = threaded(drafts(REPOST, {}))
    assert posts["repost_of"].tolist() == [-1, -1]
    assert posts["seed"].tolist() == [100, 101]


def test_a_post_that_found_nothing_is_not_reposted_outside_its_room() -> None:
    # The first wanted a repost in its language, found none, and posts marker content instead.
    posts = threaded(drafts({**REPOST, "kind": Kind.MARKER}, REPOST))
    assert posts["repost_of"].tolist() == [-1, -1]


@pytest.mark.parametrize(("room", "expected"), [(0, -1), (CIRCLE, 0)], ids=["language", "circle"])
def test_violating_posts_are_found_in_the_circle_alone(room: int, expected: int) -> None:
    posts = threaded(drafts({"kind": Kind.MARKER}, {**REPOST, "room": room}))
    assert posts["repost_of"].tolist() == [-1, expected]


def test_nobody_reposts_their_own_or_twice() -> None:
    own = threaded(drafts({"account": 3}, {**REPOST, "account": 3}))
    assert own["repost_of"].tolist() == [-1, -1]
    twice = threaded(drafts({}, {**REPOST, "account": 3}, {**REPOST, "account": 3}))
    assert twice["repost_of"].tolist() == [-1, 0, -1]


def test_posts_of_accounts_that_are_gone_are_left_alone() -> None:
    rows = accounts(5)
    rows["ended"][0] = 10**9 + 1800
    posts = threaded(drafts({}, REPOST, REPLY), rows=rows)
    assert posts["repost_of"].tolist() == [-1, -1, -1]
    assert posts["reply_to"].tolist() == [-1, -1, -1]


def test_a_reply_mentions_whom_it_answers_and_its_repost_does_so_too() -> None:
    posts = threaded(drafts({}, REPLY, REPOST))
    assert posts["reply_to"].tolist() == [-1, 0, -1]
    assert posts["mention"].tolist() == [-1, 0, 0]
    assert posts["repost_of"].tolist() == [-1, -1, 1]


def test_accounts_that_do_not_exist_yet_post_nothing() -> None:
    rows = accounts(5)
    rows["created"][1] = 10**9 + 2 * 3600
    posts = threaded(drafts({}, {}, {}), rows=rows)
    assert posts["account"].tolist() == [0, 2]
    assert posts["number"].tolist() == [0, 1]


def test_planned_reposts_point_to_their_original_in_this_slice_or_before() -> None:
    first = threaded(drafts({"key": 8}, {"target": 8}))
    assert first["repost_of"].tolist() == [-1, 0]
    later = drafts({"target": 8, "account": 3})
    later["time"] += 7200
    posts = threaded(later, Memory.empty().after(first), accounts(5))
    assert posts["repost_of"].tolist() == [0]


def test_planned_reposts_fall_away_with_their_original() -> None:
    rows = accounts(5)
    rows["ended"][0] = 5
    posts = threaded(drafts({"key": 8}, {"target": 8}, {}), rows=rows)
    assert posts["account"].tolist() == [2]
