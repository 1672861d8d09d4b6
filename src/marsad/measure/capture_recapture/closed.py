"""Closed-population models of how units are hit, as designs of log-linear models.

M0: all routes reach alike; Mt: routes differ; Mh: units differ in how easily they are hit; Mth:
both; Mb: a first hit changes the chance of the next; Mbh: and the first occasion is a case apart
(Otis et al. 1978; Rivest and Lévesque 2001, Canadian Journal of Statistics 29:555; Baillargeon and
Rivest 2007, Journal of Statistical Software 19(5)). With j hits, heterogeneity adds a term

- Poisson2: τ(2^j − 1); Darroch: τ j²/2; Gamma3.5: −τ log(1 + j/3.5);
- Chao: Σ η_i max(j − i + 1, 0) for i = 3 … k with η ≥ 0, which gives a lower bound.

Mb and Mbh suppose that the routes are occasions in their order of time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.measure.capture_recapture.histories import patterns
from marsad.measure.capture_recapture.poisson import Array, Fits, fit

HETEROGENEITY: dict[str, Callable[[Array], Array]] = {
    "Poisson2": lambda hits: 2**hits - 1,
    "Darroch": lambda hits: hits**2 / 2,
    "Gamma3.5": lambda hits: -np.log(3.5 + hits) + np.log(3.5),
}
CHAO = "Chao (LB)"


@dataclass(frozen=True)
class Design:
    """A model: cells × columns with the intercept first; ``free`` columns may have any sign, those
    after them are ≥ 0; ``offset`` is the logarithm of the number of patterns in a cell."""

    name: str
    matrix: Array
    free: int
    offset: Array | None = None


def designs(k: int, *, ordered: bool = False) -> list[Design]:
    """The models of k ≥ 3 routes over all patterns; Mb and Mbh where the routes are ``ordered``."""
    seen = patterns(k).astype(float)
    hits = seen.sum(axis=1)
    found = [
        _design("M0", hits), _design("Mt", seen), *_heterogeneous("Mh", hits, hits, k),
        *_heterogeneous("Mth", seen, hits, k),
    ]  # fmt: skip
    return [*found, *_behaviour(seen, hits)] if ordered else found


def count_designs(occasions: float, up_to: int) -> list[Design]:
    """The models of how often a unit was hit, for ``up_to`` … 1 hits in ``occasions`` (or inf)."""
    from scipy.special import gammaln

    hits = np.arange(up_to, 0, -1.0)
    offset = -gammaln(hits + 1)
    if np.isfinite(occasions):
        offset = offset + gammaln(occasions + 1) - gammaln(occasions - hits + 1)
    plain = [_design("M0", hits), *_heterogeneous("Mh", hits, hits, up_to)]
    return [Design(one.name, one.matrix, one.free, offset) for one in plain]


def _design(name: str, *columns: Array, free: int | None = None) -> Design:
    matrix = np.column_stack([np.ones(len(columns[0])), *columns])
    return Design(name, matrix, matrix.shape[1] if free is None else free)


def _heterogeneous(prefix: str, main: Array, hits: Array, k: int) -> list[Design]:
    etas = np.column_stack([np.maximum(hits - i + 1, 0) for i in range(3, k + 1)])
    chao = _design(f"{prefix} {CHAO}", main, etas, free=1 + np.atleast_2d(main.T).shape[0])
    others = [_design(f"{prefix} {name}", main, h(hits)) for name, h in HETEROGENEITY.items()]
    return [chao, *others]


def _behaviour(seen: Array, hits: Array) -> list[Design]:
    before = seen.argmax(axis=1).astype(float)
    return [
        _design("Mb", before, hits - 1),
        _design("Mbh", 1 - seen[:, 0], before, hits - 1),
    ]


def fit_design(counts: Array, design: Design) -> tuple[Fits, NDArray[np.bool_]]:
    """The fit and the columns kept: negative η are set to 0, the first first, as in Rcapture."""
    kept = np.ones(design.matrix.shape[1], bool)
    while True:
        fits = fit(counts, design.matrix, kept[None], offset=design.offset)
        negative = np.flatnonzero((fits.coefficients[0] < 0) & kept)
        negative = negative[negative >= design.free]
        if not negative.size:
            return fits, kept
        kept[negative[0]] = False
