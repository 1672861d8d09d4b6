"""Tables of closed-population models, for whoever wants to look at them beside the answer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.capture_recapture.abundance import Fitted, fitted_closed
from marsad.measure.capture_recapture.checks import check_lists, check_overlap
from marsad.measure.capture_recapture.closed import count_designs, designs
from marsad.measure.capture_recapture.histories import read_hits, tabulate
from marsad.records.errors import InputError


def closed_models(
    hits: ArrayLike, *, counts: ArrayLike | None = None, ordered: bool = False
) -> tuple[Fitted, ...]:
    """M0, Mt, Mh and Mth (Chao's lower bound, Poisson2, Darroch, Gamma3.5) over all patterns.

    ``hits`` and ``counts`` as in `capture_recapture`; ``ordered`` adds Mb and Mbh, which suppose
    that the columns are occasions in their order of time. As Rcapture's `closedp.t`.
    """
    matrix, tallies = read_hits(hits, counts)
    names = tuple(str(j + 1) for j in range(matrix.shape[1]))
    check_lists(names)
    table = tabulate(matrix, tallies, names)
    check_overlap(table)
    asked = designs(table.k, ordered=ordered)
    return tuple(fitted_closed(table.counts, one, table.n, table.k)[0] for one in asked)


def closed_models_of_counts(
    frequencies: Sequence[float], occasions: float, *, n: float | None = None
) -> tuple[Fitted, ...]:
    """M0 and Mh from f_1, f_2, …: how many units were hit exactly so often in ``occasions``.

    ``occasions`` may be infinite (hits in continuous time). Units hit more often than frequencies
    are given for count in ``n`` alone, the number of units seen. As Rcapture's `closedp.0`.
    """
    given = np.asarray(frequencies, float)
    up_to = len(given)
    whole = np.isfinite(given).all() and (given >= 0).all() and (given == np.round(given)).all()
    if not whole or up_to < 3 or not occasions >= up_to or not given.sum():
        raise InputError("measure.capture.occasions")
    seen = math.fsum(given) if n is None else float(n)
    asked = count_designs(occasions, up_to)
    return tuple(fitted_closed(given[::-1], one, seen, up_to)[0] for one in asked)
