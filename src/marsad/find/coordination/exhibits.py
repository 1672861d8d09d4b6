"""What lies behind each edge of the network: the very posts, and how far apart they came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.coordination.network import Edges
from marsad.find.coordination.testing import Tested
from marsad.records.times import SECOND
from marsad.records.urls import host_of

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Post:
    """The post behind a share: its id, the client it was written with, whom it reposts, the hosts
    it links to, and when it was shared (µs UTC)."""

    id: str | None
    client: str | None
    author: str | None
    hosts: frozenset[str] = frozenset()
    at: int = 0

    @property
    def name(self) -> str:
        """Its id, or the time where shares came without posts."""
        return self.id or str(self.at)


NO_POST = Post(None, None, None)


@dataclass(frozen=True)
class Meeting:
    """One object that two accounts shared close together; ``u`` and ``v`` as the edge has them."""

    kind: str
    object: str
    u_at: int
    v_at: int
    u_post: Post
    v_post: Post


@dataclass(frozen=True)
class Exhibits:
    """The meetings of a network's edges, and the ids of its accounts."""

    tested: Mapping[str, Tested]
    edges: Edges
    window: int
    accounts: Mapping[int, str]
    posts: Mapping[tuple[str, str, int], Post]

    def of(self, edges: Edges) -> Exhibits:
        """The same for some of the edges, or for others between these accounts."""
        return replace(self, edges=edges)

    @cached_property
    def meetings(self) -> list[list[Meeting]]:
        """Of each edge the meetings, earliest first."""
        return [list(self._of(place)) for place in range(len(self.edges))]

    def _of(self, place: int) -> Iterator[Meeting]:
        kind = self.edges.kind[place]
        pairs, shares = self.tested[kind].pairs, self.tested[kind].close.shares
        at = self.edges.place[place]
        common = slice(pairs.starts[at], pairs.starts[at + 1])
        mine, theirs = pairs.share_u[common], pairs.share_v[common]
        met = np.abs(shares.at[mine] - shares.at[theirs]) <= self.window
        order = np.lexsort((theirs[met], np.minimum(shares.at[mine], shares.at[theirs])[met]))
        for i, j in zip(mine[met][order], theirs[met][order], strict=True):
            name = shares.objects[int(shares.object[i])].as_py()
            yield Meeting(
                kind, name, int(shares.at[i]), int(shares.at[j]),
                self._post(kind, name, int(self.edges.u[place])),
                self._post(kind, name, int(self.edges.v[place])),
            )  # fmt: skip

    def _post(self, kind: str, name: str, account: int) -> Post:
        return self.posts.get((kind, name, account), NO_POST)


def exhibits(
    engine: Engine,
    shares: ir.Table,
    posts: ir.Table,
    tested: Mapping[str, Tested],
    edges: Edges,
    window: int,
) -> Exhibits:
    """The posts behind the edges of a network, looked up for its accounts alone."""
    keys = np.unique(np.concatenate([edges.u, edges.v]))
    wanted = engine.table(pa.table({"account_key": keys}), "coordination_accounts")
    rows = engine.collect(_shared(shares, posts, wanted, sorted(tested))).to_pylist()
    accounts, found = {}, {}
    for row in rows:
        accounts[row["account_key"]] = row["account"]
        name = (row["object_kind"], row["object"], row["account_key"])
        hosts = frozenset(filter(None, map(_host, row["urls"] or ())))
        found[name] = Post(row["post"], row["client"], row["author"], hosts, row["shared_at"])
    return Exhibits(tested, edges, window, accounts, found)


def _shared(shares: ir.Table, posts: ir.Table, wanted: ir.Table, kinds: list[str]) -> ir.Table:
    """The first shares of the wanted accounts with the posts they were made in."""
    of_members = shares.filter(shares.object_kind.isin(kinds)).semi_join(wanted, "account_key")
    place = ibis.row_number().over(
        group_by=["object_kind", "object", "account_key"],
        order_by=[of_members.shared_at, of_members.post],
    )
    numbered = of_members.mutate(place=place)
    first = numbered.filter(numbered.place == 0)
    known = posts.semi_join(wanted, "account_key").select(
        known_post=posts.id, client=posts.client, author=posts.repost_of_account, urls=posts.urls
    )
    return first.left_join(known, first.post == known.known_post).select(
        "object_kind", "object", "account_key", "account", "post", "client", "author",
        "urls", "shared_at",
    )  # fmt: skip


@lru_cache(maxsize=100_000)
def _host(url: str) -> str | None:
    return host_of(url)


def seconds(micros: int) -> float:
    """Microseconds as seconds."""
    return micros / SECOND


def delays(meetings: list[Meeting]) -> dict[str, Any]:
    """Mean and spread of the delays, in seconds, and how often the first of the two came first."""
    apart = np.array([seconds(one.v_at - one.u_at) for one in meetings])
    return {
        "delay": round(float(np.abs(apart).mean()), 3),
        "spread": round(float(np.abs(apart).std()), 3),
        "u_first": int((apart > 0).sum()),
        "v_first": int((apart < 0).sum()),
    }
