"""Groups that act together: a community of the network with its edges, meetings and source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.automation import Source, explaining, keeping_hours
from marsad.find.coordination.communities import communities
from marsad.find.coordination.exhibits import Exhibits, Meeting
from marsad.find.coordination.otherwise import LEAST, number_of_posts, others, sharing_much
from marsad.records.ids import key

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Group:
    """One community: the keys of its ``accounts``, its ``edges`` as places in the network, and the
    ``source`` that explains its acting together, where one does. Not ``joined``: pairs and chains
    of pairs, of which no three have met one another."""

    exhibits: Exhibits
    accounts: Ints
    edges: Ints
    source: Source | None
    joined: bool = True

    @property
    def opens_case(self) -> bool:
        """Whether neither a source explains it nor one account's following another may."""
        return self.source is None and self.joined

    @property
    def by_the_clock(self) -> bool:
        """Whether all that explains it is the hours it keeps."""
        return self.source is not None and self.source.kind == "timetable"

    @cached_property
    def id(self) -> str:
        """A name that follows from its members."""
        members = "\n".join(sorted(self.exhibits.accounts[int(one)] for one in self.accounts))
        return f"community:{key(members):016x}"

    @cached_property
    def meetings(self) -> list[Meeting]:
        """All meetings of its edges."""
        return [one for place in self.edges for one in self.exhibits.meetings[int(place)]]

    @cached_property
    def objects(self) -> Counter[tuple[str, str]]:
        """Kind and name of the objects its accounts shared together, and in how many meetings."""
        return Counter((one.kind, one.object) for one in self.meetings)

    def favourites(self, most: int) -> list[tuple[str, str]]:
        """The objects that were shared together most."""
        counted = sorted(self.objects.items(), key=lambda item: (-item[1], item[0]))
        return [named for named, _ in counted[:most]]

    @property
    def span(self) -> tuple[int, int]:
        """From the first meeting to the last, µs UTC."""
        times = [at for one in self.meetings for at in (one.u_at, one.v_at)]
        return min(times), max(times)

    @property
    def pairs(self) -> set[tuple[int, int]]:
        """The pairs of accounts with an edge, over all kinds of object."""
        edges = self.exhibits.edges
        ends = edges.u[self.edges].tolist(), edges.v[self.edges].tolist()
        return set(zip(*ends, strict=True))

    @property
    def density(self) -> float:
        """The fraction of its pairs of accounts that are edges; in (0, 1]."""
        size = len(self.accounts)
        return 2 * len(self.pairs) / (size * (size - 1))

    def first_movers(self, most: int = 5) -> list[tuple[int, int]]:
        """The accounts that shared most of the objects first, and how many: key and count."""
        first: dict[tuple[str, str], tuple[int, int]] = {}
        edges = self.exhibits.edges
        for place in self.edges:
            ends = int(edges.u[place]), int(edges.v[place])
            for one in self.exhibits.meetings[place]:
                for who, at in zip(ends, (one.u_at, one.v_at), strict=True):
                    known = first.get((one.kind, one.object))
                    if known is None or (at, who) < known:
                        first[one.kind, one.object] = (at, who)
        counted = Counter(who for _, who in first.values())
        return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:most]


def groups(exhibits: Exhibits, commons: frozenset[Source]) -> Iterator[Group]:
    """The groups of a network, those that one client explains first, then from the largest on.

    Edges that one client explains leave first, or a crowd that its members also belong to would
    hide that it posted for all of them.
    """
    places = np.arange(len(exhibits.edges))
    clients = _clients(exhibits, places, commons)
    left = places
    for client in sorted({one for one in clients if one}, key=str):
        mine = explained(exhibits, places[[one == client for one in clients]], client)
        left = np.setdiff1d(left, mine)
        yield from _communities(exhibits, mine, client)
    for group in list(_communities(exhibits, left)):
        if source := explaining(group.meetings, commons) or keeping_hours(group.meetings):
            mine = explained(exhibits, group.edges, source)
            left = np.setdiff1d(left, mine)
            yield from _communities(exhibits, mine, source)
    yield from _communities(exhibits, left)


def explained(exhibits: Exhibits, places: Ints, source: Source) -> Ints:
    """Those of some edges that a source explains: not those between accounts that share much apart
    from it.

    A timetable is a source that nobody named. It explains nothing where fewer than half of the
    accounts have a life of their own: what nothing but keeps hours may as well be a botnet.
    """
    edges = exhibits.edges.only_at(places)
    shared = others(exhibits, np.union1d(edges.u, edges.v), source)
    alive = [number_of_posts(rest) >= LEAST for rest in shared.values()]
    if source.kind == "timetable" and sum(alive) < len(alive) / 2:
        return places[:0]
    much = sharing_much(shared, exhibits.window)
    pairs = zip(edges.u.tolist(), edges.v.tolist(), strict=True)
    return places[[pair not in much for pair in pairs]]


def _clients(exhibits: Exhibits, places: Ints, commons: frozenset[Source]) -> list[Source | None]:
    """Of each edge the client that explains it, if one does."""
    found = [explaining(exhibits.meetings[int(place)], commons) for place in places]
    return [one if one and one.kind == "client" else None for one in found]


def _communities(exhibits: Exhibits, places: Ints, source: Source | None = None) -> Iterator[Group]:
    edges = exhibits.edges.only_at(places)
    keys, of = communities(edges)
    ends = of[np.searchsorted(keys, edges.u)], of[np.searchsorted(keys, edges.v)]
    for number in range(int(of.max(initial=-1)) + 1):
        inside = places[np.flatnonzero((ends[0] == number) & (ends[1] == number))]
        yield Group(exhibits, keys[of == number], inside, source)
