"""Ids, handles, names and bios."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.simulate.columns import in_order
from marsad.simulate.draws import Ints, Rows, Seeds, chance, picked
from marsad.simulate.population import SIMILAR
from marsad.simulate.vocabulary import LANGUAGES, vocabulary, word_lists

_FIRST_ID = 1_000_000
_STYLES = 3
_STRIDE = 7919


@dataclass(frozen=True)
class Identities:
    """Native ids (int64, in order of creation, as platforms give them) and handles, by row."""

    ids: Ints
    handles: pa.Array

    def id_texts(self, rows: Ints) -> pa.Array:
        """Ids as text; null for rows below 0."""
        known = np.maximum(rows, 0)
        texts = pc.cast(pa.array(self.ids[known]), pa.string())
        return pc.if_else(pa.array(rows >= 0), texts, pa.scalar(None, pa.string()))


def identities(accounts: Rows, seed: int) -> Identities:
    """Ids and handles for all accounts; handles are unique."""
    ids = np.empty(len(accounts), np.int64)
    ids[np.argsort(accounts["created"], kind="stable")] = _FIRST_ID + np.arange(len(accounts))
    return Identities(ids, _handles(accounts, random.Random(f"handles {seed}")))


def _handles(accounts: Rows, rng: random.Random) -> pa.Array:
    originals = accounts["handle"] >= 0
    count = int(originals.sum())
    base = _original_handles(accounts["handle"][originals].astype(np.int64), count)
    later = np.flatnonzero(~originals)
    if not len(later):
        return base
    handles: list[str | None] = [None] * len(accounts)
    for row, handle in zip(np.flatnonzero(originals).tolist(), base.to_pylist(), strict=True):
        handles[row] = handle
    taken = set(handles)
    # Parents come before their children in the table, so each parent has a handle by now.
    for row in later.tolist():
        parent = handles[accounts["parent"][row]] or ""
        same = accounts["handle"][row] == SIMILAR
        handles[row] = _similar(parent, taken, rng) if same else _another(taken, rng)
        taken.add(handles[row])
    return pa.array(handles, pa.string())


def _original_handles(numbers: Ints, count: int) -> pa.Array:
    """Two words, joined in one of three ways, and a number where the words are taken.

    At least one handle in three has the words of another with a number: strangers' handles are
    alike as well.
    """
    lists = word_lists("handles")
    first, second = pa.array(lists["first"]), pa.array(lists["second"])
    combinations = min(len(first) * len(second) * _STYLES, max(1, 2 * count // 3))
    repeat, combination = np.divmod(numbers, combinations)
    # A stride spreads neighbours over all words; it is prime, so no two meet.
    spread = combination * _STRIDE % (len(first) * len(second) * _STYLES)
    style, words = spread % _STYLES, spread // _STYLES
    a, b = np.divmod(words, len(second))
    one, two = first.take(pa.array(a)), second.take(pa.array(b))
    joints = pa.array(["_", "", "."]).take(pa.array(style))
    suffix = pc.cast(pa.array(repeat), pa.string())
    suffix = pc.if_else(pa.array(repeat > 0), suffix, "")
    return pc.binary_join_element_wise(one, joints, two, suffix, "")


def _similar(parent: str, taken: set[str | None], rng: random.Random) -> str:
    """A new handle like the parent's that nobody has."""
    while True:
        handle = rng.choice(_CHANGES)(parent, rng)
        if handle not in taken:
            return handle


def _another(taken: set[str | None], rng: random.Random) -> str:
    """A handle of words of its own that nobody has."""
    lists = word_lists("handles")
    while True:
        handle = rng.choice(lists["first"]) + rng.choice("_.") + rng.choice(lists["second"])
        handle += str(rng.randint(0, 9999))
        if handle not in taken:
            return handle


def _renumbered(handle: str, rng: random.Random) -> str:
    return handle.rstrip("0123456789") + str(rng.randint(2, 999))


def _doubled(handle: str, rng: random.Random) -> str:
    at = rng.randrange(len(handle))
    return handle[:at] + handle[at] + handle[at:]


def _suffixed(handle: str, rng: random.Random) -> str:
    return handle + rng.choice(["_", "_new", "_back", "_ii", "_v2", "x", "_official"])


def _swapped(handle: str, rng: random.Random) -> str:
    old, new = rng.choice(_SWAPS)
    return handle.replace(old, new, 1)


_SWAPS = (("o", "0"), ("l", "1"), ("e", "3"), ("a", "4"), ("i", "1"), ("_", ""), (".", "_"))
_CHANGES = (_renumbered, _renumbered, _doubled, _suffixed, _swapped)


def names(faces: Seeds, languages: Ints) -> pa.Array:
    """First and family names in each account's language; strangers may share one."""
    return _by_language(faces, languages, _names_in)


def bios(seeds: Seeds, languages: Ints) -> pa.Array:
    """Short self-descriptions; empty for one account in six."""
    return _by_language(seeds, languages, _bios_in)


def _names_in(language: str, seeds: Seeds) -> pa.Array:
    words = vocabulary(language)
    parts = [
        words[section].take(pa.array(picked(seeds, salt, len(words[section]))))
        for salt, section in enumerate(("first names", "family names"))
    ]
    return pc.binary_join_element_wise(*parts, " ")


def _bios_in(language: str, seeds: Seeds) -> pa.Array:
    own = vocabulary(language)["bios"]
    one, two = (own.take(pa.array(picked(seeds, salt, len(own)))) for salt in (11, 12))
    both = pc.binary_join_element_wise(one, two, " | ")
    text = pc.if_else(pa.array(chance(seeds, 13) < 0.5), both, one)
    return pc.if_else(pa.array(chance(seeds, 14) < 1 / 6), "", text)


def _by_language(
    seeds: Seeds, languages: Ints, write: Callable[[str, Seeds], pa.Array]
) -> pa.Array:
    parts, places = [], []
    for code in np.unique(languages).tolist():
        where = np.flatnonzero(languages == code)
        parts.append(write(LANGUAGES[code], seeds[where]))
        places.append(where)
    return in_order(parts, places)
