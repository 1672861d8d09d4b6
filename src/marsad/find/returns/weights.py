"""How much each outcome of a comparison speaks for one person behind two accounts.

Fellegi and Sunter (1969, JASA 64): the weight of a level is ln(m/u), m its fraction among matches,
u among others; the weights of features add up. u is estimated inside each block, from all pairs
there, of which nearly none match; the feature behind a block so counts only beyond what the block
asked for. m is learnt by EM only where the pairs hold enough that look like matches, and within
bounds, because EM with matches under five in a hundred settles on any split of the data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marsad.find.returns.blocks import BLOCKS
from marsad.find.returns.features import FEATURES, GROUPS, MISSING, NAMES, Feature

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]

ROUNDS = 3
PRIOR_PAIRS = 200.0
"""What the stated fractions among others count, in pairs."""

LEAST_MATCHES = 30.0
"""Expected matches below which the fractions among matches stay as stated."""

PRIOR_MATCHES = 60.0
FURTHEST = 3.0
"""Learnt fractions stay within this factor of the stated ones."""

MOST = 7.0
"""Largest weight of one feature, either way: no single trait settles a case."""

BESIDE = 0.25
"""What a positive weight counts beside a larger one of the same group: they are not independent.
So, too, what company weighs where one was as active before the other was gone as after."""

EXPECTED, FEWEST, HIGHEST = 0.05, 0.005, 0.9
"""Fraction of the gone who are expected to have returned: at first, at least, at most."""


@dataclass(frozen=True)
class Model:
    """ln(m/u) by block, feature and level, and ln odds of a match before anything is compared.

    ``learnt`` says where m comes from: ``stated``, ``pairs`` or ``labels``.
    """

    weights: tuple[tuple[Floats, ...], ...]
    prior: Floats
    learnt: str = "stated"

    def each(self, levels: Levels, block: Ints) -> Floats:
        """The weight of every feature of every pair; 0 where it is missing."""
        found = np.zeros(levels.shape)
        for number in np.unique(block):
            rows = np.flatnonzero(block == number)
            for column in range(levels.shape[1]):
                level = levels[rows, column]
                weights = np.append(self.weights[number][column], 0.0)
                found[rows, column] = weights[np.where(level == MISSING, len(weights) - 1, level)]
        for group in GROUPS:
            _damp(found, [NAMES.index(name) for name in group])
        # whoever was there all along in the same company is a friend sooner than the same person
        there = levels[:, NAMES.index("lag")] == 0
        company = np.ix_(there, [NAMES.index(name) for name in GROUPS[0]])
        found[company] = np.where(found[company] > 0, found[company] * BESIDE, found[company])
        return found

    def odds(self, weight: Floats, block: Ints) -> Floats:
        """ln odds of a match: weight and what is expected before."""
        return weight + self.prior[block]


def _damp(weights: Floats, columns: list[int]) -> None:
    """Counts in full only the largest positive weight of a group, in place."""
    part = weights[:, columns]
    largest = part.argmax(axis=1)
    rows = np.arange(len(part))
    kept = part[rows, largest]
    part = np.where(part > 0, part * BESIDE, part)
    part[rows, largest] = kept
    weights[:, columns] = part


def learnt(
    levels: Levels,
    block: Ints,
    parents: int,
    labels: npt.NDArray[np.int8] | None = None,
    rounds: int = ROUNDS,
) -> Model:
    """The model of these pairs. ``labels``: 1 match, 0 none, −1 not judged."""
    matches = [np.array(feature.matches) for feature in FEATURES]
    source = "stated"
    if labels is not None:
        matches = _fractions(levels, (labels == 1).astype(float), matches, PRIOR_MATCHES / 6, 1e9)
        source = "labels"
    chance = np.zeros(len(levels))
    model = _model(levels, block, chance, matches, _priors(block, chance, parents), source)
    for _ in range(rounds):
        log_odds = model.odds(model.each(levels, block).sum(axis=1), block)
        chance = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
        if labels is None and chance.sum() >= LEAST_MATCHES:
            matches = _fractions(levels, chance, matches, PRIOR_MATCHES, FURTHEST)
            source = "pairs"
        model = _model(levels, block, chance, matches, _priors(block, chance, parents), source)
    return model


def _priors(block: Ints, chance: Floats, parents: int) -> Floats:
    """ln odds of a match in each block: as many as were found, between bounds."""
    count = np.bincount(block, minlength=len(BLOCKS)).astype(float)
    found = np.bincount(block, chance, minlength=len(BLOCKS))
    blocks = max(int((count > 0).sum()), 1)
    found = np.where(found == 0, EXPECTED * parents / blocks, found)
    found = np.clip(found, FEWEST * parents / blocks, HIGHEST * parents)
    part = np.clip(found / np.maximum(count, 1), 1e-9, 0.5)
    return np.asarray(np.log(part / (1 - part)))


def _fractions(
    levels: Levels, share: Floats, stated: list[Floats], prior: float, furthest: float
) -> list[Floats]:
    found = []
    for column, feature in enumerate(FEATURES):
        start = np.array(feature.matches)
        known = levels[:, column] != MISSING
        counts = np.bincount(levels[known, column], share[known], minlength=len(start))
        part = (counts + prior * start) / (counts.sum() + prior)
        part = np.clip(part, start / furthest, start * furthest)
        found.append(part / part.sum())
    return found


def _model(
    levels: Levels, block: Ints, chance: Floats, matches: list[Floats], prior: Floats, source: str
) -> Model:
    weights = []
    for number, name in enumerate(BLOCKS):
        rows = np.flatnonzero(block == number)
        weights.append(tuple(
            _weights(feature, levels[rows, column], 1 - chance[rows], matches[column],
                     own=NAMES[column] == name)
            for column, feature in enumerate(FEATURES)
        ))  # fmt: skip
    return Model(tuple(weights), prior, source)


def _weights(feature: Feature, level: Levels, share: Floats, match: Floats, own: bool) -> Floats:
    """ln(m/u) of each level in a block, ``own`` where the block rests on the feature."""
    other = np.array(feature.others)
    if own:
        # given that the block proposed the pair, level 0 is as good as excluded for both
        match, other = _given(match), _given(other)
    known = level != MISSING
    counts = np.bincount(level[known], share[known], minlength=len(other))
    part = (counts + PRIOR_PAIRS * other) / (counts.sum() + PRIOR_PAIRS)
    return np.asarray(np.clip(np.log(match / part), -MOST, MOST))


def _given(parts: Floats) -> Floats:
    kept = parts.copy()
    kept[0] = parts[1:].sum() * 0.1
    return np.asarray(kept / kept.sum())
