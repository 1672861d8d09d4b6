"""Whom to label: a sample stratified by score, each unit with a known chance of being in it.

Strata end where the cumulative square root of the scores' frequency is cut into equal parts
(Dalenius and Hodges 1959, Journal of the American Statistical Association 54:88). Labels go to
strata as Neyman's allocation has it, N_h·√(p_h(1 − p_h)), with the mean score for p_h; as scores of
rare things are too sure of themselves, p_h is taken to be at least .01 and at most .99. The stratum
of low scores, which holds most of the units, therefore gets most of the labels: what is missed
there decides how wide the interval is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.refusal import Refused
from marsad.records.errors import InputError

STRATA, LEAST_IN_STRATUM, LEAST_LABELS = 4, 20, 30
BINS, SUREST = 50, 0.01
NEXT = "marsad label next --n NUMBER"

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Draw:
    """A drawn sample. Of each drawn unit: ``index`` in the frame, in the order in which to label,
    ``stratum`` and ``probability`` in (0, 1]. ``strata`` is the stratum of every unit of the frame,
    from 0, the lowest scores, upwards."""

    index: Ints
    stratum: Ints
    probability: Floats
    strata: Ints


def draw(
    scores: ArrayLike,
    n: int,
    *,
    seed: int = 0,
    strata: int = STRATA,
    drawn: ArrayLike | None = None,
) -> Draw:
    """Draw ``n`` units to label out of the frame whose ``scores`` (in 0 … 1) are given.

    The same scores, ``n`` and ``seed`` draw the same units. The order is random over all strata, so
    a sample labelled in part is still one drawn at random. ``drawn`` are the units of an earlier
    draw with the same scores and ``strata``: ``n`` more are added, and all of them returned with
    the probabilities of both together, the earlier ones first, in the order given. Refuses fewer
    than 30 in all, and more than there are.
    """
    score, earlier = _checked(scores, n, drawn)
    together = n + len(earlier)
    stratum = strata_of(score, strata)
    sizes = np.bincount(stratum)
    have = np.bincount(stratum[earlier], minlength=len(sizes))
    counts = allocation(score, stratum, together, have)
    rng = np.random.default_rng(seed)
    left = np.setdiff1d(np.arange(len(score)), earlier)
    new = [
        rng.choice(left[stratum[left] == h], more, replace=False)
        for h, more in enumerate(counts - have)
    ]
    index = np.concatenate([earlier, rng.permutation(np.concatenate(new))]).astype(np.int64)
    return Draw(index, stratum[index], (counts / sizes)[stratum[index]], stratum)


def _checked(scores: ArrayLike, n: int, drawn: ArrayLike | None) -> tuple[Floats, Ints]:
    score = np.asarray(scores, dtype=float)
    if score.ndim != 1 or not ((score >= 0) & (score <= 1)).all():
        raise InputError("measure.prevalence.draw-scores")
    earlier = np.asarray([] if drawn is None else drawn, dtype=np.int64)
    there = (earlier >= 0) & (earlier < len(score))
    if not there.all() or len(np.unique(earlier)) < len(earlier):
        raise InputError("measure.prevalence.drawn", units=len(score))
    if n < 1 or n + len(earlier) < LEAST_LABELS:
        raise Refused(
            "measure.prevalence.few-labels", ["labels"], NEXT,
            count=n + len(earlier), least=LEAST_LABELS,
        )  # fmt: skip
    if n + len(earlier) > len(score):
        raise InputError("measure.prevalence.too-many", given=n, left=len(score) - len(earlier))
    return score, earlier


def strata_of(score: Floats, strata: int) -> Ints:
    """The stratum of each unit, from 0, the lowest scores; at most ``strata``, none empty.

    Units of one score stay together, so where most have the same there are fewer strata.
    """
    bins = np.minimum((score * BINS).astype(np.int64), BINS - 1)
    weight = np.sqrt(np.bincount(bins, minlength=BINS))
    cumulative = np.cumsum(weight) / weight.sum()
    # A bin belongs where its middle lies, so a heavy one does not pull its neighbours along.
    part = np.minimum(((cumulative - weight / weight.sum() / 2) * strata).astype(int), strata - 1)
    numbered: Ints = np.unique(part[bins], return_inverse=True)[1].astype(np.int64)
    return numbered


def allocation(score: Floats, stratum: Ints, n: int, have: Ints) -> Ints:
    """How many of each stratum are drawn, ``n`` in all and at least ``have``."""
    sizes = np.bincount(stratum)
    chance = np.clip(np.bincount(stratum, score) / sizes, SUREST, 1 - SUREST)
    floor = min(LEAST_IN_STRATUM, max((n - int(have.sum())) // len(sizes), 0))
    least = np.maximum(np.minimum(floor, sizes), have)
    wanted = np.asarray(sizes * np.sqrt(chance * (1 - chance)), dtype=float)
    return _shared_out(n, wanted, _trimmed(n, least, have), sizes)


def _shared_out(n: int, wanted: Floats, least: Ints, most: Ints) -> Ints:
    """``n`` in proportion to ``wanted``, each between ``least`` and ``most``."""
    given = least
    while (left := n - int(given.sum())) > 0:
        open_to = given < most
        short = np.where(open_to, np.maximum(n * wanted / wanted[open_to].sum() - given, 0), 0.0)
        if short.sum() <= 0:
            short = np.where(open_to, wanted, 0.0)
        share = left * short / short.sum()
        more = np.minimum(np.floor(share).astype(np.int64), most - given)
        if more.sum() == 0:
            more[np.argmax(share)] = 1
        given = given + more
    return given


def _trimmed(n: int, least: Ints, have: Ints) -> Ints:
    """The floors, lowered as far as ``have`` where the earlier draw left no room for all."""
    given = least.copy()
    while given.sum() > n:
        given[np.argmax(given - have)] -= 1
    return given
