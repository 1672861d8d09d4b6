"""RDS-I and RDS-II: point estimates of a share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def rds2(outcome: Floats, degree: Floats) -> float:
    """Σ(y/d)/Σ(1/d): Volz and Heckathorn (2008, Journal of Official Statistics 24:79).

    A walk on an undirected graph comes by in proportion to degree; 1/d undoes that.
    """
    return float((outcome / degree).sum() / (1 / degree).sum())


def rds1(category: Ints, degree: Floats, recruiter: Ints) -> Floats | None:
    """Shares of categories 0, 1, … by RDS-I (Salganik and Heckathorn 2004, Sociological Methodology
    34:193); seeds count as recruiters and in the mean degrees.

    With D_a the harmonic mean degree of category a and C_ab the fraction of a's recruits in b, ties
    from a to b are as many as from b to a: p_a·D_a·C_ab = p_b·D_b·C_ba. With more than two
    categories the ties are those of the chain with transition matrix C: p_a ∝ π_a/D_a. None where
    a category recruited nobody, or where categories do not recruit one another.
    """
    count = int(category.max()) + 1
    moved = recruiter >= 0
    ties = np.zeros((count, count))
    np.add.at(ties, (category[recruiter[moved]], category[moved]), 1)
    if count < 2 or (ties.sum(axis=1) == 0).any():
        return None
    share = ties / ties.sum(axis=1, keepdims=True)
    equations = np.vstack([share.T - np.eye(count), np.ones(count)])
    visits, _, rank, _ = np.linalg.lstsq(equations, np.r_[np.zeros(count), 1.0], rcond=None)
    if rank < count or (visits <= 0).any():
        return None
    mean_degree = np.bincount(category) / np.bincount(category, 1 / degree)
    weight = visits / mean_degree
    return np.asarray(weight / weight.sum())
