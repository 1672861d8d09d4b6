"""The rows of actions, and the work that is due on them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, insert, or_, select, update

from marsad.records.errors import ConflictError
from marsad.records.times import DAY
from marsad.store.action_tables import action_steps, action_work, actions
from marsad.store.cases import shown
from marsad.store.database import Transaction
from marsad.store.order_tables import order_acts
from marsad.store.tables import audit, cases

FARTHEST = 2 * DAY
"""No try or look is put off longer, µs: what is due later than this was put off by a clock that
has jumped, and is due now."""

AT_ONCE = 1_000
"""Ids in one statement."""


@dataclass(frozen=True, slots=True)
class Action:
    """An action as the log leaves it; the columns of the table, in its order.

    ``id`` is the entry that proposed it, ``decision`` the one that decided it, ``cause`` the one it
    follows from: the decision, or for an undo what took the decision back. ``kind`` is that of the
    subject, ``platform`` where the subject is. ``undoes`` is the action that this one takes back,
    ``undone_by`` the one that takes this one back. ``key`` tells the platform a second sending from
    a second action; ``evidence`` is the hash of the entry that sealed evidence and decision.
    ``round`` counts how often a person asked for it anew. ``answer`` is what the platform said to
    the request (``accepted``, ``gone``), ``why`` the reason of the state, ``seen`` what was seen.
    """

    id: int
    case_id: int
    decision: int
    cause: int
    kind: str
    platform: str
    act: str
    undoes: int | None
    undone_by: int | None
    key: str
    evidence: str
    state: str
    round: int
    by_hand: bool
    answer: str | None
    proposed_at: int
    requested_at: int | None
    ended_at: int | None
    why: str | None
    seen: str | None
    version: int

    @property
    def request_key(self) -> str:
        """What is sent with the request: the same at every try, another after a person asked for
        it anew, lest the platform repeat what it answered before."""
        return f"{self.key}-{self.round}"


class Work(NamedTuple):
    """When an action is tried or looked at next, and who is at it; times in µs UTC.

    ``attempts`` are requests that were begun, ``looks`` those since it was requested. ``said`` is
    the last thing the platform answered.
    """

    action_id: int
    due_at: int | None
    attempts: int
    looks: int
    token: int
    taken_at: int
    runs_out_at: int
    said: str | None

    def held(self, now: int) -> bool:
        """Whether somebody is at it."""
        return self.taken_at <= now < self.runs_out_at


class Step(NamedTuple):
    """One entry of an action's history."""

    seq: int
    action_id: int
    step: str
    actor: str
    at: int
    why: str | None
    seen: str | None


class Due(NamedTuple):
    """An action that something is to be done about, with its subject's id."""

    action: Action
    work: Work
    subject: str


def read(transaction: Transaction, action_id: int) -> Action | None:
    """One action."""
    row = transaction.execute(select(actions).where(actions.c.id == action_id)).first()
    return Action(*row) if row else None


def of_case(transaction: Transaction, case_id: int) -> list[Action]:
    """The actions of a case, the first one first."""
    query = select(actions).where(actions.c.case_id == case_id).order_by(actions.c.id)
    return [Action(*row) for row in transaction.execute(query)]


def write(transaction: Transaction, old: Action | None, new: Action) -> None:
    """Puts an action in the place of the one that was read. Raises `ConflictError` where somebody
    else has changed it since."""
    if old is None:
        transaction.execute(insert(actions).values(**asdict(new)))
        return
    same = and_(actions.c.id == old.id, actions.c.version == old.version)
    done = transaction.execute(update(actions).where(same).values(**asdict(new)))
    if done.rowcount != 1:
        raise ConflictError("action.changed", action=old.id)


def all_in_order(transaction: Transaction) -> Iterator[Action]:
    """Every action, by number."""
    for row in transaction.execute(select(actions).order_by(actions.c.id)):
        yield Action(*row)


