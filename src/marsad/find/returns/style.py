"""How somebody writes and when: views of an account's posts, each a row of counts.

A view counts one kind of thing, hashed into columns: runs of characters, pairs of words, shapes
(what is left of a text when words become signs), make-up (tags, links and mentions a post),
length, hours of the day, pauses. Addresses and the names of those mentioned are replaced first:
a shortened address says nothing about its writer, and a handle would give the answer away.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import csr_matrix

from marsad.records.times import HOUR, SECOND

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint64]

BITS = 18
"""Columns of a hashed view: 2 ** BITS."""

TEXT_VIEWS = ("characters", "words", "shapes", "makeup", "length")
TIME_VIEWS = ("hours", "pauses")
VIEWS = (*TEXT_VIEWS, *TIME_VIEWS)

_LINK = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_MENTION = re.compile(r"@\w+")
_TOKEN = re.compile(r"#?\w+|[^\w\s]|\n")
_LINK_SIGN, _MENTION_SIGN = "\ue000", "\ue001"
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(1_000_003)


@dataclass(frozen=True)
class Posts:
    """Posts of several accounts, ordered by account and then by time.

    ``account`` counts from 0 up to ``accounts`` − 1, ``at`` is µs UTC; ``texts`` may hold None.
    """

    account: Ints
    at: Ints
    texts: list[str | None]
    accounts: int


def views(posts: Posts) -> Mapping[str, csr_matrix]:
    """Counts of all `VIEWS`, ``accounts`` rows each; an account without posts has empty rows."""
    lines, owner = _lines(posts)
    text = "\n".join(lines)
    found = {
        "characters": _characters(text, owner, posts.accounts),
        "words": _words(text, owner, posts.accounts),
        "shapes": _shapes(text, owner, posts.accounts),
        **_sizes(lines, owner, posts.accounts),
        "hours": _tally(posts.account, posts.at // HOUR % 24, posts.accounts, 24),
        "pauses": _pauses(posts),
    }
    return {name: found[name] for name in VIEWS}


def _lines(posts: Posts) -> tuple[list[str], Ints]:
    """Texts on one line each, without addresses and names, and whose they are."""
    places = [place for place, text in enumerate(posts.texts) if text and not text.isspace()]
    flat = "\n".join(" ".join((posts.texts[place] or "").split()) for place in places)
    flat = _MENTION.sub(_MENTION_SIGN, _LINK.sub(_LINK_SIGN, flat))
    return flat.split("\n") if places else [], posts.account[places]


def _characters(text: str, owner: Ints, accounts: int) -> csr_matrix:
    """Runs of one to three characters, in lower case, the ends of a post marked."""
    codes, of = _coded("^" + text.lower().replace("\n", "$\n^") + "$", owner)
    return _runs(codes, of, (1, 2, 3), accounts)


def _shapes(text: str, owner: Ints, accounts: int) -> csr_matrix:
    """Runs of one to five signs, where a word is one sign, by its capitals, and so is a number."""
    codes, of = _coded(text, owner)
    signs, kept = _collapsed(codes)
    return _runs(signs, of[kept], (1, 2, 3, 4, 5), accounts)


def _coded(text: str, owner: Ints) -> tuple[Codes, Ints]:
    """Code points of a text of lines, and whose each is."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    if not len(owner):
        return codes[:0], owner
    return codes, owner[np.cumsum(codes == 10) - (codes == 10)]


def _collapsed(codes: Codes) -> tuple[Codes, Ints]:
    """A sign for each run of letters or digits, and where the signs stood."""
    if not len(codes):
        return codes, np.empty(0, np.int64)
    known, place = np.unique(codes, return_inverse=True)
    kinds = np.array([_kind(chr(int(code))) for code in known])[place]
    fresh = np.ones(len(codes), bool)
    fresh[1:] = ((kinds[1:] == 0) | ((kinds[1:] > 2) != (kinds[:-1] > 2))
                 | ((kinds[1:] == 0) != (kinds[:-1] == 0)))  # fmt: skip
    starts = np.flatnonzero(fresh)
    upper = np.add.reduceat((kinds == 2).astype(np.int64), starts)
    sizes = np.diff(np.append(starts, len(codes)))
    first = kinds[starts]
    capital = np.where((upper == sizes) & (sizes > 1), ord("A"), ord("B"))
    letter = np.where(first == 2, capital, ord("a"))
    signs = np.where(first == 0, codes[starts], np.where(first == 3, ord("9"), letter))
    return signs.astype(np.uint64), starts


