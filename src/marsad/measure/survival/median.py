"""The median lifetime, by the profile of the cumulative hazard at each day that could be it."""

from __future__ import annotations

import math

import numpy as np

from marsad.measure.survival.answers import FRAME, warnings_about
from marsad.measure.survival.data import Lifetimes
from marsad.measure.survival.hazard import Fitted
from marsad.measure.survival.profile import At, reached
from marsad.records.estimate import Estimate

HALF = math.log(2)


def median(
    data: Lifetimes,
    fitted: Fitted,
    start: float,
    level: float,
    name: str,
    method: str,
    assumptions: tuple[str, ...],
) -> Estimate:
    """The day by which half of those alive on day ``start`` have ended.

    Its interval is every day that the likelihood ratio does not turn down as the median. Where
    the data end first, the value or its high end is the last day and ``bound`` is "lower".
    """
    from scipy import special

    root = float(special.ndtri((1 + level) / 2))
    last = float(fitted.knots[-1])
    value = day_of(fitted, start, HALF)
    low = _end(fitted, start, last if value is None else value, -1, root)
    high = None if value is None else _end(fitted, start, value, 1, root)
    middle, upper, low = (last if x is None else x for x in (value, high, low))
    warnings = warnings_about(data, start)
    return Estimate(
        f"median-{name}", middle, min(low, middle), max(upper, middle), level, method, FRAME,
        data.accounts, assumptions=assumptions,
        warnings=(*warnings, "median-not-reached") if high is None else warnings,
        bound="lower" if high is None else None,
    )  # fmt: skip


def day_of(fitted: Fitted, start: float, sum_: float) -> float | None:
    """The day on which the cumulative hazard since ``start`` reaches ``sum_``, if it does."""
    knots = fitted.knots
    steps = fitted.hazard * fitted.days_between(start, float(knots[-1]))
    upto = np.concatenate([[0.0], np.cumsum(steps)])
    piece = int(np.searchsorted(upto, sum_)) - 1
    if piece >= len(steps):
        return None
    return float(max(knots[piece], start) + (sum_ - upto[piece]) / fitted.hazard[piece])


def _signed_root(fitted: Fitted, start: float, day: float) -> float:
    """√deviance of "half ended by this day": above 0 where the estimate has fewer than half."""
    direction = fitted.days_between(start, day)
    estimate = float(direction @ fitted.hazard)
    if abs(estimate - HALF) < 1e-9:
        return 0.0
    side = 1 if estimate < HALF else -1
    scale = fitted.speed(direction) ** 0.5 or 1.0

    def miss(at: At) -> float:
        return side * (at.sum - HALF) / scale

    return float(side * fitted.reach(direction, side, miss).deviance ** 0.5)


def _end(fitted: Fitted, start: float, value: float, side: int, root: float) -> float | None:
    """The end of the interval: the day, away from ``value``, at which √deviance is ``root``; None
    where the data end before it."""
    last = float(fitted.knots[-1])
    top = last - value if side > 0 else value - start
    best = At(0.0, fitted.hazard, value, _signed_root(fitted, start, value) ** 2)
    if side < 0 and best.deviance >= root**2:
        return value

    def at(by: float, _: At) -> At:
        day = value + side * by
        return At(by, fitted.hazard, day, _signed_root(fitted, start, day) ** 2)

    def miss(there: At) -> float:
        return math.sqrt(there.deviance) - root

    if top <= 0:
        return None
    found = reached(at, miss, best, _wald(fitted, start, value, root), top)
    return found.sum if side < 0 or miss(found) > -0.01 else None


def _wald(fitted: Fitted, start: float, value: float, root: float) -> float:
    """About how far the ends are from ``value``, by the standard error there."""
    direction = fitted.days_between(start, value)
    rate = float(direction @ fitted.hazard) / max(value - start, 1e-9)
    return float(root * fitted.speed(direction) ** 0.5 / max(rate, 1e-9))
