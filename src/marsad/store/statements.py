"""Statements of reasons as they are stored, and how far their making and sending have come."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from marsad.records.message import Message
from marsad.records.times import MINUTE
from marsad.store.database import Transaction
from marsad.store.order_tables import order_acts
from marsad.store.quality_tables import verdicts
from marsad.store.statement_tables import (
    statement_steps,
    statement_turns,
    statement_waits,
    statement_work,
    statements,
)

WAITING, HELD, REFUSED = "waiting", "held", "refused"
ACCEPTED, DROPPED = "accepted", "dropped"
LISTED = (HELD, REFUSED, WAITING, ACCEPTED, DROPPED)
"""The states of a record for the transparency database, as a page lists them."""

FAILED = "failed"
"""None of these: there is no record, for the statement could not be made."""

MAKE, SEND = "make", "send"
ORDER = "order"
"""What an act under an order rests on, in place of a policy."""


class Statement(NamedTuple):
    """A statement; ``code`` is the digest of what it can be appealed with, None where it cannot."""

    seq: int
    case_id: int
    decision: int
    step: str
    puid: str
    lang: str
    code: bytes | None
    public: bool
    held: bool
    made_at: int


class Step(NamedTuple):
    """What became of a statement, or who did what with it."""

    seq: int
    statement: int
    step: str
    actor: str
    at: int


class Undone(NamedTuple):
    """A final decision, or what took one back, that no statement was made of yet."""

    seq: int
    case_id: int
    step: str
    outcome: str
    policy: str
    at: int


def read(transaction: Transaction, statement: int) -> Statement | None:
    """One statement by its number."""
    return _one(transaction, statements.c.seq == statement)


def of_decision(transaction: Transaction, decision: int) -> Statement | None:
    """The statement of the entry that decided, or took back."""
    return _one(transaction, statements.c.decision == decision)


def by_code(transaction: Transaction, digest: bytes) -> Statement | None:
    """The statement that a code belongs to."""
    return _one(transaction, statements.c.code == digest)


def of_case(transaction: Transaction, case_id: int) -> list[Statement]:
    """The statements of a case, the newest first."""
    query = select(statements).where(statements.c.case_id == case_id)
    return [Statement(*row) for row in transaction.execute(query.order_by(statements.c.seq.desc()))]


def _one(transaction: Transaction, where: ColumnElement[bool]) -> Statement | None:
    row = transaction.execute(select(statements).where(where)).first()
    return Statement(*row) if row else None


def steps_of(transaction: Transaction, statement: int) -> list[Step]:
    """What became of one statement, in order."""
    query = select(statement_steps).where(statement_steps.c.statement == statement)
    return [Step(*row) for row in transaction.execute(query.order_by(statement_steps.c.seq))]


def last_step(transaction: Transaction, statement: int) -> Step | None:
    """The last that became of one statement."""
    found = steps_of(transaction, statement)
    return found[-1] if found else None


# ── what has yet to be accepted


def set_state(transaction: Transaction, statement: int, state: str | None) -> None:
    """Says what a statement waits for; None: for nothing any more."""
    transaction.execute(delete(statement_work).where(statement_work.c.statement == statement))
    if state is not None:
        row = {"statement": statement, "state": state}
        transaction.execute(insert(statement_work).values(**row))


def state_of(transaction: Transaction, statement: int) -> str | None:
    """What a statement waits for."""
    query = select(statement_work.c.state).where(statement_work.c.statement == statement)
    return transaction.execute(query).scalar()


def in_state(transaction: Transaction, state: str, limit: int, after: int = 0) -> list[Statement]:
    """Statements that wait for something, the oldest first."""
    query = select(statements).join(statement_work, statement_work.c.statement == statements.c.seq)
    query = query.where(statement_work.c.state == state, statements.c.seq > after)
    rows = transaction.execute(query.order_by(statement_work.c.statement).limit(limit))
    return [Statement(*row) for row in rows]


def ended(transaction: Transaction, step: str, limit: int) -> list[Statement]:
    """The last statements that were accepted or dropped, the newest first."""
    query = select(statements).join(
        statement_steps, statement_steps.c.statement == statements.c.seq
    )
    query = query.where(statement_steps.c.step == step)
    rows = transaction.execute(query.order_by(statement_steps.c.seq.desc()).limit(limit))
    return [Statement(*row) for row in rows]


def count(transaction: Transaction, state: str) -> int:
    """How many statements wait for something."""
    query = select(func.count()).where(statement_work.c.state == state)
    return int(transaction.execute(query).scalar_one())


def counts(transaction: Transaction) -> dict[str, int]:
    """How many statements are in which state, and how many could not be made."""
    waiting = select(statement_work.c.state, func.count()).group_by(statement_work.c.state)
    done = select(statement_steps.c.step, func.count()).where(
        statement_steps.c.step.in_((ACCEPTED, DROPPED))
    )
    queries = (waiting, done.group_by(statement_steps.c.step))
    found: dict[str, int] = dict(row for query in queries for row in transaction.execute(query))
    lost = select(func.count()).select_from(statement_turns).where(_of_one())
    return found | {FAILED: int(transaction.execute(lost).scalar_one())}


# ── what none was made of yet


EXECUTED, LIFTED = "executed", "lifted"
"""The steps of who carried out an order, and of what is no longer kept done because it said so: no
verdicts, for the desk has not judged."""


def undone(transaction: Transaction, after: int, limit: int) -> list[Undone]:
    """Final decisions about real cases, what took them back, and what was done because an order
    said so, or is so no more, after an entry, in order."""
    found, seq = _verdicts(transaction, verdicts.c.seq > after, limit), order_acts.c.seq
    done = seq > after
    if len(found) == limit:  # no further than they go
        done &= seq < found[-1].seq
    return sorted([*found, *_acts(transaction, done, limit)])[:limit]


def verdict(transaction: Transaction, seq: int) -> Undone | None:
    """One of these."""
    found = _verdicts(transaction, verdicts.c.seq == seq, 1)
    return next(iter(found or _acts(transaction, order_acts.c.seq == seq, 1)), None)


def last_verdict(
    transaction: Transaction, case_id: int, before: int | None = None
) -> Undone | None:
    """The last that was decided in a case, or took back a decision; ``before`` a time (µs UTC)
    where one is named."""
    said = verdicts.c
    query = select(said.seq).where(said.case_id == case_id)
    query = query.where(said.at < before) if before is not None else query
    seq = transaction.execute(query.order_by(said.seq.desc()).limit(1)).scalar()
    return verdict(transaction, seq) if seq is not None else None


def _verdicts(transaction: Transaction, where: ColumnElement[bool], limit: int) -> list[Undone]:
    said = verdicts.c
    query = select(said.seq, said.case_id, said.step, said.outcome, said.policy, said.at)
    rows = transaction.execute(query.where(where).order_by(said.seq).limit(limit))
    return [Undone(*row) for row in rows]


def _acts(transaction: Transaction, where: ColumnElement[bool], limit: int) -> list[Undone]:
    said = order_acts.c
    query = select(said.seq, said.case_id, said.step, said.act, literal(ORDER), said.at)
    rows = transaction.execute(query.where(where).order_by(said.seq).limit(limit))
    return [Undone(*row) for row in rows]


def put_off(transaction: Transaction, decision: int, due_at: int) -> None:
    """Leaves a decision for later: nobody may be told of it before ``due_at`` (µs UTC)."""
    ready(transaction, decision)
    row = {"decision": decision, "due_at": due_at}
    transaction.execute(insert(statement_waits).values(**row))


def ready(transaction: Transaction, decision: int) -> None:
    """A decision no longer waits."""
    transaction.execute(delete(statement_waits).where(statement_waits.c.decision == decision))


def due(transaction: Transaction, now: int, limit: int) -> list[int]:
    """Decisions that were left for a time that has come."""
    query = select(statement_waits.c.decision).where(statement_waits.c.due_at <= now)
    return list(
        transaction.execute(query.order_by(statement_waits.c.due_at).limit(limit)).scalars()
    )


# ── what could not be made


class Failed(NamedTuple):
    """A decision whose statement could not be made: ``why``, after so many tries; it is tried again
    at ``due_at`` (µs UTC)."""

    decision: int
    tries: int
    due_at: int
    why: Message


_OF_ONE = "make:"
"""Before the number of a decision: the name of the turn that is at this one alone."""


def fail(transaction: Transaction, decision: int, why: Message, now: int, longest: int) -> None:
    """Keeps that a statement could not be made, and when it is tried again: after a minute, then
    after twice as long each time, to the ``longest`` (µs)."""
    before = turn(transaction, f"{_OF_ONE}{decision}")
    wait = min(MINUTE << min(before.tries, 30), longest)
    said = json.dumps([why.id, dict(why.values)])
    write(transaction, replace(before, seq=decision, tries=before.tries + 1, due_at=now + wait,
                               said=said))  # fmt: skip


def settle(transaction: Transaction, decision: int) -> None:
    """Forgets that one could not be made."""
    name = f"{_OF_ONE}{decision}"
    transaction.execute(delete(statement_turns).where(statement_turns.c.name == name))


def failed(transaction: Transaction, limit: int, due: int | None = None) -> list[Failed]:
    """The statements that could not be made, the oldest decision first; those that are to be tried
    again by a time (µs UTC) alone where it is named."""
    rows = statement_turns.c
    query = select(rows.seq, rows.tries, rows.due_at, rows.said).where(_of_one())
    query = query.where(rows.due_at <= due) if due is not None else query
    found = transaction.execute(query.order_by(rows.seq).limit(limit))
    return [Failed(seq, tries, at, Message(*json.loads(said))) for seq, tries, at, said in found]


def _of_one() -> ColumnElement[bool]:
    return statement_turns.c.name.startswith(_OF_ONE, autoescape=True)


# ── turns


@dataclass(frozen=True, slots=True)
class Turn:
    """How far a work has come: to entry ``seq``. ``tries`` have failed since something was done,
    ``said`` is what came of the last; it goes on at ``due_at`` (µs UTC). Whoever is at it holds it
    under ``token``."""

    name: str
    seq: int = 0
    tries: int = 0
    due_at: int = 0
    token: int = 0
    taken_at: int = 0
    runs_out_at: int = 0
    said: str | None = None

    def held(self, now: int) -> bool:
        """Whether somebody is at it; a clock that jumped frees it."""
        return self.taken_at <= now < self.runs_out_at


def turn(transaction: Transaction, name: str) -> Turn:
    """How far a work has come; in a transaction that writes nobody else changes it meanwhile."""
    query = select(statement_turns).where(statement_turns.c.name == name).with_for_update()
    row = transaction.execute(query).first()
    if row is None:  # of two who are first at once, one begins it
        dialect = postgresql if transaction.dialect.name == "postgresql" else sqlite
        begun = dialect.insert(statement_turns).values(**asdict(Turn(name)))
        transaction.execute(begun.on_conflict_do_nothing())
        row = transaction.execute(query).one()
    return Turn(*row)


def peek(transaction: Transaction, name: str) -> Turn:
    """The same, to look at alone."""
    row = transaction.execute(select(statement_turns).where(statement_turns.c.name == name)).first()
    return Turn(*row) if row else Turn(name)


def take(transaction: Transaction, turn: Turn, now: int, length: int) -> Turn:
    """Holds a work that nobody holds."""
    taken = replace(turn, token=turn.token + 1, taken_at=now, runs_out_at=now + length)
    _write(transaction, taken, turn.token)
    return taken


def write(transaction: Transaction, turn: Turn) -> bool:
    """Stores how far a work has come; whether it was still held under its token."""
    return _write(transaction, turn, turn.token)


def _write(transaction: Transaction, turn: Turn, token: int) -> bool:
    mine = (statement_turns.c.name == turn.name) & (statement_turns.c.token == token)
    return (
        transaction.execute(update(statement_turns).where(mine).values(**asdict(turn))).rowcount
        == 1
    )
