"""A frame or a domain of it, by stratum: how many units, which were labelled, and with what λ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.measure.prevalence import difference, few
from marsad.measure.prevalence.labelled import Floats, Ints, Labelled

SEED = 0
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Part:
    """A frame or a domain of it: units by stratum, labelled units with the λ that is theirs.

    ``rate`` is the share of positives among all labels of a stratum, whatever their domain.
    """

    sizes: Ints
    score_sums: Floats
    stratum: Ints
    label: Floats
    score: Floats
    slope: Floats
    power: float
    rate: Floats

    @classmethod
    def of(cls, given: Labelled) -> Part:
        sizes = np.bincount(given.stratum)
        stratum, score = given.stratum[given.index], given.score[given.index]
        rng = np.random.default_rng(SEED)
        usable = ~have_few(stratum, given.label, len(sizes))[stratum]
        slope, power = np.zeros(len(stratum)), 0.0
        if usable.any():
            slope[usable], power = difference.cross_fitted(
                given.label[usable], score[usable], stratum[usable], sizes, rng
            )
        sums = np.asarray(np.bincount(given.stratum, given.score), dtype=float)
        rate = np.bincount(stratum, given.label) / np.bincount(stratum)
        return cls(sizes, sums, stratum, given.label, score, slope, power, rate)

    def within(self, given: Labelled, inside: Bools) -> Part:
        """The part of it that lies in a domain."""
        of_frame, of_sample, count = inside, inside[given.index], len(self.sizes)
        return Part(
            np.bincount(given.stratum[of_frame], minlength=count),
            np.asarray(np.bincount(given.stratum[of_frame], given.score[of_frame], count), float),
            self.stratum[of_sample], self.label[of_sample], self.score[of_sample],
            self.slope[of_sample], self.power, self.rate,
        )  # fmt: skip


def have_few(stratum: Ints, label: Floats, count: int) -> Bools:
    positives = np.bincount(stratum, label, count)
    negatives = np.bincount(stratum, 1 - label, count)
    return (positives < few.FEW) | (negatives < few.FEW)
