"""The network of a group of accounts out of its evidence, under pseudonyms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from marsad.outputs.report.data import Network, Tie
from marsad.outputs.report.totals import over_time
from marsad.records.times import DAY

KIND = "network"
"""What evidence with a network is called."""
MOST_ACCOUNTS = 80
MOST_TIES = 600
"""Most that a picture shows: the accounts with most ties, and the strongest of these."""


class Named(Protocol):
    """Whatever gives subjects the names they are shown under."""

    def of(self, kind: str, identifier: str) -> str:
        """The name of a subject."""


def network(
    found: Mapping[str, Any], evidence: Sequence[Mapping[str, Any]], names: Named
) -> Network:
    """The picture's part of a network, as `marsad.find.coordination.picture` describes it."""
    known: list[str] = found["accounts"]
    every = [Tie(*row) for row in zip(found["u"], found["v"], found["count"], strict=True)]
    degrees = Counter(place for tie in every for place in (tie.u, tie.v))
    chosen = sorted(degrees, key=lambda place: (-degrees[place], place))[:MOST_ACCOUNTS]
    shown = sorted((names.of("account", known[place]), place) for place in chosen)
    at = {place: number for number, (_, place) in enumerate(shown)}
    first = {one["account"] for item in evidence for one in item.get("first_movers") or ()}
    return Network(
        tuple(name for name, _ in shown),
        tuple(_merged(every, at)[:MOST_TIES]),
        frozenset(at[place] for place in chosen if known[place] in first),
        len(known),
        found["pairs"],
        over_time(dict(found["days"]), DAY),
    )


def _merged(every: Sequence[Tie], at: Mapping[int, int]) -> list[Tie]:
    """One tie a pair of accounts that are shown, over all kinds of object: first such as reach each
    account, then the others, the strongest first."""
    close: Counter[tuple[int, int]] = Counter()
    for tie in every:
        if tie.u in at and tie.v in at:
            close[at[tie.u], at[tie.v]] += tie.close
    reached: set[int] = set()
    first: list[Tie] = []
    more: list[Tie] = []
    for (u, v), count in sorted(close.items(), key=lambda one: (-one[1], one[0])):
        (more if {u, v} <= reached else first).append(Tie(u, v, count))
        reached |= {u, v}
    return first + more
