"""`capture_recapture`: how many there are, seen and unseen, from who was found by which routes."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.capture_recapture.checks import (
    check_closed,
    check_lists,
    check_overlap,
    check_stratum,
)
from marsad.measure.capture_recapture.histories import Histories, read_hits, tabulate
from marsad.measure.capture_recapture.one_table import ASSUMPTIONS, Naming, estimated
from marsad.measure.capture_recapture.poisson import Array
from marsad.measure.capture_recapture.result import CaptureRecapture
from marsad.measure.capture_recapture.routes import merged, named
from marsad.measure.capture_recapture.summing import summed
from marsad.measure.numbers import checked_level
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

FRAME = "within-reach-of-routes"


def capture_recapture(
    hits: ArrayLike,
    routes: Sequence[str | None] | None = None,
    *,
    counts: ArrayLike | None = None,
    strata: Sequence[Hashable] | None = None,
    seeded: Sequence[Sequence[Hashable]] = (),
    turnover: float | None = None,
    removal: bool = False,
    level: float = 0.95,
    name: str = "population",
    frame: str = FRAME,
) -> CaptureRecapture:
    """Estimate a closed population from hits by three to nine routes of discovery.

    ``hits`` is units × routes, true where a route found a unit (known ones too); with ``counts`` a
    row stands for so many units, so that a table of patterns does as well. ``routes`` names the
    columns; hits of a route called None, ``""`` or ``"unknown"`` do not count. ``seeded`` has
    groups of routes of which one was the seed of another: they count as one list. ``strata`` has a
    label a row (activity, say): strata are estimated apart and summed. ``turnover`` is the fraction
    of the population that enters or leaves while the routes look, ``removal`` whether a hit can
    take a unit away before the others have looked.

    The estimand is the number of units that the routes could have found: whoever no route can reach
    is not in it. Raises `Refused` where that cannot be told (fewer than three lists, no overlap, an
    open population), `InputError` for input that is no table of hits.
    """
    level = checked_level(level)
    check_closed(turnover, removal)
    matrix, tallies = read_hits(hits, counts)
    lists, names = merged(matrix, named(routes, matrix.shape[1]), seeded)
    check_lists(names)
    unknown = int(tallies[matrix.any(axis=1) & ~lists.any(axis=1)].sum())
    naming = Naming(name, frame, level)
    warned = ("turnover-unknown",) if turnover is None else ()
    if strata is None:
        table = tabulate(lists, tallies, names)
        check_overlap(table)
        return _finished(estimated(table, naming), warned, unknown)
    whole = tabulate(lists, tallies, names)
    check_overlap(whole)
    parts = _by_stratum(lists, tallies, names, strata)
    return _finished(_sum(whole, parts, naming), warned, unknown)


def _by_stratum(
    lists: NDArray[np.bool_], tallies: Array, names: tuple[str, ...], strata: Sequence[Hashable]
) -> dict[str, Histories]:
    """A table a stratum; strata in which nobody was seen have none."""
    if len(strata) != len(lists):
        raise InputError("measure.capture.lengths", rows=len(lists), given=len(strata))
    labels = np.array([str(one) for one in strata])
    tables = {}
    for label in sorted(set(labels.tolist())):
        mine = labels == label
        table = tabulate(lists[mine], tallies[mine], names)
        if table.n:
            check_stratum(table, label)
            tables[label] = table
    return tables


def _sum(whole: Histories, tables: Mapping[str, Histories], naming: Naming) -> CaptureRecapture:
    parts = {label: estimated(table, naming) for label, table in tables.items()}
    populations = [part.population for part in parts.values()]
    bounds = [part.lower_bound for part in parts.values() if part.lower_bound is not None]
    differing = [p.if_reach_differs for p in parts.values() if p.if_reach_differs is not None]
    told = len(bounds) == len(parts)
    return CaptureRecapture(
        _total(populations, "loglinear-averaged-strata"),
        _total(bounds, "lower-bounds-strata") if told else None,
        None if told else next(p.no_lower_bound for p in parts.values() if p.no_lower_bound),
        whole.n, whole.frequencies(), whole.routes, whole.by_route(), strata=parts,
        if_reach_differs=(
            _total(differing, "mth-darroch-strata") if len(differing) == len(parts) else None
        ),
    )  # fmt: skip


def _total(parts: Sequence[Estimate], method: str) -> Estimate:
    """The sum of the strata's estimates; a lower bound if one of them is."""
    first = parts[0]
    value, low, high = summed(
        [(one.value, one.low, None if one.bound else one.high) for one in parts]
    )
    seen = sum(one.n for one in parts)
    warnings = tuple(dict.fromkeys(warning for one in parts for warning in one.warnings))
    return Estimate(
        first.name, value, max(low, min(seen, value)), value if high is None else high, first.level,
        method, first.frame, seen, first.assumptions or ASSUMPTIONS, warnings,
        "lower" if high is None else None,
    )  # fmt: skip


def _finished(
    result: CaptureRecapture, warnings: tuple[str, ...], unknown: int
) -> CaptureRecapture:
    from dataclasses import replace

    population = replace(result.population, warnings=(*result.population.warnings, *warnings))
    return replace(result, population=population, unknown=unknown)
