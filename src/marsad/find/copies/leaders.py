"""Large buckets: every text against the leaders, in time that does not grow with all pairs.

Leader clustering (Hartigan 1975, "Clustering Algorithms", chapter 3), in the order of time. A text
that is no near copy of a leader becomes one, and is compared with all texts before it. So each text
that has a near copy in the bucket gets a link, and a bucket of n copies of one text costs n
comparisons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from marsad.find.copies.shingles import Indices
from marsad.find.copies.similarity import Floats, Sets, similarity_matrix

Hits = NDArray[np.bool_]

COMPARISONS = 20_000_000
"""Most comparisons with leaders in one bucket. Only a bucket of more than 4,472 texts that are
*not* copies of one another can need more; then texts go uncompared, and are named."""

LEAST_LEADERS = 64

LINKS_EACH = 8
"""Most leaders a text is linked with in one bucket."""

MATRIX_CELLS = 4_000_000


@dataclass
class LeaderLinks:
    """What came of one bucket; texts are named by their place in the order of time.

    ``first[i]`` is linked with ``second[i]``, in no order of the two. ``uncompared`` are texts that
    matched no leader and were not compared with one another.
    """

    first: list[Indices] = field(default_factory=list)
    second: list[Indices] = field(default_factory=list)
    jaccard: list[Floats] = field(default_factory=list)
    uncompared: list[Indices] = field(default_factory=list)

    def add(self, texts: Indices, others: Indices, values: Floats, near: Hits) -> None:
        """Links each text with at most `LINKS_EACH` of the others that are near, the first ones."""
        row, column = np.nonzero(near & (np.cumsum(near, axis=1) <= LINKS_EACH))
        self.first.append(texts[row])
        self.second.append(others[column])
        self.jaccard.append(values[row, column])


def follow_leaders(contents: Sequence[str], threshold: float) -> LeaderLinks:
    """Links within one bucket; ``contents`` in the order of time."""
    sets, count = Sets.of(contents), len(contents)
    most = max(LEAST_LEADERS, COMPARISONS // max(count, 1))
    step = max(1, MATRIX_CELLS // max(count, 1))
    links, leaders = LeaderLinks(), np.empty(0, np.int64)
    for start in range(0, count, step):
        block = np.arange(start, min(start + step, count))
        alone = _without_leader(sets, block, leaders, threshold, links)
        new = _choose(sets, alone, most - len(leaders), threshold, links)
        _look_back(sets, new, threshold, links)
        leaders = np.concatenate([leaders, new])
    return links


def _without_leader(
    sets: Sets, block: Indices, leaders: Indices, threshold: float, links: LeaderLinks
) -> Indices:
    """Links the texts of a block with the leaders so far; returns those that match none."""
    values = similarity_matrix(sets, block, leaders)
    near = values >= threshold
    links.add(block, leaders, values, near)
    return block[~near.any(axis=1)]


def _choose(sets: Sets, texts: Indices, room: int, threshold: float, links: LeaderLinks) -> Indices:
    """Chooses leaders among texts that have none, first come first; links the others with them."""
    values = similarity_matrix(sets, texts, texts)
    near = values >= threshold
    chosen: list[int] = []
    followers: list[int] = []
    uncompared: list[int] = []
    for place in range(len(texts)):
        if near[place, chosen].any():
            followers.append(place)
        elif len(chosen) < room:
            chosen.append(place)
        else:
            uncompared.append(place)
    grid = np.ix_(followers, chosen)
    links.add(texts[followers], texts[chosen], values[grid], near[grid])
    links.uncompared.append(texts[uncompared])
    return texts[chosen]


def _look_back(sets: Sets, leaders: Indices, threshold: float, links: LeaderLinks) -> None:
    """Links new leaders with the followers before them: those may match where no leader did."""
    if not len(leaders):
        return
    before = np.arange(leaders[-1])
    values = similarity_matrix(sets, leaders, before)
    near = (values >= threshold) & (before[None, :] < leaders[:, None])
    links.add(leaders, before, values, near)
