"""How alike two handles are."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from marsad.records.normalise import normalise

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LONGEST = 32
"""Letters of a handle that are compared."""

PAIRS_AT_ONCE = 200_000
_STANDS_FOR = str.maketrans("01345789l", "oieastbgi")
_TAILS = re.compile(r"[_.-]*(?:official|backup|back|new|real|v2|ii|2nd|account)[_.-]*$")


def skeleton(handle: str) -> str:
    """What is left of a handle without what is changed to get a new one.

    Look-alikes are folded, endings such as ``_new`` and numbers at the end go, digits within stand
    for letters (l reads as 1 does), signs go, doubled letters become one. Nothing left: the handle.
    """
    folded = handle.lower() if handle.isascii() else normalise(handle)
    bare = _TAILS.sub("", _TAILS.sub("", folded).rstrip("0123456789_.-"))
    bare = re.sub(r"[^\w]|_", "", bare.translate(_STANDS_FOR))
    return re.sub(r"(.)\1+", r"\1", bare) or folded


def jaro_winkler(one: Sequence[str], other: Sequence[str]) -> Floats:
    """The Jaro–Winkler similarity of ``one[k]`` and ``other[k]``, 0 to 1, for each k.

    Winkler 1990: Jaro's similarity j, raised by .1·ℓ·(1 − j) for ℓ ≤ 4 first letters in common.
    Empty strings are like nothing.
    """
    parts = [np.empty(0)]
    for at in range(0, len(one), PAIRS_AT_ONCE):
        part = slice(at, at + PAIRS_AT_ONCE)
        parts.append(_jaro_winkler(_letters(one[part]), _letters(other[part])))
    return np.concatenate(parts)


def _letters(texts: Sequence[str]) -> npt.NDArray[np.uint32]:
    """Code points, a row a text, 0 where a text has ended."""
    flat = np.array(texts, dtype=f"<U{LONGEST}")  # longer ones are cut
    return flat.view(np.uint32).reshape(len(texts), LONGEST)


def _jaro_winkler(a: npt.NDArray[np.uint32], b: npt.NDArray[np.uint32]) -> Floats:
    length_a, length_b = (a > 0).sum(axis=1), (b > 0).sum(axis=1)
    reach = np.maximum(np.maximum(length_a, length_b) // 2 - 1, 0)
    used_a, used_b = np.zeros(a.shape, bool), np.zeros(b.shape, bool)
    places = np.arange(LONGEST)
    longest = int(max(length_a.max(initial=1), length_b.max(initial=1)))
    a, b, used_a, used_b, places = (
        a[:, :longest], b[:, :longest], used_a[:, :longest], used_b[:, :longest], places[:longest]
    )  # fmt: skip
    for place in range(longest):
        near = np.abs(places[None, :] - place) <= reach[:, None]
        open_ = near & ~used_b & (b == a[:, place, None]) & (a[:, place, None] > 0)
        chosen = open_.argmax(axis=1)
        hit = open_.any(axis=1)
        used_b[np.flatnonzero(hit), chosen[hit]] = True
        used_a[:, place] = hit
    matched = used_a.sum(axis=1)
    swapped = (_packed(a, used_a) != _packed(b, used_b)).sum(axis=1) / 2
    some = np.maximum(matched, 1)
    jaro = (matched / np.maximum(length_a, 1) + matched / np.maximum(length_b, 1)
            + (matched - swapped) / some) / 3  # fmt: skip
    jaro = np.where(matched > 0, jaro, 0.0)
    same = np.cumprod((a[:, :4] == b[:, :4]) & (a[:, :4] > 0), axis=1).sum(axis=1)
    return np.asarray(jaro + 0.1 * same * (1 - jaro))


def _packed(codes: npt.NDArray[np.uint32], used: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint32]:
    """The used letters of each row moved to its start, in their order."""
    order = np.argsort(~used, axis=1, kind="stable")
    return np.take_along_axis(np.where(used, codes, 0).astype(np.uint32), order, axis=1)
