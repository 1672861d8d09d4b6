"""Accounts that are silent for long, or take another name, and stay their owners'."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulate.conftest import Network


@pytest.fixture(scope="module")
def days() -> int:
    return 20


def test_who_pauses_posts_nothing_meanwhile(make: Callable[..., Network], days: int) -> None:
    network = make(accounts=800, days=days, volume=1.0, ceiling=5.0, pauses=0.3, changed=1.0)
    paused = {
        row["account_id"]: (row["paused_at"], row["woke_at"])
        for row in network.accounts.values()
        if row["paused_at"]
    }
    assert 150 < len(paused) < 350
    assert all(woke - at >= timedelta(days=days) * 0.25 for at, woke in paused.values())
    clients: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for post, truth in network.pairs:
        if post["account_id"] in paused and truth["activity"] in ("own", "burst", "joint-action"):
            when = datetime.fromisoformat(post["created_at"])
            begin, until = paused[post["account_id"]]
            # who joined a burst before is out within hours
            slack = timedelta(hours=9 if truth["activity"] == "burst" else 0)
            assert when < begin + slack or when >= until
            clients[post["account_id"], when >= until].add(post["client"])
    both = [who for who in paused if (who, False) in clients and (who, True) in clients]
    assert len(both) > 50
    changed = [clients[who, False] != clients[who, True] for who in both]
    assert sum(changed) > 0.8 * len(both)


@pytest.mark.parametrize("part", [0.0, 0.4])
def test_as_many_pause_and_are_renamed_as_the_knobs_say(
    make: Callable[..., Network], part: float
) -> None:
    network = make(accounts=1000, pauses=part, renamed=part, changed=part, newcomers=0.0)
    people = [
        row for row in network.accounts.values()
        if row["group"] in ("ordinary", "supporter", "core") and row["origin"] == "original"
    ]  # fmt: skip
    for name in ("paused_at", "renamed_at"):
        assert abs(sum(row[name] is not None for row in people) / len(people) - part) < 0.05
    others = [row for row in network.accounts.values() if row["group"] == "newsroom"]
    assert others
    assert not any(row["paused_at"] or row["renamed_at"] for row in others)


def test_a_new_name_is_shown_from_then_on(make: Callable[..., Network], days: int) -> None:
    network = make(accounts=500, days=days, renamed=0.5, panel=1.0, probe_every=1.0)
    shown: dict[tuple[str, bool], set[str]] = defaultdict(set)
    when = {
        row["account_id"]: row["renamed_at"].strftime("%Y-%m-%dT%H:%M:%SZ")
        for row in network.accounts.values()
        if row["renamed_at"] and row["origin"] == "original"
    }
    for look in network.looks:
        if look["state"] == "alive" and look["account_id"] in when:
            late = look["observed_at"] >= when[look["account_id"]]
            shown[look["account_id"], late].add(look["name"])
    assert all(len(names) == 1 for names in shown.values())
    both = [who for who in when if (who, False) in shown and (who, True) in shown]
    assert len(both) > 100
    assert sum(shown[who, False] != shown[who, True] for who in both) > 0.95 * len(both)
