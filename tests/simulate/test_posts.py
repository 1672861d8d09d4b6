"""The posts as an export would have them, and what they refer to."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulate.conftest import Network

REQUIRED = {
    "id",
    "account_id",
    "handle",
    "created_at",
    "text",
    "language",
    "client",
    "repost_of",
    "repost_of_account",
    "reply_to",
    "reply_to_account",
}
LISTS = {"hashtags", "urls", "mentions"}


def test_every_post_has_the_same_keys_and_lists_only_where_present(network: Network) -> None:
    for post in network.posts:
        assert post.keys() >= REQUIRED
        assert post.keys() <= REQUIRED | LISTS
        assert all(post[name] for name in LISTS & post.keys())
        assert post["text"].strip()


def test_ids_are_unique_and_rise_with_time(network: Network) -> None:
    ids = [post["id"] for post in network.posts]
    times = [post["created_at"] for post in network.posts]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    assert times == sorted(times)
    assert times[0] >= "2024-03-01T00:00:00Z"
    assert times[-1] < "2024-03-21T00:00:00Z"
    assert all(datetime.fromisoformat(time).tzinfo for time in times[:50])


def test_authors_exist_and_live_when_they_post(network: Network) -> None:
    for post in network.posts:
        author = network.accounts[post["account_id"]]
        assert author["handle"] == post["handle"]
        when = datetime.fromisoformat(post["created_at"])
        assert author["created_at"] <= when
        assert author["ended_at"] is None or when < author["ended_at"]


def test_reposts_point_to_an_earlier_original_of_a_living_other(network: Network) -> None:
    reposts = [post for post in network.posts if post["repost_of"]]
    assert len(reposts) > 0.2 * len(network.posts)
    for post in reposts:
        original = network.by_id[post["repost_of"]]
        assert original["repost_of"] is None
        assert original["account_id"] == post["repost_of_account"] != post["account_id"]
        assert original["id"] < post["id"]
        assert original["text"] == post["text"]
        assert original["language"] == post["language"]
        gone = network.accounts[original["account_id"]]["ended_at"]
        assert gone is None or datetime.fromisoformat(post["created_at"]) < gone


def test_nobody_reposts_a_post_twice(network: Network) -> None:
    pairs = Counter(
        (post["account_id"], post["repost_of"]) for post in network.posts if post["repost_of"]
    )
    assert max(pairs.values()) == 1


def test_some_posts_are_reposted_far_more_than_most(network: Network) -> None:
    counts = Counter(
        post["repost_of"]
        for post, truth in network.pairs
        if post["repost_of"] and truth["activity"] == "own"
    )
    assert max(counts.values()) >= 10
    assert sorted(counts.values())[len(counts) // 2] <= 2


def test_replies_answer_an_earlier_post_and_mention_its_author(network: Network) -> None:
    replies = [post for post in network.posts if post["reply_to"]]
    assert len(replies) > 0.05 * len(network.posts)
    for post in replies:
        answered = network.by_id[post["reply_to"]]
        assert answered["account_id"] == post["reply_to_account"] != post["account_id"]
        assert answered["id"] < post["id"]
        assert post["mentions"] == [answered["handle"]]
        assert post["text"].startswith(f"@{answered['handle']} ")


def test_lists_are_what_the_text_shows(network: Network) -> None:
    handles = {row["handle"] for row in network.accounts.values()}
    for post in network.posts:
        for tag in post.get("hashtags", []):
            assert f"#{tag}" in post["text"]
        for url in post.get("urls", []):
            assert url in post["text"]
        for handle in post.get("mentions", []):
            assert handle in handles
            assert f"@{handle}" in post["text"]


def test_languages_are_mixed_as_set(network: Network) -> None:
    ordinary = [row for row in network.accounts.values() if row["group"] == "ordinary"]
    shares = Counter(row["language"] for row in ordinary)
    for code, share in (("ar", 0.45), ("en", 0.25), ("fr", 0.1), ("tr", 0.1), ("fa", 0.1)):
        assert abs(shares[code] / len(ordinary) - share) < 0.06


def test_violating_accounts_are_mostly_arabic_and_one_in_five_english(network: Network) -> None:
    bad = [row for row in network.accounts.values() if row["group"] == "supporter"]
    shares = Counter(row["language"] for row in bad)
    assert set(shares) == {"ar", "en"}
    assert abs(shares["en"] / len(bad) - 0.2) < 0.12


def test_handles_and_ids_are_unique_and_ids_rise_with_creation(network: Network) -> None:
    rows = list(network.accounts.values())
    assert len({row["handle"] for row in rows}) == len(rows)
    by_id = sorted(rows, key=lambda row: int(row["account_id"]))
    created = [row["created_at"] for row in by_id]
    assert created == sorted(created)
