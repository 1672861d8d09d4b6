"""What members of a group share apart from the source that gives them the same."""

from __future__ import annotations

import pytest

from marsad.find.coordination.automation import Source
from marsad.find.coordination.exhibits import Post
from marsad.find.coordination.otherwise import AT_ONCE, number_of_posts, sharing_much
from marsad.records.times import HOUR, SECOND

WINDOW = 60 * SECOND

Life = dict[tuple[str, str], Post]


def life(*links: str, account: str, late: int = 0) -> Life:
    """A post a link, an hour apart each."""
    return {
        ("url", link): Post(f"x:{account}-{link}", None, None, at=number * HOUR + late)
        for number, link in enumerate(links)
    }


def alone(number: int, account: str) -> list[str]:
    return [f"{account}-{one}" for one in range(number)]


CASES = [
    # together, each's own, seconds between them, much
    (3, 0, 0, True),
    (2, 0, 0, False),
    (3, 12, 0, True),  # 3 of 15
    (3, 13, 0, False),
    (10, 0, 60, True),
    (10, 0, 61, False),
    (0, 9, 0, False),
]


@pytest.mark.parametrize(("together", "own", "apart", "much"), CASES)
def test_much_is_a_fifth_and_three_posts(together: int, own: int, apart: int, much: bool) -> None:
    links = [f"both-{one}" for one in range(together)]
    shared = {
        1: life(*links, *alone(own, "a"), account="a"),
        2: life(*links, *alone(own + 50, "b"), account="b", late=apart * SECOND),
    }
    assert sharing_much(shared, WINDOW) == ({(1, 2)} if much else set())


def test_a_wide_window_does_not_make_it_together() -> None:
    links = alone(9, "both")
    for late, much in ((AT_ONCE, {(1, 2)}), (AT_ONCE + 1, set())):
        shared = {1: life(*links, account="a"), 2: life(*links, account="b", late=late)}
        assert sharing_much(shared, 24 * HOUR) == much


def test_a_post_with_several_objects_counts_once() -> None:
    ours, theirs = Post("x:1", None, None), Post("x:2", None, None)
    objects = [("url", "a"), ("text", "x:1"), ("hashtag", "b"), ("hashtag", "c")]
    shared = {1: dict.fromkeys(objects, ours), 2: dict.fromkeys(objects, theirs)}
    assert number_of_posts(shared[1]) == 1
    assert sharing_much(shared, WINDOW) == set()


@pytest.mark.parametrize(
    ("source", "gave"),
    [
        (Source("client", "Verses"), True),
        (Source("client", "Verses for Android"), False),
        (Source("account", "x:5"), True),
        (Source("account", "x:6"), False),
        (Source("domain", "wire.example"), True),
        (Source("domain", "example"), False),
        (Source("timetable", "", ((0, 1),)), True),
        (Source("timetable", "", ((HOUR, HOUR),)), False),
    ],
)
def test_what_a_source_gave(source: Source, gave: bool) -> None:
    post = Post("x:1", "Verses for Android", "x:5", frozenset(("wire.example",)), at=1)
    assert source.gave("text", "x:9", post) == gave


def test_a_link_without_a_post_has_its_own_domain() -> None:
    bare = Post(None, None, None)
    assert Source("domain", "wire.example").gave("url", "https://wire.example/1", bare)
    assert not Source("domain", "wire.example").gave("hashtag", "https://wire.example/1", bare)
