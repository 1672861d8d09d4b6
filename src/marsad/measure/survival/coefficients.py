"""Coefficients of covariates and the ratios that they stand for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.refusal import Refused
from marsad.measure.survival.answers import FRAME
from marsad.measure.survival.data import LOOKS, Floats
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

TOO_WIDE = 50.0
ENDS_PER_COVARIATE = 10


@dataclass(frozen=True)
class Coefficients:
    """``coefficients`` by name, their covariance (its rows and columns may go on with what else
    was estimated), and the log likelihood at its maximum."""

    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    log_likelihood: float


def covariates_of(given: ArrayLike, names: Sequence[str], length: int) -> Floats:
    """n × p covariates; `InputError` for other shapes and for what is no number, `Refused` for
    columns that follow from one another."""
    x = np.asarray(given, dtype=float)
    x = x[:, None] if x.ndim == 1 else x
    if x.shape != (length, len(names)):
        raise InputError("measure.survival.covariates", rows=length, columns=len(names))
    wrong = ~np.isfinite(x)
    if wrong.any():
        row, column = (int(i) for i in np.argwhere(wrong)[0])
        raise InputError(
            "measure.survival.covariate", row=row, column=names[column], given=str(x[row, column])
        )
    centred = x - x.mean(axis=0)
    if x.shape[1] and np.linalg.matrix_rank(centred) < x.shape[1]:
        raise Refused("measure.survival.collinear", ["covariates"], LOOKS, names=", ".join(names))
    return x


def ratios(
    kind: str,
    names: Sequence[str],
    coefficients: Floats,
    covariance: Floats,
    level: float,
    method: str,
    assumptions: tuple[str, ...],
    accounts: int,
    ends: float,
) -> tuple[Estimate, ...]:
    """exp(coefficient) as an estimate ``KIND-NAME``, with Wald's interval on the logarithm."""
    from scipy import special

    z = float(special.ndtri((1 + level) / 2))
    few = ("few-ends-per-covariate",) if ends < ENDS_PER_COVARIATE * len(names) else ()
    told = []
    for place, (name, value) in enumerate(zip(names, coefficients, strict=True)):
        error = float(covariance[place, place]) ** 0.5
        if not math.isfinite(error) or abs(value) + z * error > TOO_WIDE or error <= 0:
            raise Refused("measure.survival.no-ratio", ["ends"], LOOKS, name=name)
        low, middle, high = (math.exp(value + side * z * error) for side in (-1, 0, 1))
        told.append(Estimate(
            f"{kind}-{name}", middle, low, high, level, method, FRAME, accounts,
            assumptions=assumptions, warnings=few,
        ))  # fmt: skip
    return tuple(told)
