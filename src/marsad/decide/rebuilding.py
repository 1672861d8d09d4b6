"""The projections made anew from the log, and compared with those that are stored.

Cases and actions are kept in memory while it runs, some hundred bytes each; entries and the rows
beside cases stream.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from marsad.decide import crises
from marsad.decide import quality_projection as quality
from marsad.decide.actions.projection import changed, is_about_an_action
from marsad.decide.actions.rebuilding import RebuiltActions
from marsad.decide.orders.rebuilding import RebuiltOrders
from marsad.decide.projection import apply, rows_apart, rows_of
from marsad.records.errors import InputError
from marsad.store import case_keys, cases, facets, lanes, log, projections
from marsad.store.actions import Action
from marsad.store.cases import Case
from marsad.store.chain import Break
from marsad.store.contents import Contents
from marsad.store.database import Transaction
from marsad.store.facets import Facet
from marsad.store.log import Event, Stored
from marsad.store.projections import Projected

Row = Mapping[str, Any]


def compare(transaction: Transaction) -> Break | None:
    """The first entry whose private content or projections are not what the log says."""
    rebuilt = Rebuilt(transaction)
    contents = Contents()
    beside = {name: Beside(projections.stored(transaction, name)) for name in projections.TABLES}
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
    return (
        broken
        or stray
        or _cases(transaction, rebuilt.cases)
        or _lanes(transaction, rebuilt.cases)
        or _counters(transaction, rebuilt)
        or rebuilt.actions.compare(transaction)
        or rebuilt.orders.compare(transaction)
    )


@dataclass
class Rebuilt:
    """What entries have led to so far: cases, the signals that opened each, counters, actions,
    orders."""

    transaction: Transaction
    cases: dict[int, Case] = field(default_factory=dict)
    signals: dict[int, frozenset[str]] = field(default_factory=dict)
    counters: Counter[Facet] = field(default_factory=Counter)
    actions: RebuiltActions = field(default_factory=RebuiltActions)
    orders: RebuiltOrders = field(default_factory=RebuiltOrders)

    def take(self, event: Event) -> Case:
        """Applies an entry about a case."""
        assert event.case is not None
        old = self.cases.get(event.case)
        new = self.cases[event.case] = apply(old, event)
        had = self.signals.get(event.case, frozenset())
        has = had.union(event.data.get("opening", ()))
        if has != had and new.copy_of is None:
            self.signals[event.case] = has
        self.counters.update(quality.changes(old, new, event, had, has))
        return new

    def take_all(self, event: Event) -> None:
        """Applies an entry that is about many cases at once."""
        for number, crisis in crises.members(event):
            self.cases[number] = replace(self.cases[number], crisis=crisis)


def before(transaction: Transaction, case_id: int, seq: int) -> tuple[Case | None, list[Action]]:
    """A case and its actions as they were before an entry; None where there was none yet."""
    case: Case | None = None
    known: dict[int, Action] = {}
    for event in log.events_of(transaction, case_id, below=seq):
        case = apply(case, event)
        if is_about_an_action(event):
            known |= {new.id: new for _, new in changed(event, known.get)}
    return case, list(known.values())


QUALITY_SINCE = "0004"
"""The first schema that has the projections of quality."""


def bring(transaction: Transaction, found: str) -> None:
    """Makes anew what a database of an older schema could not have; see `open_database`."""
    if found < QUALITY_SINCE:
        fill(transaction)


def fill(transaction: Transaction) -> None:
    """Makes the projections of quality anew from the log, for a database of a version that had none
    of them. Raises `InputError` where the log cannot be read: verify it first."""
    projections.empty(transaction)
    rebuilt = Rebuilt(transaction)
    for entry in log.with_private(transaction):
        event = log.event_of(entry.seq, entry.body, entry.content)
        if event.case is None:
            rebuilt.take_all(event)
            projections.add(transaction, quality.rows_of_none(event))
            continue
        case, known = rebuilt.take(event), quality.known_before(transaction, event)
        projections.add(transaction, quality.rows_of(event, case, known))
    facets.move(transaction, rebuilt.counters)
    case_keys.settle_all(transaction)


def _content(entry: Stored, contents: Contents) -> Break | None:
    try:
        return contents.check(entry, json.loads(entry.body))
    except (ValueError, KeyError, TypeError) as error:
        return Break(entry.seq, "unreadable", type(error).__name__)


def _entry(entry: Stored, rebuilt: Rebuilt, beside: Mapping[str, Beside]) -> Break | None:
    try:
        event = log.event_of(entry.seq, entry.body, entry.content)
    except (ValueError, KeyError, TypeError) as error:
        return Break(entry.seq, "unreadable", type(error).__name__)
    try:
        rebuilt.orders.take(event)
        if event.case is None:
            rebuilt.take_all(event)
            return _rows(event, [*quality.rows_of_none(event), *rows_apart(event)], beside)
        case, known = rebuilt.take(event), quality.known_before(rebuilt.transaction, event)
        rebuilt.actions.take(event)
        rows = [*rows_of(event), *quality.rows_of(event, case, known)]
        return _rows(event, rows, beside)
    except (InputError, KeyError, AssertionError) as error:
        return Break(entry.seq, "impossible", str(error))


def _rows(event: Event, rows: Iterable[Projected], beside: Mapping[str, Beside]) -> Break | None:
    expected: dict[str, list[Row]] = {name: [] for name in beside}
    for table, values in rows:
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


def _lanes(transaction: Transaction, rebuilt: Mapping[int, Case]) -> Break | None:
    wrong = lanes.wrong(transaction)
    if wrong is None:
        return None
    known = rebuilt.get(wrong)
    seq = known.version if known is not None else log.head(transaction).seq
    return Break(seq, "projection", f"lanes {wrong}")


def _counters(transaction: Transaction, rebuilt: Rebuilt) -> Break | None:
    stored = facets.everything(transaction)
    wrong = [one for one in {*stored, *rebuilt.counters} if stored[one] != rebuilt.counters[one]]
    if wrong:
        return Break(log.head(transaction).seq, "projection", "facets {} {}".format(*min(wrong)))
    version = case_keys.unsettled(transaction)
    return Break(version, "projection", "case_keys") if version is not None else None


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
