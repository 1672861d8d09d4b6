"""How alike two accounts' views are, measured against how alike each is to strangers.

A cosine says little by itself: whoever writes as many do is like everybody. So each is set against
a cohort of accounts drawn at random: z = ½[(s − mean_a)/sd_a + (s − mean_b)/sd_b], the symmetric
normalisation of speaker verification (Auckenthaler et al. 2000, Digital Signal Processing 10). It
needs no candidate to be right, so it serves where most accounts have no match at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from marsad.find.returns.style import TIME_VIEWS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

PAIRS_AT_ONCE = 5_000
LEAST_DEVIATION = 0.02
"""Least standard deviation of cosines to a cohort, lest a cohort of one kind makes z explode."""

SPREAD = ("makeup", "length", *TIME_VIEWS)
"""Views with few columns, compared by the roots of their fractions (Hellinger)."""


def weighted(view: str, counts: csr_matrix) -> csr_matrix:
    """Rows of length 1 whose product is the likeness of two accounts in a view.

    Few columns: roots of fractions. Many: (1 + ln count)·(1 + ln((1+n)/(1+df))), columns that
    one account alone has left out.
    """
    rows: Any = counts.astype(np.float32).tocsr(copy=True)
    if view in SPREAD:
        totals = np.asarray(rows.sum(axis=1)).ravel()
        rows = (diags(1 / np.maximum(totals, 1)) @ rows).tocsr()
        rows.data = np.sqrt(rows.data)
        return rows
    having = np.bincount(rows.indices, minlength=rows.shape[1])
    rows.data = 1 + np.log(rows.data)
    factor = np.log((1 + rows.shape[0]) / (1 + having)) + 1
    rows = (rows @ diags(np.where(having > 1, factor, 0).astype(np.float32))).tocsr()
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return (diags(1 / np.maximum(lengths, 1e-12)) @ rows).tocsr()


def cosines(rows: csr_matrix, a: Ints, b: Ints) -> Floats:
    """The product of row ``a[k]`` with row ``b[k]``, for each k."""
    parts = [np.empty(0)]
    for at in range(0, len(a), PAIRS_AT_ONCE):
        some, others = rows[a[at : at + PAIRS_AT_ONCE]], rows[b[at : at + PAIRS_AT_ONCE]]
        parts.append(np.asarray(some.multiply(others).sum(axis=1)).ravel())
    return np.concatenate(parts).astype(np.float64)


def against_cohort(rows: csr_matrix, a: Ints, b: Ints, cohort: Ints) -> Floats:
    """z of each pair; 0 where a row is empty. ``cohort`` are rows of strangers."""
    mean, deviation = _usual(rows, cohort)
    found = cosines(rows, a, b)
    z = ((found - mean[a]) / deviation[a] + (found - mean[b]) / deviation[b]) / 2
    there = np.diff(rows.indptr) > 0
    return np.where(there[a] & there[b], z, 0.0)


def _usual(rows: csr_matrix, cohort: Ints) -> tuple[Floats, Floats]:
    """Mean and standard deviation of each row's likeness to the cohort, itself left out."""
    some = rows[cohort].T.tocsc()
    count = rows.shape[0]
    mean, deviation = np.zeros(count), np.ones(count)
    is_in = np.isin(np.arange(count), cohort)
    for at in range(0, count, PAIRS_AT_ONCE):
        part = slice(at, at + PAIRS_AT_ONCE)
        products = (rows[part] @ some).toarray().astype(np.float64)
        own = is_in[part].astype(np.float64)
        size = np.maximum(len(cohort) - own, 1)
        # a row is like itself by 1, and nobody else tells it apart from others of the cohort
        total = products.sum(axis=1) - own
        squares = (products**2).sum(axis=1) - own
        mean[part] = total / size
        deviation[part] = np.sqrt(np.maximum(squares / size - mean[part] ** 2, 0))
    return mean, np.maximum(deviation, LEAST_DEVIATION)


def together(z: Mapping[str, Floats], factors: Mapping[str, float]) -> Floats:
    """One number from several views: the mean of z, weighted by ``factors``."""
    total = sum(factors.values())
    return np.asarray(sum(z[view] * factor for view, factor in factors.items()) / total)
