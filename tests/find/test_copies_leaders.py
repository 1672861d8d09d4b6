"""Large buckets: what following leaders must find, against every pair."""

from __future__ import annotations

import random

import numpy as np
import pytest

from marsad.find.copies import leaders
from marsad.find.copies.leaders import LeaderLinks, follow_leaders
from marsad.find.copies.reference import near_pairs

THRESHOLD = 0.7
LETTERS = "abcdefghijkl"
WORDS = [f"{letter}word{letter}" for letter in LETTERS]


def drifting(count: int, seed: int) -> list[str]:
    """Texts that change by a word at a time, so that those far apart are no copies."""
    rng = random.Random(seed)
    texts = [rng.choices(WORDS, k=12) for _ in range(3)]
    while len(texts) < count:
        copy = list(rng.choice(texts))
        copy[rng.randrange(len(copy))] = rng.choice(WORDS)
        texts.append(copy)
    return [" ".join(text) for text in texts]


def pairs(links: LeaderLinks) -> dict[tuple[int, int], float]:
    first, second, values = (
        np.concatenate(part).tolist() for part in (links.first, links.second, links.jaccard)
    )
    assert all(i != j for i, j in zip(first, second, strict=True))
    both = [(min(pair), max(pair)) for pair in zip(first, second, strict=True)]
    return dict(zip(both, values, strict=True))


@pytest.mark.parametrize("cells", [50, 400, 4_000_000])  # blocks of few texts, or of all
@pytest.mark.parametrize("seed", range(4))
def test_each_text_with_a_near_copy_gets_a_link(
    seed: int, cells: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaders, "MATRIX_CELLS", cells)
    texts = drifting(80, seed)
    truth = {(i, j): value for i, j, value in near_pairs(texts, THRESHOLD)}
    links = follow_leaders(texts, THRESHOLD)
    found = pairs(links)
    assert found.items() <= truth.items()
    linked = {place for pair in found for place in pair}
    assert linked == {place for pair in truth for place in pair}
    assert not np.concatenate(links.uncompared).size


def test_copies_of_one_text_cost_one_comparison_each() -> None:
    texts = [f"the heron carries blue pebbles across the quiet lake number {n}" for n in range(300)]
    found = pairs(follow_leaders(texts, THRESHOLD))
    assert set(found) == {(0, n) for n in range(1, 300)}


def test_a_text_is_linked_with_few_leaders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaders, "LINKS_EACH", 2)
    texts = drifting(200, 9)
    links = follow_leaders(texts, THRESHOLD)
    per_text = np.bincount(np.concatenate(links.first))
    # from a block, from the choice of leaders, and looking back: each at most two
    assert per_text.max() <= 6


def test_texts_that_were_not_compared_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaders, "LEAST_LEADERS", 2)
    monkeypatch.setattr(leaders, "COMPARISONS", 0)
    rng = random.Random(1)
    texts = ["".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=40)) for _ in range(6)]
    links = follow_leaders([*texts, texts[0] + "x"], THRESHOLD)
    assert np.concatenate(links.uncompared).tolist() == [2, 3, 4, 5]
    assert set(pairs(links)) == {(0, 6)}
