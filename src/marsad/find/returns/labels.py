"""What judged pairs allow: weights learnt from them, and a probability instead of a weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from marsad.find.returns.accounts import Accounts
from marsad.find.returns.blocks import Pairs
from marsad.find.returns.parents import Labels

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.int8]

LEAST = 30
"""Fewest judged pairs of either kind from which a probability is made."""


@dataclass(frozen=True)
class Calibration:
    """Probability = 1/(1 + exp(−(slope·x + shift))) with x = ln odds of the model (Platt 1999)."""

    slope: float
    shift: float

    def __call__(self, log_odds: Floats) -> Floats:
        return np.asarray(1 / (1 + np.exp(-np.clip(self.slope * log_odds + self.shift, -30, 30))))


def marked(labels: Labels, accounts: Accounts, pairs: Pairs) -> Marks:
    """1, 0 or −1 (not judged) for each pair."""
    found = np.full(len(pairs), -1, np.int8)
    both = pairs.child * len(accounts) + pairs.parent
    for mark, judged in ((1, labels.yes), (0, labels.no)):
        names = sorted(judged)
        child = accounts.places([one for one, _ in names])
        parent = accounts.places([other for _, other in names])
        known = (child >= 0) & (parent >= 0)
        found[np.isin(both, child[known] * len(accounts) + parent[known])] = mark
    return found


def enough(marks: Marks) -> bool:
    """Whether so many pairs are judged that a probability means something."""
    return int((marks == 1).sum()) >= LEAST and int((marks == 0).sum()) >= LEAST


def calibrated(log_odds: Floats, marks: Marks) -> Calibration:
    """The logistic curve through the judged pairs, with Platt's softened targets."""
    judged = marks >= 0
    x, y = log_odds[judged], (marks[judged] == 1).astype(float)
    yes, no = y.sum(), (1 - y).sum()
    target = np.where(y == 1, (yes + 1) / (yes + 2), 1 / (no + 2))

    def loss(at: Floats) -> tuple[float, Floats]:
        z = at[0] * x + at[1]
        p = 1 / (1 + np.exp(-np.clip(z, -30, 30)))
        gap = p - target
        return float(np.logaddexp(0, z).sum() - (target * z).sum()), np.array([gap @ x, gap.sum()])

    best = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B",
                    bounds=[(1e-3, None), (None, None)])  # fmt: skip
    return Calibration(float(best.x[0]), float(best.x[1]))
