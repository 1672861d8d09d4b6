"""The network of a group as evidence: what a picture or a program needs to draw it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from marsad.find.coordination.exhibits import Meeting, delays
from marsad.find.coordination.groups import Group
from marsad.records.times import DAY

MOST_EDGES = 10_000
"""Edges that are kept of one group; the strongest, where there are more."""
MOST_POSTS = 8
"""Meetings of an edge of which the posts are kept."""


def pictured(group: Group) -> dict[str, Any]:
    """The accounts and edges of a group, as columns, and its meetings by day.

    ``u`` and ``v`` are places in ``accounts``; ``delay`` and ``spread`` are seconds; ``posts`` are
    those of the first meetings, in turn of ``u`` and of ``v``. ``days`` are [start of the day in
    µs UTC, objects shared together on it]. ``edges`` and ``pairs`` of accounts say how many there
    are in all.
    """
    edges, ids = group.exhibits.edges, group.exhibits.accounts
    names = sorted(ids[int(one)] for one in group.accounts)
    at = {name: place for place, name in enumerate(names)}
    order = np.lexsort((group.edges, edges.p[group.edges], -edges.count[group.edges]))
    kept = [int(place) for place in group.edges[order][:MOST_EDGES]]
    met = [group.exhibits.meetings[place] for place in kept]
    apart = [delays(meetings) for meetings in met]
    return {
        "kind": "network",
        "accounts": names,
        "edges": len(group.edges),
        "pairs": len(group.pairs),
        "u": [at[ids[int(edges.u[place])]] for place in kept],
        "v": [at[ids[int(edges.v[place])]] for place in kept],
        "object_kind": [str(edges.kind[place]) for place in kept],
        "reading": ["timing" if edges.timing[place] else "audience" for place in kept],
        **{name: getattr(edges, name)[kept].tolist() for name in ("count", "common")},
        **{name: getattr(edges, name)[kept].tolist() for name in ("expected", "p", "q")},
        **{name: [one[name] for one in apart] for name in apart[0]},
        "posts": [_posts(meetings[:MOST_POSTS]) for meetings in met],
        "days": _days(group.meetings),
    }


def _posts(meetings: list[Meeting]) -> list[str]:
    posts = [post.id for one in meetings for post in (one.u_post, one.v_post)]
    return [post for post in posts if post]


def _days(meetings: list[Meeting]) -> list[tuple[int, int]]:
    """Of each day the objects that were first shared together on it."""
    first: dict[tuple[str, str], int] = {}
    for one in meetings:
        at = min(one.u_at, one.v_at)
        named = one.kind, one.object
        first[named] = min(first.get(named, at), at)
    return sorted(Counter(at // DAY * DAY for at in first.values()).items())
