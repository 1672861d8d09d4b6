"""The tree bootstrap: seeds are drawn again, and of each respondent the recruits.

Baraff, McCormick and Raftery (2016, PNAS 113:14668). Kept for comparison: with up to three recruits
a respondent its intervals are about twice as wide as they need be, and on walks, where everybody
recruits one, they are too short (see the proofs).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from marsad.measure.respondent_driven.recruitment import Recruitment

Floats = NDArray[np.float64]


def tree_bootstrap(
    outcome: Floats, degree: Floats, chains: Recruitment, rounds: int, rng: np.random.Generator
) -> Floats:
    """``rounds`` values of RDS-II, each of a tree drawn with replacement."""
    by_recruiter = np.argsort(chains.recruiter, kind="stable")
    seeds = int((chains.recruiter < 0).sum())
    recruits = np.bincount(chains.recruiter[chains.recruiter >= 0], minlength=len(outcome))
    first = seeds + np.cumsum(recruits) - recruits
    top, bottom = np.zeros(rounds), np.zeros(rounds)
    drawn = rng.choice(by_recruiter[:seeds], rounds * seeds)
    of_round = np.repeat(np.arange(rounds), seeds)
    while len(drawn):
        top += np.bincount(of_round, (outcome / degree)[drawn], rounds)
        bottom += np.bincount(of_round, (1 / degree)[drawn], rounds)
        each = recruits[drawn]
        of_round, above = np.repeat(of_round, each), np.repeat(drawn, each)
        drawn = by_recruiter[first[above] + (rng.random(len(above)) * recruits[above]).astype(int)]
    return np.asarray(top / bottom)
