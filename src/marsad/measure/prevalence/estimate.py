"""`ppi`: prevalence in the frame, and how many that makes, whole and by domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.numbers import checked_level
from marsad.measure.prevalence import difference, few
from marsad.measure.prevalence.labelled import NEXT, Floats, Labelled, read
from marsad.measure.prevalence.part import SEED, Part, have_few
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

DRAWS = 5_000
LEAST_IN_DOMAIN, MOST_UNSEEN = 10, 0.05


@dataclass(frozen=True)
class Prevalence:
    """The fraction of the frame that is positive, and the number: one answer on two scales.

    ``power`` is λ, how far the scores were relied on (0: not at all). ``domains`` has the same for
    parts of the frame, by name; ``not_told`` says why there is none for a part.
    """

    proportion: Estimate
    total: Estimate
    power: float
    domains: Mapping[str, Prevalence] = field(default_factory=dict)
    not_told: Mapping[str, Refused] = field(default_factory=dict)


def ppi(
    scores: ArrayLike,
    labels: ArrayLike,
    drawn: ArrayLike,
    probabilities: ArrayLike | None,
    strata: ArrayLike | None = None,
    *,
    domains: ArrayLike | Mapping[str, ArrayLike] | None = None,
    level: float = 0.95,
    name: str = "prevalence",
    frame: str = "frame",
) -> Prevalence:
    """How many units of a frame are positive, from labels drawn with known probabilities.

    Of the frame, all N units: ``scores`` (finite, on any scale), ``strata`` (any values; may be
    left out where all were drawn with one probability) and ``domains`` (any values: language, say;
    or several such partings of the frame by name: their domains are then ``PARTING-DOMAIN``).
    Of the sample: ``drawn``, its units as indices of the frame; ``labels`` (1, 0, or NaN where
    there is none yet) and ``probabilities`` in (0, 1].

    Estimand: the number of positives in this very frame, and its fraction of N; what the frame
    never saw is not in it. Design-based: nothing is supposed of the scores, which only make the
    interval shorter if they are good. Strata with 10 labelled positives and 10 negatives take the
    difference estimator (`marsad.measure.prevalence.difference`) with Student's t, the others draws
    of their unlabelled positives (`marsad.measure.prevalence.few`); the ends of the interval are
    quantiles of the strata's summed draws. Fewer than 10 positives in all are warned of
    (``few-positives``). In a domain the labels drawn in it speak for it, stratum by stratum.

    Raises `Refused` without labels, without probabilities, with strata without a label, with fewer
    than 30 labels, and where the sample is not what its probabilities say; `InputError` for arrays
    that do not fit one another.
    """
    level = checked_level(level)
    given = read(scores, labels, drawn, probabilities, strata)
    whole = Part.of(given)
    parts, not_told = _domains(given, whole, domains, level, name, frame)
    return _answer(whole, given, level, name, frame, parts, not_told)


def _totals(part: Part) -> tuple[float, Floats, Floats]:
    """The number of positives, and draws of it for the low and the high end of the interval."""
    rng = np.random.default_rng(SEED)
    scarce = have_few(part.stratum, part.label, len(part.sizes))
    value, lows, highs = 0.0, np.zeros(DRAWS), np.zeros(DRAWS)
    for h in np.flatnonzero(part.sizes).tolist():
        mine, size = part.stratum == h, int(part.sizes[h])
        n, k = int(mine.sum()), int(part.label[mine].sum())
        if scarce[h]:
            low, high = few.draw_ends(k, n, size, DRAWS, rng)
            centre = size * (k / n if n else float(part.rate[h]))
        else:
            centre, error = of_many(part, h)
            low = high = centre + error * rng.standard_t(n - 1, DRAWS)
        value, lows, highs = value + centre, lows + low, highs + high
    return value, lows, highs


def of_many(part: Part, h: int) -> tuple[float, float]:
    """The positives of a stratum and their standard error, where enough were labelled."""
    mine, size = part.stratum == h, int(part.sizes[h])
    return difference.total(
        part.label[mine], part.score[mine], part.slope[mine],
        float(part.score_sums[h]) / size, size,
    )  # fmt: skip


def _answer(
    part: Part, given: Labelled, level: float, name: str, frame: str,
    domains: Mapping[str, Prevalence], not_told: Mapping[str, Refused],
) -> Prevalence:  # fmt: skip
    units, positives = int(part.sizes.sum()), float(part.label.sum())
    value, lows, highs = _totals(part)
    low = float(np.quantile(lows, (1 - level) / 2))
    high = float(np.quantile(highs, (1 + level) / 2))
    # The labelled are known: so many at least are positive, so many at least are not.
    known = (positives, units - (len(part.label) - positives))
    value, low, high = (float(np.clip(x, *known)) for x in (value, low, high))
    low, high = min(low, value), max(high, value)
    said = {"few-positives": positives < few.FEW, "labels-unfinished": given.unfinished}
    warnings = tuple(one for one, applies in said.items() if applies)
    total = Estimate(
        f"{name}-total", value, low, high, level, "design-based-difference", frame,
        len(part.label), ("drawn-by-design", "labels-right"), warnings,
    )  # fmt: skip
    proportion = Estimate(
        name, value / units, low / units, high / units, level, total.method, frame, total.n,
        total.assumptions, warnings,
    )  # fmt: skip
    return Prevalence(proportion, total, part.power, domains, not_told)


def _domains(
    given: Labelled, whole: Part, domains: ArrayLike | Mapping[str, ArrayLike] | None,
    level: float, name: str, frame: str,
) -> tuple[dict[str, Prevalence], dict[str, Refused]]:  # fmt: skip
    told: dict[str, Prevalence] = {}
    not_told: dict[str, Refused] = {}
    for prefix, parting in _partings(domains):
        named = np.asarray(parting).astype(str)
        if len(named) != len(given.score):
            raise InputError("measure.prevalence.lengths")
        names, number = np.unique(named, return_inverse=True)
        for i, domain in enumerate(names.tolist()):
            part = whole.within(given, number == i)
            try:
                _check_domain(part, domain)
            except Refused as refusal:
                not_told[prefix + domain] = refusal
                continue
            answer = _answer(part, given, level, f"{name}:{prefix}{domain}", frame, {}, {})
            told[prefix + domain] = answer
    return told, not_told


def _partings(domains: ArrayLike | Mapping[str, ArrayLike] | None) -> list[tuple[str, ArrayLike]]:
    """What domains of each parting of the frame begin with, and which domain each unit is in."""
    if domains is None:
        return []
    if isinstance(domains, Mapping):
        return [(f"{by}-", parting) for by, parting in domains.items()]
    return [("", domains)]


def _check_domain(part: Part, domain: str) -> None:
    """A domain needs labels of its own, and few units in strata without one."""
    labelled = np.bincount(part.stratum, minlength=len(part.sizes))
    unseen = int(part.sizes[labelled == 0].sum())
    if len(part.label) < LEAST_IN_DOMAIN or unseen > MOST_UNSEEN * part.sizes.sum():
        raise Refused(
            "measure.prevalence.few-in-domain", ["labels"], NEXT,
            domain=domain, count=len(part.label), least=LEAST_IN_DOMAIN, unseen=unseen,
        )  # fmt: skip
