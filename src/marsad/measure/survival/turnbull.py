"""The nonparametric estimate of Turnbull, exactly, with likelihood-ratio intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    Curve,
    before_start,
    check_days,
    day_name,
    not_watched,
    warnings_about,
)
from marsad.measure.survival.data import LOOKS, Floats, Lifetimes, checked
from marsad.measure.survival.innermost import Innermost, innermost
from marsad.measure.survival.npmle import Maximum, maximum
from marsad.measure.survival.pieces import first_day, last_seen
from marsad.measure.survival.profile import At, reached
from marsad.records.estimate import Estimate

METHOD = "npmle-likelihood-ratio"
MASS = 1e-12
ALMOST = 1e-4
"""How close in log likelihood points of a profile are sought."""
NEAR = 1 - 1e-9
"""Of the largest multiplier: where a profile has gone on to there, it goes on as a line."""
LOOKS_PER_ACCOUNT = 0.1
"""With more distinct looks than this for each account, looks are taken to have no common grid."""


@dataclass(frozen=True)
class Turnbull(Answers):
    """The estimate: ``mass[k]`` of the ends lie in (``left[k]``, ``right[k]``], nothing says where.

    What is missing to 1 is alive after the last interval. ``curve`` has survival at the right ends
    with NaN for intervals; the estimates have intervals. ``log_likelihood`` is the maximum, less at
    most ``gap``; ``highest_slope`` is the largest slope of it left (0 at the very maximum), after
    ``steps`` steps.
    """

    left: Floats
    right: Floats
    mass: Floats
    curve: Curve
    log_likelihood: float
    gap: float
    highest_slope: float
    steps: int
    converged: bool


def turnbull(
    left: ArrayLike,
    right: ArrayLike,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    days: Sequence[float] = BY,
    start: float | None = None,
    level: float = 0.95,
    name: str = "survival",
) -> Turnbull:
    """How long accounts live, by the nonparametric maximum of the likelihood (Turnbull 1976).

    Arguments are those of `lifetimes`, of which this is the check. It is the exact maximum, found
    in hazards (see `marsad.measure.survival.npmle`), so left truncation needs no more, and an
    early collapse where few are watched stays before ``start``: from there on it speaks.

    The interval on a day is every survival that a likelihood ratio, 3.84 at 95 %, does not turn
    down. With looks on a common grid that is ordinary theory (χ², 1 degree of freedom). With every
    account looked at at its own times the estimate is only n^⅓-consistent, a bootstrap of it
    fails, and the ratio has the limit of Banerjee and Wellner (2001, Ann. Stat. 29:1699; shown for
    one look an account), of which 95 % lie below 2.27: the interval is then too wide rather than
    too narrow, and the warning ``looks-without-grid`` says so. A median has no interval here.
    """
    level = checked_level(level)
    data = checked(left, right, entry, weights)
    check_days(tuple(days))
    extremes.check_looks(data)
    if extremes.nobody_ended(data):
        raise Refused("measure.survival.no-end", ["ends"], LOOKS)
    first = first_day(data, start)
    last = last_seen(data)
    within = [day for day in days if first < day <= last]
    of = innermost(data, np.array([*([first] if first > 0 else []), *within]))
    best = maximum(of)
    told = tuple(_alive_on(data, of, best, first, day, level, name) for day in within)
    not_told = {
        day_name(name, day): before_start(day, first) if day <= first else not_watched(day, last)
        for day in days
        if day not in within
    }
    return _turnbull(of, best, first, told, not_told)


def _turnbull(
    of: Innermost,
    best: Maximum,
    start: float,
    told: tuple[Estimate, ...],
    not_told: dict[str, Refused],
) -> Turnbull:
    x = np.where(of.left >= start, best.increments, 0.0)
    alive = np.exp(-np.concatenate([[0.0], np.cumsum(x)]))
    mass = alive[:-1] - alive[1:]
    on = mass > MASS
    nan = np.full(int(on.sum()), np.nan)
    curve = Curve(of.right[on], alive[1:][on], nan, nan, start)
    return Turnbull(
        told, not_told, of.left[on], of.right[on], mass[on], curve, best.log_likelihood,
        best.gap, best.highest_slope, best.steps, best.converged,
    )  # fmt: skip


def _alive_on(
    data: Lifetimes, of: Innermost, best: Maximum, start: float, day: float, level: float, name: str
) -> Estimate:
    from scipy import special

    root = float(special.ndtri((1 + level) / 2))
    on = (of.left >= start) & (of.right <= day)
    value = math.exp(-_sum(best.increments, on))
    most = _limit(of, best, on, 1, root) if on.any() else _unseen_sum(data, start, day, root)
    ends = [math.exp(-sum_) for sum_ in (most, _limit(of, best, on, -1, root))]
    return Estimate(
        day_name(name, day), value, min(ends[0], value), max(ends[1], value), level, METHOD, FRAME,
        data.accounts, assumptions=ASSUMED,
        warnings=(*warnings_about(data, start), *_grid_warning(data)),
    )  # fmt: skip


def _grid_warning(data: Lifetimes) -> tuple[str, ...]:
    looks = np.unique(np.concatenate([data.left, data.right[data.ended]]))
    apart = len(looks) > LOOKS_PER_ACCOUNT * float(data.weights.sum()) and not data.exact.all()
    return ("looks-without-grid",) if apart else ()


def _sum(increments: Floats, on: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    return float(increments[on].sum())


def _limit(
    of: Innermost,
    best: Maximum,
    on: np.ndarray[tuple[int], np.dtype[np.bool_]],
    side: int,
    root: float,
) -> float:
    """The end of the likelihood-ratio interval of the cumulative hazard: above for ``side`` 1."""
    top = float(of.known[on].min(initial=np.inf)) if side > 0 else np.inf
    here = _sum(best.increments, on)
    if side > 0 and top <= 0:
        return np.inf
    if side < 0 and (here <= 0 or _without(of, best, on) <= root):
        return 0.0

    def at(by: float, before: At) -> At:
        known = of.known - side * by * on
        found = maximum(replace(of, known=known), before.hazard, ALMOST)
        sum_ = _sum(found.increments, on)
        value = found.log_likelihood - (side * by * sum_ if by else 0.0)
        return At(by, found.increments, sum_, max(2 * (best.log_likelihood - value), 0.0))

    step = (float(of.known[on].max()) / max(here, 1e-3)) ** 0.5
    start = At(0.0, best.increments, here, 0.0)
    end = reached(at, lambda there: there.deviance**0.5 - root, start, step, top)
    # at the multiplier ``top`` more hazard gains nobody's end, and each of it costs the same
    left = max(root**2 - end.deviance, 0.0) if side > 0 and end.by > NEAR * top else 0.0
    return end.sum + left / (2 * top)


def _unseen_sum(data: Lifetimes, start: float, day: float, root: float) -> float:
    """The largest cumulative hazard that the ratio lets stand where nobody can have ended.

    It does least harm where the fewest were known to be alive, and costs each of them as much.
    """
    days = np.unique(np.concatenate([data.entry, data.left]))
    days = np.append(days[(days > start) & (days < day)], day)
    known = [data.weights[(data.entry < at) & (at <= data.left)].sum() for at in days]
    return root**2 / (2 * min(known)) if min(known) > 0 else np.inf


def _without(of: Innermost, best: Maximum, on: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float:
    """√deviance with nobody ending in the intervals of ``on``; infinite if somebody must have."""
    kept = np.concatenate([[0], np.cumsum(~on)])
    low, high = kept[of.low], kept[of.high]
    if (low == high).any():
        return math.inf
    rest = Innermost(of.left[~on], of.right[~on], of.known[~on], low, high, of.weight)
    return math.sqrt(max(2 * (best.log_likelihood - maximum(rest).log_likelihood), 0.0))
