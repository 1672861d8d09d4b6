"""Which of many p-values are discoveries, when all that could have been tested counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def q_values(p: Floats, tests: float) -> Floats:
    """The least false discovery rate at which each would be a discovery.

    Benjamini and Hochberg (1995), *J. R. Stat. Soc. B* 57, 289–300. ``p`` in [0, 1] are those that
    were computed of ``tests`` ≥ len(p) that could have been; the others count as 1.
    """
    order = np.argsort(p, kind="stable")
    raw = p[order] * tests / np.arange(1, len(p) + 1)
    lowest = np.minimum.accumulate(raw[::-1])[::-1]
    found = np.empty(len(p))
    found[order] = np.minimum(lowest, 1.0)
    return found
