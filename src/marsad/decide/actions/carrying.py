"""Carrying out: what is due is asked for, and what was asked for is looked at.

Nothing is held in memory between two steps. Before a request leaves, a transaction says that it is
about to (a lease, the attempt, the count of the hour); after it another says what came of it. Who
is killed in between leaves a lease that runs out, and the request leaves again with the same key:
the platform can tell, and does it once.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from marsad.decide.actions.asking import Request, ask, asked_of, see
from marsad.decide.actions.outcome import after_answer, after_look
from marsad.decide.actions.pace import ORDERED, Pace
from marsad.decide.orders.states import PRESSING
from marsad.platforms.settings import Configured
from marsad.records.times import HOUR, MINUTE
from marsad.records.times import now as clock_of_now
from marsad.store import action_records, actions, log, orders
from marsad.store.actions import Action, Due
from marsad.store.database import Database, Transaction

MOST_PUT_OFF = 5_000
"""Requests that are put off in one transaction where an hour has no more room."""

Chosen = Callable[[Action], Configured]
"""Who carries out an action."""


@dataclass(frozen=True)
class Done:
    """One step: what was tried and what became of it.

    ``step`` is ``request``, ``undo`` or ``look``; ``became`` the state after it, or ``later`` where
    it is tried or looked at again, or ``limit`` where the hour's limit put it off, or ``would`` in
    a dry run. ``due_at`` is when it goes on, ``said`` what the platform said.
    """

    action: int
    case: int
    subject: str
    act: str
    platform: str
    by: str
    step: str
    became: str
    due_at: int | None = None
    said: str = ""


@dataclass
class Carried:
    """All steps of one time of carrying out, and when the next is due (µs UTC)."""

    steps: list[Done] = field(default_factory=list)
    next_at: int | None = None

    def count(self, became: str) -> int:
        """How many steps became this."""
        return sum(one.became == became for one in self.steps)


def due_now(
    transaction: Transaction, now: int, limit: int, passed: Collection[int] = ()
) -> list[Due]:
    """What is due, what authorities have ordered before all else; without those ``passed`` over."""
    return actions.due(transaction, now, limit, passed, orders.pressing(transaction, PRESSING))


@dataclass(frozen=True)
class Carrier:
    """Carries out the actions of a database, first what an authority has ordered. ``draw`` gives
    random numbers in [0, 1)."""

    database: Database
    chosen: Chosen
    clock: Callable[[], int] = clock_of_now
    pace: Pace = field(default_factory=Pace)
    draw: Callable[[], float] = random.random

    def pace_of(self, transaction: Transaction, action: Action) -> Pace:
        """How patient it is with an action."""
        return ORDERED if orders.is_ordered(transaction, action, PRESSING) else self.pace

    def carry_out(self, limit: int = 500) -> Carried:
        """Does what is due, at most ``limit`` steps. Raises `OutsideError` where the database can
        no longer be written to: then nothing more is sent."""
        done = Carried()
        passed: set[int] = set()
        while len(done.steps) < limit and (step := self._one(passed)) is not None:
            done.steps.append(step)
            passed.add(step.action)  # once each time: what is due again at once waits its turn
        with self.database.reading() as transaction:
            done.next_at = actions.next_due(transaction)
        return done

    def would(self, limit: int = 500) -> Carried:
        """What would be done now: nothing is sent and nothing changed."""
        done = Carried()
        with self.database.reading() as transaction:
            for one in due_now(transaction, self.clock(), limit):
                done.steps.append(self._done(one, "would"))
            done.next_at = actions.next_due(transaction)
        return done

    def _one(self, passed: set[int]) -> Done | None:
        taken = self._take(passed)
        if taken is None or isinstance(taken, Done):
            return taken
        due, request = taken
        if request is None:
            return self._looked(due)
        by = self.chosen(due.action)
        answer = ask(by.platform, request)
        with self.database.writing() as transaction:
            became, due_at = after_answer(transaction, due, by, answer, self)
            if request.send is not None and not answer.sent:
                action_records.not_sent(transaction, request.send)
        return self._done(due, became, due_at, answer.said)

    def _looked(self, due: Due) -> Done:
        sight = see(self.chosen(due.action).platform, due)
        with self.database.writing() as transaction:
            became, due_at = after_look(transaction, due, sight, self)
        return self._done(due, became, due_at, sight.note)

    def _take(self, passed: set[int]) -> tuple[Due, Request | None] | Done | None:
        """The next action, held by this process alone. One transaction at a time takes one, so that
        two cannot both send the last of an hour."""
        with self.database.writing() as transaction:
            log.head(transaction, for_update=True)
            now = self.clock()
            found = due_now(transaction, now, 1, passed)
            if not found:
                return None
            due = found[0]
            if due.action.state != "proposed":
                return self._lease(transaction, due, now, 0), None
            by = self.chosen(due.action)
            if (free_at := self._over_limit(transaction, by, due.action, now)) is not None:
                actions.put_off(transaction, due.action.platform, now, free_at, MOST_PUT_OFF)
                return self._done(due, "limit", free_at)
            held = self._lease(transaction, due, now, 1)
            send = None
            if not by.platform.by_hand and due.action.act in by.platform.can(due.action.kind):
                send = action_records.add_send(transaction, by.name, now, due.action.id)
            return held, asked_of(transaction, due, send)

    def _lease(self, transaction: Transaction, due: Due, now: int, attempts: int) -> Due:
        work = due.work._replace(
            token=due.work.token + 1, attempts=due.work.attempts + attempts,
            taken_at=now, runs_out_at=now + self.pace_of(transaction, due.action).held,
        )  # fmt: skip
        values = work._asdict()
        actions.set_work(transaction, values.pop("action_id"), **values)
        return due._replace(work=work)

    def _over_limit(
        self, transaction: Transaction, by: Configured, action: Action, now: int
    ) -> int | None:
        """When the next request may leave; None where one may now, and for what an authority has
        ordered: the law allows it one hour."""
        if by.platform.by_hand or orders.is_ordered(transaction, action, PRESSING):
            return None
        count, first = action_records.sent_lately(transaction, by.name, now)
        if count < by.an_hour or first is None:
            return None
        return max(now + MINUTE, min(first, now) + HOUR)

    def _done(self, due: Due, became: str, due_at: int | None = None, said: str = "") -> Done:
        action, by = due.action, self.chosen(due.action)
        step = "look" if action.state != "proposed" else "undo" if action.undoes else "request"
        return Done(action.id, action.case_id, due.subject, action.act, action.platform,
                    by.platform.name, step, became, due_at, said)  # fmt: skip
