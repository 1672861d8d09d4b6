"""Random numbers that depend on the seed and a name, and on nothing else."""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Seeds = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.void]
"""A structured array: one row for each account, post, … with the fields of its dtype."""

_GOLDEN = 0x9E3779B97F4A7C15


def generator(seed: int, *path: str | int) -> np.random.Generator:
    """A generator for one part of the simulation, the same whatever other parts draw.

    ``path`` names the part, e.g. ``("organic", slice_number)``.
    """
    words = [part if isinstance(part, int) else zlib.crc32(part.encode()) for part in path]
    # With the length, since a seed sequence takes [1, 2] and [1, 2, 0] for the same.
    sequence = np.random.SeedSequence([seed, len(words), *words])
    return np.random.Generator(np.random.PCG64(sequence))


def new_seeds(rng: np.random.Generator, count: int) -> Seeds:
    """``count`` random 64-bit numbers, from which texts, names and tags are made later."""
    return rng.integers(0, 2**64, count, dtype=np.uint64)


def mixed(seeds: Seeds, salt: int) -> Seeds:
    """SplitMix64 of each seed and a salt (Steele, Lea and Flood 2014): a number for each use."""
    z = seeds + np.uint64((salt + 1) * _GOLDEN % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(z ^ (z >> np.uint64(31)), dtype=np.uint64)


def picked(seeds: Seeds, salt: int, size: int) -> Ints:
    """An index below ``size`` for each seed. The bias of the remainder is below size / 2**64."""
    return (mixed(seeds, salt) % np.uint64(size)).astype(np.int64)


def chance(seeds: Seeds, salt: int) -> Floats:
    """A number in [0, 1) for each seed."""
    return np.asarray(mixed(seeds, salt) >> np.uint64(11), dtype=np.float64) * 2.0**-53


def weighted(rng: np.random.Generator, weights: Floats, count: int) -> Ints:
    """``count`` indices drawn with the given weights, by inverting their running sum."""
    edges = np.cumsum(weights)
    at = np.searchsorted(edges, rng.random(count) * edges[-1], side="right")
    return np.asarray(np.minimum(at, len(weights) - 1), dtype=np.int64)
