"""Follow edges as an export would have them: ``follows.csv``."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from marsad.simulate import ndjson
from marsad.simulate.columns import indices
from marsad.simulate.followers import FollowerCounts
from marsad.simulate.follows import follow_edges
from marsad.simulate.world import World


def write_follows(file: BinaryIO, world: World) -> tuple[int, FollowerCounts]:
    """Write all edges, block after block; returns their number and the follower counts."""
    counts = FollowerCounts(world.accounts, world.window)
    ids = pc.cast(pa.array(world.identities.ids), pa.string())
    total = 0
    file.write(b"follower,followed\n")
    for edges in follow_edges(world):
        pair = (ids.take(indices(edges.source)), ",", ids.take(indices(edges.target)))
        ndjson.write(pc.binary_join_element_wise(*pair, "\n", ""), file)
        counts.add(edges)
        total += len(edges.source)
    return total, counts
