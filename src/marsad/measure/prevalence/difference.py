"""The difference estimator of a stratum's total, with a tuned and cross-fitted λ.

Prediction-powered inference (Angelopoulos et al. 2023, Science 382:669; with λ: Angelopoulos, Duchi
and Zrnic 2023, arXiv:2311.01453) on a frame that is known whole is the difference estimator of
survey sampling (Särndal, Swensson and Wretman 1992, chapter 6): scores are summed over all units,
and labels only correct them. There is no variance of the scores' mean: the frame is a census.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FOLDS = 5


def cross_fitted(
    label: Floats, score: Floats, stratum: Ints, sizes: Ints, rng: np.random.Generator
) -> tuple[Floats, float]:
    """For each labelled unit the λ that was fitted without its fold, and the λ fitted to all.

    λ = Σ_h w_h·cov_h(y, f) / Σ_h w_h·var_h(f) with w_h = N_h²(1 − n_h/N_h)/n_h makes the variance
    of the total least. ``stratum`` numbers the strata of the labelled units, ``sizes`` are N_h.
    """
    fold = rng.permutation(len(label)) % FOLDS
    each = np.zeros(len(label))
    for k in range(FOLDS):
        rest = fold != k
        each[~rest] = _fit(label[rest], score[rest], stratum[rest], sizes)
    return each, _fit(label, score, stratum, sizes)


def _fit(label: Floats, score: Floats, stratum: Ints, sizes: Ints) -> float:
    n = np.bincount(stratum, minlength=len(sizes))
    usable = n >= 2
    weight = np.where(usable, sizes * (sizes - n) / np.maximum(n - 1, 1) / np.maximum(n, 1), 0.0)
    residual = score - (np.bincount(stratum, score, len(sizes)) / np.maximum(n, 1))[stratum]
    both = float((weight[stratum] * residual * label).sum())
    spread = float((weight[stratum] * residual**2).sum())
    return both / spread if spread > 0 else 0.0


def total(
    label: Floats, score: Floats, slope: Floats, mean_score: float, size: int
) -> tuple[float, float]:
    """A stratum's total and its standard error, from its labelled units (two or more).

    Each unit's y − λ(f − F) has the stratum's mean of y for its expectation, F = ``mean_score``
    being the mean score of all ``size`` units; λ = ``slope`` was fitted without the unit.
    """
    corrected = label - slope * (score - mean_score)
    n = len(label)
    variance = size**2 * (1 - n / size) * float(corrected.var(ddof=1)) / n
    return size * float(corrected.mean()), variance**0.5
