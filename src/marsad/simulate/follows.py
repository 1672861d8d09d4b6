"""The follow graph: heavy-tailed, homophilous, and rebuilt by those who come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from marsad.simulate.draws import Floats, Ints, Mask, Rows, generator
from marsad.simulate.members import members_of
from marsad.simulate.population import Group, Origin, is_violating
from marsad.simulate.window import NEVER
from marsad.simulate.world import World

_BLOCK = 100_000
_SPREAD_OUT = 1.0
_SPREAD_IN = 1.6
_WITHIN_COMMUNITY = 0.6


@dataclass(frozen=True)
class Edges:
    """Follow edges as rows of the account table, source follows target.

    An edge counts from when both accounts exist; where those who come back ``rebuilt`` it, from
    when they are on an account that they took over.
    """

    source: Ints
    target: Ints
    rebuilt: bool = False

    def where(self, mask: Mask) -> Edges:
        """The edges of the mask."""
        return Edges(self.source[mask], self.target[mask], self.rebuilt)

    def begin(self, accounts: Rows) -> Ints:
        """Since when each edge can be there, in seconds since 1970."""
        came = accounts["created"]
        if self.rebuilt:
            came = np.where(accounts["taken"] < NEVER, accounts["taken"], came)
        return np.asarray(np.maximum(came[self.source], came[self.target]))


def _joined(parts: list[Edges]) -> Edges:
    if not parts:
        return Edges(np.zeros(0, np.int64), np.zeros(0, np.int64))
    return Edges(
        np.concatenate([part.source for part in parts]),
        np.concatenate([part.target for part in parts]),
    )


@dataclass(frozen=True)
class Pool:
    """Accounts to follow and the running sum of their attraction."""

    rows: Ints
    edges: Floats

    def draw(self, rng: np.random.Generator, count: int) -> Ints:
        """Accounts drawn by attraction."""
        at = np.searchsorted(self.edges, rng.random(count) * self.edges[-1], side="right")
        return np.asarray(self.rows[np.minimum(at, len(self.rows) - 1)])


def follow_edges(world: World) -> Iterator[Edges]:
    """All edges, in blocks; no edge twice, nobody follows themselves."""
    rng = generator(world.seed, "follows")
    accounts = world.accounts
    starters = int((accounts["handle"] >= 0).sum())
    is_parent = np.zeros(len(accounts), np.bool_)
    is_parent[accounts["parent"][accounts["parent"] >= 0]] = True
    kept: list[Edges] = []
    owners: list[Edges] = []
    taken = accounts["taken"] < NEVER
    pools, special = _pools(accounts[:starters], rng), _special(world, rng)
    for first in range(0, starters, _BLOCK):
        sources = np.arange(first, min(first + _BLOCK, starters))
        mine = (special.source >= first) & (special.source < first + _BLOCK)
        drawn = _drawn(accounts, sources, pools, world, rng)
        block = _distinct(_joined([drawn, special.where(mine)]), len(accounts))
        # what an owner left is nothing that who took the account over brings along
        mine = is_parent & ~taken
        kept.append(block.where(mine[block.source] | mine[block.target]))
        owners.append(block.where(taken[block.source] | taken[block.target]))
        yield block
    there = _joined(owners)
    for block in _rebuilt(world, _joined(kept), pools, rng):
        fresh = block.where(~_among(block, there, len(accounts)))
        there = _joined([there, fresh])
        yield fresh


def _pools(starters: Rows, rng: np.random.Generator) -> dict[int, Pool]:
    """Whom to follow: everybody (-1), each language (its code), the violating circle (-2)."""
    attraction = np.exp(rng.normal(0, _SPREAD_IN, len(starters))) * (1 + starters["rate"]) ** 0.3
    attraction[starters["group"] == Group.STAR] *= 20
    attraction[starters["group"] == Group.NEWSROOM] *= 5
    violating = is_violating(starters["group"])
    members = {-1: np.ones(len(starters), np.bool_), -2: violating}
    for code in np.unique(starters["language"]).tolist():
        members[code] = starters["language"] == code
    return {
        name: Pool(np.flatnonzero(mask), np.cumsum(attraction[mask]))
        for name, mask in members.items()
        if mask.any()
    }


def _drawn(
    accounts: Rows, sources: Ints, pools: dict[int, Pool], world: World, rng: np.random.Generator
) -> Edges:
    """Log-normal numbers of follows, most of them among one's own."""
    mean = np.log(max(world.knobs.follows, 1e-9)) - _SPREAD_OUT**2 / 2
    degree = np.exp(rng.normal(mean, _SPREAD_OUT, len(sources)))
    degree = np.minimum(degree, len(accounts) / 5)
    counts = np.floor(degree + rng.random(len(sources))).astype(np.int64)
    source = np.repeat(sources, counts)
    rows = accounts[source]
    own = np.where(is_violating(rows["group"]), -2, rows["language"])
    where = np.where(rng.random(len(source)) < world.knobs.homophily, own, -1)
    target = np.zeros(len(source), np.int64)
    for name, pool in pools.items():
        mask = where == name
        target[mask] = pool.draw(rng, int(mask.sum()))
    return Edges(source, target)


