"""Krippendorff's α: how far coders agree beyond chance, for nominal labels.

α = 1 − D_o/D_e (Krippendorff 2019, Content Analysis, chapter 12): the disagreement seen between
pairs of codes of one unit, each unit's pairs weighted 1/(m − 1) where m coded it, over the one that
pairs drawn from all codes would have. Codes may be missing; any number of coders; units that fewer
than two coded say nothing of agreement and are left out.

The interval takes units as drawn at random from the units one wants to speak of, and the coders as
they are. It is that of the ratio on the logarithm, log(1 − α) ± t·s, with s from leaving out each
unit in turn. Where fewer than ten units show a disagreement, their number decides: the ends have as
many as its Clopper–Pearson interval allows, each weighing what those seen weigh.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

LEAST, FEW_DISAGREE, LOW_ALPHA = 10, 10, 0.667
NEXT = "marsad label next --again"

Floats = NDArray[np.float64]


def krippendorff_alpha(
    codes: Sequence[Sequence[Hashable | None]],
    *,
    level: float = 0.95,
    name: str = "agreement",
    frame: str = "coded-units",
) -> Estimate:
    """α of ``codes``: a row a unit, a column a coder, any values; None or NaN where one is missing.

    1 is full agreement, 0 what chance would give, below 0 worse than that. Warns where fewer than
    ten units show a disagreement (``few-disagreements``) and where α may be below .667, the least
    that Krippendorff would draw tentative conclusions from (``agreement-low``).

    Raises `Refused` with fewer than ten units that two coders coded, and where all codes are one
    value: then nobody could have disagreed, and α is not defined.
    """
    from scipy import special

    counts = _counts(codes)
    if len(counts) < LEAST:
        raise Refused("measure.agreement.few", ["labels"], NEXT, count=len(counts), least=LEAST)
    if (counts.sum(axis=0) > 0).sum() < 2:
        raise Refused("measure.agreement.one-value", ["labels"], NEXT)
    ratio, without, disagree = _ratios(counts)
    n, tail = len(counts), (1 - level) / 2
    if disagree < FEW_DISAGREE:
        low, high = _few(counts, ratio, disagree, tail)
    else:
        half = float(special.stdtrit(n - 1, 1 - tail)) * _jackknife(np.log(without))
        low, high = 1 - ratio * np.exp(half), 1 - ratio * np.exp(-half)
    alpha = 1 - ratio
    said = {"few-disagreements": disagree < FEW_DISAGREE, "agreement-low": low < LOW_ALPHA}
    return Estimate(
        name, alpha, max(min(low, alpha), -1.0), max(high, alpha), level, "krippendorff-alpha",
        frame, n, ("units-at-random", "coders-apart"),
        tuple(one for one, applies in said.items() if applies),
    )  # fmt: skip


def _counts(codes: Sequence[Sequence[Hashable | None]]) -> Floats:
    """How often each value was given to each unit, for units with two codes and more."""
    if len({len(row) for row in codes}) > 1:
        raise InputError("measure.agreement.rows")
    rows = [[one for one in row if one is not None and one == one] for row in codes]
    values = {one: i for i, one in enumerate(dict.fromkeys(x for row in rows for x in row))}
    counts = np.zeros((len(rows), len(values)))
    for unit, row in enumerate(rows):
        for one in row:
            counts[unit, values[one]] += 1
    return np.asarray(counts[counts.sum(axis=1) >= 2])


def _ratios(counts: Floats) -> tuple[float, Floats, int]:
    """D_o/D_e of all units, of all but each, and how many units show a disagreement."""
    coded = counts.sum(axis=1)
    apart = (coded**2 - (counts**2).sum(axis=1)) / (coded - 1)
    whole, total = counts.sum(axis=0), coded.sum()
    ratio = _ratio(apart.sum(), whole, total)
    without = _ratio(apart.sum() - apart, whole - counts, total - coded)
    return float(ratio), np.asarray(without), int((apart > 0).sum())


def _ratio(apart: Floats, values: Floats, total: Floats) -> Floats:
    expected = total**2 - (values**2).sum(axis=-1)
    by_chance = np.maximum(expected, 1e-12) / (total - 1)
    return np.asarray(apart / by_chance)


def _jackknife(values: Floats) -> float:
    n = len(values)
    return float(np.sqrt((n - 1) / n * ((values - values.mean()) ** 2).sum()))


def _few(counts: Floats, ratio: float, disagree: int, tail: float) -> tuple[float, float]:
    """The ends, with as many units disagreeing as the exact interval of their number allows."""
    from scipy import special

    n = len(counts)
    most = float(special.betaincinv(disagree + 1, n - disagree, 1 - tail)) * n
    if disagree:
        least = float(special.betaincinv(disagree, n - disagree + 1, tail)) * n
        scale = ratio / disagree
        return 1 - scale * most, 1 - scale * least
    coded = counts.sum(axis=1)
    # One coder of a unit against the others: (m² − (m − 1)² − 1)/(m − 1) = 2.
    return 1 - most * float(_ratio(np.array(2.0), counts.sum(axis=0), coded.sum())), 1.0
