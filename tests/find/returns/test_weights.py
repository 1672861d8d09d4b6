"""Weights: missing counts nothing, what blocks ask for counts less, learning keeps its bounds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from marsad.find.returns import labels
from marsad.find.returns.blocks import BLOCKS
from marsad.find.returns.features import FEATURES, MISSING, NAMES
from marsad.find.returns.weights import FURTHEST, MOST, learnt

HANDLE, STYLE, FOLLOW, TAG = (
    NAMES.index(name) for name in ("handle", "style", "follow", "hashtag")
)


def drawn(
    count: int, true: int, seed: int = 1
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.bool_]]:
    """Levels drawn as stated: the first ``true`` pairs match."""
    draw = np.random.default_rng(seed)
    match = np.arange(count) < true
    columns = [
        np.where(match, draw.choice(len(one.matches), count, p=one.matches),
                 draw.choice(len(one.others), count, p=one.others))
        for one in FEATURES
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.int8), match


def test_stated_fractions_are_fractions() -> None:
    for one in FEATURES:
        assert sum(one.matches) == pytest.approx(1), one.name
        assert sum(one.others) == pytest.approx(1), one.name
        assert len(one.matches) == len(one.others) == len(one.steps) + 1


def test_missing_counts_nothing() -> None:
    levels, _ = drawn(500, 5)
    levels[:, STYLE] = MISSING
    block = np.zeros(500, np.int64)
    assert not learnt(levels, block, 10).each(levels, block)[:, STYLE].any()


def test_matches_stand_out() -> None:
    levels, match = drawn(4000, 60)
    block = np.full(4000, BLOCKS.index("all"))
    model = learnt(levels, block, 200)
    odds = model.odds(model.each(levels, block).sum(axis=1), block)
    assert (odds[match] > 0).mean() > 0.8
    assert (odds[~match] > 0).mean() < 0.002


def test_the_feature_of_a_block_counts_less_in_it() -> None:
    levels, _ = drawn(3000, 20)
    levels[:, HANDLE] = np.maximum(levels[:, HANDLE], 1)
    level = np.zeros((1, len(FEATURES)), np.int8)
    level[0, HANDLE] = 2
    weight = {}
    for name in ("handle", "all"):
        block = np.full(3000, BLOCKS.index(name))
        own = levels if name == "handle" else drawn(3000, 20)[0]
        weight[name] = learnt(own, block, 100).each(level, block[:1])[0, HANDLE]
    assert weight["handle"] < weight["all"]


def test_few_matches_teach_nothing() -> None:
    levels, _ = drawn(300, 3)
    assert learnt(levels, np.zeros(300, np.int64), 50).learnt == "stated"


def test_learning_stays_near_what_is_stated_and_weights_are_bounded() -> None:
    levels, match = drawn(4000, 400)
    levels[match, STYLE] = 0
    block = np.full(4000, BLOCKS.index("all"))
    model = learnt(levels, block, 800)
    assert model.learnt == "pairs"
    one, weights = FEATURES[STYLE], model.weights[BLOCKS.index("all")][STYLE]
    least = np.log(one.matches[4] / FURTHEST / 1.5 / one.others[4])
    assert weights[4] > least
    assert all(np.abs(column).max() <= MOST for block_ in model.weights for column in block_)


def test_friends_share_everything_but_it_counts_once() -> None:
    levels, _ = drawn(1000, 5)
    block = np.full(1000, BLOCKS.index("all"))
    level = np.zeros((2, len(FEATURES)), np.int8)
    level[:, FOLLOW], level[:, NAMES.index("lag")] = 3, 3
    level[1, TAG] = 3
    each = learnt(levels, block, 50).each(level, block[:2])
    stated = np.log(FEATURES[TAG].matches[3] / FEATURES[TAG].others[3])
    assert 0 < each[1, TAG] < stated / 2
    assert each[1, FOLLOW] == each[0, FOLLOW]


def test_company_counts_little_for_who_was_there_all_along() -> None:
    levels, _ = drawn(1000, 5)
    block = np.full(1000, BLOCKS.index("all"))
    level = np.zeros((2, len(FEATURES)), np.int8)
    level[:, FOLLOW], level[1, NAMES.index("lag")] = 3, 1
    there, waited = learnt(levels, block, 50).each(level, block[:2])
    assert 0 < there[FOLLOW] < waited[FOLLOW] / 3
    # what speaks against it is not made less of, nor what is no company
    others = [n for n in range(len(FEATURES)) if n not in (FOLLOW, NAMES.index("lag"))]
    assert np.array_equal(there[others], waited[others])


def test_with_labels_the_chance_is_calibrated() -> None:
    levels, match = drawn(20_000, 2_000)
    block = np.full(len(levels), BLOCKS.index("all"))
    marks = np.where(np.arange(len(levels)) % 2, match.astype(np.int8), np.int8(-1))
    assert labels.enough(marks)
    model = learnt(levels, block, 4_000, marks)
    assert model.learnt == "labels"
    odds = model.odds(model.each(levels, block).sum(axis=1), block)
    chance = labels.calibrated(odds, marks)(odds)[marks < 0]
    right = match[marks < 0]
    for low in np.arange(0.5, 1, 0.1):
        inside = (chance >= low) & (chance < low + 0.1)
        if inside.sum() >= 50:
            assert right[inside].mean() == pytest.approx(chance[inside].mean(), abs=0.1)
    assert ((chance - right) ** 2).mean() < right.mean() * (1 - right.mean()) / 2


def test_a_few_labels_are_not_enough() -> None:
    assert not labels.enough(np.array([1] * 10 + [0] * 1000, np.int8))
