"""Communities of a validated network."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.network import Edges

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_MODULARITY = 0.3
"""A connected part is split only where its division reaches this modularity: below, Newman and
Girvan (2004), *Phys. Rev. E* 69, 026113, see no community structure."""

_SEED = 20_160_101


def communities(edges: Edges) -> tuple[Ints, Ints]:
    """Accounts (keys, ascending) and the number of each one's community, largest first.

    Connected parts of the network, weighted by the objects shared close together over all kinds;
    where a part has communities of its own, those that Leiden finds (Traag, Waltman and van Eck
    2019, *Sci. Rep.* 9, 5233), with one thread and a fixed seed: with two threads the same seed
    gives different communities.
    """
    keys = np.unique(np.concatenate([edges.u, edges.v]))
    if not len(keys):
        return keys, np.zeros(0, np.int64)
    u, v, weights = _merged(edges, keys)
    return keys, _by_size(_divided(u, v, weights, len(keys)))


def _merged(edges: Edges, keys: Ints) -> tuple[Ints, Ints, Floats]:
    """One edge a pair of accounts, as places in ``keys``."""
    codes = np.searchsorted(keys, edges.u) * len(keys) + np.searchsorted(keys, edges.v)
    distinct, back = np.unique(codes, return_inverse=True)
    u, v = np.divmod(distinct, len(keys))
    return u, v, np.bincount(back, weights=edges.count).astype(float)


def _divided(u: Ints, v: Ints, weights: Floats, size: int) -> Ints:
    import networkit  # takes a second to load

    threads = networkit.getMaxNumberOfThreads()
    networkit.setNumberOfThreads(1)
    networkit.setSeed(_SEED, False)
    try:
        graph = networkit.GraphFromCoo((weights, (u, v)), n=size, weighted=True)
        parts = networkit.components.ConnectedComponents(graph).run().getPartition()
        found = np.array(parts.getVector(), np.int64)
        for part in range(parts.numberOfSubsets()):
            inside = np.flatnonzero(found == part)
            split = _split(networkit, graph, inside)
            found[inside[split > 0]] = found.max() + split[split > 0]
        return found
    finally:
        networkit.setNumberOfThreads(threads)


def _split(networkit: Any, graph: Any, inside: Ints) -> Ints:
    """The communities of a connected part, from 0; all 0 where it has none."""
    part = networkit.graphtools.subgraphFromNodes(graph, inside.tolist(), compact=True)
    leiden = networkit.community.ParallelLeiden(part, randomize=False)
    leiden.run()
    division = leiden.getPartition()
    division.compact()
    if networkit.community.Modularity().getQuality(division, part) < LEAST_MODULARITY:
        return np.zeros(len(inside), np.int64)
    return np.array(division.getVector(), np.int64)


def _by_size(of: Ints) -> Ints:
    """Communities numbered from the largest; of equal ones, that with the least key comes first."""
    _, first, back, sizes = np.unique(
        of, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(sizes), np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(len(sizes))
    return rank[back]
