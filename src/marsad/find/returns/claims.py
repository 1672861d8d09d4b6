"""Which pairs become a claim: one parent a child, many children a parent, and chains of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marsad.find.returns.blocks import Pairs

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

CLEAR = 0.995
"""Chance of a match from which a claim is clear. The features are not quite independent, so a
pair has to look better than one in a hundred for one in a hundred to be false."""

UNSURE = 0.5
RIVALS = 5


@dataclass(frozen=True)
class Claim:
    """A child, its parent, the pair's place, and other parents that might be (places of pairs)."""

    child: int
    parent: int
    pair: int
    clear: bool
    rivals: tuple[int, ...] = ()


def claims(
    pairs: Pairs, chance: Floats, weight: Floats, since: Ints, appeared: Ints
) -> list[Claim]:
    """At most one claim a child, ordered by child.

    Among parents who clearly match the last to go before the child appeared is claimed, for it is
    the next in the chain; otherwise the one with the largest weight. A pair in which both are gone
    is read in one direction: who went later is the child.
    """
    kept = np.flatnonzero((chance >= UNSURE) & _forward(pairs, since))
    order = kept[np.lexsort((kept, -weight[kept], pairs.child[kept]))]
    found = []
    for group in np.split(order, np.flatnonzero(np.diff(pairs.child[order])) + 1):
        if len(group):
            best = _chosen(group, pairs, chance, since, appeared)
            rivals = tuple(int(one) for one in group if one != best)[:RIVALS]
            clear = bool(chance[best] >= CLEAR)
            child, parent = int(pairs.child[best]), int(pairs.parent[best])
            found.append(Claim(child, parent, int(best), clear, rivals))
    return found


def _forward(pairs: Pairs, since: Ints) -> npt.NDArray[np.bool_]:
    """Whether the parent went first, where both are gone."""
    parent, child = since[pairs.parent], since[pairs.child]
    later = (child > parent) | ((child == parent) & (pairs.child > pairs.parent))
    return np.asarray((child < 0) | later)


def _chosen(group: Ints, pairs: Pairs, chance: Floats, since: Ints, appeared: Ints) -> int:
    clear = group[chance[group] >= CLEAR]
    gone = since[pairs.parent[clear]]
    before = clear[gone <= appeared[pairs.child[clear]]]
    if len(before):
        return int(before[np.argmax(since[pairs.parent[before]])])
    return int(group[0])


def roots(found: list[Claim]) -> Mapping[int, int]:
    """The first account of each child's chain, following clear claims; ends where one would turn
    in a circle."""
    parent_of = {one.child: one.parent for one in found if one.clear}
    heads = {}
    for one in found:
        seen, at = {one.child}, one.parent
        while at in parent_of and at not in seen:
            seen.add(at)
            at = parent_of[at]
        heads[one.child] = at
    return heads
