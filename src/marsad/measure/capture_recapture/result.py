"""What capture–recapture answers: the estimates, and the models they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marsad.measure.capture_recapture.abundance import Fitted
from marsad.records.estimate import Estimate


@dataclass(frozen=True)
class CaptureRecapture:
    """A population by the routes that found its members.

    ``population`` is the number of units in all, ``lower_bound`` what it is at least, however units
    differ (None where no bound is honest: ``no_lower_bound`` says why: ``routes-avoid`` or
    ``no-low-end``). ``if_reach_differs`` is the number in all if units differ in how easily they
    are found and routes are otherwise independent (None where the table speaks against that):
    nothing tells which of the two holds. ``seen`` units were found, ``frequencies`` by exactly 1,
    2, … lists, ``by_route`` by each of the ``routes``, which are lists after merging.

    ``models`` are the log-linear models, best first, with weights, and intervals where they have
    weight; ``closed`` those of reach that differs between routes and units. Both are empty for a
    sum: ``strata`` has the parts then. ``unknown`` counts units left out because no known route
    found them.
    """

    population: Estimate
    lower_bound: Estimate | None
    no_lower_bound: str | None
    seen: int
    frequencies: tuple[int, ...]
    routes: tuple[str, ...]
    by_route: tuple[int, ...]
    models: tuple[Fitted, ...] = ()
    closed: tuple[Fitted, ...] = ()
    strata: Mapping[str, CaptureRecapture] = field(default_factory=dict)
    unknown: int = 0
    if_reach_differs: Estimate | None = None

    def to_dict(self) -> dict[str, Any]:
        """As ``--json`` prints it; models that have no weight are left out."""
        bound, differing = self.lower_bound, self.if_reach_differs
        return {
            "population": self.population.to_dict(),
            "if_reach_differs": None if differing is None else differing.to_dict(),
            "lower_bound": None if bound is None else bound.to_dict(),
            "no_lower_bound": self.no_lower_bound,
            "seen": self.seen,
            "frequencies": list(self.frequencies),
            "by_route": dict(zip(self.routes, self.by_route, strict=True)),
            "models": [dict(vars(one)) for one in self.models if one.weight > 0],
            "strata": {name: part.to_dict() for name, part in self.strata.items()},
            "unknown": self.unknown,
        }
