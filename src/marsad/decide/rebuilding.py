"""The projections made anew from the log, and compared with those that are stored.

Cases are kept in memory while it runs, some hundred bytes each; entries and the rows beside cases
stream.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marsad.decide.projection import apply, rows_of
from marsad.records.errors import InputError
from marsad.store import cases, log, projections
from marsad.store.cases import Case
from marsad.store.chain import Break
from marsad.store.contents import Contents
from marsad.store.database import Transaction
from marsad.store.log import Event, Stored
from marsad.store.tables import PROJECTIONS

Row = Mapping[str, Any]


def compare(transaction: Transaction) -> Break | None:
    """The first entry whose private content or projections are not what the log says."""
    rebuilt: dict[int, Case] = {}
    contents = Contents()
    beside = {name: Beside(projections.stored(transaction, name)) for name in PROJECTIONS}
    broken: Break | None = None
    for entry in log.with_private(transaction):
        altered = _content(entry, contents)
        if altered is not None:
            return broken or altered
        # Read on after a break: whether content was erased, a later entry says.
        broken = broken or _entry(entry, rebuilt, beside)
    lost = contents.at_the_end()
    if lost is not None and (broken is None or lost.seq <= broken.seq):
        return lost
    stray = next(filter(None, (one.at_the_end() for one in beside.values())), None)
    return broken or stray or _cases(transaction, rebuilt)


def _content(entry: Stored, contents: Contents) -> Break | None:
    try:
        return contents.check(entry, json.loads(entry.body))
    except (ValueError, KeyError, TypeError) as error:
        return Break(entry.seq, "unreadable", type(error).__name__)


def _entry(entry: Stored, rebuilt: dict[int, Case], beside: Mapping[str, Beside]) -> Break | None:
    try:
        event = log.event_of(entry.seq, entry.body, entry.content)
    except (ValueError, KeyError, TypeError) as error:
        return Break(entry.seq, "unreadable", type(error).__name__)
    if event.case is None:
        return None
    try:
        rebuilt[event.case] = apply(rebuilt.get(event.case), event)
        return _rows(event, beside)
    except (InputError, KeyError, AssertionError) as error:
        return Break(entry.seq, "impossible", str(error))


def _rows(event: Event, beside: Mapping[str, Beside]) -> Break | None:
    expected: dict[str, list[Row]] = {name: [] for name in beside}
    for table, values in rows_of(event):
        expected[table].append(values)
    for name, stored in beside.items():
        if stored.of(event.seq) != expected[name]:
            return Break(event.seq, "projection", name)
    return None


def _cases(transaction: Transaction, rebuilt: Mapping[int, Case]) -> Break | None:
    stored = {case.id: case for case in cases.all_in_order(transaction)}
    for number in sorted(rebuilt.keys() | stored.keys()):
        if rebuilt.get(number) != stored.get(number):
            made = rebuilt.get(number) or stored[number]
            return Break(made.version, "projection", f"cases {number}")
    return None


@dataclass
class Beside:
    """A projection read in step with the log."""

    rows: Iterator[Row]
    ahead: list[Row] = field(default_factory=list)

    def of(self, seq: int) -> list[Row]:
        """The rows of an entry, and any before it that no entry has claimed."""
        found: list[Row] = []
        while self._next() is not None and self.ahead[0]["seq"] <= seq:
            found.append(self.ahead.pop())
        return found

    def at_the_end(self) -> Break | None:
        """A row that belongs to no entry."""
        row = self._next()
        return Break(row["seq"], "projection") if row is not None else None

    def _next(self) -> Row | None:
        if not self.ahead:
            row = next(self.rows, None)
            if row is None:
                return None
            self.ahead.append(row)
        return self.ahead[0]