def sealed(transaction: Transaction) -> Iterator[tuple[int, str, bytes]]:
    """Each action with the evidence it carries, and the hash of the entry it follows from."""
    query = select(actions.c.id, actions.c.evidence, audit.c.hash)
    query = query.join(audit, audit.c.seq == actions.c.cause).order_by(actions.c.id)
    yield from (tuple(row) for row in transaction.execute(query))


def steps(transaction: Transaction, ids: Collection[int]) -> list[Step]:
    """The histories of some actions, in the order of the log."""
    query = select(action_steps).where(action_steps.c.action_id.in_(ids))
    return [Step(*row) for row in transaction.execute(query.order_by(action_steps.c.seq))]


def by_hand(
    transaction: Transaction, limit: int, after: int, platform: str | None,
    unaware: str | None = None, among: Collection[int] | None = None, but: Collection[int] = (),
) -> list[tuple[Action, str]]:  # fmt: skip
    """Requests to people that nobody has answered, oldest first, each with its subject's id; only
    those ``among`` some where these are named, all ``but`` some, and none in cases that are not
    shown to who is ``unaware`` (`marsad.store.cases.shown`)."""
    open_ones = and_(
        actions.c.state == "requested", actions.c.by_hand, actions.c.undone_by.is_(None)
    )
    query = select(*actions.c, cases.c.subject).join(cases, cases.c.id == actions.c.case_id)
    query = query.where(open_ones, actions.c.id > after, cases.c.subject.is_not(None))
    if platform is not None:
        query = query.where(actions.c.platform == platform)
    if among is not None:
        query = query.where(actions.c.id.in_(among))
    query = query.where(actions.c.id.not_in(but)) if but else query
    query = query.where(shown(unaware, True)) if unaware is not None else query
    rows = transaction.execute(query.order_by(actions.c.id).limit(limit))
    return [(Action(*row[:-1]), row[-1]) for row in rows]


def failed(
    transaction: Transaction, limit: int, before: int | None = None, unaware: str | None = None
) -> list[tuple[Action, str]]:
    """Actions that have failed and were not taken back, the newest first, each with its subject's
    id; ``before`` is an action's number, ``unaware`` as in `by_hand`."""
    query = select(*actions.c, cases.c.subject).join(cases, cases.c.id == actions.c.case_id)
    query = query.where(
        actions.c.state == "failed", actions.c.undone_by.is_(None), cases.c.subject.is_not(None)
    )  # fmt: skip
    query = query.where(actions.c.id < before) if before is not None else query
    query = query.where(shown(unaware, True)) if unaware is not None else query
    rows = transaction.execute(query.order_by(actions.c.id.desc()).limit(limit))
    return [(Action(*row[:-1]), row[-1]) for row in rows]


# ── work


def begin(transaction: Transaction, action_id: int, due_at: int) -> None:
    """Puts work on a new action in the way."""
    row = {"attempts": 0, "looks": 0, "token": 0, "taken_at": 0, "runs_out_at": 0}
    transaction.execute(insert(action_work).values(action_id=action_id, due_at=due_at, **row))


def work(transaction: Transaction, action_id: int, for_update: bool = False) -> Work:
    """How far the work on an action is."""
    query = select(action_work).where(action_work.c.action_id == action_id)
    row = transaction.execute(query.with_for_update() if for_update else query).one()
    return Work(*row)


def work_on(transaction: Transaction, ids: Collection[int]) -> dict[int, Work]:
    """How far the work on some actions is."""
    query = select(action_work).where(action_work.c.action_id.in_(ids))
    return {row.action_id: Work(*row) for row in transaction.execute(query)}


def set_work(transaction: Transaction, action_id: int, **values: Any) -> None:
    """Changes columns of the work on an action."""
    changed = update(action_work).where(action_work.c.action_id == action_id)
    transaction.execute(changed.values(**values))


def hurry(transaction: Transaction, ids: Collection[int], at: int) -> None:
    """Has what waits for some actions be due at a time (µs UTC), if it is not before."""
    later = action_work.c.action_id.in_(ids) & (action_work.c.due_at > at)
    transaction.execute(update(action_work).where(later).values(due_at=at))


