"""Suspensions, and what actors do after them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.simulate.conftest import Network

START = datetime(2024, 3, 1, tzinfo=UTC)


def by_origin(network: Network, origin: str) -> list[tuple[dict, dict]]:
    """Accounts of an origin, each with its parent."""
    rows = [row for row in network.accounts.values() if row["origin"] == origin]
    return [(row, network.accounts[row["parent"]]) for row in rows]


def test_every_way_to_come_back_is_there(network: Network) -> None:
    assert len(by_origin(network, "return")) >= 10
    assert len(by_origin(network, "backup")) >= 3
    assert len(by_origin(network, "takeover")) >= 2


def test_a_return_comes_after_its_parents_suspension(network: Network) -> None:
    for child, parent in by_origin(network, "return"):
        assert parent["state"] == "suspended"
        assert child["created_at"] > parent["ended_at"]
        assert child["is_violating"]
        assert child["actor"] == parent["actor"]
        assert child["language"] == parent["language"]
        assert child["community"] == parent["community"]


def alike(child: dict, parent: dict) -> bool:
    return SequenceMatcher(None, child["handle"], parent["handle"]).ratio() > 0.6


@pytest.mark.parametrize("kept", [0.0, 0.5, 1.0])
def test_the_handles_kept_are_as_many_as_the_knob_says(
    make: Callable[..., Network], kept: float
) -> None:
    network = make(accounts=1000, days=20, wave=0.6, supporters=0.3, handle_kept=kept, returns=1.0)
    found = by_origin(network, "return")
    assert len(found) > 100
    assert all(child["handle"] != parent["handle"] for child, parent in found)
    assert abs(sum(alike(*pair) for pair in found) / len(found) - kept) < 0.12


def test_some_strangers_have_similar_handles_too(network: Network) -> None:
    stems: dict[str, set[str]] = {}
    for row in network.accounts.values():
        if row["origin"] == "original":
            stems.setdefault(row["handle"].rstrip("0123456789"), set()).add(row["actor"])
    assert sum(len(actors) > 1 for actors in stems.values()) > 50


def test_a_backup_is_older_than_its_parents_end_and_waits(network: Network) -> None:
    for child, parent in by_origin(network, "backup"):
        assert child["actor"] == parent["actor"]
        assert parent["created_at"] <= child["created_at"]
        if parent["ended_at"]:
            assert child["created_at"] < parent["ended_at"]


def test_a_backup_posts_more_once_it_is_needed(make: Callable[..., Network]) -> None:
    network = make(accounts=600, days=20, backups=1.0, supporters=0.3, wave=0.5, wave_at=0.3)
    end = START + timedelta(days=20)
    handovers = {
        row["account_id"]: parent["ended_at"]
        for row, parent in by_origin(network, "backup")
        if parent["ended_at"] and row["ended_at"] is None
    }
    assert len(handovers) > 20
    before = sum(((when - START).days for when in handovers.values()), 0)
    after = sum(((end - when).days for when in handovers.values()), 0)
    waiting = needed = 0
    for post, truth in network.pairs:
        if truth["activity"] == "own" and post["account_id"] in handovers:
            late = datetime.fromisoformat(post["created_at"]) >= handovers[post["account_id"]]
            waiting, needed = waiting + (not late), needed + late
    assert needed / after > 3 * waiting / before


def test_a_parent_with_a_backup_does_not_return_as_well(network: Network) -> None:
    backed = {parent["account_id"] for _, parent in by_origin(network, "backup")}
    returned = {parent["account_id"] for _, parent in by_origin(network, "return")}
    assert not backed & returned


def test_a_takeover_is_of_an_old_silent_account(network: Network) -> None:
    for account, parent in by_origin(network, "takeover"):
        assert account["created_at"] < START - timedelta(days=365)
        assert parent["state"] == "suspended"
        assert account["taken_over_at"] > parent["ended_at"]
        assert account["actor"] == parent["actor"]
        quiet = START + 0.3 * (account["taken_over_at"] - START)
        for post, truth in network.pairs:
            if post["account_id"] == account["account_id"]:
                when = datetime.fromisoformat(post["created_at"])
                assert when <= quiet + timedelta(seconds=1) or when >= account["taken_over_at"]
                if when < account["taken_over_at"]:
                    assert not truth["is_violating"] or truth["is_repost"]


def test_the_bio_changes_with_a_takeover(make: Callable[..., Network]) -> None:
    network = make(
        accounts=600, days=20, takeovers=1.0, returns=0.0, wave=0.9, panel=1.0, supporters=0.2
    )
    changed = 0
    for account, _ in by_origin(network, "takeover"):
        looks = [look for look in network.looks if look["account_id"] == account["account_id"]]
        seen = [look for look in looks if look["state"] == "alive"]
        when = account["taken_over_at"].strftime("%Y-%m-%dT%H:%M:%SZ")
        before = {look["bio"] for look in seen if look["observed_at"] < when}
        after = {look["bio"] for look in seen if look["observed_at"] >= when}
        assert len(before) <= 1
        assert len(after) <= 1
        changed += bool(before and after and before != after)
    assert changed >= 3


def test_nobody_posts_from_a_return_before_it_exists(network: Network) -> None:
    created = {
        row["account_id"]: row["created_at"]
        for row in network.accounts.values()
        if row["origin"] in ("return", "backup")
    }
    posts = [post for post in network.posts if post["account_id"] in created]
    assert posts
    for post in posts:
        assert datetime.fromisoformat(post["created_at"]) >= created[post["account_id"]]


def test_returns_announce_themselves_by_their_old_handle(network: Network) -> None:
    found = [
        (post, network.accounts[post["account_id"]])
        for post, truth in network.pairs
        if truth["kind"] == "announcement" and not truth["is_repost"]
    ]
    assert found
    for post, account in found:
        assert post["mentions"] == [network.accounts[account["parent"]]["handle"]]


def test_the_wave_takes_its_share(network: Network) -> None:
    (wave,) = [event for event in network.events if event["event"] == "suspension-wave"]
    start, end = (datetime.fromisoformat(wave[name]) for name in ("at", "until"))
    alive = [
        row
        for row in network.accounts.values()
        if row["is_violating"] and row["created_at"] < start and row["taken_over_at"] is None
        if row["ended_at"] is None or row["ended_at"] >= start
    ]
    hit = [row for row in alive if row["ended_at"] and row["ended_at"] < end]
    assert wave["suspended"] >= len(hit) > 0
    assert abs(len(hit) / len(alive) - 0.5) < 0.2


def test_the_hazard_is_what_the_knob_says(make: Callable[..., Network]) -> None:
    knobs = {"wave": 0.0, "hazard": 0.05, "returns": 0.0, "takeovers": 0.0, "backups": 0.0}
    network = make(accounts=3000, days=10, supporters=0.4, volume=0.0, newcomers=0.0, **knobs)
    bad = [row for row in network.accounts.values() if row["group"] == "supporter"]
    gone = sum(row["state"] == "suspended" for row in bad) / len(bad)
    assert abs(gone - (1 - 2.718281828 ** (-0.5))) < 0.05


def test_events_name_every_lineage(network: Network) -> None:
    found = {
        (event["event"], event["account_id"], event["parent"])
        for event in network.events
        if event["event"] in ("return", "backup", "takeover")
    }
    assert found == {
        (row["origin"], row["account_id"], row["parent"])
        for row in network.accounts.values()
        if row["origin"] != "original"
    }


def test_followers_find_the_next_account_again(network: Network) -> None:
    followers: dict[str, set[str]] = {}
    for edge in network.follows:
        followers.setdefault(edge["followed"], set()).add(edge["follower"])
    shared = [
        len(followers.get(child["account_id"], set()) & followers.get(parent["account_id"], set()))
        / max(len(followers.get(parent["account_id"], set())), 1)
        for child, parent in by_origin(network, "return")
    ]
    assert 0.1 < sum(shared) / len(shared) < 0.6


@pytest.mark.parametrize("kept", [0.0, 1.0])
def test_hours_and_topics_are_kept_as_the_knobs_say(
    make: Callable[..., Network], kept: float
) -> None:
    """By the hashtags that both accounts use, and the hours at which they post."""
    network = make(
        accounts=1000, days=20, volume=0.5, wave=0.6, wave_at=0.5, supporters=0.3, returns=1.0,
        topics_kept=kept, hours_kept=kept, violating_posts=0.0, reposts=0.0, surfacing=0.0,
    )  # fmt: skip
    tags: dict[str, Counter[str]] = defaultdict(Counter)
    hours: dict[str, Counter[int]] = defaultdict(Counter)
    for post, truth in network.pairs:
        if truth["activity"] == "own":
            tags[post["account_id"]].update(post.get("hashtags", []))
            hours[post["account_id"]][datetime.fromisoformat(post["created_at"]).hour] += 1
    pairs = [(child["account_id"], parent["account_id"])
             for child, parent in by_origin(network, "return")]  # fmt: skip
    same_tags = [
        _cosine(tags[a], tags[b]) for a, b in pairs if min(tags[a].total(), tags[b].total()) > 9
    ]
    same_hours = [_cosine(hours[a], hours[b]) for a, b in pairs
                  if min(hours[a].total(), hours[b].total()) > 39]  # fmt: skip
    assert len(same_tags) > 20
    assert len(same_hours) > 20
    assert (sum(same_tags) / len(same_tags) > 0.55) == bool(kept)
    assert (sum(same_hours) / len(same_hours) > 0.7) == bool(kept)


def _cosine(one: Counter[Any], other: Counter[Any]) -> float:
    product = sum(one[name] * other[name] for name in one)
    norms = sum(n * n for n in one.values()) * sum(n * n for n in other.values())
    return float(product / norms**0.5)


@pytest.mark.parametrize("kept", [0.0, 1.0])
def test_the_way_of_writing_is_kept_as_the_knob_says(
    make: Callable[..., Network], kept: float
) -> None:
    """By their favourite emoji: half of those an account uses are one and the same."""
    network = make(
        accounts=1500, days=20, volume=1.0, wave=0.6, wave_at=0.5, supporters=0.3, returns=1.0,
        style_kept=kept, violating_posts=0.0, reposts=0.0, surfacing=0.0,
    )  # fmt: skip
    emoji: dict[str, Counter[str]] = defaultdict(Counter)
    for post, truth in network.pairs:
        if truth["activity"] == "own":
            emoji[post["account_id"]].update(one for one in post["text"] if one > "\u2bff")
    pairs = [
        (emoji[child["account_id"]], emoji[parent["account_id"]])
        for child, parent in by_origin(network, "return")
    ]
    pairs = [pair for pair in pairs if min(own.total() for own in pair) > 9]
    assert len(pairs) > 10
    same = sum(one.most_common(1)[0][0] == other.most_common(1)[0][0] for one, other in pairs)
    assert (same / len(pairs) > 0.6) == bool(kept)


TAKEN = {"takeovers": 1.0, "returns": 0.0, "backups": 0.0, "wave": 0.6, "supporters": 0.2}


@pytest.mark.parametrize("least", [0.0, 12.0])
def test_both_owners_post_as_much_as_the_knobs_say(
    make: Callable[..., Network], least: float
) -> None:
    """Those who were gone again at once left out."""
    knobs = {"volume": 0.01, "owner_posts": least, "taker_posts": least, "bursts": 0.0}
    network = make(accounts=800, days=30, wave_at=0.5, hazard=0.0, **TAKEN, **knobs)
    end = START + timedelta(days=30)
    taken = {
        row["account_id"]: row["taken_over_at"]
        for row, _ in by_origin(network, "takeover")
        if (row["ended_at"] or end) - row["taken_over_at"] > timedelta(days=2)
    }
    assert len(taken) > 20
    before, after = Counter[str](), Counter[str]()
    for post, truth in network.pairs:
        who = post["account_id"]
        if truth["activity"] == "own" and who in taken:
            later = datetime.fromisoformat(post["created_at"]) >= taken[who]
            (after if later else before)[who] += 1
    for counts in (before, after):
        mean = counts.total() / len(taken)
        assert (9 < mean < 18) if least else mean < 5


def test_the_owner_has_been_asleep_for_days(make: Callable[..., Network]) -> None:
    network = make(accounts=600, days=30, owner_posts=20.0, hazard=0.03, **TAKEN)
    taken = {row["account_id"]: row["taken_over_at"] for row, _ in by_origin(network, "takeover")}
    owners = 0
    for post in network.posts:
        when, until = datetime.fromisoformat(post["created_at"]), taken.get(post["account_id"])
        if until and when < until:
            owners += 1
            assert until - when >= timedelta(days=10) - timedelta(seconds=1)
    assert owners > 50


def test_a_circle_gathers_around_a_taken_over_account(make: Callable[..., Network]) -> None:
    """Who took it over follows whom they followed, and is followed; the owner's follows stay."""
    network = make(accounts=800, days=20, follows_kept=1.0, regained=1.0, **TAKEN)
    edges = [(edge["follower"], edge["followed"]) for edge in network.follows]
    assert len(edges) == len(set(edges))
    known = set(edges)
    after = network.accounts
    kept = lost = 0
    for account, parent in by_origin(network, "takeover"):
        for one, other in edges:
            # what the owner of a parent that was taken over followed is not brought along
            plain = parent["origin"] == "original" and after[other]["origin"] == "original"
            if plain and one == parent["account_id"]:
                gone = after[other]["ended_at"]
                if not gone or gone > account["taken_over_at"]:
                    kept += (account["account_id"], other) in known
                    lost += (account["account_id"], other) not in known
    assert kept > 100
    assert lost <= 0.02 * kept


