"""Does the interval of capture–recapture hold the number of units, seen and unseen?

A run draws who is found by which routes: units of three classes of activity, whose odds of being
found are ``spread`` times apart from class to class, ``routes`` with reaches of their own (those of
the middle class), and the first two routes dependent with an odds ratio ``pair``. The oracle knows
the true model and fits that alone: with the pair's interaction or without, in each stratum.

Misspecified on purpose: heterogeneity without strata, a share of units that all routes find
together (``core``), units that come and go between the routes (``churn``), a first route whose hits
take units away (``removal``) and one seeded from another. Cells of the lower bound hold where units
differ and no strata are given.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from marsad.measure.capture_recapture import capture_recapture
from marsad.measure.capture_recapture.averaging import averaged, profiles_of
from marsad.measure.capture_recapture.family import fitted_family
from marsad.measure.capture_recapture.histories import tabulate
from marsad.measure.capture_recapture.summing import Interval as Unseen
from marsad.measure.capture_recapture.summing import summed
from marsad.measure.refusal import Refused
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.proof import Parameters

REACH: dict[int | str, tuple[float, ...]] = {
    3: (0.55, 0.4, 0.3),
    4: (0.4, 0.3, 0.2, 0.15),
    "equal": (0.25,) * 4,
    "classes": (0.5, 0.4, 0.3, 0.2),
}
CLASSES = (0.5, 0.3, 0.2)
Hits = NDArray[np.bool_]


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    units = int(parameters["units"])
    hits, classes = found(parameters, rng, units)
    given = classes if parameters.get("strata") else np.zeros(units, int)
    width = oracle(hits, given, bool(parameters.get("pair")))
    seen = hits.any(axis=1)
    strata = given[seen].tolist() if parameters.get("strata") else None
    try:
        result = capture_recapture(hits[seen], strata=strata, turnover=0.0)
    except Refused:
        return Interval.refusal(units, width)
    if not parameters.get("bound"):
        return Interval.of(result.population, units, width)
    if result.lower_bound is None:
        return Interval.refusal(units, width)
    return Interval.of(result.lower_bound, units, width)


def found(
    parameters: Parameters, rng: np.random.Generator, units: int
) -> tuple[Hits, NDArray[np.int64]]:
    """Units × routes, and the class of each unit."""
    kind = "equal" if parameters.get("equal") else "classes" if "spread" in parameters else 0
    reach = np.array(REACH[kind or int(parameters["routes"])])
    classes = rng.choice(len(CLASSES), units, p=CLASSES)
    shift = math.log(float(parameters.get("spread", 1))) * (classes - 1)
    logits = np.log(reach / (1 - reach)) + shift[:, None]
    hits = rng.random(logits.shape) < sigmoid(logits)
    if pair := float(parameters.get("pair", 0)):
        hits[:, 1] = rng.random(units) < with_odds_ratio(sigmoid(logits), hits[:, 0], pair)
    if core := float(parameters.get("core", 0)):
        hits |= (rng.random(units) < core)[:, None]
    if removal := float(parameters.get("removal", 0)):
        gone = hits[:, 0] & (rng.random(units) < removal)
        hits[gone, 1:] = False
    if churn := float(parameters.get("churn", 0)):
        hits = replaced(hits, churn, rng)
        classes = np.resize(classes, len(hits))
    return hits, classes


def with_odds_ratio(reach: NDArray[np.float64], first: Hits, ratio: float) -> NDArray[np.float64]:
    """The second route's chance given the first's hit, with both reaches as they are (Plackett)."""
    p, q = reach[:, 0], reach[:, 1]
    s = 1 + (p + q) * (ratio - 1)
    both = (s - np.sqrt(s**2 - 4 * ratio * (ratio - 1) * p * q)) / (2 * (ratio - 1))
    chance: NDArray[np.float64] = np.where(first, both / p, (q - both) / (1 - p))
    return chance


def replaced(hits: Hits, churn: float, rng: np.random.Generator) -> Hits:
    """Between two routes a share of the places is taken by somebody new, found as the old one would
    have been: a unit's row is cut in two."""
    rows = [hits]
    for route in range(1, hits.shape[1]):
        leaves = rng.random(len(hits)) < churn / (hits.shape[1] - 1)
        new = np.zeros_like(hits)
        new[leaves, route:] = hits[leaves, route:]
        hits[leaves, route:] = False
        rows.append(new)
    return np.vstack(rows)


def sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    chance: NDArray[np.float64] = 1 / (1 + np.exp(-x))
    return chance


def oracle(hits: Hits, strata: NDArray[np.int64], dependent: bool) -> float:
    """The width for somebody who knows which routes depend on which."""
    model = frozenset({(0, 1)}) if dependent else frozenset()
    names = tuple(str(j) for j in range(hits.shape[1]))
    parts: list[Unseen] = []
    for stratum in np.unique(strata):
        rows = hits[: len(strata)][strata == stratum]
        table = tabulate(rows, np.ones(len(rows)), names)
        family = fitted_family(table, [model])
        parts.append(averaged(profiles_of(family, np.array([0])), np.ones(1), 0.95))
    _, low, high = summed(parts)
    return math.inf if high is None else high - low


SIZES = (1000, 5000, 20000)
PAIR, SPREAD = 3.0, 2.5

GATED = [
    *(
        Cell(f"{units} units, {routes} routes, {what}", {"units": units, "routes": routes, **more})
        for routes in (3, 4)
        for what, more in (
            ("independent, unequal reach", {}),
            (f"two dependent (odds ratio {PAIR:g})", {"pair": PAIR}),
        )
        for units in SIZES
    ),
    *(
        Cell(
            f"{units} units, 4 routes, odds ×{SPREAD:g} a class, strata given",
            {"units": units, "routes": 4, "spread": SPREAD, "strata": 1},
        )
        for units in SIZES
    ),
    *(
        Cell(
            f"lower bound: {units} units, 4 routes, odds ×{SPREAD:g} a class, no strata",
            {"units": units, "routes": 4, "spread": SPREAD, "bound": 1},
        )
        for units in SIZES
    ),
    *(
        Cell(
            f"lower bound: {units} units, 4 routes of equal reach, independent",
            {"units": units, "routes": 4, "equal": 1, "bound": 1},
        )
        for units in SIZES
    ),
]

MISSPECIFIED = [
    ("odds ×2.5 a class, no strata", {"spread": SPREAD}),
    ("two dependent, too weakly to see (odds ratio 1.3)", {"pair": 1.3}),
    ("one in 50 found by all together", {"core": 0.02}),
    ("a fifth replaced in the window", {"churn": 0.2}),
    ("the first route takes 7 in 10 away", {"removal": 0.7}),
]

PROOF = interval_proof(
    "capture-recapture",
    "The number of units, seen and unseen, from who was found by which routes",
    cells=[
        *GATED,
        *(
            Cell(f"5000 units, 4 routes, {what}", {"units": 5000, "routes": 4, **more}, gated=False)
            for what, more in MISSPECIFIED
        ),
        Cell(
            "lower bound: 5000 units, 4 routes, the first takes 7 in 10 away",
            {"units": 5000, "routes": 4, "removal": 0.7, "bound": 1},
            gated=False,
        ),
    ],
    once=once,
)
