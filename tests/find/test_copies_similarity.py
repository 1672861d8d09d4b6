"""Shingles and similarities: the fast form against the plain one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from marsad.find.copies.shingles import jaccard, mixed, shingle_set, shingles
from marsad.find.copies.similarity import Sets, similarities, similarity_matrix

# Few letters, so that sets overlap; one of them beyond the Basic Multilingual Plane.
TEXTS = st.lists(st.text(alphabet="abcم 𐎀", max_size=40), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("abcd", "abcd", 1.0),
        ("abcd", "abce", 1 / 5),  # " abc" of " abc", "abcd", "bcd ", "abce", "bce "
        ("abcd", "wxyz", 0.0),
        ("ab", "ab", 1.0),
        ("a", "a", 0.0),  # a text of one character has no shingle
        ("", "abcd", 0.0),
        ("aaaaaaaa", "aaaaaaaaaaaa", 1.0),  # a set: how often a shingle occurs does not count
    ],
)
def test_the_plain_form(first: str, second: str, expected: float) -> None:
    assert jaccard(shingle_set(first), shingle_set(second)) == expected


@given(TEXTS)
def test_there_are_as_many_codes_as_shingles(texts: list[str]) -> None:
    found = shingles(texts)
    for place, text in enumerate(texts):
        codes = found.codes[found.starts[place] : found.starts[place + 1]]
        assert len(set(codes.tolist())) == len(shingle_set(text))


def test_a_character_beyond_16_bits_counts() -> None:
    found = shingles(["ab𐎀d", "ab\u0380d"])
    first, second = np.split(found.codes, [found.starts[1]])
    assert not set(first.tolist()) & set(second.tolist())


@given(TEXTS)
def test_similarities_are_those_of_the_plain_form(texts: list[str]) -> None:
    sets, plain = Sets.of(texts), [shingle_set(text) for text in texts]
    everything = np.arange(len(texts))
    expected = np.array([[jaccard(a, b) for b in plain] for a in plain])
    i, j = (grid.ravel() for grid in np.meshgrid(everything, everything, indexing="ij"))
    assert (similarity_matrix(sets, everything, everything) == expected).all()
    assert (similarities(sets, i, sets, j) == expected.ravel()).all()


@given(TEXTS, TEXTS)
def test_sets_over_the_shingles_of_others(texts: list[str], listed: list[str]) -> None:
    theirs = Sets.of(listed)
    ours = Sets.of(texts).over(theirs.vocabulary)
    i, j = (grid.ravel() for grid in np.indices((len(texts), len(listed))))
    expected = [
        jaccard(shingle_set(texts[a]), shingle_set(listed[b])) for a, b in zip(i, j, strict=True)
    ]
    assert similarities(ours, i, theirs, j).tolist() == expected


def test_many_pairs_are_gone_through_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    sets = Sets.of(["abcdef", "abcdeg", "xyz"])
    i, j = np.array([0, 0, 1, 2, 2]), np.array([1, 2, 1, 2, 0])
    whole = similarities(sets, i, sets, j)
    monkeypatch.setattr("marsad.find.copies.similarity.PAIRS_AT_ONCE", 2)
    assert similarities(sets, i, sets, j).tolist() == whole.tolist()


@given(st.lists(st.integers(0, 2**64 - 1), unique=True))
def test_mixing_keeps_codes_apart(codes: list[int]) -> None:
    assert len(set(mixed(np.array(codes, np.uint64)).tolist())) == len(codes)
