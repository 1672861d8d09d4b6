"""Lanes: the queue cut into strips of cases that are alike in all that it is filtered by.

There are some hundred lanes however many cases there are, and each is one index in any order of the
queue. So the first of any choice of cases are found among the first of each of its lanes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Select, exists, func, or_, select, text, update

from marsad.records.ids import key
from marsad.store.database import Transaction
from marsad.store.tables import case_findings, cases, lane_signals, lanes

if TYPE_CHECKING:
    from marsad.store.cases import Case


class Lane(NamedTuple):
    """What the cases of a lane have in common; the columns of the table, in its order.

    ``clock`` is empty where none runs, ``shown_to`` where nobody is named: that matters for copies
    alone. What of `Case` is not here, no queue is filtered by, or few cases have it.
    """

    state: str
    kind: str
    platform: str
    priority: int
    clock: str
    crisis: int
    copied: bool
    shown_to: str

    @classmethod
    def of(cls, one: Case) -> Lane:
        """The lane in which a case stands."""
        return cls(
            one.state, one.kind, one.platform, one.priority, one.clock or "", one.crisis,
            one.copy_of is not None, one.shown_to or "",
        )  # fmt: skip

    @property
    def number(self) -> int:
        """What stands for it in the rows of its cases: the same wherever it is computed."""
        return key(json.dumps(self))


_ADD = text(
    "INSERT INTO lanes (lane, state, kind, platform, priority, clock, crisis, copied, shown_to) "
    "VALUES (:lane, :state, :kind, :platform, :priority, :clock, :crisis, :copied, :shown_to) "
    "ON CONFLICT DO NOTHING"
)
_FOUND = text(
    "INSERT INTO lane_signals (case_id, signal, lane, rank, opened_at) "
    "VALUES (:case_id, :signal, :lane, :rank, :opened_at) ON CONFLICT DO NOTHING"
)


def put(transaction: Transaction, lane: Lane) -> int:
    """The number of a lane that is known from then on."""
    transaction.execute(_ADD, {"lane": lane.number, **lane._asdict()})
    return lane.number


def move(transaction: Transaction, old: Case | None, new: Case) -> int:
    """The lane of a case after a change; the case's signals go there too."""
    to = Lane.of(new)
    if old is not None and (Lane.of(old), old.rank) == (to, new.rank):
        return to.number
    number = put(transaction, to)
    if old is not None:
        mine = lane_signals.c.case_id == new.id
        moved = update(lane_signals).where(mine).values(lane=number, rank=new.rank)
        transaction.execute(moved)
    return number


def found(transaction: Transaction, one: Case, signals: Iterable[str]) -> None:
    """Lets a case stand among those with findings of these signals, too."""
    base = {"case_id": one.id, "lane": Lane.of(one).number}
    base |= {"rank": one.rank, "opened_at": one.opened_at}
    rows = [{**base, "signal": signal} for signal in sorted(set(signals))]
    if rows:
        transaction.execute(_FOUND, rows)


def into_crisis(transaction: Transaction, case_ids: Sequence[int], crisis: int) -> None:
    """Moves cases into the lanes of a crisis, 0 for those of none."""
    mine, theirs = cases.c.id.in_(case_ids), lane_signals.c.case_id.in_(case_ids)
    left = select(cases.c.lane).where(mine)
    for number, *parts in transaction.execute(select(lanes).where(lanes.c.lane.in_(left))).all():
        to = put(transaction, Lane(*parts)._replace(crisis=crisis))
        if to != number:
            transaction.execute(update(cases).where(mine, cases.c.lane == number).values(lane=to))
            follow = update(lane_signals).where(theirs, lane_signals.c.lane == number)
            transaction.execute(follow.values(lane=to))


def wrong(transaction: Transaction) -> int | None:
    """A case that stands where its row and its findings do not put it, None where all is right:
    another lane, a lane that is not what its number says, signals it has not or lacks."""
    for number, *parts in transaction.execute(select(lanes)).all():
        if Lane(*parts).number != number:
            inside = select(func.min(cases.c.id)).where(cases.c.lane == number)
            return transaction.execute(inside).scalar() or 0
    queries = (_misplaced(), _signals_misplaced(), _signals_missing())
    found = (transaction.execute(query.limit(1)).scalar() for query in queries)
    return next((case_id for case_id in found if case_id is not None), None)


def _misplaced() -> Select[Any]:
    clock, copied = func.coalesce(cases.c.clock, ""), cases.c.copy_of.is_not(None)
    shown_to = func.coalesce(cases.c.shown_to, "")
    same = ("state", "kind", "platform", "priority", "crisis")
    differs = [lanes.c[name] != cases.c[name] for name in same]
    differs += [lanes.c.clock != clock, lanes.c.copied != copied, lanes.c.shown_to != shown_to]
    joined = cases.outerjoin(lanes, lanes.c.lane == cases.c.lane)
    return select(cases.c.id).select_from(joined).where(or_(lanes.c.lane.is_(None), *differs))


def _signals_misplaced() -> Select[Any]:
    differs = [lane_signals.c[name] != cases.c[name] for name in ("lane", "rank", "opened_at")]
    has = case_findings.c.signal == lane_signals.c.signal
    has = exists().where(case_findings.c.case_id == lane_signals.c.case_id, has)
    joined = lane_signals.outerjoin(cases, cases.c.id == lane_signals.c.case_id)
    query = select(lane_signals.c.case_id).select_from(joined)
    return query.where(or_(cases.c.id.is_(None), *differs, ~has))


def _signals_missing() -> Select[Any]:
    listed = exists().where(
        lane_signals.c.case_id == case_findings.c.case_id,
        lane_signals.c.signal == case_findings.c.signal,
    )
    return select(case_findings.c.case_id).where(~listed)
