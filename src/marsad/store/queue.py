"""The queue: its pages in any order and by any filter, and the first case that nobody holds.

A page is merged from lanes (`marsad.store.lanes`): the first case of each lane that passes the
filter says which lanes can have some of the page, and of those alone cases are read. What only few
cases are, such as somebody's own, is looked through instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    desc,
    exists,
    func,
    or_,
    select,
    tuple_,
)

from marsad.store import appeals
from marsad.store.cases import COLUMNS, Case, Filter, named, shown
from marsad.store.database import Transaction
from marsad.store.tables import (
    NUMBER,
    WAITING,
    case_findings,
    cases,
    decisions,
    lane_signals,
    lanes,
    leases,
)

AT_ONCE = 10
"""Cases that are looked at for one that is free."""

Place = tuple[int, int]
"""Where a case stands in an order: what it is ordered by, and its number."""


@dataclass(frozen=True)
class Order:
    """An order of the queue: by a column of `Case`, and by number among equals; ``falls``: from
    the largest down."""

    by: str
    falls: bool = False

    def place(self, case: Case) -> Place:
        """Where a case stands, to go on after it."""
        return getattr(case, self.by), case.id

    def cursor(self, case: Case) -> str:
        """`place` as it stands in an address."""
        return "{}.{}".format(*self.place(case))

    def first(self, places: Iterable[tuple[Place, Any]]) -> list[tuple[Place, Any]]:
        """Things by their places, the first one first."""
        return sorted(places, key=lambda one: one[0], reverse=self.falls)

    def before(self, one: Place, other: Place) -> bool:
        """Whether a place comes before another."""
        return one > other if self.falls else one < other


URGENT = "urgent"
ORDERS = {URGENT: Order("rank"), "newest": Order("opened_at", True), "oldest": Order("opened_at")}
"""`URGENT` by the time by which somebody should have looked, the others by when cases opened."""


def page(
    transaction: Transaction, wanted: Filter, limit: int, after: Place | None = None,
    order: Order = ORDERS[URGENT], also: Sequence[ColumnElement[bool]] = (),
) -> list[Case]:  # fmt: skip
    """The first cases that pass a filter and ``also`` what is asked of their rows; ``after`` is the
    place of the last one of the page before."""
    also = (*also, *_open_to(wanted.second_for)) if wanted.second_for is not None else also
    if wanted.assigned_to is not None:
        found = _looked_through(transaction, wanted, limit, after, order, also)
    else:
        found = _merged(transaction, wanted, limit, after, order, also)
    return named(transaction, found)


def first_free(transaction: Transaction, wanted: Filter, now: int) -> Case | None:
    """The most urgent case that nobody holds. Two who ask at once get two cases: on SQLite one
    waits for the other, on PostgreSQL the second passes over what the first has locked."""
    held = exists().where(
        leases.c.case_id == cases.c.id, leases.c.taken_at <= now, leases.c.runs_out_at > now
    )
    after = None
    while found := page(transaction, wanted, AT_ONCE, after, also=[~held]):
        for case in found:
            if _locked(transaction, case):
                return case
            after = ORDERS[URGENT].place(case)
    return None


def _locked(transaction: Transaction, case: Case) -> bool:
    """Locks a case, unless somebody else has, or it is no longer what it was."""
    same = select(cases.c.id).where(cases.c.id == case.id, cases.c.version == case.version)
    return transaction.execute(same.with_for_update(skip_locked=True)).first() is not None


def platforms(transaction: Transaction, states: Sequence[str], most: int = 50) -> list[str]:
    """The platforms of cases in some states, from A to Z."""
    some = exists().where(cases.c.lane == lanes.c.lane)
    query = select(lanes.c.platform).distinct().where(lanes.c.state.in_(states), some)
    return sorted(transaction.execute(query).scalars())[:most]


class _Strip(NamedTuple):
    """Lanes that are read at once, with the place of their first case; ``hides``: not all that they
    have is for the viewer."""

    head: Place
    lanes: Sequence[int]
    hides: bool


def _merged(
    transaction: Transaction, wanted: Filter, limit: int, after: Place | None, order: Order,
    also: Sequence[ColumnElement[bool]],
) -> list[Case]:  # fmt: skip
    read = _Reading(wanted, limit, after, order, also)
    rows_of = cache(read.rows)
    best: list[tuple[Place, Case]] = []
    for strip in _strips(transaction, read):
        last = best[-1][0] if len(best) == limit else None
        if last is None or order.before(strip.head, last):
            value, number = last or (0, 0)
            given = {"lanes": strip.lanes, "value": value, "number": number}
            rows = transaction.execute(rows_of(strip.hides, last is not None), given)
            found = ((order.place(case), case) for case in (Case(*row) for row in rows))
            best = order.first([*best, *found])[:limit]
    return [case for _, case in best]


def _strips(transaction: Transaction, read: _Reading) -> Iterable[_Strip]:
    """Each lane, the one with the first case first. Those of copies, of which there are few, are
    one strip at the end: by then it is known how far to look among what may not be for the viewer.
    """
    heads = read.order.first(
        ((value, number), (lane, copied and not shown_to, not copied and read.hides(state)))
        for lane, state, copied, shown_to, value, number in transaction.execute(read.heads()).all()
        if number is not None
    )
    copies = [(head, lane) for head, (lane, of_copies, _) in heads if of_copies]
    for head, (lane, of_copies, hides) in heads:
        if not of_copies:
            yield _Strip(head, [lane], hides)
    if copies:
        yield _Strip(copies[0][0], [lane for _, lane in copies], True)


@dataclass(frozen=True, eq=False)
class _Reading:
    """The statements that read a page from lanes."""

    wanted: Filter
    limit: int
    after: Place | None
    order: Order
    also: Collection[ColumnElement[bool]]

    def heads(self) -> Select[Any]:
        """Each lane that passes the filter with the place of its first case, None for none."""
        rows = self._table.alias("first")
        mine = and_(rows.c.lane == lanes.c.lane, *self._of(rows))
        ordered = _ordered(self.order, rows)
        value, number = (
            select(column).where(mine).order_by(*ordered).limit(1).correlate(lanes)
            .scalar_subquery() for column in _place(self.order, rows)
        )  # fmt: skip
        parts = (lanes.c.lane, lanes.c.state, lanes.c.copied, lanes.c.shown_to)
        query = select(*parts, value, number)
        return query.where(*_passing(self.wanted))

    def hides(self, state: str) -> bool:
        """Whether some real cases in a state are not for the viewer."""
        return self.wanted.unaware and state not in WAITING

    def rows(self, hides: bool, ends: bool) -> Select[Any]:
        """The first cases of ``:lanes``; ``ends``: none after the place (``:value``, ``:number``).
        One statement serves many lanes, for to put one together takes longer than to run it.
        """
        rows = self._table
        mine = rows.c.lane.in_(bindparam("lanes", expanding=True, type_=NUMBER))
        query = select(*COLUMNS).where(mine, *self._of(rows), *self.also)
        if rows is lane_signals:
            query = query.join_from(rows, cases, cases.c.id == rows.c.case_id)
        if ends:
            last = bindparam("value", type_=NUMBER), bindparam("number", type_=NUMBER)
            query = query.where(_beyond(self.order, rows, last, back=True))
        if hides:
            query = query.where(shown(self.wanted.viewer, self.wanted.unaware))
        return query.order_by(*_ordered(self.order, rows)).limit(self.limit)

    @property
    def _table(self) -> FromClause:
        return cases if self.wanted.signal is None else lane_signals

    def _of(self, rows: FromClause) -> Iterable[ColumnElement[bool]]:
        if self.wanted.signal is not None:
            yield rows.c.signal == self.wanted.signal
        if self.after is not None:
            yield _beyond(self.order, rows, self.after)


def _place(order: Order, rows: FromClause) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """The columns of a place."""
    return rows.c[order.by], rows.c.id if "id" in rows.c else rows.c.case_id


def _ordered(order: Order, rows: FromClause) -> Sequence[ColumnElement[Any]]:
    return [desc(one) if order.falls else one for one in _place(order, rows)]


def _beyond(
    order: Order, rows: FromClause, place: tuple[Any, Any], back: bool = False
) -> ColumnElement[bool]:
    """Rows after a place; ``back``: before it."""
    here = tuple_(*_place(order, rows))
    return here < tuple_(*place) if order.falls != back else here > tuple_(*place)


def _passing(wanted: Filter) -> Iterable[ColumnElement[bool]]:
    """Of lanes: those with cases that the filter lets through and the viewer may see."""
    yield lanes.c.state.in_(wanted.states)
    for name in ("kind", "platform", "priority", "clock", "crisis"):
        value = getattr(wanted, name)
        if value is not None:
            yield lanes.c[name] == value
    if wanted.viewer is None:
        yield ~lanes.c.copied
    else:
        yield lanes.c.shown_to.in_(("", wanted.viewer))


def _looked_through(
    transaction: Transaction, wanted: Filter, limit: int, after: Place | None, order: Order,
    also: Sequence[ColumnElement[bool]],
) -> list[Case]:  # fmt: skip
    """Of the cases that are somebody's, which are few."""
    query = filtered(wanted).where(*also)
    if after is not None:
        query = query.where(_beyond(order, cases, after))
    rows = transaction.execute(query.order_by(*_ordered(order, cases)).limit(limit))
    return [Case(*row) for row in rows]


