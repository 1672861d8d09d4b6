"""Which accounts each route of discovery found."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from marsad.engines import Engine, views
from marsad.workspace.folder import Workspace
from marsad.workspace.runs import Snapshot

ROUTES = ("search", "graph", "notice", "bank")
"""Routes that find accounts. A probe comes back to known ones, and an unknown route is none."""


@dataclass(frozen=True)
class Hits:
    """``found`` is accounts × `ROUTES`, true where a route showed an account alive; the routes
    looked from ``first`` to ``last`` (µs UTC)."""

    accounts: tuple[str, ...]
    found: npt.NDArray[np.bool_]
    first: int = 0
    last: int = 0

    def only(self, kept: npt.NDArray[np.bool_]) -> Hits:
        """Some of the accounts."""
        names = tuple(name for name, keep in zip(self.accounts, kept, strict=True) if keep)
        return replace(self, accounts=names, found=self.found[kept])


def hits(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, since: int = 0, until: int = 0
) -> Hits:
    """All accounts that routes showed alive, known ones too; from ``since`` and before ``until``
    (µs UTC) where they are given."""
    seen = views.looks(workspace.current(engine, snapshot, "observations"))
    seen = seen.filter(seen.route.isin(ROUTES), seen.state == "alive")
    seen = seen.filter(seen.observed_at >= since) if since else seen
    seen = seen.filter(seen.observed_at < until) if until else seen
    by_route = seen.group_by("account", "route").aggregate(
        first=seen.observed_at.min(), last=seen.observed_at.max()
    )
    rows = engine.collect(by_route.order_by(["account", "route"]), limit=20_000_000)
    if not rows.num_rows:
        return Hits((), np.zeros((0, len(ROUTES)), bool))
    coded = rows["account"].combine_chunks().dictionary_encode()
    found = np.zeros((len(coded.dictionary), len(ROUTES)), bool)
    column = [ROUTES.index(route) for route in rows["route"].to_pylist()]
    found[coded.indices.to_numpy(), column] = True
    first, last = rows["first"].to_numpy().min(), rows["last"].to_numpy().max()
    return Hits(tuple(coded.dictionary.to_pylist()), found, int(first), int(last))