def _kind(char: str) -> int:
    """0 a sign, 1 a letter, 2 a capital, 3 a digit."""
    if char.isdigit():
        return 3
    if char.isalpha():
        return 2 if char.isupper() else 1
    return 0


def _runs(codes: Codes, of: Ints, sizes: tuple[int, ...], accounts: int) -> csr_matrix:
    """Hashed runs of several sizes that stay within a post."""
    ends = np.concatenate([[0], np.cumsum(codes == 10)])
    mixed = np.zeros(len(codes), np.uint64)
    columns, rows = [], []
    for size in range(1, max(sizes) + 1):
        count = len(codes) - size + 1
        if count <= 0:
            break
        mixed = mixed[:count] * _STEP + (codes[size - 1 :] + np.uint64(7 * size)) * _FACTOR
        if size in sizes:
            inside = ends[size:] == ends[:count]
            columns.append(_column(mixed[inside]))
            rows.append(of[:count][inside])
    return _counted(rows, columns, accounts, 1 << BITS)


def _column(mixed: Codes) -> Ints:
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _FACTOR
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def _words(text: str, owner: Ints, accounts: int) -> csr_matrix:
    """Pairs of neighbouring words or signs, in lower case."""
    coded = pa.array(_TOKEN.findall(text.lower()), pa.string()).dictionary_encode()
    known = coded.dictionary.to_pylist()
    hashes = np.array([zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in known])
    place = coded.indices.to_numpy(zero_copy_only=False)
    if len(place) < 2 or not len(owner):
        return csr_matrix((accounts, 1 << BITS))
    codes = hashes.astype(np.uint64)[place]
    ends = np.array([word == "\n" for word in known])[place]
    of = owner[np.cumsum(ends) - ends]
    inside = ~ends[1:] & ~ends[:-1]
    pairs = (codes[:-1] * _STEP + codes[1:]) * _FACTOR
    return _counted([of[:-1][inside]], [_column(pairs[inside])], accounts, 1 << BITS)


def _sizes(lines: list[str], owner: Ints, accounts: int) -> dict[str, csr_matrix]:
    """Make-up and length of posts."""
    counts = [(line.count("#"), line.count(_LINK_SIGN), line.count(_MENTION_SIGN), len(line))
              for line in lines]  # fmt: skip
    table = np.array(counts, np.int64).reshape(-1, 4)
    tags, links, names = (np.minimum(table[:, n], top) for n, top in enumerate((4, 2, 2)))
    return {
        "makeup": _tally(owner, (tags * 3 + links) * 3 + names, accounts, 45),
        "length": _tally(owner, np.minimum(table[:, 3] // 5, 60), accounts, 61),
    }


def _pauses(posts: Posts) -> csr_matrix:
    """Half powers of two of the minutes between posts."""
    same = posts.account[1:] == posts.account[:-1]
    minutes = np.diff(posts.at)[same] / (60 * SECOND)
    steps = np.minimum(2 * np.log2(1 + np.maximum(minutes, 0)), 40).astype(np.int64)
    return _tally(posts.account[1:][same], steps, posts.accounts, 41)


def _tally(rows: Ints, columns: Ints, accounts: int, width: int) -> csr_matrix:
    return _counted([rows], [columns], accounts, width)


def _counted(rows: list[Ints], columns: list[Ints], accounts: int, width: int) -> csr_matrix:
    """How often each column occurs in each row."""
    if not rows:
        return csr_matrix((accounts, width))
    row, column = np.concatenate(rows), np.concatenate(columns)
    found: Any = csr_matrix((np.ones(len(row), np.float32), (row, column)), shape=(accounts, width))
    found.sum_duplicates()
    return found
