"""Does the maximum of a log-linear model's likelihood exist, and does it tell the unseen cell?

With empty cells it may not (Fienberg and Rinaldo 2012, Annals of Statistics 40:996): some fitted
cells then go to 0 and coefficients to minus infinity. The likelihood has its supremum on the cells
that stay (the *face*). There the number of unseen units is told if, and only if, the intercept is a
combination of the rows that stay (Chan, Silverman and Vincent 2021, JASA 116:1297).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from marsad.measure.capture_recapture.poisson import Array, Mask, product


def face(counts: Array, design: Array) -> Mask:
    """Cells (c) whose fitted value is above 0 at the supremum.

    A cell stays if some table with the same sufficient statistics has a count in it. That depends
    on which cells are empty alone.
    """
    empty = np.asarray(counts) <= 0
    if not empty.any():
        return ~empty
    rows = np.ascontiguousarray(design, dtype=np.float64)
    return np.array(_face(empty.tobytes(), rows.tobytes(), rows.shape))


def cells_of_richest(counts: Array, design: Array, without: Mask) -> Mask | None:
    """The cells that stay in a model, by the columns ``without`` a count that it has.

    The cells in which these stand go. If the model of all columns that do have counts has its
    maximum on the others, and tells all its coefficients, so does each model of fewer columns: a
    table with the larger one's sufficient statistics has the smaller one's. Then that holds of all
    models with these columns; else it is None. ``design`` has indicators, of c cells.
    """
    stays = ~(design[:, without] > 0).any(axis=1)
    richest = design[np.ix_(stays, counts @ design > 0)]
    rank = np.linalg.matrix_rank(product(richest.T, richest), hermitian=True)
    if rank < richest.shape[1] or not face(counts[stays], richest).all():
        return None
    return np.asarray(stays)


@lru_cache(maxsize=20_000)
def _face(empty: bytes, design: bytes, shape: tuple[int, int]) -> tuple[bool, ...]:
    """Maximise Σ t over changes δ of the table with design' δ = 0 and, in empty cells, δ ≥ t."""
    from scipy.optimize import linprog

    c, p = shape
    zero = np.flatnonzero(np.frombuffer(empty, bool))
    rows = np.frombuffer(design).reshape(shape)
    keeps = np.hstack([rows.T, np.zeros((p, len(zero)))])
    above = np.zeros((len(zero), c + len(zero)))
    above[np.arange(len(zero)), zero] = -1
    above[np.arange(len(zero)), c + np.arange(len(zero))] = 1
    aim = np.r_[np.zeros(c), -np.ones(len(zero))]
    limits = [(None, None)] * c + [(0, 1)] * len(zero)
    found = linprog(aim, above, np.zeros(len(zero)), keeps, np.zeros(p), limits, method="highs")
    stays = np.ones(c, bool)
    stays[zero] = found.x[c:] > 0.5
    return tuple(bool(one) for one in stays)


def tells_unseen(design: Array, cells: Mask, *, unseen: Array | None = None) -> bool:
    """Whether the unseen cell's row (the intercept alone) is a combination of the rows kept."""
    row = np.eye(1, design.shape[1])[0] if unseen is None else unseen
    kept = design[cells]
    if not len(kept):
        return False
    rank = np.linalg.matrix_rank
    return bool(rank(np.vstack([kept, row])) == rank(kept))


def independent_columns(design: Array) -> Mask:
    """Columns, the first ones first, that are no combination of those before."""
    if len(design) and np.linalg.matrix_rank(design) == design.shape[1]:
        return np.ones(design.shape[1], bool)
    kept: list[int] = []
    for column in range(design.shape[1]):
        if np.linalg.matrix_rank(design[:, [*kept, column]]) > len(kept):
            kept.append(column)
    chosen = np.zeros(design.shape[1], bool)
    chosen[kept] = True
    return chosen
