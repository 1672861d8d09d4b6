"""What is true of accounts: ``truth/accounts.parquet``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from marsad.simulate.columns import chosen, indices, named
from marsad.simulate.discovery import FINDING
from marsad.simulate.draws import Ints, Mask, Rows
from marsad.simulate.population import COORDINATED, Group, Origin, State, is_violating
from marsad.simulate.posts_truth import PostsTruth
from marsad.simulate.vocabulary import LANGUAGES
from marsad.simulate.window import NEVER
from marsad.simulate.world import World

_TIME = pa.timestamp("s", tz="UTC")

_WHY = {
    Group.ORDINARY: "ordinary account",
    Group.SUPPORTER: "posts marker content between ordinary posts",
    Group.CORE: "posts marker content and acts together with its community",
    Group.COUNTER_SPEAKER: "quotes marker phrases to argue against them",
    Group.NEWSROOM: "reports on what carries the marker phrases",
    Group.WIRE_BOT: "posts a wire's headlines at the same moment as other bots",
    Group.APP_USER: "has an app that posts the same line for all its users",
    Group.STAR: "posts what many fans repost",
    Group.FAN: "reposts a star, some within seconds of a notification",
    Group.CAMPAIGNER: "takes part in a coordinated campaign against marker content",
    Group.BROADCASTER: "reports matches and shows as they happen; viewers repost it",
    Group.PARTY_SUPPORTER: "shares its party's links and calls on election day",
    Group.FACT_CHECKER: "answers the same posts with the same link as its colleagues",
    Group.ACTIVIST: "lives abroad and passes on the same few accounts as others of its cause",
}
_CAME = {
    Origin.RETURN: "returned after a suspension",
    Origin.BACKUP: "backup of another account",
    Origin.TAKEOVER: "a stranger's account, taken over",
}


def accounts_truth(world: World, reached: Mask, posts: PostsTruth) -> pa.Table:
    """The truth of accounts, one row each in order of their ids."""
    rows, who = world.accounts, world.identities
    everything = np.arange(len(rows))
    columns: dict[str, Any] = {
        "account_id": who.id_texts(everything),
        "handle": who.handles,
        "group": named([group.name for group in Group], rows["group"]),
        "origin": named([origin.name for origin in Origin], rows["origin"]),
        "is_violating": pa.array(is_violating(rows["group"])),
        "is_coordinated": pa.array(np.isin(rows["group"], COORDINATED)),
        "why": pa.array(_reasons(rows)),
        "actor": pa.array([f"actor-{number}" for number in rows["actor"].tolist()]),
        "parent": who.id_texts(rows["parent"].astype(np.int64)),
        "community": _communities(rows),
        "language": chosen(list(LANGUAGES), rows["language"].astype(np.int64)),
        "surfaced_in": world.material.tags.names.take(indices(_bursts(world))),
        "posts_per_day": pa.array(rows["rate"] * world.knobs.volume),
        "created_at": _times(rows["created"]),
        "ended_at": _times(rows["ended"]),
        "state": named([state.name for state in State], rows["state"]),
        "taken_over_at": _times(rows["taken"]),
        "renamed_at": _times(rows["renamed"]),
        "paused_at": _times(rows["paused"]),
        "woke_at": _times(rows["woke"]),
        "visibility": pa.array(rows["visibility"]),
        "posts": pa.array(posts.posts),
        "violating_posts": pa.array(posts.violating),
    }
    for route in FINDING:
        columns[f"reached_by_{route.name.lower()}"] = pa.array(reached[:, route])
    return pa.table(columns).take(pa.array(np.argsort(who.ids)))


def _bursts(world: World) -> Ints:
    """The number of the hashtag each account surfaces in, -1 for none."""
    burst = world.accounts["burst"].astype(np.int64)
    return np.where(burst >= 0, world.material.tags.first_burst + burst, -1)


def _reasons(rows: Rows) -> list[str]:
    """Why each account is in its group, in words."""
    texts = {
        (group, origin): _WHY[group] + (f"; {_CAME[origin]}" if origin in _CAME else "")
        for group in Group
        for origin in Origin
    }
    pairs = zip(rows["group"].tolist(), rows["origin"].tolist(), strict=True)
    return [texts[Group(group), Origin(origin)] for group, origin in pairs]


def _communities(rows: Rows) -> pa.Array:
    """Names of communities, ``core-3``; null for accounts in none."""
    names = [
        f"{Group(group).name.lower().replace('_', '-')}-{number}" if number >= 0 else None
        for group, number in zip(rows["group"].tolist(), rows["community"].tolist(), strict=True)
    ]
    return pa.array(names, pa.string())


def _times(seconds: Ints) -> pa.Array:
    known = seconds < NEVER
    return pa.array(np.where(known, seconds, 0), mask=~known).cast(_TIME)
