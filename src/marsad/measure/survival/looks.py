"""What the looks were too seldom to see.

An account found gone lived until some time between two looks; one that was made and ended between
two looks was never seen at all. Both are told by the gaps of the schedule and by the lifetimes.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.refusal import Refused
from marsad.measure.survival.data import LOOKS, Floats, checked
from marsad.measure.survival.lives import lifetimes
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate, proportion

POINTS = 200


@dataclass(frozen=True)
class Schedule:
    """Gaps between the looks at one account, in days: the shortest, the median and the longest.

    No lifetime can be told to be shorter than ``shortest``; what lives shorter than ``longest`` can
    come and go unseen. ``gaps`` are all of them.
    """

    shortest: float
    median: float
    longest: float
    gaps: Floats


def schedule_of(day: ArrayLike, account: Sequence[Hashable] | None = None) -> Schedule:
    """The gaps between looks: ``day`` of each, in any order, and at which account (default: all
    looks are at the whole platform). Refuses where nothing was looked at twice."""
    days = np.asarray(day, dtype=float)
    if days.ndim != 1 or not np.isfinite(days).all():
        raise InputError("measure.survival.look-days")
    names = [0] * len(days) if account is None else account
    if len(names) != len(days):
        raise InputError("measure.survival.lengths")
    numbers: dict[Hashable, int] = {}
    who = np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int64)
    order = np.lexsort((days, who))
    steps, same = np.diff(days[order]), np.diff(who[order]) == 0
    gaps = steps[same & (steps > 0)]
    if not len(gaps):
        raise Refused("measure.survival.one-look", ["looks"], LOOKS)
    return Schedule(float(gaps.min()), float(np.median(gaps)), float(gaps.max()), gaps)


def wide_ends(left: ArrayLike, right: ArrayLike, median: float, level: float = 0.95) -> Estimate:
    """The fraction of ends whose looks lie further apart than the median lifetime: of these the
    looks say little. An `Estimate` ``wide-ends``; refuses where nobody ended."""
    data = checked(left, right)
    ends = data.ended
    if not ends.any():
        raise Refused("measure.survival.no-end", ["ends"], LOOKS)
    wide = int(((data.right - data.left)[ends] > median).sum())
    return proportion(wide, int(ends.sum()), level, name="wide-ends", frame="watched-ends")


def come_and_gone(
    gaps: ArrayLike,
    left: ArrayLike,
    right: ArrayLike,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    level: float = 0.95,
) -> Estimate:
    """What fraction of all accounts made in the time of the looks came and went between two.

    ``gaps`` are those between the looks that find new accounts (`schedule_of`); lifetimes as in
    `lifetimes`, in days since each account was made. An account made u days before the next look
    is missed with chance F(u), so the fraction is Σ ∫₀^gap F / Σ gap. The interval takes all of
    the curve's low ends, and all of its high ends, at once: it holds at least as often as it says.
    Refuses where nobody is watched from day 0: what happens first is then not in the data.
    """
    spans = np.asarray(gaps, dtype=float)
    if spans.ndim != 1 or not len(spans) or not (np.isfinite(spans) & (spans > 0)).all():
        raise InputError("measure.survival.look-days")
    lives = lifetimes(left, right, entry, weights, days=(), band=True, level=level)
    curve, data = lives.curve, checked(left, right, entry, weights)
    if curve.start > 0 or not len(curve.days):
        raise Refused("measure.survival.not-from-start", ["entry"], LOOKS, start=curve.start)
    value, high, low = (
        _missed(spans, curve.days, alive) for alive in (curve.survival, curve.low, curve.high)
    )
    return Estimate(
        "come-and-gone", value, min(low, value), max(high, value), level, "between-looks",
        "accounts-made", data.accounts,
        assumptions=("made-evenly", *lives.estimates[-1].assumptions),
        warnings=lives.estimates[-1].warnings,
    )  # fmt: skip


def _missed(gaps: Floats, days: Floats, alive: Floats) -> float:
    """Σ ∫₀^gap (1 − S) / Σ gap, log S straight between ``days`` and level after the last."""
    at = np.linspace(0.0, float(gaps.max()), POINTS)
    hazard = -np.log(np.maximum(np.concatenate([[1.0], alive]), 1e-300))
    gone = -np.expm1(-np.interp(at, np.concatenate([[0.0], days]), hazard))
    steps = np.diff(at) * (gone[1:] + gone[:-1]) / 2
    area = np.concatenate([[0.0], np.cumsum(steps)])
    return float(np.interp(gaps, at, area).sum() / gaps.sum())
