"""How often people post, and at which hours."""

from __future__ import annotations

import numpy as np

from marsad.simulate.draws import Floats

DAY = 86_400

# Posts a day of an account, as published in the census of 2015 (Berger and Morgan): 40 % post
# fewer than 1 a day, 69 % fewer than 5, 2.3 % more than 50. The lowest rate is ours; the highest is
# where the published mean of 15.6 is met with rates log-uniform between these points.
QUANTILES = np.array([0.0, 0.40, 0.69, 0.977, 1.0])
POSTS_A_DAY = np.array([0.02, 1.0, 5.0, 50.0, 1370.0])

# Relative activity by local hour: asleep at four, busiest in the evening. A choice of ours.
_BY_HOUR = """
    3.0 1.8 1.1 0.7 0.6 0.9 1.8 3.2 4.3 4.7 4.9 5.0
    5.3 5.2 5.0 5.0 5.2 5.6 6.0 6.5 7.2 7.6 6.8 4.8
"""
_WEIGHTS = np.array(_BY_HOUR.split(), dtype=np.float64)
_HOURS = np.arange(25) / 24.0
_ELAPSED = np.concatenate([[0.0], np.cumsum(_WEIGHTS) / _WEIGHTS.sum()])


def published_rate(quantiles: Floats) -> Floats:
    """Posts a day at each quantile in [0, 1] of the published distribution."""
    return np.asarray(np.exp(np.interp(quantiles, QUANTILES, np.log(POSTS_A_DAY))))


def stratified_rates(rng: np.random.Generator, count: int) -> Floats:
    """``count`` rates, one from each of ``count`` equal strata, in random order.

    Stratified, so that a small network has the published marginals too and its size does not hang
    on whether the one account in a thousand that never stops was drawn.
    """
    return published_rate((rng.permutation(count) + rng.random(count)) / max(count, 1))


def activity_until(local_seconds: Floats) -> Floats:
    """Days' worth of activity between local midnight of day 0 and a local time, in seconds."""
    whole = np.floor(local_seconds / DAY)
    return np.asarray(whole + np.interp(local_seconds / DAY - whole, _HOURS, _ELAPSED))


def time_at(activity: Floats) -> Floats:
    """The local time in seconds at which that much activity has passed; inverts the above."""
    whole = np.floor(activity)
    return np.asarray((whole + np.interp(activity - whole, _ELAPSED, _HOURS)) * DAY)
