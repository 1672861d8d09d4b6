"""One kind of object put to the test: which pairs came close more often than chance would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marsad.find.coordination.acts import one_an_act
from marsad.find.coordination.candidates import Candidates, candidates
from marsad.find.coordination.chances import alike_chances, own_chances
from marsad.find.coordination.closeness import Close, close
from marsad.find.coordination.habits import habits
from marsad.find.coordination.readings import (
    audience_chances,
    companions,
    p_values,
    timing_chances,
)
from marsad.find.coordination.shares import Shares

Floats = npt.NDArray[np.float64]

DENSE = 0.5
"""Fraction of an object's pairs within the window from which timing tells little of it."""


@dataclass(frozen=True)
class Tested:
    """The candidates of one kind of object with their p-values under both readings.

    ``timing`` and ``audience`` are p-values, 1 where a reading does not apply; ``expected`` is λ,
    the number of common objects that would have been close by chance under the reading with the
    smaller p. ``tests`` is how many there could have been: one for each reading and each pair with
    a common object, or a bound on it from above. ``uncompared`` counts objects of which neither
    reading can tell: shared within the window by most, with too few of their like.
    """

    close: Close
    pairs: Candidates
    timing: Floats
    audience: Floats
    expected: Floats
    tests: float
    uncompared: int = 0


def put_to_test(shares: Shares, window: int, level: float) -> Tested:
    """Tests all pairs of accounts on one kind of object; ``window`` in µs, ``level`` in (0, 1)."""
    met = close(shares, window)
    own = own_chances(met)
    alike = alike_chances(shares.sizes, own, met.used)
    tests = 2 * possible_pairs(shares)
    pairs = candidates(met, np.minimum(own, alike), tests, level)
    pairs = one_an_act(pairs, shares, window)
    uncompared = int((met.used & (own > DENSE) & (alike == 1)).sum())
    if not len(pairs):
        return Tested(met, pairs, np.ones(0), np.ones(0), np.zeros(0), tests, uncompared)
    known = habits(shares, window)
    by_timing = timing_chances(met, pairs, own, known)
    # where two are no companions, what they share without an outside audience says nothing
    together = companions(met, pairs, own)
    by_audience = np.where(together, audience_chances(pairs, alike, known), 1.0)
    timing = p_values(pairs, by_timing)
    audience = np.where(pairs.summed(together) > 0, p_values(pairs, by_audience), 1.0)
    expected = np.where(timing <= audience, pairs.summed(by_timing), pairs.summed(by_audience))
    return Tested(met, pairs, timing, audience, expected, tests, uncompared)


def possible_pairs(shares: Shares) -> float:
    """At most how many pairs of accounts have an object in common: all pairs, or the pairs on all
    objects, whichever is less."""
    sizes, accounts = shares.sizes.astype(float), len(shares.accounts)
    return float(min(accounts * (accounts - 1) / 2, (sizes * (sizes - 1) / 2).sum()))
