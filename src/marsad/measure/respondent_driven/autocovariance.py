"""The variance of RDS-II from how respondents resemble one another along the chains.

RDS-II is Σ w_i·y_i / Σ w_i with w = 1/d; its variance to first order is Σ w_i·w_j·C_ij / (Σ w_i)²,
C_ij the covariance of two outcomes. For a walk on a graph that is a sum of powers, in the distance
t, of the walk's eigenvalues (Verdery, Mouw, Bauldry and Mucha 2015, PLOS ONE 10:e0145296; Rohe
2019, Annals of Statistics 47:556). C_ij = v·c·λᵗ has the one that weighs; c ≤ 1 is the part of the
outcome that goes with the network's clusters. With c = 1 and the correlation of recruiter and
recruit for λ, as most formulas have it, intervals are a quarter too short where the outcome goes
only in part with the clusters.

A few hundred respondents do not tell λ and c apart: an outcome that goes with clusters soon left is
about as likely as one that goes a little with clusters hard to leave, and the variance is not the
same. So it is averaged over all λ and c, each pair by its likelihood (`chain_likelihood`), and how
much it differs between them goes into the degrees of freedom, as that of summed variances does
(Satterthwaite 1946, Biometrics Bulletin 2:110).

A walk may turn back to the account it came from, which has its outcome and its weight once more,
and does so most where the weight is large. What respondents two steps apart covary, weights and
all, beyond the fitted is added.

Hardest is a network with clusters that are hard to leave and go only in part with the outcome: 93
to 96 of 100 intervals hold there with 200 respondents. What no chain reached leaves no trace in any
variance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.measure.respondent_driven.chain_likelihood import log_likelihood
from marsad.measure.respondent_driven.recruitment import Recruitment

LAGS, LEAST_FREEDOM = 60, 2.0
DECAYS = (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)
PARTS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Spread:
    """The standard error of RDS-II and its degrees of ``freedom``; ``independent`` is how many
    independent respondents the sample is worth; ``decay`` and ``clustered`` are the means of λ and
    c by likelihood."""

    error: float
    freedom: float
    independent: float
    decay: float
    clustered: float


def spread(outcome: Floats, degree: Floats, share: float, chains: Recruitment) -> Spread:
    """The spread of RDS-II (``share``) of ``outcome`` over the ``chains``."""
    decay, part = (one.ravel() for one in np.meshgrid(DECAYS, PARTS, indexing="ij"))
    likelihood = log_likelihood(outcome, chains, decay, part)
    chance = np.exp(likelihood - likelihood.max())
    chance /= chance.sum()
    weight = 1 / degree / (1 / degree).sum()
    apart = float(weight @ (outcome - share) ** 2)
    together, _ = pairs_by_distance(weight, chains)
    variances = apart * (together[0] + part * _powers(decay, together))
    variances += _turned_back(weight * (outcome - share), chains, part * decay**2,
                              float(chance @ variances))  # fmt: skip
    mean = float(chance @ variances)
    independent = len(outcome) * apart * float(together[0]) / mean
    freedom = _freedom(chance, variances, independent)
    error = min(mean, 0.25 * float(np.ptp(outcome)) ** 2) ** 0.5
    return Spread(error, freedom, independent, float(chance @ decay), float(chance @ part))


def _powers(decay: Floats, together: Floats) -> Floats:
    """Σ_t together[t]·λᵗ, t ≥ 1."""
    lags = np.arange(1, len(together))
    return np.asarray((decay[:, None] ** lags) @ together[1:])


def _turned_back(z: Floats, chains: Recruitment, fitted: Floats, variance: float) -> Floats:
    """The variance from pairs two steps apart, beyond their ``fitted`` correlations; never < 0."""
    products, pairs = pairs_by_distance(z, chains)
    if len(pairs) < 3 or pairs[2] == 0:
        return np.zeros_like(fitted)
    # z sums to 0 because the share was estimated from it: every product is too small by as much.
    short = variance / len(z) ** 2
    alike, seen = products[0] / pairs[0] + short, products[2] / pairs[2] + short
    return np.asarray(pairs[2] * np.maximum(seen - fitted * alike, 0))


def _freedom(chance: Floats, variances: Floats, independent: float) -> float:
    """Of a variance that differs over λ and c and is found from as many independent respondents.

    A χ² over its ν degrees has a logarithm with variance 2/ν; by it, as a few unlikely λ and c with
    huge variances would rule moments.
    """
    logs = np.log(variances)
    unsure = float(chance @ (logs - chance @ logs) ** 2) / 2
    return max(1 / (unsure + 1 / max(independent - 1, LEAST_FREEDOM)), LEAST_FREEDOM)


def pairs_by_distance(z: Floats, chains: Recruitment) -> tuple[Floats, Floats]:
    """Σ z_i·z_j over ordered pairs at distance 0, 1, … in one tree, and the number of such pairs.

    By messages: first what lies below each respondent, then, from the seeds, what lies above. O(n)
    for a given number of distances; those beyond 60 are left out.
    """
    longest = min(LAGS, 2 * int(chains.wave.max())) + 1
    below = np.zeros((len(z), 2, longest))
    below[:, 0, 0], below[:, 1, 0] = z, 1
    inner = [i for i in chains.order.tolist() if chains.recruiter[i] >= 0]
    for i in reversed(inner):
        below[chains.recruiter[i], :, 1:] += below[i, :, :-1]
    around = below.copy()
    for i in inner:
        around[i, :, 1:] += around[chains.recruiter[i], :, :-1]
        around[i, :, 2:] -= below[i, :, :-2]
    return z @ around[:, 0], around[:, 1].sum(axis=0)