def filtered(wanted: Filter) -> Select[Any]:
    """The cases that pass a filter, in words of their own columns: what `page` must find."""
    query = select(*COLUMNS).where(cases.c.state.in_(wanted.states))
    if wanted.assigned_to is not None:
        query = query.where(cases.c.assigned_to == wanted.assigned_to)
    for name in ("kind", "platform", "priority", "clock", "crisis"):
        value = getattr(wanted, name)
        if value is not None:
            # no index that has the column: cases of a kind are many, those of somebody few
            query = query.where(func.coalesce(cases.c[name], None) == value)
    if wanted.signal is not None:
        has = case_findings.c.signal == wanted.signal
        query = query.where(exists().where(case_findings.c.case_id == cases.c.id, has))
    return query.where(shown(wanted.viewer, wanted.unaware))


def _open_to(reviewer: str) -> tuple[ColumnElement[bool], ...]:
    theirs = and_(cases.c.state == "second", cases.c.proposed_by == reviewer)
    unsure = exists().where(
        decisions.c.case_id == cases.c.id,
        decisions.c.reviewer == reviewer,
        decisions.c.outcome == "unsure",
    )
    others = or_(cases.c.assigned_to.is_(None), cases.c.assigned_to == reviewer)
    return ~theirs, ~unsure, others, ~appeals.bars(cases.c.id, reviewer)