def _special(world: World, rng: np.random.Generator) -> Edges:
    """Fans follow their star; those who act together follow one another, mostly."""
    accounts = world.accounts
    stars, fans = members_of(accounts, Group.STAR), members_of(accounts, Group.FAN)
    parts: list[Edges] = []
    if stars.count:
        star = np.searchsorted(stars.numbers, accounts["community"][fans.accounts])
        parts.append(Edges(fans.accounts, stars.accounts[star]))
    for group in (Group.CORE, Group.CAMPAIGNER, Group.FACT_CHECKER, Group.ACTIVIST):
        members = members_of(accounts, group)
        place = np.searchsorted(members.numbers, accounts["community"][members.accounts])
        which, target = members.all_of(place)
        pairs = Edges(members.accounts[which], target)
        parts.append(pairs.where(rng.random(len(target)) < _WITHIN_COMMUNITY))
    starters = accounts["handle"] >= 0
    edges = _joined(parts)
    return edges.where(starters[edges.source] & starters[edges.target])


def _rebuilt(
    world: World, kept: Edges, pools: dict[int, Pool], rng: np.random.Generator
) -> Iterator[Edges]:
    """Generation by generation: children follow again whom their parent followed, and followers of
    the parent find them. ``kept`` has the edges to and from parents."""
    accounts = world.accounts
    later = np.flatnonzero(accounts["origin"] != Origin.ORIGINAL)
    while len(later):
        ready = later[~np.isin(accounts["parent"][later], later)]
        block = _distinct(_of_children(accounts, ready, kept, pools, world, rng), len(accounts))
        later = np.setdiff1d(later, ready)
        kept = _joined([kept, block])
        yield Edges(block.source, block.target, rebuilt=True)


def _of_children(
    accounts: Rows,
    children: Ints,
    kept: Edges,
    pools: dict[int, Pool],
    world: World,
    rng: np.random.Generator,
) -> Edges:
    child_of = np.full(len(accounts), -1, np.int64)
    child_of[accounts["parent"][children]] = children
    out = kept.where(child_of[kept.source] >= 0)
    out = out.where(rng.random(len(out.source)) < world.knobs.follows_kept)
    out = Edges(child_of[out.source], out.target)
    into = kept.where(child_of[kept.target] >= 0)
    into = into.where(rng.random(len(into.source)) < world.knobs.regained)
    into = Edges(into.source, child_of[into.target])
    new = np.repeat(children, rng.poisson(world.knobs.follows * 0.2, len(children)))
    circle = pools.get(-2, pools[-1])
    edges = _joined([out, into, Edges(new, circle.draw(rng, len(new)))])
    # Nobody can follow, or be followed by, an account that was gone before the other came.
    begin = Edges(edges.source, edges.target, rebuilt=True).begin(accounts)
    end = np.minimum(accounts["ended"][edges.source], accounts["ended"][edges.target])
    return edges.where(begin < end)


def _among(edges: Edges, others: Edges, accounts: int) -> Mask:
    """Which edges are among others."""
    keys = edges.source * accounts + edges.target
    return np.isin(keys, others.source * accounts + others.target)


def _distinct(edges: Edges, accounts: int) -> Edges:
    """Each edge once, sorted by source; no loops."""
    keys = np.sort(edges.source * accounts + edges.target)
    keys = keys[np.diff(keys, prepend=-1) != 0]
    source, target = np.divmod(keys, accounts)
    return Edges(source, target).where(source != target)
