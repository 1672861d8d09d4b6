"""Marks: a few bits a text by which most pairs that are no near copies are told, and none that are.

Texts put together from the same phrases share many buckets and are still no copies: there, one pair
in a thousand that meets is one. A mark folds the shingles of a text into `BITS` bits, each the
parity of those that fall on it. Where two marks differ in a bit, a shingle is in one text and not
in the other; so the bits in which they differ are no more than the shingles in which the texts do
(Sandes, Teodoro, Melo 2020, "Bitmap filter: speeding up exact set similarity joins with bitwise
operations", *Information Systems* 88).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from marsad.find.copies.shingles import Shingles, mixed, shingles
from marsad.find.copies.similarity import Floats

Words = NDArray[np.int64]

BITS = 256
WORDS = BITS // 64

MARKED = pa.schema(
    [
        pa.field("text_key", pa.int64(), nullable=False),
        pa.field("shingles", pa.int64(), nullable=False),
        *(pa.field(f"mark_{word}", pa.int64(), nullable=False) for word in range(WORDS)),
    ]
)
"""A text's key, how many shingles it has at most, and its mark in words of 64 bits."""

PAIRS = pa.schema(
    [pa.field("a", pa.int64(), nullable=False), pa.field("b", pa.int64(), nullable=False)]
)
"""Keys of two texts, the smaller one first."""


def marks(found: Shingles) -> Words:
    """The marks of texts: one row of `WORDS` a text."""
    rows = np.repeat(np.arange(len(found), dtype=np.uint64), np.diff(found.starts))
    # of a shingle 40 bits are enough: where two are taken for one, marks differ in less, not more
    seen = rows << np.uint64(40) | mixed(found.codes) >> np.uint64(24)
    seen.sort()
    once = np.ones(len(seen), bool)
    once[1:] = seen[1:] != seen[:-1]
    row, bit = (seen[once] >> np.uint64(40)).astype(np.int64), seen[once] % np.uint64(BITS)
    odd = np.bincount(row * BITS + bit.astype(np.int64), minlength=len(found) * BITS) % 2 == 1
    return np.packbits(odd.reshape(len(found), BITS), axis=1).view(np.int64)


def most_alike(first: Words, second: Words, sizes: NDArray[np.int64]) -> Floats:
    """For each pair of marks a similarity that its texts do not exceed; ``sizes`` is how many
    shingles the two have, together.

    Of texts that differ in D of S shingles the similarity is (S − D) / (S + D).
    """
    # of a signed number the bits of its absolute value would be counted
    differ = np.bitwise_count((first ^ second).view(np.uint64)).sum(axis=1, dtype=np.int64)
    return np.asarray((sizes - differ) / np.maximum(sizes + differ, 1))


def marked(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch of texts to `MARKED`."""
    found = shingles(batch["content"].to_pylist())
    words = marks(found)
    columns = [batch["text_key"], pa.array(np.diff(found.starts))]
    columns += [pa.array(np.ascontiguousarray(words[:, word])) for word in range(WORDS)]
    return pa.RecordBatch.from_arrays(columns, schema=MARKED)


@dataclass(frozen=True)
class MayBeNear:
    """Of a batch of pairs ``a, b``, with the marks of both, those that may reach the threshold."""

    threshold: float

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        sizes = batch["a_shingles"].to_numpy() + batch["b_shingles"].to_numpy()
        likely = most_alike(_words(batch, "a"), _words(batch, "b"), sizes) >= self.threshold
        kept = pa.array(likely)
        return pa.RecordBatch.from_arrays([batch[n].filter(kept) for n in "ab"], schema=PAIRS)


def _words(batch: pa.RecordBatch, side: str) -> Words:
    return np.stack([batch[f"{side}_mark_{word}"].to_numpy() for word in range(WORDS)], axis=1)
