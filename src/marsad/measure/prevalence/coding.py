"""Several coders, and what they get wrong.

A majority of coders is still wrong at times, and where few are positive most of what it finds may
be wrong. How often it errs is not in the labels themselves: it takes units whose truth is known, a
*gold* part settled by experts. The count found is then corrected by the rates of true and of false
positives (Rogan and Gladen 1978, American Journal of Epidemiology 107:71).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.prevalence.few import draw_total
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate, proportion

LEAST_POWER, LEAST_GOLD = 0.2, 10
DRAWS, SEED, MANY = 10_000, 0, 10**9
NEXT = "marsad label next --gold"

Floats = NDArray[np.float64]


def majority(codes: ArrayLike) -> Floats:
    """The label most coders gave each unit: NaN for a tie and for a unit that nobody coded.

    ``codes`` has a row a unit and a column a coder: 1, 0, or NaN where one did not code it.
    """
    given = np.asarray(codes, dtype=float)
    if given.ndim != 2 or not np.isin(given[~np.isnan(given)], (0, 1)).all():
        raise InputError("measure.prevalence.codes")
    lead = np.nansum(2 * given - 1, axis=1)
    return np.where(lead > 0, 1.0, np.where(lead < 0, 0.0, np.nan))


@dataclass(frozen=True)
class CoderAccuracy:
    """Of ``positives`` units truly positive ``found`` were coded so, and of ``negatives`` truly
    negative ones ``false``; the rates have Clopper–Pearson intervals."""

    found: int
    positives: int
    false: int
    negatives: int
    true_rate: Estimate
    false_rate: Estimate


def coder_accuracy(coded: ArrayLike, gold: ArrayLike, level: float = 0.95) -> CoderAccuracy:
    """How often coders are right, on units whose truth is known (1 or 0 each, in both arrays).

    The units must be drawn without a look at how they were coded: all of a random part of the
    sample, or by truth. Refuses fewer than 10 of either truth.
    """
    code, truth = np.asarray(coded, dtype=float), np.asarray(gold, dtype=float)
    if code.shape != truth.shape or not np.isin(np.r_[code, truth], (0, 1)).all():
        raise InputError("measure.prevalence.gold")
    positives, negatives = int(truth.sum()), int((1 - truth).sum())
    if min(positives, negatives) < LEAST_GOLD:
        raise Refused(
            "measure.prevalence.few-gold", ["gold"], NEXT,
            positives=positives, negatives=negatives, least=LEAST_GOLD,
        )  # fmt: skip
    found, false = int(code[truth == 1].sum()), int(code[truth == 0].sum())
    return CoderAccuracy(
        found, positives, false, negatives,
        proportion(found, positives, level, name="true-positive-rate", frame="gold-units"),
        proportion(false, negatives, level, name="false-positive-rate", frame="gold-units"),
    )  # fmt: skip


def adjusted_prevalence(
    found: Estimate, coders: CoderAccuracy, *, frame: str | None = None
) -> Estimate:
    """A prevalence as coders found it (CC), corrected for what they get wrong.

    p = (CC − FPR)/(TPR − FPR), cut to 0 … 1. Its variance is, to first order,
    [V(CC) + p²·V(TPR) + (1 − p)²·V(FPR)]/(TPR − FPR)² (see `delta_variance`); as FPR is often near
    0, where that is no guide, the interval has the quantiles of p over draws of the three: of the
    rates mid-p draws, of CC a normal one with the two half-widths of its interval.

    Give ``frame`` where the rates are carried to another frame than the one they were learned in.
    Supposes that coders err as often on every unit of one truth. Raises `Refused` where TPR − FPR
    may be as low as .2: there the coders hardly tell the two apart; and where fewer were found than
    their false positives alone would be: then the rates are not those of this frame.
    """
    rng = np.random.default_rng(SEED)
    true, false = (
        draw_total(k, n, MANY, DRAWS, rng) / MANY
        for k, n in ((coders.found, coders.positives), (coders.false, coders.negatives))
    )
    tails = [(1 - found.level) / 2, (1 + found.level) / 2]
    power = float(np.quantile(true - false, tails[0]))
    if power <= LEAST_POWER:
        raise Refused("measure.prevalence.low-power", ["gold"], NEXT, low=round(power, 2))
    drawn = np.clip((_normal(found, rng) - false) / (true - false), 0, 1)
    low, high = (float(x) for x in np.quantile(drawn, tails))
    if high <= 0:
        raise Refused("measure.prevalence.below-coders", ["gold"], NEXT)
    value = _corrected(found.value, coders)
    return replace(
        found, name=f"{found.name}-adjusted", value=value, low=min(low, value),
        high=max(high, value), method="adjusted-for-coders", frame=frame or found.frame,
        assumptions=(
            *(one for one in found.assumptions if one != "labels-right"), "coders-err-alike",
            "gold-right",
        ),
    )  # fmt: skip


def delta_variance(p: float, variance: float, coders: CoderAccuracy) -> float:
    """The first-order variance of the corrected prevalence ``p``, ``variance`` being that of CC.

    For a count of n independent units the latter is CC(1 − CC)/n.
    """
    true, false = coders.true_rate.value, coders.false_rate.value
    of_true = true * (1 - true) / coders.positives
    of_false = false * (1 - false) / coders.negatives
    return (variance + p**2 * of_true + (1 - p) ** 2 * of_false) / (true - false) ** 2


def _corrected(found: float, coders: CoderAccuracy) -> float:
    true, false = coders.true_rate.value, coders.false_rate.value
    return float(np.clip((found - false) / (true - false), 0, 1))


def _normal(found: Estimate, rng: np.random.Generator) -> Floats:
    """Draws of CC: normal on either side of its value, as wide there as its interval is."""
    from scipy import special

    z = special.ndtri((1 + found.level) / 2)
    side = rng.standard_normal(DRAWS)
    width = np.where(side < 0, found.value - found.low, found.high - found.value)
    drawn: Floats = found.value + side * width / z
    return drawn
