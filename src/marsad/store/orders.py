"""Removal orders as they are stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, text, update

from marsad.records.errors import ConflictError
from marsad.store.action_tables import actions
from marsad.store.actions import Action
from marsad.store.database import Transaction
from marsad.store.order_tables import (
    authority_informed,
    order_acts,
    order_alarms,
    order_items,
    order_steps,
    order_watch,
    orders,
)
from marsad.store.tables import cases


class OrderOfCase(NamedTuple):
    """An order that a case is about: its number, when it came (µs UTC), its state, and until when
    nobody may be told of it; None where they may; whether it came from another State; whether the
    case is ``joined`` to it still, or was so by mistake."""

    order: int
    received_at: int
    state: str
    confidential_until: int | None
    cross_border: bool = False
    joined: bool = True


class Order(NamedTuple):
    """An order as the log leaves it; the columns of the table, in their order.

    ``id`` is the entry that received it, ``hour`` the entry that began the hour that ran last,
    ``due_at`` its end, ``size`` how many addresses it names. ``ended_at`` is when every item was
    seen done, ``late_at`` when the hour was found to be over before that. Times are µs UTC.
    """

    id: int
    authority: str
    issuer_state: str
    reference: str
    received_at: int
    emergency: bool
    cross_border: bool
    state: str
    version: int
    hour: int
    due_at: int
    size: int
    ended_at: int | None
    late_at: int | None
    confidential_until: int | None


class Mention(NamedTuple):
    """An order that named a case: the entry that says so, and until when (µs UTC) nobody may be
    told of it; None where they may."""

    seq: int
    order: int
    confidential_until: int | None


class Step(NamedTuple):
    """One entry of an order's history."""

    seq: int
    order_id: int
    step: str
    state: str
    ground: str | None
    at: int
    actor: str


class Item(NamedTuple):
    """An address of an order that is about a subject of ours: its number in the order, the entry
    that joined it to a case, the case, its subject (None once erased) and the person behind it."""

    number: int
    seq: int
    case_id: int
    kind: str
    platform: str
    subject: str | None
    person: int


class Parted(NamedTuple):
    """An address that was joined to a case by mistake: its number in the order, the case, and the
    entry that says so."""

    number: int
    case_id: int
    seq: int


class Act(NamedTuple):
    """What a person asked for under an order: the entry, the case, and when."""

    seq: int
    order_id: int
    case_id: int
    act: str
    at: int


class Alarm(NamedTuple):
    """An alarm that was given: ``hour`` is the entry that began the clock it is of, whichever that
    is; ``minutes`` were left of it; whether it was late, and when it was."""

    hour: int
    minutes: int
    late: bool
    at: int


def _is_last() -> ColumnElement[bool]:
    """Whether no later row says something else of an address."""
    later = order_items.alias("later")
    return ~exists().where(
        later.c.order_id == order_items.c.order_id, later.c.number == order_items.c.number,
        later.c.seq > order_items.c.seq,
    )  # fmt: skip


standing = select(order_items).where(order_items.c.joined, _is_last()).subquery("standing")
"""The addresses that are joined to cases now."""


def of_case(transaction: Transaction, case_id: int) -> list[OrderOfCase]:
    """The orders that a case is about, or was by mistake, the newest first."""
    joined = exists().where(standing.c.order_id == orders.c.seq, standing.c.case_id == case_id)
    ever = exists().where(order_items.c.order_id == orders.c.seq, order_items.c.case_id == case_id)
    query = select(orders.c.seq, orders.c.received_at, orders.c.state,
                   orders.c.confidential_until, orders.c.cross_border, joined)  # fmt: skip
    query = query.where(ever).order_by(orders.c.seq.desc())
    return [OrderOfCase(*row) for row in transaction.execute(query)]


def mentions(transaction: Transaction, case_id: int) -> list[Mention]:
    """Every time that an order named a case, by mistake, too, the first first."""
    query = select(order_items.c.seq, orders.c.seq, orders.c.confidential_until)
    query = query.join(orders, orders.c.seq == order_items.c.order_id)
    query = query.where(order_items.c.case_id == case_id, order_items.c.joined)
    return [Mention(*row) for row in transaction.execute(query.order_by(order_items.c.seq))]


# ── orders


def read(transaction: Transaction, order_id: int) -> Order | None:
    """One order."""
    row = transaction.execute(select(orders).where(orders.c.seq == order_id)).first()
    return Order(*row) if row else None


