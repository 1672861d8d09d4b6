"""Looks at accounts: states, routes, and how routes depend on one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tests.simulate.conftest import Network

ROUTES = ("search", "graph", "notice", "bank")
KEYS = {
    "account_id",
    "handle",
    "name",
    "bio",
    "observed_at",
    "route",
    "state",
    "followers",
    "following",
    "posts",
    "account_created_at",
}


def test_looks_have_all_fields_and_are_in_order(network: Network) -> None:
    times = [look["observed_at"] for look in network.looks]
    assert times == sorted(times)
    for look in network.looks:
        assert look.keys() == KEYS
        assert network.accounts[look["account_id"]]["handle"] == look["handle"]
    assert {look["route"] for look in network.looks} == {*ROUTES, "probe"}


def test_states_are_true_at_their_time(make: Callable[..., Network]) -> None:
    network = make(accounts=1000, deactivation=0.005, volume=0.1)
    for look in network.looks:
        account = network.accounts[look["account_id"]]
        when = datetime.fromisoformat(look["observed_at"])
        assert account["created_at"] <= when
        gone = account["ended_at"] is not None and account["ended_at"] <= when
        if look["state"] != "unknown":
            assert look["state"] == (account["state"] if gone else "alive")
        shown = look["name"] is not None
        assert shown == (look["state"] == "alive") == (look["followers"] is not None)
    states = Counter(look["state"] for look in network.looks)
    assert states["suspended"]
    assert states["deactivated"]
    assert states["unknown"]


def test_posts_seen_rise_as_posts_are_written(network: Network) -> None:
    written: dict[str, list[str]] = {}
    for post in network.posts:
        written.setdefault(post["account_id"], []).append(post["created_at"])
    before: dict[str, int] = {}
    for look in network.looks:
        if look["posts"] is None:
            continue
        own = written.get(look["account_id"], [])
        offset = look["posts"] - sum(time <= look["observed_at"] for time in own)
        assert offset >= 0
        assert before.setdefault(look["account_id"], offset) == offset


def test_followers_are_edges_of_the_graph(network: Network) -> None:
    incoming = Counter(edge["followed"] for edge in network.follows)
    outgoing = Counter(edge["follower"] for edge in network.follows)
    steady = 0
    for look in network.looks:
        if look["followers"] is not None:
            assert look["following"] == outgoing[look["account_id"]]
            assert 0 <= look["followers"] <= incoming[look["account_id"]]
            steady += look["followers"] == incoming[look["account_id"]]
    assert steady > 0.2 * len(network.looks)


def test_followers_fall_when_followers_are_suspended(make: Callable[..., Network]) -> None:
    network = make(
        accounts=400, days=10, supporters=0.3, wave=0.9, returns=0.0, panel=1.0, probe_every=1.0
    )
    bad = {key for key, row in network.accounts.items() if row["group"] == "supporter"}
    seen: dict[str, list[int]] = {}
    for look in network.looks:
        if look["account_id"] in bad and look["followers"] is not None:
            seen.setdefault(look["account_id"], []).append(look["followers"])
    lasting = [own for key, own in seen.items() if network.accounts[key]["ended_at"] is None]
    assert sum(values[-1] for values in lasting) < 0.6 * sum(values[0] for values in lasting)


def test_the_truth_knows_who_was_reached_by_what(network: Network) -> None:
    hits = {(look["account_id"], look["route"]) for look in network.looks}
    for account_id, row in network.accounts.items():
        for route in ROUTES:
            assert row[f"reached_by_{route}"] == ((account_id, route) in hits)


def test_routes_reach_violating_accounts_as_set(make: Callable[..., Network]) -> None:
    network = make(
        accounts=3000, supporters=0.4, route_dependence=0.0, volume=0.0, wave=0.0, newcomers=0.0
    )
    bad = [row for row in network.accounts.values() if row["group"] == "supporter"]
    for route, reach in zip(ROUTES, (0.35, 0.40, 0.15, 0.20), strict=True):
        found = np.mean([row[f"reached_by_{route}"] for row in bad])
        assert abs(found - reach) < 0.05


def test_a_route_finds_short_lives_less_often(make: Callable[..., Network]) -> None:
    """Found at moments of the window, not of their own lives: who was alive then and is found goes
    on living as long as who was not."""
    network = make(accounts=3000, supporters=0.4, volume=0.0, hazard=0.05, returns=0.0, wave=0.0)
    bad = [row for row in network.accounts.values() if row["group"] == "supporter"]
    long, short = (
        np.mean([row["reached_by_graph"] for row in bad if (row["ended_at"] is None) == lasts])
        for lasts in (True, False)
    )
    assert short < 0.75 * long


def test_dependence_makes_routes_find_the_same_accounts(make: Callable[..., Network]) -> None:
    def correlation(dependence: float) -> float:
        network = make(accounts=3000, supporters=0.4, route_dependence=dependence, volume=0.0)
        bad = [row for row in network.accounts.values() if row["group"] == "supporter"]
        table = np.array([[row[f"reached_by_{route}"] for route in ROUTES] for row in bad], float)
        return float(np.corrcoef(table.T)[np.triu_indices(4, 1)].mean())

    assert abs(correlation(0.0)) < 0.05
    assert correlation(2.0) > 0.2


def test_probes_keep_to_their_grid(network: Network) -> None:
    for look in network.looks:
        if look["route"] == "probe":
            when = datetime.fromisoformat(look["observed_at"])
            assert (when.day - 1) % 3 == 0
            assert when.hour < 6


def test_everybody_found_is_looked_at_again(network: Network) -> None:
    found = {
        look["account_id"]
        for look in network.looks
        if look["route"] != "probe" and look["observed_at"] < "2024-03-16"
    }
    probed = {look["account_id"] for look in network.looks if look["route"] == "probe"}
    assert found <= probed
