"""Did more new accounts surface in a burst than chance explains: the tests, and one rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.find.bursts.lift import Table, tail
from marsad.find.bursts.surfacing import SILENCES
from marsad.find.discoveries import q_values

Ints = npt.NDArray[np.int64]

FEWEST_KNOWN = 30
"""Known accounts that a comparison needs."""


@dataclass(frozen=True)
class Surfacing:
    """New accounts that used a burst's object in ``times`` of their first posts, or more.

    ``burst`` is a place among the bursts; ``silence`` (µs) is how long the known accounts of the
    ``table`` had been silent before; ``p`` tests that the lift is no more than asked for.
    """

    burst: int
    times: int
    silence: int
    table: Table
    p: float
    q: float


@dataclass(frozen=True)
class Tested:
    """All tests, and the bursts for which too few known accounts were about."""

    every: Sequence[Surfacing]
    untested: int

    def discoveries(self, rate: float) -> list[Surfacing]:
        """Those at a false discovery rate."""
        return [one for one in self.every if one.q <= rate]


def put_to_test(tally: pa.Table, bursts: int, posts: int, lift: float, fewest: int) -> Tested:
    """Tests every burst for each number of first posts, 1 to ``posts``.

    H0: new accounts are at most ``lift`` times as likely inside as known accounts. Fewer than
    ``fewest`` new accounts are never a discovery, but count as a test. ``tally`` as
    `surfacing.tallied` counts.
    """
    rows = np.array([tally[name].to_numpy() for name in tally.column_names], np.int64)
    columns = dict(zip(tally.column_names, rows, strict=True))
    order = np.argsort(columns["burst"], kind="stable")
    columns = {name: values[order] for name, values in columns.items()}
    edges = np.searchsorted(columns["burst"], np.arange(bursts + 1))
    found: list[tuple[int, int, int, Table, float]] = []
    untested = 0
    for burst in range(bursts):
        mine = {name: column[edges[burst] : edges[burst + 1]] for name, column in columns.items()}
        compared = [(times, *_compared(mine, times)) for times in range(1, posts + 1)]
        untested += int(compared[0][2] is None)
        for times, silence, table in compared:
            if table is not None and table.new_inside >= fewest:
                found.append((burst, times, silence, table, tail(table, lift)))
    q = q_values(np.array([one[-1] for one in found]), max(bursts * posts, len(found)))
    every = [Surfacing(*one, float(rate)) for one, rate in zip(found, q, strict=True)]
    return Tested(every, untested)


def _compared(mine: dict[str, Ints], times: int) -> tuple[int, Table | None]:
    """New accounts beside the known ones among whom most were inside, of all silences.

    Those who seldom post and turn up for a match are often in the data for the first time too; of
    known accounts the long silent are the most like them. The largest fraction of them that the
    data can tell is the one to beat.
    """
    inside, new = mine["inside"] >= times, mine["new"] == 1
    accounts = mine["accounts"]
    new_inside, every_new = int(accounts[new & inside].sum()), int(accounts[new].sum())
    best: tuple[float, int, Table] | None = None
    for place, silence in enumerate(SILENCES):
        known = ~new & (mine["stratum"] >= place)
        size, hits = int(accounts[known].sum()), int(accounts[known & inside].sum())
        if size < FEWEST_KNOWN:
            break
        table = Table(new_inside, every_new - new_inside, hits, size - hits)
        if best is None or table.expected > best[0]:
            best = (table.expected, silence, table)
    return (0, None) if best is None else (best[1], best[2])