def in_states(transaction: Transaction, states: Collection[str], limit: int = 500) -> list[Order]:
    """The orders in some states, the one that is due first first."""
    query = select(orders).where(orders.c.state.in_(states)).order_by(orders.c.due_at, orders.c.seq)
    return [Order(*row) for row in transaction.execute(query.limit(limit))]


def to_follow(
    transaction: Transaction, states: Collection[str], across: Collection[str], since: int
) -> list[int]:
    """The orders in some states, and those across borders in others whose hour ended after a time,
    by number, the one that is due first first."""
    lately = and_(orders.c.state.in_(across), orders.c.due_at > since, orders.c.cross_border)
    query = select(orders.c.seq).where(or_(orders.c.state.in_(states), lately))
    return list(transaction.execute(query.order_by(orders.c.due_at, orders.c.seq)).scalars())


def newest(transaction: Transaction, states: Collection[str], limit: int) -> list[Order]:
    """The orders in some states, the newest first."""
    query = select(orders).where(orders.c.state.in_(states)).order_by(orders.c.seq.desc())
    return [Order(*row) for row in transaction.execute(query.limit(limit))]


def same(transaction: Transaction, authority: str, reference: str) -> Order | None:
    """The order of an authority with a reference, the last one; None where there is none."""
    query = select(orders).where(orders.c.authority == authority, orders.c.reference == reference)
    row = transaction.execute(query.order_by(orders.c.seq.desc()).limit(1)).first()
    return Order(*row) if row else None


def is_known(transaction: Transaction, authority: str) -> bool:
    """Whether there was an order of an authority before."""
    query = select(orders.c.seq).where(orders.c.authority == authority).limit(1)
    return transaction.execute(query).first() is not None


def fill(transaction: Transaction, order: Order) -> Order:
    """Completes the row of an order that was just received."""
    values = {name: value for name, value in order._asdict().items() if name != "id"}
    transaction.execute(update(orders).where(orders.c.seq == order.id).values(**values))
    return order


def change(transaction: Transaction, order: Order, seq: int, **values: Any) -> Order:
    """Changes columns of an order that was read in this transaction; ``seq`` is the entry that says
    so. Raises `ConflictError` where somebody else was faster."""
    mine = and_(orders.c.seq == order.id, orders.c.version == order.version)
    done = transaction.execute(update(orders).where(mine).values(version=seq, **values))
    if done.rowcount != 1:
        raise ConflictError("order.changed", order=order.id)
    return order._replace(version=seq, **values)


def everything(transaction: Transaction) -> Sequence[Order]:
    """Every order, by number."""
    return [Order(*row) for row in transaction.execute(select(orders).order_by(orders.c.seq))]


# ── their histories


def steps(transaction: Transaction, order_id: int) -> list[Step]:
    """The history of an order, in the log's order."""
    query = select(order_steps).where(order_steps.c.order_id == order_id)
    return [Step(*row) for row in transaction.execute(query.order_by(order_steps.c.seq))]


def final_since(transaction: Transaction, since: int) -> list[int]:
    """The orders received since a time that were carried out, are closed and were not taken back,
    by number."""
    undone = ("withdrawn", "infringing")
    back = exists().where(order_steps.c.order_id == orders.c.seq, order_steps.c.state.in_(undone))
    query = select(orders.c.seq).where(
        orders.c.state == "closed", orders.c.received_at >= since,
        orders.c.ended_at.is_not(None), ~back,
    )  # fmt: skip
    return list(transaction.execute(query.order_by(orders.c.seq)).scalars())


# ── items


def items(transaction: Transaction, order_id: int) -> list[Item]:
    """The addresses of an order that are joined to cases, by number."""
    kept = standing.c
    query = select(
        kept.number,
        kept.seq,
        kept.case_id,
        cases.c.kind,
        cases.c.platform,
        cases.c.subject,
        cases.c.person,
    ).join(cases, cases.c.id == kept.case_id)
    query = query.where(kept.order_id == order_id).order_by(kept.number)
    return [Item(*row) for row in transaction.execute(query)]


def parted(transaction: Transaction, order_id: int) -> list[Parted]:
    """Every time that an address of an order was parted from a case, the first first."""
    kept = order_items.c
    query = select(kept.number, kept.case_id, kept.seq)
    query = query.where(kept.order_id == order_id, ~kept.joined).order_by(kept.seq)
    return [Parted(*row) for row in transaction.execute(query)]


