"""Bias-corrected numbers for small tables: those of Rcapture's `closedp.bc`.

Chao's n + ((k−1)/k) f1(f1−1) / (2(f2+1)) (Chao 1989) and, for M0, Mt, Mth Chao, Mb and Mbh, fits to
frequencies that are shifted so that the first-order bias vanishes (Rivest and Lévesque 2001,
Canadian Journal of Statistics 29:555; for Mt also Seber 1982, p. 131).
"""

from __future__ import annotations

import math

import numpy as np

from marsad.measure.capture_recapture.abundance import poisson_number
from marsad.measure.capture_recapture.closed import (
    CHAO,
    Design,
    count_designs,
    designs,
    fit_design,
)
from marsad.measure.capture_recapture.histories import Histories
from marsad.measure.capture_recapture.poisson import Array, fit

Number = tuple[float, float]
"""N and its standard error."""


def chao(n: float, f1: float, f2: float, occasions: float) -> Number:
    """Chao's bias-corrected number: a lower bound where all routes reach alike, else not."""
    share = (occasions - 1) / occasions
    unseen = share * f1 * (f1 - 1) / (2 * (f2 + 1))
    spread = f1**2 + 4 * f1 * f2 + 3 * f1 - 6 * f2 - 6
    variance = unseen + share**2 * f1 * (f1 - 1) * spread / (4 * (f2 + 1) ** 2 * (f2 + 2))
    return n + unseen, math.sqrt(max(variance, 0.0))


def bias_corrected(table: Histories, *, ordered: bool = False) -> dict[str, Number]:
    """By model: N and its error. Mb, and Mbh (of 4 and more), where routes are ``ordered``."""
    f1, f2 = table.frequencies()[:2]
    found = {
        "M0": _m0(table), "Mt": _mt(table), f"Mh {CHAO}": chao(table.n, f1, f2, table.k),
        f"Mth {CHAO}": _mth_chao(table),
    }  # fmt: skip
    if ordered:
        first = np.array(table.first_seen(), float)
        found["Mb"] = _behaviour(first)
    if ordered and table.k >= 4:
        number, error = _behaviour(first[1:])
        found["Mbh"] = number + first[0], error
    return found


def _shifted(counts: Array, design: Design, shift: Array, n: float) -> Number:
    moved = np.maximum(counts + shift, 0.0)
    fits, _ = fit_design(moved, design)
    return poisson_number(n, fits.coefficients[0, 0], fits.covariance[0, 0, 0])


def _m0(table: Histories) -> Number:
    seen = np.array(table.frequencies()[::-1], float)
    shift = np.zeros(table.k)
    shift[-2:] = 1, -0.5
    return _shifted(seen, count_designs(table.k, table.k)[0], shift, table.n)


def _mth_chao(table: Histories) -> Number:
    k, times = table.k, table.times
    shift = np.where(times == 1, (k - 2) / (2 * k), np.where(times == 2, 2 / (k * (k - 1)), 0.0))
    design = next(one for one in designs(k) if one.name == f"Mth {CHAO}")
    return _shifted(table.counts, design, shift, table.n)


def _mt(table: Histories) -> Number:
    """The root of Π(1 − n_j/N) = 1 − n/N with n_j and n shifted."""
    from scipy.optimize import brentq

    k = table.k
    each, n = np.array(table.by_route()) + (k + 2) / (2 * k), table.n + k / 2

    def excess(number: float) -> float:
        return float(np.prod(1 - each / number)) - (1 - n / number)

    high = 2.0 * n
    while excess(high) * excess(n) > 0 and high < 1e9 * n:
        high *= 2
    number = brentq(excess, n, high, xtol=1e-9, rtol=1e-12)
    precision = 1 / (number - n) + (k - 1) / number - (1 / (number - each)).sum()
    return number - k / 2, math.sqrt(1 / precision)


def _behaviour(first: Array) -> Number:
    """A geometric fall of first hits, shifted by 2, −1 and −1."""
    shift = np.zeros(len(first))
    shift[:3] = 2, -1, -1
    design = np.column_stack([np.ones(len(first)), np.arange(float(len(first)))])
    fits = fit(np.maximum(first + shift, 0), design)
    stays = math.exp(fits.coefficients[0, 1])
    number = math.exp(fits.coefficients[0, 0]) / (1 - stays)
    slopes = number * np.array([1, stays / (1 - stays)])
    variance = float(slopes @ fits.covariance[0] @ slopes) - number
    return number, math.sqrt(max(variance, 0.0))
