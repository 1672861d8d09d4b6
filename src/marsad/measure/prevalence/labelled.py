"""A frame with its labelled sample: what is refused before anything is estimated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.numbers import numbers
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError

LEAST_LABELS = 30
NEXT = "marsad label next"

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Labelled:
    """The frame's scores and strata (numbered from 0), the units labelled (as indices of the
    frame) and their labels, 0 or 1; ``unfinished``: units were drawn that have no label."""

    score: Floats
    stratum: Ints
    index: Ints
    label: Floats
    unfinished: bool


def read(
    scores: ArrayLike,
    labels: ArrayLike,
    drawn: ArrayLike,
    probabilities: ArrayLike | None,
    strata: ArrayLike | None,
) -> Labelled:
    """The arrays of `marsad.measure.prevalence.estimate.ppi`, checked against one another."""
    score, label = numbers("scores", scores, "finite"), numbers("labels", labels, "code")
    index = numbers("drawn", drawn, "index").astype(np.int64)
    if not len(label):
        raise Refused("measure.prevalence.no-labels", ["labels"], NEXT)
    chance = _probabilities(probabilities, len(index))
    _check_units(score, label, index)
    stratum = _strata(strata, chance, len(score))
    has = ~np.isnan(label)
    _check_design(stratum, index, has, chance)
    return Labelled(score, stratum, index[has], label[has], not bool(has.all()))


def _probabilities(given: ArrayLike | None, n: int) -> Floats:
    """Known chances in (0, 1]; without them the labels say nothing of the others."""
    chance = np.full(n, np.nan) if given is None else numbers("probabilities", given, "probability")
    if np.isnan(chance).any():
        raise Refused(
            "measure.prevalence.not-random", ["probabilities"], NEXT,
            count=int(np.isnan(chance).sum()),
        )  # fmt: skip
    if len(chance) != n:
        raise InputError("measure.prevalence.lengths")
    return chance


def _check_units(score: Floats, label: Floats, index: Ints) -> None:
    if len(label) != len(index):
        raise InputError("measure.prevalence.lengths")
    if (index >= len(score)).any() or len(np.unique(index)) < len(index):
        raise InputError("measure.prevalence.drawn", units=len(score))


def _strata(given: ArrayLike | None, chance: Floats, n: int) -> Ints:
    if given is not None:
        named = np.asarray(given)
        if len(named) != n:
            raise InputError("measure.prevalence.lengths")
        return np.unique(named, return_inverse=True)[1].astype(np.int64)
    if not np.allclose(chance, chance[0]):
        raise Refused("measure.prevalence.no-strata", ["strata"], NEXT)
    return np.zeros(n, dtype=np.int64)


def _check_design(stratum: Ints, index: Ints, has: NDArray[np.bool_], chance: Floats) -> None:
    """The sample is what its probabilities say, with labels in every stratum, and enough."""
    if int(has.sum()) < LEAST_LABELS:
        missing = "few-labels" if has.any() else "no-labels"
        raise Refused(
            f"measure.prevalence.{missing}", ["labels"], NEXT,
            count=int(has.sum()), least=LEAST_LABELS,
        )  # fmt: skip
    sizes = np.bincount(stratum)
    drawn = np.bincount(stratum[index], minlength=len(sizes))
    said = chance * sizes[stratum[index]]
    # One unit of tolerance: probabilities may have been rounded when they were stored.
    if (np.abs(said - drawn[stratum[index]]) > 1 + 0.01 * said).any():
        raise Refused("measure.prevalence.other-design", ["probabilities"], NEXT)
    labelled = np.bincount(stratum[index[has]], minlength=len(sizes))
    if (empty := labelled == 0).any():
        raise Refused(
            "measure.prevalence.unlabelled-stratum", ["labels"], NEXT,
            strata=int(empty.sum()), units=int(sizes[empty].sum()),
        )  # fmt: skip
