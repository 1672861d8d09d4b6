"""Crises: which run, and the cases in their queues."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select, update

from marsad.store import lanes
from marsad.store.database import Transaction
from marsad.store.quality_tables import case_keys, crises, crisis_closings
from marsad.store.tables import WAITS, cases, lane_signals


@dataclass(frozen=True)
class Stored:
    """A crisis as it is stored; ``wanted`` says which cases are its own."""

    id: int
    name: str
    owner: str
    wanted: Mapping[str, Any]
    opened_by: str
    opened_at: int
    closed_at: int | None


def read(
    transaction: Transaction, crisis: int | None = None, running: bool = False
) -> list[Stored]:
    """Crises, the newest first: one by its number, or those that are not closed."""
    query = select(crises.c.seq, crises.c.name, crises.c.owner, crises.c.wanted,
                   crises.c.opened_by, crises.c.opened_at, crisis_closings.c.closed_at)  # fmt: skip
    query = query.outerjoin(crisis_closings, crisis_closings.c.crisis == crises.c.seq)
    query = query.where(crises.c.seq == crisis) if crisis is not None else query
    query = query.where(crisis_closings.c.seq.is_(None)) if running else query
    return [
        Stored(number, name, owner, json.loads(wanted), *rest)
        for number, name, owner, wanted, *rest in transaction.execute(
            query.order_by(crises.c.seq.desc())
        )
    ]


def waiting_with(
    transaction: Transaction, keys: Collection[int], signal: str | None, platform: str | None,
    since: int | None, until: int | None, after: int, limit: int,
) -> list[int]:  # fmt: skip
    """Real cases that wait, are in no crisis, and pass a filter, by number after ``after``."""
    query = select(cases.c.id).where(WAITS, cases.c.crisis == 0, cases.c.id > after)
    if keys:
        has = select(case_keys.c.case_id).where(
            case_keys.c.key.in_(keys), case_keys.c.decided.is_(False), case_keys.c.case_id > after
        )
        some = has.distinct().order_by(case_keys.c.case_id)
        query = query.where(cases.c.id.in_(some))
    if signal is not None:
        found = (lane_signals.c.case_id == cases.c.id) & (lane_signals.c.signal == signal)
        query = query.where(exists().where(found))
    query = query.where(cases.c.platform == platform) if platform is not None else query
    query = query.where(cases.c.opened_at >= since) if since is not None else query
    query = query.where(cases.c.opened_at < until) if until is not None else query
    return list(transaction.execute(query.order_by(cases.c.id).limit(limit)).scalars())


def members(transaction: Transaction, crisis: int, limit: int) -> list[int]:
    """Cases in the queue of a crisis."""
    query = select(cases.c.id).where(cases.c.crisis == crisis)
    return list(transaction.execute(query.order_by(cases.c.id).limit(limit)).scalars())


def put(transaction: Transaction, case_ids: Sequence[int], crisis: int) -> None:
    """Puts cases into the queue of a crisis; with 0 back into that of everybody."""
    lanes.into_crisis(transaction, case_ids, crisis)
    transaction.execute(update(cases).where(cases.c.id.in_(case_ids)).values(crisis=crisis))


def first_since(transaction: Transaction, since: int) -> int:
    """The number of the first case opened since a time, by halving: numbers grow as time does. One
    more than the last case where there is none."""
    low, high = 0, (transaction.execute(select(func.max(cases.c.id))).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = select(cases.c.id, cases.c.opened_at).where(cases.c.id >= middle)
        row = transaction.execute(found.order_by(cases.c.id).limit(1)).first()
        if row is None or row.opened_at >= since:
            high = middle
        else:
            low = row.id + 1
    return low


def opened_between(transaction: Transaction, first: int, below: int) -> int:
    """How many cases have numbers from ``first`` on and below ``below``."""
    query = select(func.count()).select_from(cases)
    return int(
        transaction.execute(query.where(cases.c.id >= first, cases.c.id < below)).scalar_one()
    )


def nth_newest(transaction: Transaction, n: int) -> int:
    """The number of the ``n``-th newest case, 0 where there are fewer."""
    query = select(cases.c.id).order_by(cases.c.id.desc()).offset(n).limit(1)
    return transaction.execute(query).scalar() or 0


def frequent_keys(
    transaction: Transaction, first: int, kinds: Collection[str], least: int, limit: int
) -> list[tuple[int, str, int]]:
    """Keys that at least ``least`` cases have from number ``first`` on: (key, kind, cases)."""
    count = func.count()
    query = select(case_keys.c.key, case_keys.c.kind, count).where(case_keys.c.case_id >= first)
    query = query.where(case_keys.c.kind.in_(kinds)).group_by(case_keys.c.key, case_keys.c.kind)
    query = query.having(count >= least).order_by(count.desc(), case_keys.c.key).limit(limit)
    return [(key, kind, number) for key, kind, number in transaction.execute(query)]


def count_with(transaction: Transaction, key: int, first: int, below: int) -> int:
    """How many cases of a range of numbers have a key."""
    query = select(func.count()).select_from(case_keys).where(
        case_keys.c.key == key, case_keys.c.decided.in_([True, False]),
        case_keys.c.case_id >= first, case_keys.c.case_id < below,
    )  # fmt: skip
    return int(transaction.execute(query).scalar_one())


def opened_at(transaction: Transaction, first: int) -> int | None:
    """When the first case from a number on was opened."""
    query = select(cases.c.opened_at).where(cases.c.id >= first).order_by(cases.c.id).limit(1)
    return transaction.execute(query).scalar()
