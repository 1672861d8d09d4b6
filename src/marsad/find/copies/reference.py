"""Near copies found the plain way: every pair of texts. Slow, and what the fast way must equal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from marsad.find.copies.shingles import jaccard, shingle_set


def near_pairs(contents: Sequence[str], threshold: float) -> Iterator[tuple[int, int, float]]:
    """Each pair of places i < j whose contents are near copies, with their similarity."""
    sets = [shingle_set(content) for content in contents]
    for i, j in combinations(range(len(sets)), 2):
        value = jaccard(sets[i], sets[j])
        if value >= threshold:
            yield i, j, value
