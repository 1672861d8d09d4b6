"""Many hierarchical models of one table: fitted, judged, and those that tell nothing left out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from marsad.measure.capture_recapture.abundance import Fitted, poisson_number, summary
from marsad.measure.capture_recapture.existence import (
    cells_of_richest,
    face,
    independent_columns,
    tells_unseen,
)
from marsad.measure.capture_recapture.hierarchical import (
    Model,
    columns_for,
    design_of,
    mask_of,
    name_of,
)
from marsad.measure.capture_recapture.histories import Histories
from marsad.measure.capture_recapture.poisson import Array, Fits, Mask, fit

TINY = 1e-5
UNTOLD = "unseen-not-identified"


@dataclass(frozen=True)
class Family:
    """b models of a table: ``design`` c × p, ``columns`` b × p and ``cells`` b × c in use, fits,
    and ``rows``, the summary of each; ``told`` says which tell the number of unseen units."""

    table: Histories
    models: tuple[Model, ...]
    design: Array
    columns: Mask
    cells: Mask
    fits: Fits
    told: Mask
    rows: tuple[Fitted, ...]

    @property
    def unseen(self) -> Array:
        """By model: the number of unseen units of its Poisson fit; 0 where it tells nothing."""
        return np.where(self.told, np.exp(self.fits.coefficients[:, 0]), 0.0)


def fitted_family(table: Histories, models: Sequence[Model]) -> Family:
    """Fit all ``models``, which are hierarchical, to the table.

    Where a fitted cell goes to 0 the maximum may not exist: then the model is fitted to the cells
    that stay. If these do not tell the unseen cell it is left out, with the reason.
    """
    order = max((len(term) for model in models for term in model), default=1)
    terms = columns_for(table.k, order)
    design = design_of(terms, table.k)
    asked = mask_of(models, terms)
    fits = fit(table.counts, design, asked)
    columns, cells, told = _settle(table.counts, design, asked, fits)
    if not cells.all():
        fits = fit(table.counts, design, columns, cells)
    rows = tuple(
        _row(table, name_of(model, table.k), fits, i, int(asked[i].sum()), bool(told[i]), cells[i])
        for i, model in enumerate(models)
    )
    return Family(table, tuple(models), design, columns, cells, fits, told, rows)


def _settle(counts: Array, design: Array, asked: Mask, fits: Fits) -> tuple[Mask, Mask, Mask]:
    """Columns and cells in use, and which models tell the unseen cell."""
    columns, cells = asked.copy(), np.ones((len(asked), len(counts)), bool)
    told = np.ones(len(asked), bool)
    near = (fits.fitted < TINY).any(axis=1) | ~fits.converged
    without = asked & (counts @ design == 0)
    richest: dict[bytes, Mask | None] = {}
    for i in np.flatnonzero(near):
        key = without[i].tobytes()
        if key not in richest:
            richest[key] = cells_of_richest(counts, design, without[i])
        if (known := richest[key]) is not None:
            cells[i], columns[i] = known, asked[i] & ~without[i]
            continue
        mine = np.flatnonzero(asked[i])
        stays = face(counts, design[:, mine])
        kept = independent_columns(design[np.ix_(stays, mine)])
        if stays.all() and kept.all():
            continue
        cells[i], told[i] = stays, tells_unseen(design[:, mine], stays)
        columns[i] = False
        columns[i, mine[kept]] = True
    return columns, cells, told


def _row(
    table: Histories, name: str, fits: Fits, at: int, parameters: int, told: bool, cells: Mask
) -> Fitted:
    number = (math.nan, math.nan)
    if told:
        gamma, variance = fits.coefficients[at, 0], fits.covariance[at, 0, 0]
        number = poisson_number(table.n, float(gamma), float(variance))
    row = summary(name, table.counts, fits, at, parameters, table.n, number)
    lost = int((~cells).sum())
    return Fitted(**{**row.__dict__, "empty_cells": lost, "excluded": None if told else UNTOLD})