@pytest.mark.parametrize("renamed", [0.0, 1.0])
def test_the_name_changes_with_a_takeover_as_the_knob_says(
    make: Callable[..., Network], renamed: float
) -> None:
    network = make(accounts=600, days=20, panel=1.0, takeovers_renamed=renamed, **TAKEN)
    other = seen = 0
    for account, _ in by_origin(network, "takeover"):
        when = account["taken_over_at"].strftime("%Y-%m-%dT%H:%M:%SZ")
        looks = [look for look in network.looks if look["account_id"] == account["account_id"]]
        alive = [look for look in looks if look["state"] == "alive"]
        before = {look["name"] for look in alive if look["observed_at"] < when}
        after = {look["name"] for look in alive if look["observed_at"] >= when}
        assert len(before) <= 1
        assert len(after) <= 1
        seen += bool(before and after)
        other += bool(before and after and before != after)
    assert seen > 10
    assert other >= 0.9 * seen if renamed else other == 0


def test_some_who_took_an_account_over_say_so(make: Callable[..., Network]) -> None:
    network = make(accounts=600, days=20, announced=1.0, **TAKEN)
    said = {
        post["account_id"]
        for post, truth in network.pairs
        if truth["kind"] == "announcement" and not truth["is_repost"]
    }
    taken = {row["account_id"] for row, _ in by_origin(network, "takeover")}
    assert len(said & taken) > 0.5 * len(taken)
