"""How long accounts live: a hazard constant in pieces, with profile-likelihood intervals."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.numbers import checked_level, numbers
from marsad.measure.refusal import Refused
from marsad.measure.survival import extremes
from marsad.measure.survival.answers import (
    ASSUMED,
    BY,
    FRAME,
    Answers,
    Curve,
    before_start,
    check_days,
    day_name,
    finer_than_looks,
    not_watched,
    warnings_about,
)
from marsad.measure.survival.data import LOOKS, Floats, Lifetimes, checked
from marsad.measure.survival.hazard import Fitted
from marsad.measure.survival.median import median
from marsad.measure.survival.pieces import first_day, knots_of
from marsad.records.estimate import Estimate

METHOD = "piecewise-hazard"
ASSUMPTIONS = ("hazard-in-pieces", *ASSUMED)


@dataclass(frozen=True)
class Survival(Answers):
    """Estimates of survival, and the curve they lie on.

    ``curve`` is given at the ends of the pieces from ``start`` on, with its intervals unless they
    were not asked for (then they are NaN); between two ends −log survival is a straight line.
    ``hazard[k]`` a day holds from ``knots[k]`` to ``knots[k + 1]``. Where the looks tell too
    little for a curve (nobody ended, all in one gap) it and the hazards are empty.
    """

    curve: Curve
    knots: Floats
    hazard: Floats


def lifetimes(
    left: ArrayLike,
    right: ArrayLike,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    days: Sequence[float] = BY,
    periods: Sequence[float] = (),
    cuts: Sequence[float] | None = None,
    start: float | None = None,
    band: bool = False,
    with_median: bool = True,
    level: float = 0.95,
    name: str = "survival",
) -> Survival:
    """How long accounts live, from the looks around their ends.

    One entry an account, in days on one clock: last seen alive at ``left``, first found gone at
    ``right`` (infinite if it was alive at the last look), watched since ``entry`` (default 0): an
    account that had ended before could not be seen. ``weights`` are how many accounts a row
    stands for.

    Gives `Estimate`s ``NAME-day-D`` for each of ``days``: the fraction alive on day D of those
    alive on day ``start`` (default: the first with 20 watched); ``median-NAME``, a day on the same
    clock, a lower bound where the end of it was not reached; and for ``periods`` a, b, c
    ``hazard-day-a-to-b`` and ``hazard-day-b-to-c``: ends per account and day. With days counted
    from a date, not from each account's making, the periods are those of the calendar. ``cuts``
    puts the ends of the pieces in place of the rule of `marsad.measure.survival.pieces`. ``band``
    asks for intervals at every end of a piece too; without ``with_median`` it is left out.

    Maximum likelihood of a hazard constant in pieces; intervals by profile likelihood (deviance
    against χ², 1 degree of freedom). Refuses (`Refused`) where no account was looked at twice;
    days nobody was watched until, or before ``start``, are in ``not_told``. `InputError` names a
    row that cannot be.
    """
    level = checked_level(level)
    data = checked(left, right, entry, weights)
    check_days(tuple(days))
    ends_of_periods = numbers("periods", tuple(periods), "day").tolist()
    extremes.check_looks(data)
    first = first_day(data, start)
    few = _one_sided(data, tuple(days), first, level, name)
    if few is not None:
        return few
    fitted = Fitted.of(data, knots_of(data, first, cuts))
    told, not_told = _told(data, fitted, first, tuple(days), tuple(ends_of_periods), level, name)
    if with_median:
        told = (*told, median(data, fitted, first, level, name, METHOD, ASSUMPTIONS))
    curve = _curve(fitted, first, level, band)
    return Survival(told, not_told, curve, fitted.knots, fitted.hazard)


def _one_sided(
    data: Lifetimes, days: tuple[float, ...], start: float, level: float, name: str
) -> Survival | None:
    """The answer where the likelihood has no maximum inside: nobody ended, or all in one gap."""
    if extremes.nobody_ended(data):
        answers = extremes.living(data, days, start, level, name)
    elif extremes.all_in_one_gap(data):
        answers = extremes.gone_in_one_gap(data, days, level, name)
    elif not (data.left > data.entry).any():
        raise Refused("measure.survival.nobody-lived", ["looks"], LOOKS)
    else:
        return None
    nothing = np.zeros(0)
    curve = Curve(nothing, nothing, nothing, nothing, start)
    return Survival(answers.estimates, answers.not_told, curve, nothing, nothing)


def _told(
    data: Lifetimes,
    fitted: Fitted,
    start: float,
    days: tuple[float, ...],
    periods: tuple[float, ...],
    level: float,
    name: str,
) -> tuple[tuple[Estimate, ...], dict[str, Refused]]:
    told, not_told = [], {}
    last = float(fitted.knots[-1])
    for day in days:
        if start < day <= last:
            told.append(_alive_on(data, fitted, start, day, level, name))
        else:
            wrong = before_start(day, start) if day <= start else not_watched(day, last)
            not_told[day_name(name, day)] = wrong
    for first, end in itertools.pairwise(periods):
        named = f"hazard-day-{first:g}-to-{end:g}"
        if fitted.knots[0] <= first < end <= last:
            told.append(_hazard(data, fitted, first, end, level, named))
        else:
            not_told[named] = not_watched(end, last)
    return tuple(told), not_told


def _alive_on(
    data: Lifetimes, fitted: Fitted, start: float, day: float, level: float, name: str
) -> Estimate:
    value, low, high = (
        math.exp(-sum_) for sum_ in _profiled(fitted, fitted.days_between(start, day), level)
    )
    warnings = (*warnings_about(data, start), *finer_than_looks(data, start, day))
    return Estimate(
        day_name(name, day), value, min(high, value), max(low, value), level, METHOD, FRAME,
        data.accounts, assumptions=ASSUMPTIONS, warnings=warnings,
    )  # fmt: skip


def _hazard(
    data: Lifetimes, fitted: Fitted, first: float, end: float, level: float, name: str
) -> Estimate:
    """The mean hazard a day from ``first`` to ``end``."""
    direction = fitted.days_between(first, end) / (end - first)
    value, low, high = _profiled(fitted, direction, level)
    return Estimate(
        name, value, min(low, value), max(high, value), level, METHOD, FRAME, data.accounts,
        assumptions=ASSUMPTIONS, warnings=warnings_about(data, 0.0),
    )  # fmt: skip


def _profiled(fitted: Fitted, direction: Floats, level: float) -> tuple[float, float, float]:
    root = _root(level)
    low, high = (fitted.limit(direction, side, root) for side in (-1, 1))
    return float(direction @ fitted.hazard), low, high


def _root(level: float) -> float:
    """The square root of the χ² quantile with one degree of freedom."""
    from scipy import special

    return float(special.ndtri((1 + level) / 2))


def _curve(fitted: Fitted, start: float, level: float, band: bool) -> Curve:
    days = fitted.knots[fitted.knots > start]
    directions = [fitted.days_between(start, float(day)) for day in days]
    survival = np.exp(-np.array([direction @ fitted.hazard for direction in directions]))
    low, high = np.full(len(days), np.nan), np.full(len(days), np.nan)
    if band:
        ends = [_profiled(fitted, direction, level)[1:] for direction in directions]
        high, low = np.exp(-np.array(ends)).T
    return Curve(days, survival, np.minimum(low, survival), np.maximum(high, survival), start)