def due(
    transaction: Transaction, now: int, limit: int, passed: Collection[int] = (),
    first: Collection[int] = (),
) -> list[Due]:  # fmt: skip
    """What is due and nobody is at: of those that come ``first``, then of all, the longest due
    first; those ``passed`` over are left out."""
    found: list[Due] = []
    parts = [(_pressing(now, first), passed)] if first else []
    parts += [(late, {*passed, *first}) for late in _late(now)]
    for late, without in parts:  # one by one: with OR the index would not give the order
        query = _due(now).where(late).order_by(action_work.c.due_at, action_work.c.action_id)
        if without:
            query = query.where(actions.c.id.not_in(without))
        rows = transaction.execute(query.limit(limit - len(found)))
        found += [_as_due(row) for row in rows]
        if len(found) == limit:
            break
    return found


def _pressing(now: int, first: Collection[int]) -> ColumnElement[bool]:
    """Of these, those that are due, were never tried, or wait by a clock that was set back."""
    at_once = or_(action_work.c.attempts == 0, action_work.c.taken_at > now)
    waits = and_(action_work.c.due_at.is_not(None), at_once)
    return and_(actions.c.id.in_(first), or_(action_work.c.due_at <= now, waits))


def _as_due(row: Sequence[Any]) -> Due:
    width = len(actions.c)
    return Due(Action(*row[:width]), Work(*row[width:-1]), row[-1])


def _late(now: int) -> tuple[ColumnElement[bool], ...]:
    return action_work.c.due_at <= now, action_work.c.due_at > now + FARTHEST


def put_off(transaction: Transaction, platform: str, now: int, until: int, most: int) -> None:
    """Puts off requests to a platform that are due, ``most`` of them, in the order they are due;
    none of a case in which an authority has ordered something."""
    query = select(action_work.c.action_id)
    query = query.join(actions, actions.c.id == action_work.c.action_id)
    asks = and_(actions.c.state == "proposed", ~actions.c.by_hand, actions.c.platform == platform)
    asks = and_(asks, actions.c.case_id.not_in(select(order_acts.c.case_id)))
    for late in _late(now):
        some = query.where(asks, late).order_by(action_work.c.due_at, action_work.c.action_id)
        ids = list(transaction.execute(some.limit(most)).scalars())
        for start in range(0, len(ids), AT_ONCE):
            part = action_work.c.action_id.in_(ids[start : start + AT_ONCE])
            transaction.execute(update(action_work).where(part).values(due_at=until))


def next_due(transaction: Transaction) -> int | None:
    """When something is due next, µs UTC; None where nothing waits."""
    query = select(action_work.c.due_at).where(action_work.c.due_at.is_not(None))
    return transaction.execute(query.order_by(action_work.c.due_at).limit(1)).scalar()


def _due(now: int) -> Select[Any]:
    free = or_(action_work.c.taken_at > now, action_work.c.runs_out_at <= now)
    query = select(*actions.c, *action_work.c, cases.c.subject)
    query = query.join(action_work, action_work.c.action_id == actions.c.id)
    query = query.join(cases, cases.c.id == actions.c.case_id)
    waits = or_(actions.c.state != "proposed", ~_earlier(now))
    gone = cases.c.subject.is_not(None)
    return query.where(free, gone, actions.c.undone_by.is_(None), waits)


def _earlier(now: int) -> Any:
    """Whether an earlier action of the same case may still be sent: what undoes it must not be
    there first, nor a later action before what it replaces is undone."""
    other, others = actions.alias(), action_work.alias()
    sending = and_(others.c.taken_at <= now, others.c.runs_out_at > now)
    unsent = and_(other.c.state == "proposed", other.c.undone_by.is_(None))
    return exists().where(
        other.c.case_id == actions.c.case_id,
        other.c.id < actions.c.id,
        others.c.action_id == other.c.id,
        or_(unsent, sending),
    )
