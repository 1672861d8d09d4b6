"""The coordinated core, and the innocent who act at the same moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulate.conftest import Network


def seconds(post: dict) -> float:
    return datetime.fromisoformat(post["created_at"]).timestamp()


def actions(network: Network) -> dict[int, list[tuple[dict, dict]]]:
    found = defaultdict(list)
    for post, truth in network.pairs:
        if truth["action"] is not None:
            found[truth["action"]].append((post, truth))
    return found


def events(network: Network) -> dict[int, dict]:
    return {row["action"]: row for row in network.events if row["event"] == "joint-action"}


def test_participants_belong_to_the_community_that_acts(network: Network) -> None:
    known = events(network)
    for number, pairs in actions(network).items():
        communities = {network.accounts[post["account_id"]]["community"] for post, _ in pairs}
        assert communities == {known[number]["community"]}
        assert {network.accounts[post["account_id"]]["is_coordinated"] for post, _ in pairs} == {
            True
        }


def test_an_action_takes_seconds(network: Network) -> None:
    spans = [
        max(map(seconds, posts)) - min(map(seconds, posts))
        for pairs in actions(network).values()
        if len(posts := [post for post, _ in pairs]) > 2
    ]
    assert len(spans) > 20
    assert sorted(spans)[len(spans) // 2] < 120


@pytest.mark.parametrize("kind", ["link", "hashtag", "repost", "text"])
def test_participants_share_the_same_object(network: Network, kind: str) -> None:
    known = events(network)
    seen = 0
    for number, pairs in actions(network).items():
        if known[number]["object"] != kind or len(pairs) < 2:
            continue
        seen += 1
        posts = [post for post, _ in pairs]
        if kind == "link":
            objects = {url for post in posts for url in post["urls"]}
        elif kind == "hashtag":
            objects = {post["hashtags"][-1] for post in posts}
        elif kind == "repost":
            objects = {post["repost_of"] or post["id"] for post in posts}
            assert sum(post["repost_of"] is None for post in posts) == 1
        else:
            objects = {post["text"].split("،")[0].split(".")[0][:25] for post in posts}
        assert len(objects) == 1, (kind, objects)
    assert seen


def test_violating_actions_violate_and_others_do_not(network: Network) -> None:
    known = events(network)
    for number, pairs in actions(network).items():
        assert {truth["is_violating"] for _, truth in pairs} == {known[number]["is_violating"]}
    assert {row["is_violating"] for row in known.values()} == {True, False}


def test_a_campaign_is_coordinated_and_never_violates(network: Network) -> None:
    campaign = [row for row in events(network).values() if row["community"].startswith("campaign")]
    assert campaign
    assert not any(row["is_violating"] for row in campaign)
    members = [row for row in network.accounts.values() if row["group"] == "campaigner"]
    assert all(row["is_coordinated"] and not row["is_violating"] for row in members)


def test_outside_links_are_shared_by_outsiders_too(make: Callable[..., Network]) -> None:
    network = make(accounts=1000, days=10, volume=0.3, outside_objects=1.0, core=0.05)
    known = events(network)
    shared: dict[str, set[str]] = defaultdict(set)
    inside: set[str] = set()
    for post, truth in network.pairs:
        for url in post.get("urls", []):
            shared[url].add(network.accounts[post["account_id"]]["group"])
            action = known.get(truth["action"])
            if action and action["object"] == "link" and action["shared_outside"]:
                inside.add(url)
    assert inside
    assert any("ordinary" in shared[url] for url in inside)


def test_an_app_posts_one_line_for_its_users_in_one_minute(network: Network) -> None:
    lines = [post for post, truth in network.pairs if truth["activity"] == "app"]
    moments = defaultdict(set)
    for post in lines:
        assert post["client"] == "Daily Wishes"
        community = network.accounts[post["account_id"]]["community"]
        moments[(community, post["created_at"][:16])].add(post["text"])
    assert all(len(texts) == 1 for texts in moments.values())
    users = Counter(post["created_at"][:16] for post in lines)
    assert max(users.values()) > 8


def test_app_users_differ_in_everything_else(network: Network) -> None:
    users = {row["account_id"] for row in network.accounts.values() if row["group"] == "app-user"}
    own = [
        post["text"]
        for post, truth in network.pairs
        if post["account_id"] in users and truth["activity"] == "own" and not truth["is_repost"]
    ]
    assert len(set(own)) > 0.98 * len(own)


def test_wire_bots_post_only_the_wires_lines(network: Network) -> None:
    bots = {row["account_id"] for row in network.accounts.values() if row["group"] == "wire-bot"}
    by_url = defaultdict(list)
    for post, truth in network.pairs:
        if post["account_id"] in bots:
            assert truth["activity"] == "wire"
            assert post["client"] == "Wire Relay"
            by_url[post["urls"][0]].append(post)
    for posts in by_url.values():
        assert len({post["text"] for post in posts}) == 1
        assert max(map(seconds, posts)) - min(map(seconds, posts)) <= 20


def test_some_fans_react_within_a_minute_and_most_much_later(make: Callable[..., Network]) -> None:
    network = make(accounts=1000, fans=0.3, fans_notified=0.1, days=8)
    delays = defaultdict(list)
    for post, truth in network.pairs:
        if truth["activity"] == "fan":
            star = network.by_id[post["repost_of"]]
            assert network.accounts[star["account_id"]]["group"] == "star"
            delays[post["account_id"]].append(seconds(post) - seconds(star))
    medians = [sorted(values)[len(values) // 2] for values in delays.values() if len(values) > 3]
    quick = sum(value < 60 for value in medians) / len(medians)
    assert 0.03 < quick < 0.2


def test_bursts_gather_posts_in_their_hours(network: Network) -> None:
    bursts = [event for event in network.events if event["event"] == "burst"]
    assert bursts
    attached = 0
    for burst in bursts:
        start = datetime.fromisoformat(burst["at"]).timestamp()
        found = [
            (post, truth)
            for post, truth in network.pairs
            if burst["hashtag"] in post.get("hashtags", []) and truth["activity"] == "burst"
        ]
        assert all(0 <= seconds(post) - start <= 8 * 3600 for post, _ in found)
        attached += sum(truth["is_violating"] for _, truth in found)
    assert attached


def test_as_many_communities_as_the_knob_says(make: Callable[..., Network]) -> None:
    network = make(accounts=1000, days=1, core=0.06, communities=5)
    members = [row for row in network.accounts.values() if row["group"] == "core"]
    assert len({row["community"] for row in members}) == 5


@pytest.mark.parametrize(("jitter", "low", "high"), [(0.0, 0.0, 0.01), (1.0, 0.7, 1.3)])
def test_delays_spread_as_the_knob_says(
    make: Callable[..., Network], jitter: float, low: float, high: float
) -> None:
    network = make(accounts=1000, days=10, core=0.06, core_delay=50.0, jitter=jitter)
    delays = [
        seconds(post) - min(map(seconds, (post for post, _ in pairs)))
        for pairs in actions(network).values()
        if network.accounts[pairs[0][0]["account_id"]]["group"] == "core"
        for post, _ in pairs
    ]
    later = [delay for delay in delays if delay > 0]
    assert len(later) > 100
    mean = sum(later) / len(later)
    spread = (sum((delay - mean) ** 2 for delay in later) / len(later)) ** 0.5
    assert 45 < mean < 56
    assert low <= spread / mean <= high


def test_cover_is_what_the_core_posts_beside(make: Callable[..., Network]) -> None:
    def own(network: Network) -> int:
        core = {row["account_id"] for row in network.accounts.values() if row["group"] == "core"}
        return sum(
            post["account_id"] in core and truth["activity"] == "own"
            for post, truth in network.pairs
        )

    little = own(make(accounts=1000, days=6, core=0.06, cover=0.25))
    much = own(make(accounts=1000, days=6, core=0.06, cover=1.0))
    assert 2.5 < much / little < 6
