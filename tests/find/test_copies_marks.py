"""Marks: they set aside pairs that are no near copies, and never one that is."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marsad.engines import Engine, open_engine
from marsad.find.copies import links
from marsad.find.copies.banding import banding
from marsad.find.copies.links import bucketed, find_links, likely_pairs
from marsad.find.copies.marks import marks, most_alike
from marsad.find.copies.shingles import jaccard, shingle_set, shingles

THRESHOLD = 0.7
TEXT = "the heron carries blue pebbles across the quiet lake"
LETTERS = st.text(alphabet="abcم 𐎀", max_size=60)


def most(first: str, second: str) -> float:
    found = shingles([first, second])
    words, sizes = marks(found), np.diff(found.starts)
    return float(most_alike(words[:1], words[1:], sizes[:1] + sizes[1:])[0])


@given(LETTERS, LETTERS)
@example("aaaaaaaa", "aaaaaaaaaaaa")  # a shingle that occurs again must not undo itself
@example("", TEXT)
@example(TEXT * 40, "".join(chr(0x4E00 + n) for n in range(2_000)))
def test_no_two_texts_are_more_alike_than_their_marks(first: str, second: str) -> None:
    exact = jaccard(shingle_set(first), shingle_set(second))
    assert exact <= most(first, second) <= 1


def test_equal_texts_have_equal_marks() -> None:
    assert most(TEXT, TEXT) == 1


@pytest.mark.parametrize(
    ("other", "least", "greatest"),
    [
        (TEXT.replace("quiet", "silent"), 0.7, 0.85),
        (TEXT.replace("carries blue pebbles", "paints green wooden boats"), 0.2, 0.6),
        ("a post about the price of onions in the market near the old bridge", 0.0, 0.25),
    ],
)
def test_marks_tell_nearly_as_much_as_the_texts(other: str, least: float, greatest: float) -> None:
    assert least <= most(TEXT, other) <= greatest


WHO = ("the baker", "my old cousin", "a student", "our neighbour", "the night watchman")
DID = ("painted a basket", "found the lamp", "sold two carpets", "repaired a kettle", "read a poem")
WHERE = ("in the harbour", "at the market", "upstairs", "on the ferry", "behind the theatre")
PHRASES = [f"{who} {did} {where}" for who in WHO for did in DID for where in WHERE]


def templated(count: int, seed: int) -> pa.Table:
    """Texts of three phrases of 125, some of them copied with a word changed."""
    draw = random.Random(seed)
    made: list[str] = []
    while len(made) < count:
        if made and draw.random() < 0.1:
            words = draw.choice(made).split()
            words[draw.randrange(len(words))] = "changed"
            made.append(" ".join(words))
        else:
            made.append(" ".join(draw.choices(PHRASES, k=3)))
    made = sorted(set(made))
    return pa.table(
        {
            "text_key": np.arange(len(made)), "content": made, "posts": [1] * len(made),
            "first_post": [f"x:{n}" for n in range(len(made))],
            "first_account": ["x:@a"] * len(made),
            "first_at": np.arange(len(made)) % 7, "first_key": np.arange(len(made)),
        }
    )  # fmt: skip


@pytest.fixture
def engine() -> Iterator[Engine]:
    with open_engine("duckdb") as opened:
        yield opened


def test_templated_texts_have_the_links_they_have_without_marks(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "ORDINARY", 10_000)  # so that all pairs of a bucket count
    cut = banding(THRESHOLD)
    texts = engine.table(templated(500, 1), "texts")
    rows = engine.materialise(bucketed(engine, texts, cut), "rows")
    likely = engine.collect(likely_pairs(engine, rows, texts, THRESHOLD)).num_rows
    every = engine.collect(likely_pairs(engine, rows, texts, 0.0)).num_rows
    found = engine.collect(find_links(engine, texts, cut, THRESHOLD)).to_pylist()
    assert likely < every / 2
    monkeypatch.setattr(links, "MayBeNear", lambda _: _MayBeNear(0.0))
    without = engine.collect(find_links(engine, texts, cut, THRESHOLD)).to_pylist()

    def order(row: dict[str, float]) -> tuple[float, float]:
        return row["centre"], row["text"]

    assert len(found) > 50
    assert sorted(found, key=order) == sorted(without, key=order)


_MayBeNear = links.MayBeNear
