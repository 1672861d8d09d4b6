"""Actions as pages show them: the state, how it came to it, what was seen, when it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.decide.orders.states import PRESSING
from marsad.store import action_records, actions, log, orders
from marsad.store.action_records import Look
from marsad.store.actions import Action, Step
from marsad.store.database import Transaction


@dataclass(frozen=True)
class Line:
    """One entry of an action's history; ``said`` is what a platform or a person wrote, None where
    nothing was or it was erased."""

    step: Step
    said: str | None


@dataclass(frozen=True)
class Shown:
    """An action with its history and all that was seen of its subject.

    ``next_at`` is when it is tried or looked at next (µs UTC), None where nothing more is done by
    itself; ``attempts`` the requests that were begun since somebody last asked for it; ``last``
    what the platform said last.
    """

    action: Action
    history: Sequence[Line]
    looks: Sequence[Look]
    next_at: int | None
    attempts: int
    last: str | None


@dataclass(frozen=True)
class ToDo:
    """What a person is asked to do: the action and its subject's id. What is ``ordered`` presses
    because of an authority."""

    action: Action
    subject: str
    ordered: bool = False


def of_case(transaction: Transaction, case_id: int) -> list[Shown]:
    """The actions of a case, the first one first."""
    found = actions.of_case(transaction, case_id)
    ids = [one.id for one in found]
    histories = actions.steps(transaction, ids)
    lines = [Line(step, _said(transaction, step)) for step in histories]
    looks = action_records.looks(transaction, ids)
    works = actions.work_on(transaction, ids)
    return [
        Shown(
            one,
            [line for line in lines if line.step.action_id == one.id],
            [look for look in looks if look.action_id == one.id],
            works[one.id].due_at, works[one.id].attempts, works[one.id].said,
        )
        for one in found
    ]  # fmt: skip


def to_do(
    transaction: Transaction, limit: int = 50, after: int = 0, platform: str | None = None,
    unaware: str | None = None,
) -> list[ToDo]:  # fmt: skip
    """What people are asked to do and nobody has recorded, oldest first; on the first page stands
    before all else what an authority has ordered, however much. ``after`` is the number of the last
    action of the page before that nobody has ordered. Who is ``unaware`` is not told of a case of
    which a copy waits for them: what is asked for says what was decided."""
    pressing = orders.pressing(transaction, PRESSING)
    found = actions.by_hand(transaction, limit, after, platform, unaware, but=pressing)
    others = [ToDo(*one) for one in found]
    if after or not pressing:
        return others
    first = actions.by_hand(transaction, len(pressing), 0, platform, unaware, pressing)
    return [ToDo(*one, ordered=True) for one in first] + others


def failed(
    transaction: Transaction, limit: int = 50, before: int | None = None,
    unaware: str | None = None,
) -> list[ToDo]:  # fmt: skip
    """What has failed and was not taken back, the newest first; ``unaware`` as in `to_do`."""
    return [ToDo(*one) for one in actions.failed(transaction, limit, before, unaware)]


def _said(transaction: Transaction, step: Step) -> str | None:
    private = log.event(transaction, step.seq).private
    return private.get("said") if private else None
