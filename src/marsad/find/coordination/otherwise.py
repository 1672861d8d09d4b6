"""What accounts share with one another apart from what one source gives them.

An app's users, or a feed's, live lives of their own; a ring that posts through an app acts together
in other things, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.automation import Source
from marsad.find.coordination.exhibits import Exhibits, Post
from marsad.records.times import MINUTE

Ints = npt.NDArray[np.int64]

AT_ONCE = 5 * MINUTE
"""However long the window, further apart is not together: over a day all people share much."""

MUCH = 0.2
"""The fraction of the other posts of either of two accounts from which they share much."""

LEAST = 3
"""Posts below which neither two share much, nor an account has a life of its own."""

Others = Mapping[int, Mapping[tuple[str, str], Post]]
"""Of each account what it shared apart from the source, and the posts it did so in."""


def others(exhibits: Exhibits, accounts: Ints, source: Source) -> Others:
    """What these accounts shared apart from the source."""
    found: dict[int, dict[tuple[str, str], Post]] = {int(one): {} for one in accounts}
    for (kind, name, account), post in exhibits.posts.items():
        if account in found and not source.gave(kind, name, post):
            found[account][kind, name] = post
    return found


def sharing_much(shared: Others, window: int) -> set[tuple[int, int]]:
    """The pairs (keys, ascending) that share much of the rest: `LEAST` posts and `MUCH` of those
    of either, within the window and `AT_ONCE`."""
    posts = {account: number_of_posts(rest) for account, rest in shared.items()}
    together = _together(shared, min(window, AT_ONCE))
    return {
        (u, v) for (u, v), met in together.items()
        if len(met) >= max(LEAST, MUCH * min(posts[u], posts[v]))
    }  # fmt: skip


def number_of_posts(rest: Mapping[tuple[str, str], Post]) -> int:
    """How many posts these are: one may carry several objects."""
    return len({post.name for post in rest.values()})


def _together(shared: Others, window: int) -> dict[tuple[int, int], set[str]]:
    """Of pairs the posts of the first on objects that the second shared within the window."""
    by_object = defaultdict(list)
    for account in sorted(shared):
        for named, post in shared[account].items():
            by_object[named].append((account, post))
    found = defaultdict(set)
    for sharers in by_object.values():
        for (u, ours), (v, theirs) in combinations(sharers, 2):
            if abs(ours.at - theirs.at) <= window:
                found[u, v].add(ours.name)
    return found
