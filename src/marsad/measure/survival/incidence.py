"""Cumulative incidence: the fraction ended for a reason by a day, where reasons compete.

One minus the survival that treats other reasons as if they could be lifted is not that: it says
what would be if nothing else ended an account, which no data tell.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.numbers import checked_level
from marsad.measure.refusal import Refused
from marsad.measure.survival import extremes
from marsad.measure.survival.answers import (
    ASSUMED,
    BY,
    FRAME,
    Answers,
    before_start,
    check_days,
    day_name,
    finer_than_looks,
    not_watched,
    warnings_about,
)
from marsad.measure.survival.causes import Causes, causes
from marsad.measure.survival.data import LOOKS, Floats, Lifetimes, checked
from marsad.measure.survival.hazard import Fitted
from marsad.measure.survival.pieces import first_day, knots_of
from marsad.records.estimate import Estimate

ASSUMPTIONS = ("hazard-in-pieces", "reasons-right", *ASSUMED)


def cumulative_incidence(
    left: ArrayLike,
    right: ArrayLike,
    reason: Sequence[str | None],
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    reasons: Sequence[str] | None = None,
    days: Sequence[float] = BY,
    start: float | None = None,
    level: float = 0.95,
    name: str = "incidence",
) -> Answers:
    """The fraction of accounts ended for each reason by each of ``days``.

    Arguments as in `lifetimes`; ``reason`` says why an account ended, None for one that was alive
    at its last look; with ``reasons`` no others are taken. Each an `Estimate`
    ``NAME-REASON-day-D``, of the accounts alive on day ``start``.

    Maximum likelihood of a hazard for each reason, constant in pieces (for ends that are timed,
    `aalen_johansen` needs no pieces); intervals by the delta method on log(−log(1 − fraction)), by
    the observed information. For a reason nobody ended for, 0 with an upper bound: the largest
    share of all ends that leaves none of the E seen with chance (1 − level)/2.
    """
    level = checked_level(level)
    data = checked(left, right, entry, weights, reason, reasons)
    check_days(tuple(days))
    extremes.check_looks(data)
    if extremes.nobody_ended(data):
        raise Refused("measure.survival.no-end", ["ends"], LOOKS)
    extremes.check_spread(data)
    first = first_day(data, start)
    pooled = Fitted.of(data, knots_of(data, first))
    fitted = causes(data, pooled)
    last, told, not_told = float(pooled.knots[-1]), [], {}
    for number, why in enumerate(data.reasons):
        for day in days:
            of = day_name(f"{name}-{why}", day)
            if first < day <= last:
                told.append(_estimate(data, fitted, number, first, day, level, of))
            else:
                wrong = before_start(day, first) if day <= first else not_watched(day, last)
                not_told[of] = wrong
    return Answers(tuple(told), not_told)


def _estimate(
    data: Lifetimes, fitted: Causes, reason: int, start: float, day: float, level: float, name: str
) -> Estimate:
    from scipy import special

    direction = fitted.pooled.days_between(start, day)
    value, slope = _fraction(fitted.hazard, direction, reason)
    bound = None
    z = float(special.ndtri((1 + level) / 2))
    if not fitted.on[reason].any():
        ends = float(data.weights[data.ended].sum())
        share = 1 - ((1 - level) / 2) ** (1 / ends)
        low, high = 0.0, share * -math.expm1(-float(direction @ fitted.pooled.hazard))
    elif value <= 0 or value >= 1:
        low, high = value, value
    else:
        error = float(slope[fitted.on] @ fitted.covariance @ slope[fitted.on]) ** 0.5
        bent = z * error / ((1 - value) * -math.log1p(-value))
        low, high = (-math.expm1(math.log1p(-value) * math.exp(side * bent)) for side in (-1, 1))
    return Estimate(
        name, value, min(low, value), max(high, value), level, "piecewise-causes", FRAME,
        data.accounts, assumptions=ASSUMPTIONS, bound=bound,
        warnings=(*warnings_about(data, start), *finer_than_looks(data, start, day)),
    )  # fmt: skip


def _fraction(hazard: Floats, days: Floats, reason: int) -> tuple[float, Floats]:
    """The fraction ended for the reason after these days in each piece, and its slope in log h."""
    every = hazard.sum(axis=0)
    steps = days * every
    upto = np.cumsum(steps)
    before = np.exp(-(upto - steps))
    ended = before * -np.expm1(-steps)
    share = hazard / np.maximum(every, 1e-300)
    parts = share[reason] * ended
    later = np.cumsum(parts[::-1])[::-1] - parts
    # more hazard in a piece: other shares there, more ended there, fewer left for later pieces
    inside = share[reason] * before * np.exp(-steps) * days - later * days
    slope = hazard * inside
    own = np.zeros(hazard.shape)
    own[reason] = 1.0
    slope += (own * hazard - hazard * share[reason]) / np.maximum(every, 1e-300) * ended
    return float(parts.sum()), slope
