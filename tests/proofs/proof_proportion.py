"""Does the interval of a proportion hold the truth, also where units come in clusters?

The clusters are accounts with posts of their own: an account's own rate is drawn from a Beta with
mean ``p`` and intraclass correlation ``rho``, its number of posts from a geometric distribution
with mean ``size``. The oracle knows the variance: its interval is ± 1.96 standard deviations.
"""

from __future__ import annotations

import math

import numpy as np

from marsad.records.estimate import proportion
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.proof import Parameters

ALONE = [(0.05, 100), (0.05, 1000), (0.3, 50), (0.5, 20), (0.5, 200), (0.9, 100)]
CLUSTERED = [(0.1, 50, 0.1), (0.1, 200, 0.3), (0.3, 20, 0.1), (0.3, 100, 0.3), (0.5, 20, 0.3)]
TWO_SIDED = 2 * 1.959964


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    if "clusters" in parameters:
        return clustered(rng, **parameters)  # type: ignore[arg-type]
    return alone(rng, **parameters)  # type: ignore[arg-type]


def alone(rng: np.random.Generator, p: float, n: int) -> Interval:
    estimate = proportion(int(rng.binomial(n, p)), n)
    return Interval.of(estimate, p, TWO_SIDED * math.sqrt(p * (1 - p) / n))


def clustered(
    rng: np.random.Generator, p: float, clusters: int, rho: float, size: int = 8, pooled: int = 0
) -> Interval:
    """``pooled`` forgets the clusters, as a plain binomial interval does."""
    sizes = rng.geometric(1 / size, clusters)
    strength = 1 / rho - 1
    hits = rng.binomial(sizes, rng.beta(p * strength, (1 - p) * strength, clusters))
    total = int(sizes.sum())
    design_effect = 1 + ((sizes**2).sum() / total - 1) * rho
    oracle = TWO_SIDED * math.sqrt(p * (1 - p) / total * design_effect)
    if pooled:
        return Interval.of(proportion(int(hits.sum()), total), p, oracle)
    return Interval.of(proportion(hits.tolist(), sizes.tolist()), p, oracle)


PROOF = interval_proof(
    "proportion",
    "The interval of a proportion",
    cells=[
        *(Cell(f"p {p}, n {n}", {"p": p, "n": n}) for p, n in ALONE),
        *(
            Cell(f"p {p}, {c} accounts, ρ {rho}", {"p": p, "clusters": c, "rho": rho})
            for p, c, rho in CLUSTERED
        ),
        Cell(
            "p 0.3, 100 accounts, ρ 0.3, accounts forgotten",
            {"p": 0.3, "clusters": 100, "rho": 0.3, "pooled": 1},
            gated=False,
        ),
    ],
    once=once,
)
