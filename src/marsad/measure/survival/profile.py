"""Walking along a profile of a likelihood, by the multiplier of what is profiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from marsad.measure.survival.data import Floats

MOST_STEPS = 60
CLOSE = 5e-4
"""How close, in standard errors, an end of an interval is sought."""


@dataclass(frozen=True)
class At:
    """A point on a profile: its multiplier, hazards, the sum profiled, and the deviance
    2·(best − there)."""

    by: float
    hazard: Floats
    sum: float
    deviance: float


def reached(
    at: Callable[[float, At], At], miss: Callable[[At], float], best: At, step: float, top: float
) -> At:
    """The point at which ``miss``, below 0 at ``best`` and growing away from it, is 0.

    ``at`` gives the point at a multiplier (its size), from one nearby; ``step`` is the multiplier
    of about one standard error, and none reaches ``top``. The secant method, kept between points
    on both sides.
    """
    here = best
    near, far = 0.0, top
    by, before = min(step, 0.5 * top), (0.0, miss(best))
    for _ in range(MOST_STEPS):
        here = at(by, here)
        missed = miss(here)
        if abs(missed) < CLOSE:
            break
        near, far = (by, far) if missed < 0 else (near, by)
        gain = (missed - before[1]) / (by - before[0]) if by != before[0] else 0.0
        guess = by - missed / gain if gain > 0 else np.inf
        before = (by, missed)
        by = guess if near < guess < far else _between(near, far)
        if abs(by - before[0]) < 1e-12 * (1 + by):
            break
    return here


def _between(near: float, far: float) -> float:
    return 0.5 * (near + far) if np.isfinite(far) else 2 * near + 1e-9
