"""The number of units if they differ in how easily they are found, and nothing else ties routes.

Where the odds of being found differ from unit to unit and routes are otherwise independent, whoever
was seen by j routes has a normal propensity of its own (Darroch, Fienberg, Glonek and Junker 1993,
JASA 88:1137): the log-linear model Mth with a term τ j²/2, τ ≥ 0, a reach for each route, and the
profile likelihood of its number. The table hardly tells this from routes that depend on one
another in pairs, for both make overlaps larger: it is an answer beside the other, not part of it,
and none where the model does not fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import special

from marsad.measure.capture_recapture.abundance import Fitted
from marsad.measure.capture_recapture.averaging import averaged
from marsad.measure.capture_recapture.closed import designs
from marsad.measure.capture_recapture.histories import Histories
from marsad.measure.capture_recapture.lower_bound import closed_profiles
from marsad.measure.capture_recapture.summing import Interval

MODEL = "Mth Darroch"
UNLIKELY = 0.01
"""A fit that bad by chance alone, and worse, speaks against the model."""


def contradicted(closed: Sequence[Fitted]) -> bool:
    """Whether the table speaks against units that differ in this way and routes that do not depend
    on one another otherwise, by the deviance."""
    row = next(one for one in closed if one.name == MODEL)
    return bool(special.chdtrc(row.df, row.deviance) < UNLIKELY)


def if_reach_differs(table: Histories, level: float) -> Interval:
    """Unseen units: value, low and high end, which is None where there is none."""
    design = next(one for one in designs(table.k) if one.name == MODEL)
    bounded = replace(design, free=design.matrix.shape[1] - 1)
    return averaged(closed_profiles(table.counts, bounded), np.ones(1), level)
