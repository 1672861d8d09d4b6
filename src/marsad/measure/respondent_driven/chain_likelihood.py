"""How likely an outcome is along chains of referrals, where respondents resemble one another.

The correlation of two respondents t ≥ 1 steps apart in a tree is c·λᵗ: a hidden state of variance 1
goes down from the seeds and keeps λ of itself at each step; the outcome shows the part c of it, the
rest is noise of each respondent. On a tree the likelihood of that is exact by messages from the
leaves to the seeds (the Kalman filter on trees: Chou, Willsky and Benveniste 1994, IEEE
Transactions on Automatic Control 39:464), in O(respondents) for each pair of λ and c. For shares,
which are not normal, it is a quasi-likelihood of the first two moments.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marsad.measure.respondent_driven.recruitment import Recruitment

Floats = NDArray[np.float64]


def log_likelihood(
    outcome: Floats, chains: Recruitment, decay: Floats, clustered: Floats
) -> Floats:
    """The restricted log-likelihood at each pair of λ (``decay``, [0, 1)) and c (``clustered``,
    [0, 1)); the mean is integrated out and the variance is at its best value.

    ``outcome`` must not be the same for all. Up to a constant; shape of ``decay``.
    """
    n = len(outcome)
    standard = (outcome - outcome.mean()) / outcome.std()
    logdet, form = whitened(np.column_stack([standard, np.ones(n)]), chains, decay, clustered)
    ones = form[:, 1, 1]
    residual = form[:, 0, 0] - form[:, 0, 1] ** 2 / ones
    return np.asarray(-0.5 * (logdet + np.log(ones) + (n - 1) * np.log(residual)))


def whitened(
    columns: Floats, chains: Recruitment, decay: Floats, clustered: Floats
) -> tuple[Floats, Floats]:
    """log |R| and XᵀR⁻¹X for the ``columns`` X (n × k) and the correlations R at each λ and c.

    A message of respondent i about the hidden state of the recruiter is its precision and, for each
    column, precision × mean.
    """
    n, k = columns.shape
    own, noise = clustered / (1 - clustered), 1 - decay**2
    shown = (clustered**0.5 / (1 - clustered))[:, None]
    precision, weighted = np.zeros((n, len(decay))), np.zeros((n, len(decay), k))
    logdet = n * np.log1p(-clustered)
    form = (columns.T @ columns) / (1 - clustered)[:, None, None]
    for i in reversed(chains.order.tolist()):
        about, mean = precision[i] + own, weighted[i] + shown * columns[i]
        by = int(chains.recruiter[i])
        fresh = noise if by >= 0 else np.ones_like(noise)
        scale = 1 + fresh * about
        logdet += np.log(scale)
        form -= (fresh / scale)[:, None, None] * mean[:, :, None] * mean[:, None, :]
        if by >= 0:
            precision[by] += decay**2 * about / scale
            weighted[by] += (decay / scale)[:, None] * mean
    return logdet, form
