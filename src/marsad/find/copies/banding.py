"""MinHash bands: which texts to compare at all, so that not every pair must be.

A signature of bands · rows MinHash values is cut into bands; two texts are compared where they
agree in a whole band. With Jaccard similarity J this happens with probability
1 − (1 − J^rows)^bands (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets", section 3.4).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from marsad.find.copies.shingles import Codes, Indices, Shingles, mixed

MISS = 0.005
"""The largest probability that a pair exactly at the threshold is not compared."""

MOST_BANDS = 32
"""Most rows a text may take in the table of bands; more rows a band need more bands."""

MOST_ROWS = 16

SEED = 20_150_601


@dataclass(frozen=True)
class Banding:
    """How a signature is cut: ``bands`` bands of ``rows`` values."""

    bands: int
    rows: int

    def probability(self, similarity: float) -> float:
        """The probability that two texts of this similarity are compared."""
        return float(1 - (1 - similarity**self.rows) ** self.bands)


@cache
def banding(threshold: float) -> Banding:
    """The most selective banding that compares a pair at ``threshold`` with probability 1 − `MISS`.

    At .7 these are 29 bands of 5 rows; unrelated posts of a hundred characters then meet with
    probability 4e-6. A threshold below .2 cannot be met with `MOST_BANDS`.
    """
    for rows in range(MOST_ROWS, 0, -1):
        bands = max(1, math.ceil(math.log(MISS) / math.log1p(-min(threshold**rows, 1 - 1e-12))))
        if bands <= MOST_BANDS:
            return Banding(bands, rows)
    raise ValueError(f"a threshold of {threshold} cannot be met with {MOST_BANDS} bands")


def buckets(found: Shingles, cut: Banding) -> Indices:
    """For each text (down) and band (across) the number of the bucket it falls in, ≥ 0.

    Texts without shingles must not be given: all of them would share their buckets.
    """
    signatures = _signatures(found, cut.bands * cut.rows)
    values = signatures.reshape(len(found), cut.bands, cut.rows)
    bucket = np.broadcast_to(np.arange(cut.bands, dtype=np.uint64), values.shape[:2])
    for row in range(cut.rows):
        bucket = mixed(bucket ^ mixed(values[:, :, row] + np.uint64(1)))
    return (bucket >> np.uint64(1)).astype(np.int64)


def _signatures(found: Shingles, length: int) -> Codes:
    from rensa import RMinHash

    if not len(found):
        return np.empty((0, length), np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        mixed(found.codes), found.starts.astype(np.uint64), num_perm=length, seed=SEED
    )
    return np.array(matrix.to_rows(), dtype=np.uint32).astype(np.uint64)
