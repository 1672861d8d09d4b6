"""Which routes count as lists: unknown ones never, those seeded from one another as one."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from marsad.records.errors import InputError

UNKNOWN = (None, "", "unknown")


def named(routes: Sequence[str | None] | None, width: int) -> list[str | None]:
    """A name for each column of hits: 1, 2, … where none are given; None for unknown routes."""
    if routes is None:
        return [str(j + 1) for j in range(width)]
    names = [None if name in UNKNOWN else str(name) for name in routes]
    known = [name for name in names if name is not None]
    if len(names) != width or len(set(known)) < len(known):
        raise InputError("measure.capture.routes", columns=width, given=len(names))
    return names


def merged(
    hits: NDArray[np.bool_], names: Sequence[str | None], seeded: Sequence[Sequence[Hashable]]
) -> tuple[NDArray[np.bool_], tuple[str, ...]]:
    """Hits by list, units × lists, and the lists' names (``a+b`` where routes were merged).

    Columns of unknown routes are left out. ``seeded`` has groups of routes of which one was the
    seed of another: whoever one of them found counts as found by their list. Groups that share a
    route are one.
    """
    known = [name for name in names if name is not None]
    groups = _joined(known, seeded)
    place = {name: j for j, name in enumerate(names) if name is not None}
    columns = [hits[:, [place[name] for name in group]].any(axis=1) for group in groups]
    shape = (len(hits), len(groups))
    together = np.column_stack(columns) if columns else np.zeros(shape, bool)
    return together, tuple("+".join(group) for group in groups)


def _joined(names: Sequence[str], seeded: Sequence[Sequence[Hashable]]) -> list[list[str]]:
    """The names in groups, in the order of their first."""
    group = {name: [name] for name in names}
    for asked in seeded:
        given = [str(one) for one in asked]
        for name in given:
            if name not in group:
                raise InputError("measure.capture.seeded", given=name, routes=list(names))
        together = [name for name in names if any(name in group[other] for other in given)]
        group.update(dict.fromkeys(together, together))
    found: list[list[str]] = []
    for name in names:
        if group[name] not in found:
            found.append(group[name])
    return found
