"""A lower bound where accounts differ in how easily they are found, and only where one is honest.

Chao's moments give a lower bound, however units differ, if all routes reach alike. Where they do
not, n + ((k−1)/k) f1²/(2 f2) has (k−1)/(k−1−c²) times too many unseen, with c the coefficient of
variation of the routes' odds r_j: for independent routes f1 and f2 are Σ r_j and Σ r_i r_j times
the unseen. It is claimed only where that excess, at the odds found, is less than a quarter of the
bound's own standard error. Otherwise the bound is that of Mth (Rivest and Baillargeon 2007,
Biometrics 63:999), which gives each route a reach of its own.

Both take for granted that no pair of routes avoids one another. Among units that some other route
saw, each pair's overlap is held against chance (Mantel and Haenszel, over the patterns of the other
routes): units that differ make it larger. A pair that overlaps less, at 1 % for all pairs together,
and there is no bound. Hits that take units away leave no such trace: the caller has to say so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import special

from marsad.measure.capture_recapture.bias_corrected import chao
from marsad.measure.capture_recapture.closed import CHAO, Design, designs, fit_design
from marsad.measure.capture_recapture.hierarchical import subsets
from marsad.measure.capture_recapture.histories import Histories, patterns
from marsad.measure.capture_recapture.poisson import Array
from marsad.measure.capture_recapture.profile import Profiles

NEAR_EQUAL, AVOIDING = 0.25, 0.01


@dataclass(frozen=True)
class Bound:
    """A lower bound of the number of units: ``low`` is what the interval's low end says."""

    method: str
    value: float
    low: float


def excess_of_chao(table: Histories) -> float:
    """(k−1)/(k−1−c²) − 1: by how much unequal reach alone inflates Chao's unseen, ≥ 0."""
    fits, _ = fit_design(table.counts, _design(table.k, "Mt"))
    odds = np.exp(fits.coefficients[0, 1:])
    c2 = float(np.var(odds) / np.mean(odds) ** 2)
    left = table.k - 1 - c2
    return math.inf if left <= 0 else (table.k - 1) / left - 1


def near_equal_reach(table: Histories) -> bool:
    """Whether Chao's bound can be claimed: its excess is small beside its standard error."""
    f1, f2 = table.frequencies()[:2]
    number, error = chao(table.n, f1, f2, table.k)
    return (number - table.n) * excess_of_chao(table) <= NEAR_EQUAL * error


def avoiding_pairs(table: Histories) -> list[tuple[str, str]]:
    """Pairs of routes that share fewer units than chance would give them."""
    pairs = list(subsets(range(table.k), [2]))
    return [
        (table.routes[i], table.routes[j])
        for i, j in pairs
        if special.ndtr(_overlap_deviate(table, i, j)) * len(pairs) < AVOIDING
    ]


def _overlap_deviate(table: Histories, i: int, j: int) -> float:
    """Mantel and Haenszel's standard normal deviate of the units that routes i and j share."""
    cells = _pair_by_others(table, i, j)
    both, one, other, _ = cells
    total = cells.sum(axis=0)
    first, second = both + one, both + other
    size = np.maximum(total, 2)
    expected = first * second / np.maximum(total, 1)
    rest = (total - first) * (total - second)
    variance = first * second * rest / (size**2 * (size - 1))
    spread = float(variance.sum())
    return float((both - expected).sum()) / math.sqrt(spread) if spread > 0 else 0.0


def _pair_by_others(table: Histories, i: int, j: int) -> Array:
    """4 × 2^(k−2) − 1 counts: both, i alone, j alone, neither; by the pattern of the others."""
    seen = patterns(table.k)
    others = [m for m in range(table.k) if m not in (i, j)]
    place = seen[:, others] @ (1 << np.arange(len(others)))
    kind = 3 - 2 * seen[:, i] - seen[:, j]
    found = np.zeros((4, 2 ** len(others)))
    np.add.at(found, (kind, place), table.counts)
    return found[:, 1:]


def lower_bound(table: Histories, level: float) -> Bound | None:
    """The bound that can be claimed, by Chao's or by Mth's; None where its fit has no low end."""
    if near_equal_reach(table):
        return _by_chao(table, level)
    return _by_mth(table, level)


def _by_chao(table: Histories, level: float) -> Bound:
    """With Chao's (1987) interval, which is symmetric for the logarithm of the unseen."""
    f1, f2 = table.frequencies()[:2]
    number, error = chao(table.n, f1, f2, table.k)
    unseen = number - table.n
    if unseen <= 0:
        return Bound("chao-bias-corrected", number, float(table.n))
    deviate = float(special.ndtri((1 + level) / 2))
    factor = math.exp(deviate * math.sqrt(math.log1p((error / unseen) ** 2)))
    return Bound("chao-bias-corrected", number, table.n + unseen / factor)


def _by_mth(table: Histories, level: float) -> Bound | None:
    design = _design(table.k, f"Mth {CHAO}")
    profiles = closed_profiles(table.counts, design)
    low = profiles.lower(float(special.ndtri((1 + level) / 2)))
    value = table.n + float(profiles.peak[0])
    return Bound("mth-chao", value, table.n + float(low[0])) if math.isfinite(value) else None


def closed_profiles(counts: Array, design: Design) -> Profiles:
    """The profile likelihood of a closed-population model over patterns (not Mb, Mbh)."""
    fits, kept = fit_design(counts, design)
    full = Design(design.name, np.vstack([design.matrix, np.eye(1, len(kept))]), design.free)
    return Profiles(
        counts, design.matrix, np.ones((1, len(kept)), bool), np.ones((1, len(counts)), bool),
        np.exp(fits.coefficients[:, 0]), refit=lambda table: fit_design(table, full)[0],
    )  # fmt: skip


def _design(k: int, name: str) -> Design:
    return next(one for one in designs(k) if one.name == name)
