"""Does the interval of Krippendorff's α hold the truth, with few units and few disagreements?

``units`` are positive with chance ``rate``; each of ``coders`` errs on a unit with chance ``error``
whatever it is, and codes it with chance ``coded``. Two coders differ with chance 2e(1 − e), two
codes drawn from all with chance 2q(1 − q), q = r(1 − e) + (1 − r)e: the truth is one minus their
ratio.

The oracle knows the standard deviation of α in the cell, found once with 1,500 other runs: ± 1.96
of it. In the cell that is not judged units are no sample: each was coded five times over, as posts
that are copies of one another are.
"""

from __future__ import annotations

import numpy as np

from marsad.measure.agreement import krippendorff_alpha
from marsad.measure.refusal import Refused
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.proof import Parameters


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    rate, error = float(parameters["rate"]), float(parameters["error"])
    shape = (int(parameters["units"]), int(parameters["coders"]))
    truth = rng.random(shape[0]) < rate
    wrong = rng.random(shape) < error
    codes = (truth[:, None] ^ wrong).astype(float)
    codes[rng.random(shape) >= float(parameters["coded"])] = np.nan
    if parameters.get("copied"):
        codes = np.repeat(codes[: shape[0] // 5], 5, axis=0)
    shown = rate * (1 - error) + (1 - rate) * error
    alpha = 1 - error * (1 - error) / (shown * (1 - shown))
    width = 3.92 * float(parameters["sd"])
    try:
        return Interval.of(krippendorff_alpha(codes.tolist()), alpha, width)
    except Refused:
        return Interval.refusal(alpha, width)


NAMES = ("units", "coders", "coded", "rate", "error", "sd")
CASES = [
    (30, 2, 1.0, 0.5, 0.1, 0.1491),
    (100, 2, 1.0, 0.5, 0.1, 0.0767),
    (300, 2, 1.0, 0.5, 0.1, 0.0445),
    (50, 3, 0.8, 0.5, 0.05, 0.0787),
    (200, 3, 0.8, 0.2, 0.05, 0.0545),
    (100, 2, 1.0, 0.2, 0.02, 0.0599),
    (300, 2, 1.0, 0.2, 0.02, 0.0341),
    (200, 4, 0.5, 0.3, 0.2, 0.0662),
    (300, 2, 1.0, 0.1, 0.05, 0.0679),
]


def cell(case: tuple[float, ...], copied: bool = False) -> Cell:
    units, coders, coded, rate, error, _ = case
    name = f"{units} units, {coders} coders, {rate:.0%} positive, {error:.0%} errors"
    name += "" if coded == 1 else f", {1 - coded:.0%} missing"
    parameters = dict(zip(NAMES, case, strict=True))
    if copied:
        return Cell(f"{name}, each unit five times", {**parameters, "copied": 1}, gated=False)
    return Cell(name, parameters)


PROOF = interval_proof(
    "agreement",
    "The interval of Krippendorff's α",
    cells=[*(cell(case) for case in CASES), cell(CASES[2], copied=True)],
    once=once,
)
