"""The texts of banks, indexed so that one post is compared with a few of 100,000."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marsad.banks import Bank, Entry
from marsad.find.copies.banding import banding, buckets
from marsad.find.copies.content import content
from marsad.find.copies.shingles import Indices, mixed, shingles
from marsad.find.copies.similarity import Sets, similarities

WIDEST = 128
"""Most texts of one bucket that are compared with a post. It bounds the time of one post against a
bank with thousands of variants of one text; texts it leaves out of some bucket are counted."""

AT_ONCE = 500


@dataclass(frozen=True)
class Listed:
    """Where a text is listed."""

    bank: Bank
    entry: Entry


@dataclass(frozen=True)
class Match:
    """A near copy: the text's number in the index, and the similarity in [0, 1]."""

    text: int
    jaccard: float


class TextIndex:
    """The distinct contents of the active entries of banks.

    A text shorter than ``min_characters`` matches only where it is the whole post. An entry without
    a word (a bare link, say) matches nothing.
    """

    def __init__(self, banks: Sequence[Bank], threshold: float, min_characters: int) -> None:
        self._threshold, self._cut = threshold, banding(threshold)
        self._numbers: dict[str, int] = {}
        self.listed: list[list[Listed]] = []
        self.wordless = 0
        for bank in banks:
            for entry in bank.active:
                self._list(content(entry.value), Listed(bank, entry))
        self._long = np.array(
            [n for text, n in self._numbers.items() if len(text) >= min_characters], np.int64
        )
        self._index([text for text in self._numbers if len(text) >= min_characters])

    def matches(self, contents: Sequence[str]) -> list[list[Match]]:
        """For each content the texts it is a near copy of, the nearest first."""
        found: list[list[Match]] = []
        for start in range(0, len(contents), AT_ONCE):
            some = contents[start : start + AT_ONCE]
            near = self._near(some)
            found.extend(self._with_equal(*pair) for pair in zip(some, near, strict=True))
        return found

    def _list(self, text: str, listed: Listed) -> None:
        if not text:
            self.wordless += 1
            return
        number = self._numbers.setdefault(text, len(self.listed))
        if number == len(self.listed):
            self.listed.append([])
        self.listed[number].append(listed)

    def _index(self, texts: Sequence[str]) -> None:
        found = shingles(texts)
        self._sets = Sets.of_shingles(found)
        bucket = buckets(found, self._cut).ravel()
        owner = np.repeat(np.arange(len(texts)), self._cut.bands)
        # In no particular order within a bucket, so that no text comes last in each of its buckets.
        order = np.lexsort((mixed(bucket.view(np.uint64) ^ mixed(owner.view(np.uint64))), bucket))
        bucket, owner = bucket[order], owner[order]
        place = np.arange(len(bucket)) - np.searchsorted(bucket, bucket)
        self._buckets, self._owners = bucket[place < WIDEST], owner[place < WIDEST]
        self.crowded = len(np.unique(owner[place >= WIDEST]))

    def _near(self, contents: Sequence[str]) -> list[list[Match]]:
        matches: list[list[Match]] = [[] for _ in contents]
        rows = [row for row, text in enumerate(contents) if len(text) > 1]
        if not rows or not len(self._buckets):
            return matches
        found = shingles([contents[row] for row in rows])
        post, text = self._candidates(buckets(found, self._cut))
        sets = Sets.of_shingles(found).over(self._sets.vocabulary)
        jaccard = similarities(sets, post, self._sets, text)
        near = np.flatnonzero(jaccard >= self._threshold)
        for place in near[np.lexsort((text[near], -jaccard[near]))]:
            match = Match(int(self._long[text[place]]), float(jaccard[place]))
            matches[rows[post[place]]].append(match)
        return matches

    def _candidates(self, bucket: Indices) -> tuple[Indices, Indices]:
        """Pairs of a post (a row of ``bucket``) and an indexed text that share a bucket, once."""
        flat = bucket.ravel()
        start = np.searchsorted(self._buckets, flat, "left")
        held = np.searchsorted(self._buckets, flat, "right") - start
        ends = np.cumsum(held)
        at = np.arange(ends[-1]) + np.repeat(start - (ends - held), held)
        post = np.repeat(np.arange(len(flat)) // bucket.shape[1], held)
        pairs = np.unique(post * len(self._long) + self._owners[at])
        return pairs // len(self._long), pairs % len(self._long)

    def _with_equal(self, text: str, near: list[Match]) -> list[Match]:
        """The matches with the listed text that equals ``text``, also where it is a short one."""
        number = self._numbers.get(text)
        if number is None:
            return near
        return [Match(number, 1.0), *(match for match in near if match.text != number)]
