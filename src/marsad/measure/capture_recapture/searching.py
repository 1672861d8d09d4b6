"""Which models are looked at: all of them up to five routes, a walk by AIC from there on.

Three and four routes: every hierarchical model (8 and 113, as Rcapture's `closedpMS.t`). Five: all
1,024 sets of pairs. Six to nine: from independence, the pair is added or taken away that lowers
Schwarz's and Akaike's criterion most, until none does; all models looked at on the way are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from marsad.measure.capture_recapture.abundance import Fitted
from marsad.measure.capture_recapture.family import Family, fitted_family
from marsad.measure.capture_recapture.hierarchical import Model, all_models, subsets
from marsad.measure.capture_recapture.histories import Histories

ALL_UP_TO, MOST_STEPS = 5, 40


def candidates(table: Histories, criterion: Callable[[Fitted], float]) -> Family:
    """The family of models for a table of 3 to 9 routes."""
    if table.k <= ALL_UP_TO:
        return fitted_family(table, all_models(table.k))
    return fitted_family(table, tuple(_walk(table, criterion)))


def _walk(table: Histories, criterion: Callable[[Fitted], float]) -> list[Model]:
    """Every model seen on the way, in the order they were seen."""
    here: Model = frozenset()
    seen: dict[Model, float] = {here: _judged(table, [here], criterion)[0]}
    for _ in range(MOST_STEPS):
        new = [model for model in _neighbours(here, table.k) if model not in seen]
        seen.update(zip(new, _judged(table, new, criterion), strict=True))
        best = min(_neighbours(here, table.k), key=seen.__getitem__)
        if seen[best] >= seen[here]:
            break
        here = best
    return list(seen)


def _neighbours(model: Model, k: int) -> Iterator[Model]:
    return (model ^ {pair} for pair in subsets(range(k), [2]))


def _judged(
    table: Histories, models: list[Model], criterion: Callable[[Fitted], float]
) -> list[float]:
    if not models:
        return []
    rows = fitted_family(table, models).rows
    return [float("inf") if row.excluded else criterion(row) for row in rows]
