"""Poisson log-linear models by Newton's method, many models of one table at a time.

For the logarithmic link Newton's method is iteratively reweighted least squares (McCullagh and
Nelder 1989, section 2.5). A model is a choice among the columns of one design, so that the
information matrices of all models come out of one product. Steps that raise a deviance are halved.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
ON_ONE_THREAD = 1 << 18
"""Multiplications up to which OpenBLAS keeps a product on one thread."""
STEPS, HALVINGS, SMALLEST, LARGEST, NEAR = 60, 30, -60.0, 60.0, 1e-7


_NONE: Array = np.zeros((0, 0, 0))


@dataclass(frozen=True)
class Fits:
    """b fitted models of a table of c cells, with p columns to choose from.

    ``coefficients`` is b × p (0 for columns a model has not), ``fitted`` b × c, ``deviance`` and
    ``converged`` b. ``covariance`` is that of the coefficients, b × p × p.
    """

    coefficients: Array
    fitted: Array
    deviance: Array
    converged: Mask
    covariance: Array


def fit(
    counts: Array,
    design: Array,
    columns: Mask | None = None,
    cells: Mask | None = None,
    offset: Array | None = None,
    start: Array | None = None,
    *,
    errors: bool = True,
) -> Fits:
    """Fit E counts = exp(offset + design · coefficients).

    ``counts`` is c or b × c, ≥ 0 and not necessarily whole; ``design`` c × p; ``columns`` b × p
    says which columns a model has (all), ``cells`` b × c which cells count (all), ``start`` b × p
    where to begin; without ``errors`` no covariance is worked out. A model whose likelihood has no
    maximum is followed until it hardly rises any more.
    """
    columns = np.ones((1, design.shape[1]), bool) if columns is None else columns
    table = _Table.of(counts, design, columns, cells, offset)
    beta = table.first_guess() if start is None else start * columns
    fitted = table.fitted(beta)
    deviance = table.deviance(fitted)
    done = np.zeros(len(beta), bool)
    for _ in range(STEPS):
        score = table.score(fitted)
        step = solved(table.information(fitted), score)
        gain = np.einsum("bp,bp->b", step, score)
        done = gain <= NEAR  # the step that is still taken squares what is left
        beta, fitted, deviance = table.walk(beta, step, deviance)
        if done.all():
            break
    covariance = inverses(table.information(fitted)) * table.pairs if errors else _NONE
    return Fits(beta, fitted, deviance, done, covariance)


@dataclass(frozen=True)
class _Products:
    """The products of each two columns of a design, c × p²: column ``which[i]`` of ``different``
    is product i. Among indicators of routes many are alike."""

    different: Array
    which: NDArray[np.int64]


@lru_cache(maxsize=64)
def _products(design: bytes, shape: tuple[int, int]) -> _Products:
    rows = np.frombuffer(design).reshape(shape)
    c, p = shape
    every = (rows[:, :, None] * rows[:, None, :]).reshape(c, p * p)
    different, which = np.unique(every, axis=1, return_inverse=True)
    return _Products(np.ascontiguousarray(different), which.ravel().astype(np.int64))


@dataclass(frozen=True)
class _Table:
    counts: Array
    design: Array
    products: _Products
    columns: Mask
    cells: Mask
    offset: Array | float
    pairs: Mask

    @classmethod
    def of(
        cls, counts: Array, design: Array, columns: Mask, cells: Mask | None, offset: Array | None
    ) -> _Table:
        c = len(design)
        counts = np.broadcast_to(np.asarray(counts, float), (len(columns), c))
        rows = np.ascontiguousarray(design, dtype=np.float64)
        products = _products(rows.tobytes(), rows.shape)
        within = np.ones_like(counts, bool) if cells is None else cells
        pairs = columns[:, :, None] & columns[:, None, :]
        return cls(
            counts, design, products, columns, within, 0.0 if offset is None else offset, pairs
        )

    def fitted(self, beta: Array) -> Array:
        linear = np.clip(product(beta, self.design.T) + self.offset, SMALLEST, LARGEST)
        means: Array = np.exp(linear) * self.cells
        return means

    def score(self, fitted: Array) -> Array:
        missed = np.where(self.cells, self.counts - fitted, 0.0)
        found: Array = product(missed, self.design) * self.columns
        return found

    def information(self, weights: Array) -> Array:
        """Fisher's information; the unit matrix for columns a model has not."""
        p = self.design.shape[1]
        found = product(weights, self.products.different)[:, self.products.which].reshape(-1, p, p)
        found *= self.pairs
        there = np.arange(p)
        diagonal = found[:, there, there]
        found[:, there, there] = np.where(self.columns, diagonal * (1 + 1e-13) + 1e-13, 1.0)
        return found

    def first_guess(self) -> Array:
        """One weighted regression of the logarithms, as `glm` begins."""
        begin = (self.counts + 0.1) * self.cells
        aimed = np.where(self.cells, np.log(self.counts + 0.1) - self.offset, 0.0)
        right = product(begin * aimed, self.design) * self.columns
        return solved(self.information(begin), right)

    def deviance(self, fitted: Array) -> Array:
        terms = special.xlogy(self.counts, self.counts) - special.xlogy(
            self.counts, np.where(fitted > 0, fitted, 1.0)
        )
        total: Array = 2 * np.where(self.cells, terms - self.counts + fitted, 0.0).sum(axis=1)
        return total

    def walk(self, beta: Array, step: Array, deviance: Array) -> tuple[Array, Array, Array]:
        """A step, halved in the models whose deviance it would raise."""
        share = np.ones(len(beta))
        for _ in range(HALVINGS):
            there = beta + share[:, None] * step
            fitted = self.fitted(there)
            new = self.deviance(fitted)
            worse = ~(new <= deviance + 1e-10 * (1 + np.abs(deviance)))
            if not worse.any():
                return there, fitted, new
            share = np.where(worse, share / 2, share)
        kept = np.where(worse[:, None], beta, there)
        fitted = self.fitted(kept)
        return kept, fitted, self.deviance(fitted)


def product(left: Array, right: Array) -> Array:
    """The matrix product, in blocks that BLAS does not share out among threads: these matrices are
    so small that on a busy machine threads wait for one another twenty times as long as they work.
    """
    rows = max(2, ON_ONE_THREAD // right.size)
    if len(left) <= rows:
        return np.asarray(left @ right)
    return np.concatenate([left[at : at + rows] @ right for at in range(0, len(left), rows)])


def solved(matrices: Array, right: Array) -> Array:
    """b solutions of p equations each."""
    found: Array = np.asarray(np.linalg.solve(matrices, right[:, :, None])[:, :, 0], np.float64)
    return found


def inverses(matrices: Array) -> Array:
    """The inverse of each of b matrices."""
    found: Array = np.asarray(np.linalg.inv(matrices), np.float64)
    return found


def log_likelihood(counts: Array, deviance: Array) -> Array:
    """The Poisson log-likelihood with its constants, from the deviance."""
    counts = np.asarray(counts, float)
    best = special.xlogy(counts, counts) - counts - special.gammaln(counts + 1)
    found: Array = best.sum(axis=-1) - deviance / 2
    return found
