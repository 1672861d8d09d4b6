"""Violating accounts whose first posts are inside a burst."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulate.conftest import Network

MANY = {"accounts": 1500, "days": 20, "bursts": 1.0, "wave": 0.6, "wave_at": 0.3, "returns": 1.0,
        "supporters": 0.2, "volume": 0.2}  # fmt: skip


def fresh(network: Network) -> list[dict]:
    begin = min(row["created_at"] for row in network.posts)
    start = datetime.fromisoformat(begin).replace(hour=0, minute=0, second=0)
    return [
        row
        for row in network.accounts.values()
        if row["is_violating"]
        and row["created_at"] >= start
        and row["origin"] in ("original", "return")
    ]


def test_their_first_posts_are_in_the_burst(make: Callable[..., Network]) -> None:
    network = make(**MANY, surfacing=1.0)
    starts = {
        event["hashtag"]: datetime.fromisoformat(event["at"])
        for event in network.events
        if event["event"] == "burst"
    }
    mine = defaultdict(list)
    for post in network.posts:
        mine[post["account_id"]].append(post)
    surfaced = [row for row in network.accounts.values() if row["surfaced_in"]]
    assert len(surfaced) > 50
    for row in surfaced:
        first = mine[row["account_id"]][0]
        assert row["surfaced_in"] in first["hashtags"]
        since = datetime.fromisoformat(first["created_at"]) - starts[row["surfaced_in"]]
        assert timedelta(0) <= since <= timedelta(hours=8)
        assert row["created_at"] <= datetime.fromisoformat(first["created_at"])
        assert row["is_violating"]


@pytest.mark.parametrize("part", [0.0, 0.5, 1.0])
def test_as_many_as_the_knob_says(make: Callable[..., Network], part: float) -> None:
    network = make(**MANY, surfacing=part)
    every = fresh(network)
    found = sum(row["surfaced_in"] is not None for row in every)
    # for some no burst comes in their language within a week, or they are gone before
    assert 0.45 * part * len(every) - 1 <= found <= part * len(every) + 20
    assert (found == 0) == (part == 0)


def test_the_bursts_name_those_who_surface_in_them(make: Callable[..., Network]) -> None:
    network = make(**MANY, surfacing=1.0)
    named = {
        one: event["hashtag"]
        for event in network.events
        if event["event"] == "burst"
        for one in event["surfaced"]
    }
    truth = {
        row["account_id"]: row["surfaced_in"]
        for row in network.accounts.values()
        if row["surfaced_in"]
    }
    assert named == truth