def acts(transaction: Transaction, order_id: int) -> dict[int, Act]:
    """What stands as asked for under an order, by case: not what was lifted."""
    query = select(order_acts).where(order_acts.c.order_id == order_id).order_by(order_acts.c.seq)
    found: dict[int, Act] = {}
    for row in transaction.execute(query):
        found.pop(row.case_id, None)
        if row.step == "executed":
            found[row.case_id] = Act(row.seq, row.order_id, row.case_id, row.act, row.at)
    return found


def standing_in(transaction: Transaction, case_id: int) -> list[Act]:
    """What orders keep done in a case."""
    query = select(order_acts).where(order_acts.c.case_id == case_id).order_by(order_acts.c.seq)
    found: dict[int, Act] = {}
    for row in transaction.execute(query):
        found.pop(row.order_id, None)
        if row.step == "executed":
            found[row.order_id] = Act(row.seq, row.order_id, row.case_id, row.act, row.at)
    return list(found.values())


def running_in(transaction: Transaction, case_id: int, states: Collection[str]) -> list[Order]:
    """The orders in some states that a case is about."""
    query = select(orders).join(standing, standing.c.order_id == orders.c.seq)
    query = query.where(standing.c.case_id == case_id, orders.c.state.in_(states)).distinct()
    return [Order(*row) for row in transaction.execute(query.order_by(orders.c.due_at))]


def is_ordered(transaction: Transaction, action: Action, states: Collection[str]) -> bool:
    """Whether an action was asked for under an order, or one in some states leans on it."""
    query = select(order_acts.c.seq).join(orders, orders.c.seq == order_acts.c.order_id)
    query = query.where(order_acts.c.case_id == action.case_id).where(
        or_(order_acts.c.seq == action.decision, orders.c.state.in_(states))
    )
    return transaction.execute(query.limit(1)).first() is not None


def pressing(transaction: Transaction, states: Collection[str]) -> list[int]:
    """The actions of cases in which orders in some states have asked for something, by number: an
    order leans on what the desk had asked for before it, too."""
    some = select(orders.c.seq).where(orders.c.state.in_(states))
    mine = list(transaction.execute(some).scalars())
    if not mine:  # as it is but for an hour now and then, and this is asked all the time
        return []
    about = select(order_acts.c.case_id).where(order_acts.c.order_id.in_(mine))
    query = select(actions.c.id).where(actions.c.case_id.in_(about))
    return list(transaction.execute(query.order_by(actions.c.id)).scalars())


def actions_of(transaction: Transaction, order_id: int) -> Mapping[int, list[Action]]:
    """The actions of the cases of an order, by case; those that take others back, too."""
    mine = select(standing.c.case_id).where(standing.c.order_id == order_id)
    query = select(actions).where(actions.c.case_id.in_(mine)).order_by(actions.c.id)
    found: dict[int, list[Action]] = {}
    for row in transaction.execute(query):
        found.setdefault(row.case_id, []).append(Action(*row))
    return found


# ── alarms and the clock


def alarms(transaction: Transaction, order_id: int) -> list[Alarm]:
    """The alarms that an order has given."""
    kept = order_alarms.c
    query = select(kept.hour, kept.minutes, kept.late, kept.at).where(kept.order_id == order_id)
    return [Alarm(*row) for row in transaction.execute(query.order_by(kept.seq))]


_WATCH = text(
    "INSERT INTO order_watch (order_id, seen_at) VALUES (:order_id, :seen_at) "
    "ON CONFLICT (order_id) DO UPDATE SET seen_at = excluded.seen_at"
)


def begin_watch(transaction: Transaction, order_id: int, seen_at: int) -> None:
    """Writes down when an hour began, by the clock; what was seen before is no matter to it."""
    transaction.execute(_WATCH, {"order_id": order_id, "seen_at": seen_at})


def watch(transaction: Transaction, order_id: int, seen_at: int) -> None:
    """Writes down the time that is seen; one that is earlier than the last leaves that."""
    mine = and_(order_watch.c.order_id == order_id, order_watch.c.seen_at < seen_at)
    transaction.execute(update(order_watch).where(mine).values(seen_at=seen_at))


def watched(transaction: Transaction, order_id: int) -> int:
    """The time that was seen last since an hour began, µs UTC; 0 where none was."""
    query = select(order_watch.c.seen_at).where(order_watch.c.order_id == order_id)
    return transaction.execute(query).scalar() or 0


# ── authorities


def informed_at(transaction: Transaction, authority: str) -> int | None:
    """When an authority's information under Article 3(2) came, the first one; None for never."""
    query = select(func.min(authority_informed.c.informed_at))
    return transaction.execute(query.where(authority_informed.c.authority == authority)).scalar()
