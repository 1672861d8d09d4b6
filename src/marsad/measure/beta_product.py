"""The beta product confidence procedure: an interval for the chance of an event by a day.

Fay, Brittain and Proschan (2013, Biostatistics 14:723) multiply one beta variable for each event
time; the procedure holds its level with few events and right-censored times, and is the
Clopper–Pearson interval where nothing is censored. Units that come in clusters (accounts of one
actor) are counted as fewer: all numbers at risk are divided by a design effect, as Korn and
Graubard (1998) do for a proportion. Both come out as they are where the other has nothing to do.

What it still fails at: the design effect is itself an estimate; with fewer than about ten clusters,
or one that holds most of the units, the interval is wide and rests on few.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Incidence:
    """The fraction of units with the event by a day: ``value`` in ``low`` … ``high``.

    ``at_risk`` units are still without it and seen until then; ``clusters`` is how many equal
    clusters the units are worth (the units themselves where each stands alone), and
    ``design_effect`` by how much more the value varies than with independent units.
    """

    value: float
    low: float
    high: float
    at_risk: int
    clusters: float
    design_effect: float


def incidence_by(
    day: float, time: Floats, happened: NDArray[np.bool_], cluster: Ints, level: float
) -> Incidence:
    """The fraction of units that have had the event by ``day``, with its interval.

    ``time`` is when a unit had the event (where ``happened``) or was last seen without it, in the
    unit of ``day`` and not negative; ``cluster`` numbers clusters from 0. At one moment events
    come before censorings. The value is one minus the Kaplan–Meier estimate.
    """
    steps = _steps(day, time, happened)
    left = time > day if happened.all() else (time > day) | ((time == day) & ~happened)
    at_risk = int(left.sum())
    value = 1 - steps.survival
    sizes = np.bincount(cluster)
    worth = len(time) ** 2 / float((sizes.astype(float) ** 2).sum())
    effect = 1.0
    if sizes.max() > 1:
        effect = _design_effect(day, time, happened, cluster, steps, left, worth, level)
    low, high = _limits(steps, at_risk, effect, (1 - level) / 2)
    return Incidence(value, min(low, value), max(high, value), at_risk, worth, effect)


@dataclass(frozen=True)
class _Steps:
    """Distinct event times up to a day, events and units at risk at each, and who is left."""

    times: Floats
    events: Floats
    risk: Floats

    @property
    def survival(self) -> float:
        return float(np.prod(1 - self.events / self.risk))


def _steps(day: float, time: Floats, happened: NDArray[np.bool_]) -> _Steps:
    counted = time[happened & (time <= day)]
    times, events = np.unique(counted, return_counts=True)
    risk = len(time) - np.searchsorted(np.sort(time), times, side="left")
    return _Steps(times, events.astype(float), risk.astype(float))


def _design_effect(
    day: float,
    time: Floats,
    happened: NDArray[np.bool_],
    cluster: Ints,
    steps: _Steps,
    left: NDArray[np.bool_],
    worth: float,
    level: float,
) -> float:
    """How many units as good as one independent unit; where nothing varies, a cluster is one."""
    survival = steps.survival
    if not len(steps.times) or survival <= 0:
        counted = left if left.any() else np.ones(len(time), dtype=bool)
        return float(counted.sum() / len(np.unique(cluster[counted])))
    parts = np.bincount(cluster, _influence(day, time, happened, steps))
    clusters = len(parts)
    spread = float((parts**2).sum()) * clusters / max(clusters - 1, 1)
    greenwood = survival**2 * float(
        (steps.events / (steps.risk * (steps.risk - steps.events))).sum()
    )
    upper = (1 + level) / 2
    freedom = max(worth - 1, 1.0)
    ratio = special.stdtrit(freedom, upper) / special.stdtrit(max(len(time) - 1, 1), upper)
    return float(max(spread / greenwood, 1.0) * max(ratio, 1.0) ** 2)


def _influence(day: float, time: Floats, happened: NDArray[np.bool_], steps: _Steps) -> Floats:
    """What each unit adds to the estimate: the first-order terms of Kaplan–Meier."""
    hazard = steps.events / steps.risk
    weight = 1 / (steps.risk - steps.events)
    passed = np.concatenate([[0.0], np.cumsum(hazard * weight)])
    expected = passed[np.searchsorted(steps.times, np.minimum(time, day), side="right")]
    own = np.zeros(len(time))
    had = happened & (time <= day)
    own[had] = weight[np.searchsorted(steps.times, time[had])]
    return np.asarray(steps.survival * (own - expected))


def _limits(steps: _Steps, at_risk: int, effect: float, alpha: float) -> tuple[float, float]:
    """Low and high end of the fraction with the event.

    The survivors' fraction is bounded above by ∏ Beta((Y − e)/D + 1, e/D) over event times with
    e events and Y at risk, and below by the same times Beta(Y⁺/D, 1) with those still at risk;
    each product is taken for the beta variable of its mean and variance.
    """
    a, b = (steps.risk - steps.events) / effect + 1, steps.events / effect
    mean = float(np.prod(a / (a + b)))
    square = float(np.prod(a * (a + 1) / ((a + b) * (a + b + 1))))
    low = 1 - _quantile(mean, square, 1 - alpha) if len(a) else 0.0
    if at_risk == 0:
        return low, 1.0
    rest = at_risk / effect
    mean *= rest / (rest + 1)
    square *= rest / (rest + 2)
    return low, 1 - _quantile(mean, square, alpha)


def _quantile(mean: float, square: float, q: float) -> float:
    """The quantile of the beta variable with this mean and second moment."""
    strength = (mean - square) / max(square - mean**2, 1e-300)
    return float(special.betaincinv(mean * strength, (1 - mean) * strength, q))
