"""Pairs that a third account joins, and pairs that stand alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.network import Edges
from marsad.find.coordination.testing import Tested

Bools = npt.NDArray[np.bool_]


def joined(edges: Edges, tested: Mapping[str, Tested]) -> Bools:
    """Which edges belong to groups: those in triangles, and those between an account in one and
    another that takes turns with it in coming first, which nobody does who only follows."""
    three = in_triangles(edges)
    core = np.union1d(edges.u[three], edges.v[three])
    beside = np.isin(edges.u, core) | np.isin(edges.v, core)
    found = three.copy()
    for kind in set(edges.kind[beside & ~three]):
        asked = np.flatnonzero(beside & ~three & (edges.kind == kind))
        found[asked] = _in_turns(tested[kind], edges.place[asked])
    return found


def _in_turns(one: Tested, places: npt.NDArray[np.int64]) -> Bools:
    """Of some pairs, by their places among candidates, whether each end came first at times."""
    pairs, shares = one.pairs, one.close.shares
    after = shares.at[pairs.share_v] - shares.at[pairs.share_u]
    earlier, later = (
        np.minimum(pairs.share_u, pairs.share_v),
        np.maximum(pairs.share_u, pairs.share_v),
    )
    close = later < one.close.ends[earlier]
    u_first = pairs.summed(close & (after > 0))
    v_first = pairs.summed(close & (after < 0))
    return np.asarray((u_first > 0) & (v_first > 0))[places]


def in_triangles(edges: Edges) -> Bools:
    """Which edges join two accounts that both have an edge with the same third one.

    Where posts are passed on, an account follows another closely, and that one a third: chains and
    stars of such pairs are what no agreement leaves behind. Those who act together meet each other.
    Kinds of objects count together.
    """
    import networkit  # takes a second to load
    from networkit.sparsification import TriangleEdgeScore

    if not len(edges):
        return np.zeros(0, bool)
    keys, places = np.unique(np.concatenate([edges.u, edges.v]), return_inverse=True)
    u, v = places[: len(edges)], places[len(edges) :]
    distinct, back = np.unique(u * len(keys) + v, return_inverse=True)
    u, v = np.divmod(distinct, len(keys))
    graph = networkit.GraphFromCoo((u, v), n=len(keys))
    graph.indexEdges()
    ids = [graph.edgeId(*pair) for pair in zip(u.tolist(), v.tolist(), strict=True)]
    triangles = np.array(TriangleEdgeScore(graph).run().scores())[ids]
    return np.asarray(triangles[back] > 0)
