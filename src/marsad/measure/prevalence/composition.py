"""What the positives of a frame are like: the share of them in a group, and medians of a value.

The values are needed of the labelled units alone, as a census of accounts knows followers, clients
and dates of those it looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.prevalence import few
from marsad.measure.prevalence.estimate import DRAWS, of_many
from marsad.measure.prevalence.labelled import NEXT, Floats, Ints, read
from marsad.measure.prevalence.part import SEED, Bools, Part, have_few
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

Value = TypeVar("Value", np.bool_, np.float64)
LEAST_POSITIVES = 5
FRAME = "positives-that-posted"


@dataclass(frozen=True)
class Positives:
    """The labelled positives of a sample, and how many positives each stratum of the frame holds.

    ``unit`` (k,) are their places among the ``sampled``, ``stratum`` (k,) where each lies;
    ``total`` (H,) estimates the positives of each stratum, ``draws`` (H, D) say how sure that is.
    """

    sampled: int
    unit: Ints
    stratum: Ints
    total: Floats
    draws: Ints
    warnings: tuple[str, ...] = ()
    level: float = 0.95

    @classmethod
    def of(
        cls,
        scores: ArrayLike,
        labels: ArrayLike,
        drawn: ArrayLike,
        probabilities: ArrayLike | None,
        strata: ArrayLike | None = None,
        *,
        level: float = 0.95,
    ) -> Positives:
        """From what `ppi` takes. Raises `Refused` as that does, and with fewer than five labelled
        positives."""
        given = read(scores, labels, drawn, probabilities, strata)
        answered = np.flatnonzero(~np.isnan(np.asarray(labels, dtype=float)))
        positive = given.label == 1
        if positive.sum() < LEAST_POSITIVES:
            raise Refused(
                "measure.prevalence.few-positives", ["labels"], NEXT,
                count=int(positive.sum()), least=LEAST_POSITIVES,
            )  # fmt: skip
        total, draws = _by_stratum(Part.of(given))
        return cls(
            len(np.asarray(labels)), answered[positive], given.stratum[given.index][positive],
            total, draws, ("labels-unfinished",) if given.unfinished else (), level,
        )  # fmt: skip

    @property
    def weights(self) -> Floats:
        """Of each unit of the sample (n,) how many positives of the frame it stands for; 0 for
        those that are none."""
        every = np.bincount(self.stratum, minlength=len(self.total))
        weight = np.zeros(self.sampled)
        weight[self.unit] = (self.total / np.maximum(every, 1))[self.stratum]
        return weight

    def share(self, inside: ArrayLike, name: str = "share") -> Estimate:
        """The fraction of the frame's positives that are ``inside``: (n,) true or false for each
        unit of the sample, of which those of the labelled positives count.

        Estimand: Σ_U y·1[inside] / Σ_U y over this very frame. Stratum by stratum the number of
        positives, as `ppi` has it, times what is inside among its labelled positives; given how
        many positives were labelled these are a simple random sample of the stratum's, so what is
        inside is drawn from its exact confidence distribution (`marsad.measure.prevalence.few`).
        In a stratum where no positive was labelled, nothing says what those are like that may be
        there: for the low end none is inside, for the high end all are.
        """
        chosen = self._of_positives(np.asarray(inside, dtype=bool))
        value = self._value(chosen)
        low, high = min(self._low(chosen), value), max(self._high(chosen), value)
        return self._told(name, value, low, high, "design-based-composition")

    def median(self, values: ArrayLike, name: str = "median") -> Estimate:
        """The median of ``values`` (n,) of the frame's positives, NaN where unknown: then it is of
        those whose value is known, and warned of (``values-unknown``).

        Where the weighted distribution function reaches ½. The interval is Woodruff's (1952,
        Journal of the American Statistical Association 47:635) by inverting the test (Francisco and
        Fuller 1991, Annals of Statistics 19:454): all values at which ½ lies within the interval of
        the distribution function. Refused with fewer than five known values, and where the interval
        has no end within the values seen.
        """
        value = self._of_positives(np.asarray(values, dtype=float))
        inside = ~np.isnan(value)
        known, seen = self._among(inside), value[inside]
        middle, low, high = (
            _reaches_half(seen, part) for part in (known._value, known._high, known._low)
        )
        return known._told(name, middle, low, high, "woodruff-median")

    def _among(self, inside: Bools) -> Positives:
        """Some of the positives, and how many of these each stratum holds."""
        if inside.sum() < LEAST_POSITIVES:
            raise Refused(
                "measure.prevalence.few-known", ["values"], "marsad import FILE",
                count=int(inside.sum()), least=LEAST_POSITIVES,
            )  # fmt: skip
        if inside.all():
            return self
        rng = _draws_of("known")
        total, draws = np.zeros_like(self.total), np.zeros_like(self.draws)
        for h, (k, n) in enumerate(self._counts(inside)):
            total[h] = self.total[h] * (k / n if n else 0.0)
            draws[h] = few.draw_total(k, n, self.draws[h], self.draws.shape[1], rng)
        warnings = (*self.warnings, "values-unknown")
        return replace(self, unit=self.unit[inside], stratum=self.stratum[inside], total=total,
                       draws=draws, warnings=warnings)  # fmt: skip

    def _value(self, inside: Bools) -> float:
        """The fraction (k,) ``inside``."""
        found = sum(
            total * k / n if n else 0.0
            for total, (k, n) in zip(self.total.tolist(), self._counts(inside), strict=True)
        )
        return found / float(self.total.sum())

    def _low(self, inside: Bools) -> float:
        """The low end of its interval."""
        return float(np.quantile(self._ends(inside, high=False), (1 - self.level) / 2))

    def _high(self, inside: Bools) -> float:
        """The high end of its interval."""
        return float(np.quantile(self._ends(inside, high=True), (1 + self.level) / 2))

    def _ends(self, inside: Bools, high: bool) -> Floats:
        """Draws (D,) of the fraction, for one end of its interval."""
        rng, size = _draws_of("high" if high else "low"), self.draws.shape[1]
        found = np.zeros(size)
        for h, (k, n) in enumerate(self._counts(inside)):
            found += few.draw_end(k, n, self.draws[h], size, rng, high)
        return np.asarray(found / self.draws.sum(axis=0))

    def _counts(self, inside: Bools) -> list[tuple[int, int]]:
        """Of each stratum the labelled positives inside, and all of them."""
        chosen = np.bincount(self.stratum[inside], minlength=len(self.total))
        every = np.bincount(self.stratum, minlength=len(self.total))
        return list(zip(chosen.tolist(), every.tolist(), strict=True))

    def _of_positives(self, values: NDArray[Value]) -> NDArray[Value]:
        """Of values of the sample (n,) those of its labelled positives (k,)."""
        if values.ndim != 1 or len(values) != self.sampled:
            raise InputError("measure.prevalence.lengths")
        return values[self.unit]

    def _told(self, name: str, value: float, low: float, high: float, method: str) -> Estimate:
        return Estimate(
            name, value, low, high, self.level, method, FRAME, len(self.unit),
            ("drawn-by-design", "labels-right"), self.warnings,
        )  # fmt: skip


def _draws_of(what: Literal["positives", "known", "low", "high"]) -> np.random.Generator:
    """Random numbers of its own for each thing drawn; the same would tie two of them together."""
    return np.random.default_rng([SEED, *what.encode()])


def _by_stratum(part: Part) -> tuple[Floats, Ints]:
    """The positives of each stratum, and draws of their number, for no end in particular."""
    rng = _draws_of("positives")
    scarce = have_few(part.stratum, part.label, len(part.sizes))
    total, draws = np.zeros(len(part.sizes)), np.zeros((len(part.sizes), DRAWS), dtype=np.int64)
    for h, size in enumerate(part.sizes.tolist()):
        label = part.label[part.stratum == h]
        n, k = len(label), int(label.sum())
        if scarce[h]:
            total[h], drawn = size * k / n, few.draw_total(k, n, size, DRAWS, rng)
        else:
            total[h], error = of_many(part, h)
            drawn = total[h] + error * rng.standard_t(n - 1, DRAWS)
        draws[h] = np.clip(np.rint(drawn), k, size - (n - k))
    return total, draws


def _reaches_half(values: Floats, distribution: Callable[[Bools], float]) -> float:
    """The least of the values (k,) at which a distribution function reaches ½, by bisection. It is
    asked for the fraction of those at or below a value."""
    ladder = np.unique(values)
    below, reached = -1, len(ladder)
    while reached - below > 1:
        middle = (below + reached) // 2
        if distribution(values <= ladder[middle]) >= 0.5:
            reached = middle
        else:
            below = middle
    if reached == len(ladder):
        raise Refused("measure.prevalence.open-median", ["labels"], NEXT)
    return float(ladder[reached])
