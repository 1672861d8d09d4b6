"""The answer for one table of histories, without strata."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from marsad.measure.capture_recapture.abundance import Fitted, fitted_closed
from marsad.measure.capture_recapture.averaging import averaged, criterion, profiles_of, weights_of
from marsad.measure.capture_recapture.checks import ROUTES
from marsad.measure.capture_recapture.closed import designs
from marsad.measure.capture_recapture.differing import contradicted, if_reach_differs
from marsad.measure.capture_recapture.everyone import most_unseen
from marsad.measure.capture_recapture.family import Family
from marsad.measure.capture_recapture.histories import Histories
from marsad.measure.capture_recapture.lower_bound import avoiding_pairs, lower_bound
from marsad.measure.capture_recapture.poisson import Array
from marsad.measure.capture_recapture.profile import Profiles
from marsad.measure.capture_recapture.result import CaptureRecapture
from marsad.measure.capture_recapture.searching import candidates
from marsad.measure.capture_recapture.summing import Interval as Unseen
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate

ASSUMPTIONS = ("closed-population", "matched-right", "no-dependence-of-all", "alike-within-strata")
FEW_SEEN_TWICE = 30
LIKELY = 0.71
"""Of twice the log likelihood that units' differing gains: one time in five it is chance."""


@dataclass(frozen=True)
class Naming:
    """What the estimates are called and about, and their level."""

    name: str
    frame: str
    level: float


def estimated(table: Histories, naming: Naming) -> CaptureRecapture:
    """Population, lower bound and models of a table that has passed the checks."""
    if table.counts[0] == table.n:
        return _seen_by_all(table, naming)
    family = candidates(table, criterion)
    if not family.told.any():
        raise Refused("measure.capture.untold", ["overlap"], ROUTES, seen=table.n)
    weights = weights_of(family)
    chosen = np.flatnonzero(weights).astype(np.int64)
    profiles = profiles_of(family, chosen)
    value, low, high = averaged(profiles, weights[chosen], naming.level)
    closed = tuple(_closed(table))
    avoiding = bool(avoiding_pairs(table))
    warnings = _warnings(table, family, closed, avoiding)
    population = _estimate(table, naming, (value, low, high), warnings)
    bound = None if avoiding else _bound(table, naming)
    rows = _rows(family, weights, chosen, profiles, naming.level)
    reason = "routes-avoid" if avoiding else None if bound else "no-low-end"
    result = _result(table, population, bound, reason, rows, closed)
    if avoiding or contradicted(closed):
        return result
    return replace(result, if_reach_differs=_differing(table, naming))


def _differing(table: Histories, naming: Naming) -> Estimate:
    unseen = if_reach_differs(table, naming.level)
    found = _estimate(table, naming, unseen, few_seen_twice(table))
    return replace(
        found, name=f"{naming.name}-if-reach-differs", method="mth-darroch",
        assumptions=(*ASSUMPTIONS[:2], "routes-else-independent", "propensity-normal"),
    )  # fmt: skip


def _estimate(
    table: Histories, naming: Naming, unseen: Unseen, warnings: tuple[str, ...]
) -> Estimate:
    """Without an upper end it is a lower bound, and says nothing above its value."""
    value, low, high = unseen
    top = value if high is None else high
    return Estimate(
        naming.name, table.n + value, table.n + min(low, value), table.n + max(top, value),
        naming.level, "loglinear-averaged", naming.frame, table.n, ASSUMPTIONS, warnings,
        "lower" if high is None else None,
    )  # fmt: skip


def _bound(table: Histories, naming: Naming) -> Estimate | None:
    found = lower_bound(table, naming.level)
    if found is None:
        return None
    equal = ("equal-reach",) if found.method == "chao-bias-corrected" else ()
    return Estimate(
        f"{naming.name}-at-least", found.value, min(found.low, found.value), found.value,
        naming.level, found.method, naming.frame, table.n,
        (*ASSUMPTIONS[:2], "routes-do-not-avoid", *equal), (), "lower",
    )  # fmt: skip


def _warnings(
    table: Histories, family: Family, closed: tuple[Fitted, ...], avoiding: bool
) -> tuple[str, ...]:
    by_name = {row.name: row for row in closed}
    gain = by_name["Mt"].deviance - by_name["Mth Darroch"].deviance
    more = by_name["Mth Darroch"].abundance > by_name["Mt"].abundance
    differs = gain > LIKELY and more
    said = {
        "reach-may-differ": differs,
        "reach-taken-as-equal": not differs,
        "routes-avoid": avoiding,
        "models-left-out": not family.told.all(),
    }
    return (*few_seen_twice(table), *(name for name, applies in said.items() if applies))


def few_seen_twice(table: Histories) -> tuple[str, ...]:
    """The warning that hardly any unit was seen by two routes, where that is so."""
    return ("few-seen-twice",) if sum(table.frequencies()[1:]) < FEW_SEEN_TWICE else ()


def _closed(table: Histories) -> list[Fitted]:
    return [fitted_closed(table.counts, one, table.n, table.k)[0] for one in designs(table.k)]


def _rows(
    family: Family, weights: Array, chosen: NDArray[np.int64], profiles: Profiles, level: float
) -> tuple[Fitted, ...]:
    """All models, best first; those in the average with weight, number and interval."""
    rows = list(family.rows)
    low, high = profiles.limits(float(special.ndtri((1 + level) / 2)))
    n = family.table.n
    for at, model in enumerate(chosen):
        rows[model] = replace(
            rows[model], weight=float(weights[model]), multinomial=n + float(profiles.peak[at]),
            low=n + float(low[at]), high=None if np.isnan(high[at]) else n + float(high[at]),
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.excluded is not None, criterion(row))))


def _seen_by_all(table: Histories, naming: Naming) -> CaptureRecapture:
    """Every unit was found by every list: there are n, and how many more there may be."""
    high = most_unseen(table, naming.level)
    population = _estimate(table, naming, (0.0, 0.0, high), ("seen-by-all",))
    population = replace(population, method="independent-lists")
    return _result(table, population, None, "no-low-end", (), ())


def _result(
    table: Histories, population: Estimate, bound: Estimate | None, reason: str | None,
    models: tuple[Fitted, ...], closed: tuple[Fitted, ...],
) -> CaptureRecapture:  # fmt: skip
    return CaptureRecapture(
        population, bound, reason, table.n, table.frequencies(), table.routes, table.by_route(),
        models, closed,
    )  # fmt: skip
