"""How many more there may be where every list found every unit that any list found."""

from __future__ import annotations

import math

from scipy import special

from marsad.measure.capture_recapture.histories import Histories
from marsad.measure.capture_recapture.roots import crossing


def most_unseen(table: Histories, level: float) -> float:
    """The upper end of the unseen with independent lists (Mt), from its profile likelihood.

    With N units each list found n of them:
    l(N) = log N! − log n0! + k (n log n + n0 log n0 − N log N).
    """
    n, k = table.n, table.k

    def fall(unseen: float) -> float:
        total = n + unseen
        gained = math.lgamma(total + 1) - math.lgamma(unseen + 1) - math.lgamma(n + 1)
        spread = special.xlogy(n, n) + special.xlogy(unseen, unseen) - special.xlogy(total, total)
        return float(-2 * (gained + k * spread))

    limit = float(special.ndtri((1 + level) / 2)) ** 2
    found = crossing(fall, limit, 0.0, 0.1, 1e6)
    return n * 1.0 if found is None else found
