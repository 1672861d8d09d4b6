"""Innocent occasions: matches, shows, elections, fact-checks, and activists abroad."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulate.conftest import Network

NOTHING = {
    "matches": 0.0, "shows": 0.0, "elections": 0, "fact_checks": 0.0, "activists": 0.0,
    "bursts": 0.0,
}  # fmt: skip


def seconds(post: dict) -> float:
    return datetime.fromisoformat(post["created_at"]).timestamp()


def posts_of(network: Network, *activities: str) -> list[tuple[dict, dict]]:
    return [(post, truth) for post, truth in network.pairs if truth["activity"] in activities]


def occasions(network: Network, kind: str) -> list[dict]:
    return [event for event in network.events if event["event"] == kind]


def group_of(network: Network, post: dict) -> str:
    return str(network.accounts[post["account_id"]]["group"])


@pytest.fixture
def matches(make: Callable[..., Network]) -> Network:
    return make(accounts=2000, days=6, **{**NOTHING, "matches": 1.5, "match_viewers": 0.2})


def test_viewers_exclaim_within_seconds_of_the_same_moments(matches: Network) -> None:
    assert occasions(matches, "match")
    found = posts_of(matches, "football")
    own = [post for post, truth in found if not truth["is_repost"]]
    for match in occasions(matches, "match"):
        start = datetime.fromisoformat(match["at"]).timestamp()
        times = sorted(
            seconds(post) - start for post in own if match["hashtag"] in post["hashtags"]
        )
        assert times[0] >= 0
        assert times[-1] < 7_200
        # most posts come within a minute of a few moments: the minutes with most of them hold most
        minutes = Counter(int(at // 60) for at in times)
        top = sum(count for _, count in minutes.most_common(2 * 12))
        assert top > 0.8 * len(times)


def test_the_same_few_exclamations_are_used_by_many(matches: Network) -> None:
    lines = Counter(
        post["text"]
        for post, truth in posts_of(matches, "football")
        if truth["kind"] == "exclamation" and not truth["is_repost"]
    )
    assert lines.most_common(1)[0][1] > 5


def test_viewers_are_ordinary_accounts_and_come_back_to_other_matches(matches: Network) -> None:
    found = posts_of(matches, "football")
    groups = Counter(group_of(matches, post) for post, _ in found)
    assert groups.most_common(1)[0][0] == "ordinary"
    seen = defaultdict(set)
    for post, _ in found:
        for tag in post["hashtags"]:
            seen[post["account_id"]].add(tag)
    assert sum(len(tags) > 1 for tags in seen.values()) > 0.1 * len(seen)


def test_viewers_repost_the_broadcaster(matches: Network) -> None:
    reposts = [post for post, truth in posts_of(matches, "football") if truth["is_repost"]]
    assert len(reposts) > 10
    for post in reposts:
        original = matches.by_id[post["repost_of"]]
        assert group_of(matches, original) == "broadcaster"
    delays = [seconds(post) - seconds(matches.by_id[post["repost_of"]]) for post in reposts]
    assert min(delays) >= 0
    assert median(delays) < 120


def test_a_show_is_live_too(make: Callable[..., Network]) -> None:
    network = make(accounts=1000, days=6, **{**NOTHING, "shows": 1.0, "show_viewers": 0.2})
    assert occasions(network, "show")
    assert len(posts_of(network, "television")) > 50
    assert not posts_of(network, "football")


def test_an_election_fills_its_day(make: Callable[..., Network]) -> None:
    network = make(accounts=2000, days=5, **{**NOTHING, "elections": 1, "party_supporters": 0.05})
    (election,) = occasions(network, "election")
    start = datetime.fromisoformat(election["at"]).timestamp()
    found = [post for post, _ in posts_of(network, "election")]
    assert all(election["hashtag"] in post["hashtags"] for post in found)
    hours = Counter(int((seconds(post) - start) // 3600) for post in found)
    assert set(hours) <= set(range(24))
    assert len(hours) >= 12
    assert {"call", "ordinary"} <= {truth["kind"] for _, truth in posts_of(network, "election")}


def test_a_partys_supporters_share_its_links_and_others_do_too(
    make: Callable[..., Network],
) -> None:
    network = make(accounts=2000, days=5, **{**NOTHING, "elections": 1, "party_supporters": 0.05})
    by_link: dict[str, list[dict]] = defaultdict(list)
    for post, _ in posts_of(network, "election"):
        for url in post.get("urls", []):
            by_link[url].append(post)
    assert len(by_link) == 12
    parties = defaultdict(set)
    for url, posts in by_link.items():
        members = [network.accounts[post["account_id"]] for post in posts]
        supporters = [row for row in members if row["group"] == "party-supporter"]
        assert len(supporters) > 5
        assert len({row["community"] for row in supporters}) == 1
        parties[supporters[0]["community"]].add(url)
    assert sorted(len(urls) for urls in parties.values()) == [6, 6]
    outsiders = [
        post for posts in by_link.values() for post in posts
        if group_of(network, post) != "party-supporter"
    ]  # fmt: skip
    assert outsiders


def test_fact_checkers_answer_the_same_posts_with_the_same_link(
    make: Callable[..., Network],
) -> None:
    network = make(accounts=1000, days=5, **{**NOTHING, "fact_checks": 3.0})
    answers: dict[str, list[dict]] = defaultdict(list)
    for post, truth in posts_of(network, "fact-check"):
        assert group_of(network, post) == "fact-checker"
        assert truth["kind"] == "correction"
        answers[post["reply_to"]].append(post)
    assert len(answers) > 5
    for number, posts in answers.items():
        rumour = network.by_id[number]
        assert group_of(network, rumour) != "fact-checker"
        assert len({tuple(post["urls"]) for post in posts}) == 1
        assert all(post["reply_to_account"] == rumour["account_id"] for post in posts)
        assert all(seconds(post) > seconds(rumour) for post in posts)
        assert len({post["account_id"] for post in posts}) == len(posts)
    assert sum(len(posts) > 1 for posts in answers.values()) > 0.7 * len(answers)


def test_activists_pass_on_the_same_few_at_the_same_hours(make: Callable[..., Network]) -> None:
    network = make(accounts=2000, days=10, **{**NOTHING, "activists": 0.03, "campaign_days": 0.3})
    found = posts_of(network, "activism")
    assert {group_of(network, post) for post, _ in found} == {"activist"}
    authors = Counter(
        network.by_id[post["repost_of"]]["account_id"]
        for post, truth in found
        if truth["is_repost"]
    )
    causes = {row["community"] for row in network.accounts.values() if row["group"] == "activist"}
    assert 0 < len(authors) <= 3 * len(causes)
    hours = Counter(datetime.fromisoformat(post["created_at"]).hour for post, _ in found)
    assert sum(hours[hour] for hour in range(14, 22)) > 0.8 * len(found)
    days = {event["at"][:10] for event in occasions(network, "campaign-day")}
    per_day = Counter(post["created_at"][:10] for post, _ in found)
    quiet = [count for day, count in per_day.items() if day not in days]
    assert min(per_day[day] for day in days) > max(quiet, default=0)


def test_none_of_them_is_called_coordinated_or_violating(network: Network) -> None:
    groups = {"broadcaster", "party-supporter", "fact-checker", "activist"}
    rows = [row for row in network.accounts.values() if row["group"] in groups]
    assert {row["group"] for row in rows} == groups
    assert not any(row["is_coordinated"] or row["is_violating"] for row in rows)
    for _, truth in posts_of(network, "football", "television", "election", "fact-check"):
        assert not truth["is_violating"] or truth["activity"] in ("football", "television")
