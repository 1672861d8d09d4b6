"""The profile likelihood of the number of unseen units, under one log-linear model or many.

With N units in all the table with its unseen cell is multinomial. For each N the model is fitted to
the 2^k cells with n0 = N − n in the last, and

    l(N) = log N! − log n0! + Σ y log(μ/N) + n0 log(μ0/N),

whose derivative is ψ(N + 1) − ψ(n0 + 1) + log(μ0/N) (Cormack 1992, Biometrics 48:567). Rcapture's
`closedpCI.t` takes Stirling's formula for the factorials above N = 100; here they are exact.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from marsad.measure.capture_recapture.poisson import Array, Fits, Mask, fit
from marsad.measure.capture_recapture.roots import rising_root

FURTHEST = 1e4  # times the units seen: no upper end is sought beyond


class Profiles:
    """Profile likelihoods of b models of one table, as functions of b numbers of unseen units.

    ``counts`` is c, ``design`` c × p with the intercept first, ``columns`` b × p, ``cells`` b × c;
    ``near`` b: the number of unseen units that each model's Poisson fit gives. ``refit`` may take
    the place of `fit`, for a model whose columns depend on the counts. ``start`` is b × p.

    ``peak`` is the number at which each is highest.
    """

    def __init__(
        self,
        counts: Array,
        design: Array,
        columns: Mask,
        cells: Mask,
        near: Array,
        *,
        refit: Callable[[Array], Fits] | None = None,
        start: Array | None = None,
    ) -> None:
        self.counts, self.n = counts, float(counts.sum())
        self.design = np.vstack([design, np.eye(1, design.shape[1])])
        self.columns = columns
        self.cells = np.hstack([cells, np.ones((len(cells), 1), bool)])
        self.refit, self.start = refit, start
        self.peak = self._peak(near)
        self.top = self.at(self.peak)[0]

    def at(self, unseen: Array) -> tuple[Array, Array]:
        """Log-likelihood and its derivative, b each, at ``unseen`` (b, ≥ 0)."""
        total = self.n + unseen
        fitted = np.maximum(self._fitted(unseen), 1e-300)
        last = fitted[:, -1]
        value = special.gammaln(total + 1) - special.gammaln(unseen + 1) - total * np.log(total)
        value += special.xlogy(self.counts, fitted[:, :-1]).sum(axis=1)
        value += special.xlogy(unseen, last)
        slope = special.psi(total + 1) - special.psi(unseen + 1) + np.log(last / total)
        return value, slope

    def root(self, unseen: Array) -> Array:
        """The signed root of twice the fall from the peak: about a standard normal variable."""
        fall = np.maximum(2 * (self.top - self.at(unseen)[0]), 0.0)
        signed: Array = np.sign(unseen - self.peak) * np.sqrt(fall)
        return signed

    def limits(self, deviate: float) -> tuple[Array, Array]:
        """Where the signed root is ∓ ``deviate``, b each: 0 and NaN where there is no such end."""
        high = self._beyond(deviate)
        found = rising_root(lambda at: self.root(at) - deviate, self.peak, high)
        return self.lower(deviate), np.where(self.root(high) >= deviate, found, np.nan)

    def lower(self, deviate: float) -> Array:
        """The low ends alone."""
        none = np.zeros_like(self.peak)
        found = rising_root(lambda at: self.root(at) + deviate, none, self.peak)
        return np.where(self.root(none) >= -deviate, 0.0, found)

    def _beyond(self, deviate: float) -> Array:
        """Numbers above the upper ends, or `FURTHEST`."""
        high, furthest = 1.5 * self.peak + 1, FURTHEST * self.n
        short = self.root(high) < deviate
        while short.any() and high.max() < furthest:
            high = np.where(short, np.minimum(high * 2, furthest), high)
            short = (self.root(high) < deviate) & (high < furthest)
        return high

    def _peak(self, near: Array) -> Array:
        """Where the derivative is 0, or 0 where it is below 0 throughout.

        At the Poisson fit's number it is below 0.
        """
        none = np.zeros_like(near)
        rises = self.at(none)[1] > 0
        found = rising_root(lambda at: -self.at(at)[1] * (1 + at), none, np.maximum(near, 1e-9))
        return np.where(rises, found, 0.0)

    def _fitted(self, unseen: Array) -> Array:
        b = len(self.columns)
        table = np.hstack([np.broadcast_to(self.counts, (b, len(self.counts))), unseen[:, None]])
        if self.refit is not None:
            return self.refit(table[0]).fitted
        fits = fit(table, self.design, self.columns, self.cells, None, self.start, errors=False)
        self.start = fits.coefficients
        return fits.fitted
