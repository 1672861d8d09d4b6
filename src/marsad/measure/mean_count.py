"""The mean of counts with an interval, however the counts scatter.

The gamma interval of a Poisson rate (Garwood 1936; Fay and Feuer 1997, Statistics in Medicine
16:791), with the total count replaced by the one that has the variance seen: total² / variance, and
that times (t_{n−1} / z)⁻² because the variance is estimated, as Korn and Graubard do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy import special


def mean_count_interval(counts: ArrayLike, level: float = 0.95) -> tuple[float, float, float]:
    """Mean, low and high end of independent counts (≥ 0). ValueError with fewer than two.

    Where all counts are 0 the high end is that of a Poisson variable.
    """
    values = np.asarray(counts, dtype=float)
    n, total = len(values), float(values.sum())
    if n < 2:
        raise ValueError(f"{n} counts; the interval of their mean needs two")
    alpha = (1 - level) / 2
    if total == 0:
        return 0.0, 0.0, float(special.gammaincinv(1, 1 - alpha)) / n
    spread = max(n * float(values.var(ddof=1)), 0.0)
    ratio = float(special.stdtrit(n - 1, 1 - alpha) / special.ndtri(1 - alpha))
    worth = total * min(total / spread if spread else 1.0, 1.0) / ratio**2
    mean = total / n
    low = mean * float(special.gammaincinv(worth, alpha)) / worth
    high = mean * float(special.gammaincinv(worth + 1, 1 - alpha)) / worth
    return mean, low, high
