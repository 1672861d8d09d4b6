"""Do the intervals of the mean length of lineages and of followers regained hold the truth?

Accounts beyond the first two of a lineage are geometric with chance ``stop`` to end. Fractions of
followers are log-normal with median 0.3 and σ 1. The oracles know the variance: ± 1.96 standard
deviations of a mean, or of a median of the logarithm.
"""

from __future__ import annotations

import math

import numpy as np

from marsad.measure.returns import accounts_per_lineage, followers_regained
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.proof import Parameters

TWO_SIDED = 2 * 1.959964
MEDIAN = 0.3


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    n = int(parameters["n"])
    if "stop" in parameters:
        return length(rng, n, float(parameters["stop"]))
    fractions = rng.lognormal(math.log(MEDIAN), 1.0, n)
    half = math.sqrt(math.pi / 2 / n) * TWO_SIDED / 2
    width = MEDIAN * (math.exp(half) - math.exp(-half))
    return Interval.of(followers_regained(fractions.tolist(), day=7), MEDIAN, width)


def length(rng: np.random.Generator, n: int, stop: float) -> Interval:
    sizes = 1 + rng.geometric(stop, n)
    width = TWO_SIDED * math.sqrt((1 - stop) / n) / stop
    return Interval.of(accounts_per_lineage(sizes.tolist()), 1 + 1 / stop, width)


PROOF = interval_proof(
    "lineages",
    "The intervals of the mean length of lineages and of followers regained",
    cells=[
        *(
            Cell(f"length, {n} lineages, chance {stop} to end", {"n": n, "stop": stop})
            for n in (10, 30, 200)
            for stop in (0.6, 0.3)
        ),
        *(Cell(f"followers, {n} lineages", {"n": n}) for n in (6, 10, 50, 300)),
    ],
    once=once,
)
