"""Weights of a synthetic control: none negative, together one, nearest to the treated before."""

from __future__ import annotations

import numpy as np

from marsad.measure.effect.noise import Floats

STRICTNESS = 1e3
"""How much more the sum of the weights counts than any day: it is one to about a millionth."""


def simplex_weights(target: Floats, donors: Floats) -> Floats:
    """w ≥ 0 with Σw = 1 that minimises |target − donors · w|²; target (T,), donors (T, J).

    Non-negative least squares (Lawson and Hanson 1974) with the sum as a heavy row of its own.
    """
    from scipy.optimize import nnls

    heavy = STRICTNESS * max(float(np.abs(donors).max()), 1.0)
    columns = np.vstack([donors, np.full(donors.shape[1], heavy)])
    weights, _ = nnls(columns, np.append(target, heavy))
    made: Floats = weights / weights.sum()
    return made
