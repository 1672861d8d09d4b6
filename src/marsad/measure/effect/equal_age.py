"""Means after over before, account ages weighted alike: a ratio whose clusters are accounts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from marsad.measure.effect.accounts import Accounts, Side
from marsad.measure.effect.noise import Floats
from marsad.records.estimate import Estimate


def ratio_of_means(
    name: str, accounts: Accounts, band: NDArray[np.int64], before: Side, after: Side,
    bands: NDArray[np.int64], weight: Floats, level: float, *, method: str, frame: str,
) -> Estimate:  # fmt: skip
    """Ratio of weighted means over bands; accounts are clusters (delta method, Student's t).

    The degrees of freedom are how many accounts the variance is worth, (Σu²)² / Σu⁴ over their
    influences u: a few old accounts may carry most of it.
    """
    value, influence = 0.0, np.zeros(int(accounts.account.max()) + 1)
    slopes = dict.fromkeys(bands.tolist(), (0.0, 0.0))
    if method == "age-standardised":
        slopes = _slopes(accounts, band, before, after, bands)
    for side, sign in ((after, 1), (before, -1)):
        mean, part = _weighted_mean(accounts, band, side, bands, weight, slopes)
        value += sign * np.log(max(mean, 1e-12))
        influence += sign * part / max(mean, 1e-12)
    inside = (before | after) & np.isin(band, bands)
    clusters = len(np.unique(accounts.account[inside]))
    squares = float((influence**2).sum())
    free = max(squares**2 / max(float((influence**4).sum()), 1e-300), 1.0)
    half = special.stdtrit(free, (1 + level) / 2) * np.sqrt(squares)
    low, middle, high = np.exp([value - half, value, value + half])
    at_age = ("survival-unrelated",) if method == "age-standardised" else ()
    warning = "closed-panel" if frame == "closed-panel" else "turnover-inside"
    return Estimate(
        name, float(middle), float(low), float(high), level, method, frame, clusters,
        ("independent-accounts", *at_age), () if at_age else (warning,),
    )  # fmt: skip


def _weighted_mean(
    accounts: Accounts, band: NDArray[np.int64], side: Side, bands: NDArray[np.int64],
    weight: Floats, slopes: dict[int, tuple[float, float]],
) -> tuple[float, Floats]:  # fmt: skip
    """Σ weight · mean in band at its mean age before, and each account's influence on it."""
    total, influence = 0.0, np.zeros(int(accounts.account.max()) + 1)
    age = accounts.day - accounts.created
    for one, share in zip(bands, weight, strict=True):
        inside = side & (band == one)
        slope, at = slopes[int(one)]
        values = accounts.value[inside]
        values = values - slope * values.mean() * (age[inside] - at)
        mean = values.mean()
        total += share * mean
        owners = accounts.account[inside]
        few = len(np.unique(owners))
        part = (values - mean) * (share / len(values) * np.sqrt(few / max(few - 1, 1)))
        influence += np.bincount(owners, part, len(influence))
    return total, influence


def _slopes(
    accounts: Accounts, band: NDArray[np.int64], before: Side, after: Side, bands: NDArray[np.int64]
) -> dict[int, tuple[float, float]]:
    """Of each band the relative gain per day of age, from both sides, and the mean age before."""
    age = (accounts.day - accounts.created).astype(float)
    found = {}
    for one in bands:
        spread = product = 0.0
        for side in (before, after):
            inside = side & (band == one)
            centred = age[inside] - age[inside].mean()
            spread += float((centred**2).sum())
            values = accounts.value[inside]
            product += float(centred @ values) / max(float(values.mean()), 1e-9)
        at = float(age[before & (band == one)].mean())
        found[int(one)] = (product / spread if spread > 0 else 0.0, at)
    return found
