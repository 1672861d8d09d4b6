"""Draws of a stratum's total where it has few labelled positives, or few negatives.

With k of n labelled units positive, the positives among the other N − n are Binomial(N − n, p) with
p from a Beta distribution: their spread is that of drawing without replacement. Beta(k, n − k + 1)
and Beta(k + 1, n − k) are the lower and the upper confidence distribution of Clopper and Pearson,
and drawing from either with chance ½ is the mid-p one. An interval over several strata has two sets
of draws, one for each end, as melded intervals do (Fay, Proschan and Brittain 2015, Biometrics
71:146). The end away from the rarer of the two kinds takes mid-p draws, the end towards it the
confidence distribution of that end: with mid-p draws for both, strata where nothing was seen add up
to positives that nobody saw, and the interval lies above the truth in 5 to 10 runs of 100 with a
prevalence of .1 %.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
FEW = 10
"""Fewer positives or negatives than these: the normal distribution does not describe the total."""


LOWER, MIDDLE, UPPER = 0.0, 0.5, 1.0


def draw_ends(
    k: int, n: int, size: int | Ints, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draws of the number of positives among ``size`` units, for the low end and for the high one.

    ``k`` of ``n`` labelled units are positive. Where ``size`` is not known it is draws, too: (D,).
    """
    low, high = (draw_end(k, n, size, draws, rng, high) for high in (False, True))
    return low, high


def draw_end(
    k: int, n: int, size: int | Ints, draws: int, rng: np.random.Generator, high: bool
) -> Floats:
    """Draws for one of them."""
    rare_positives = 2 * k <= n
    if high:
        return draw_total(k, n, size, draws, rng, MIDDLE if rare_positives else UPPER)
    return draw_total(k, n, size, draws, rng, LOWER if rare_positives else MIDDLE)


def draw_total(
    k: int,
    n: int,
    size: int | Ints,
    draws: int,
    rng: np.random.Generator,
    upper: float = MIDDLE,
) -> Floats:
    """``draws`` of that number, from the upper confidence distribution with chance ``upper``.

    Without a label (n = 0) it is all of them with that chance, else none: the ends, and no middle.
    """
    above = rng.random(draws) < upper
    alpha, beta = k + above, n - k + ~above
    chance = np.where(alpha == 0, 0.0, 1.0)
    inside = (alpha > 0) & (beta > 0)
    chance[inside] = rng.beta(alpha[inside], beta[inside])
    return k + rng.binomial(size - n, chance).astype(float)
