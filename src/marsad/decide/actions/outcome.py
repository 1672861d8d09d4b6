"""What an answer or a look makes of an action, in one transaction with what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from marsad.decide.actions.pace import Pace
from marsad.decide.actions.recording import record_step
from marsad.platforms.base import Answer, Sight
from marsad.platforms.effects import Verdict, is_moot, judge
from marsad.platforms.settings import Configured
from marsad.store import action_records, actions, cases, log
from marsad.store.actions import Action, Due, Work
from marsad.store.cases import Case
from marsad.store.database import Transaction

DESK = "marsad"
LOST = "overtaken"
"""What became of a step that somebody else has taken, or that came too late."""

Became = tuple[str, int | None]
"""The state after it, or a word of `Done`; and when it goes on."""


class Timing(Protocol):
    """What of a carrier is needed here."""

    @property
    def clock(self) -> Callable[[], int]:
        """The time, µs UTC."""

    def pace_of(self, transaction: Transaction, action: Action) -> Pace:
        """How patient it is with an action."""

    @property
    def draw(self) -> Callable[[], float]:
        """Random numbers in [0, 1)."""


def after_answer(
    transaction: Transaction, due: Due, by: Configured, answer: Answer, timing: Timing
) -> Became:
    """Records what a platform answered to a request."""
    held = _held(transaction, due, "proposed")
    if held is None:
        return LOST, None
    case, action, work = held
    now, pace = timing.clock(), timing.pace_of(transaction, action)
    if answer.ending in ("accepted", "gone"):
        first = pace.until_look(0)
        look = None if by.platform.by_hand or action.undone_by or first is None else now + first
        _work(transaction, action, due_at=look, looks=0, said=answer.said)
        data = {"via": by.platform.name, "by_hand": by.platform.by_hand, "answer": answer.ending,
                "tries": work.attempts}  # fmt: skip
        return _step(transaction, case, action, "requested", now, data, answer.said), look
    if answer.ending == "later" and work.attempts < pace.tries:
        again = now + pace.wait(work.attempts, answer.after, timing.draw())
        waits = again if action.undone_by is None else None
        _work(transaction, action, due_at=waits, said=answer.said)
        return "later", waits
    why = _why_refused(answer)
    _work(transaction, action, due_at=None, said=answer.said)
    if not answer.sent and work.attempts == 1:
        actions.set_work(transaction, action.id, attempts=0)  # nothing ever left
    data = {"why": why, "via": by.platform.name, "tries": work.attempts}
    return _step(transaction, case, action, "failed", now, data, answer.said), None


def _why_refused(answer: Answer) -> str:
    if answer.ending == "later":
        return "unreachable"
    return "refused" if answer.sent else "cannot"


def after_look(transaction: Transaction, due: Due, sight: Sight, timing: Timing) -> Became:
    """Records what was seen, and what it says of the action."""
    held = _held(transaction, due, "requested")
    if held is None:
        return LOST, None
    case, action, work = held
    now = timing.clock()
    verdict = judge(action.act, action.undoes is not None, sight, action.answer == "gone")
    action_records.add_look(transaction, action.id, now, sight.state, sight.measures, verdict,
                            sight.note or None)  # fmt: skip
    looks = work.looks + 1
    wait = timing.pace_of(transaction, action).until_look(looks)
    if action.undone_by is not None:  # taken back while it was looked at
        _work(transaction, action, due_at=None, looks=looks)
        return LOST, None
    if wait is not None and not _settled(verdict, action):
        _work(transaction, action, due_at=now + wait, looks=looks)
        return "later", now + wait
    _work(transaction, action, due_at=None, looks=looks)
    kind, why = conclusion(action, verdict)
    data = {"why": why, "seen": seen(sight), "looks": looks}
    return _step(transaction, case, action, kind, now, data, sight.note), None


def _settled(verdict: Verdict, action: Action) -> bool:
    """Whether a look ends it. That a subject is gone is believed at once only where the platform
    has said so, too: a page that is missing may be back."""
    return verdict == "done" or (verdict == "gone" and action.answer == "gone")


def conclusion(action: Action, verdict: Verdict) -> tuple[str, str]:
    """The state that the last look leads to, and why: asked is not done."""
    if verdict == "done":
        return "confirmed", "seen"
    if verdict == "gone":
        moot = is_moot(action.act, action.undoes is not None)
        return ("confirmed" if moot else "failed"), "gone"
    return "failed", "not-seen" if verdict == "not-yet" else "unseen"


def seen(sight: Sight) -> str:
    """A sight in one word or a few: the state, then measures in force."""
    return " ".join([sight.state, *sorted(sight.measures)])


def end(
    transaction: Transaction, case: Case, action: Action, kind: str, at: int, actor: str,
    data: dict[str, Any], said: str | None,
) -> str:  # fmt: skip
    """Records that an action has ended; where it took another one back, that one is reversed."""
    data = {"action": action.id} | data
    ended = record_step(transaction, case, f"action-{kind}", at=at, actor=actor, data=data,
                        said=said)  # fmt: skip
    if ended.state == "confirmed" and ended.undoes is not None:
        undone = actions.read(transaction, ended.undoes)
        if undone is not None and undone.state != "reversed":
            data = {"action": undone.id, "why": "undone", "seen": data.get("seen")}
            record_step(transaction, case, "action-reversed", at=at, actor=actor, data=data)
            actions.set_work(transaction, undone.id, due_at=None)
    return ended.state


def _step(
    transaction: Transaction, case: Case, action: Action, kind: str, at: int, data: dict[str, Any],
    said: str,
) -> str:  # fmt: skip
    return end(transaction, case, action, kind, at, DESK, data, said or None)


def _held(transaction: Transaction, due: Due, state: str) -> tuple[Case, Action, Work] | None:
    """Case, action and work as they are now, locked in the order that everybody locks them in; None
    where somebody else is at it by now, or it is over."""
    case = cases.read(transaction, due.action.case_id)
    log.head(transaction, for_update=True)
    work = actions.work(transaction, due.action.id, for_update=True)
    action = actions.read(transaction, due.action.id)
    if case is None or case.state == "erased" or action is None:
        return None
    if work.token != due.work.token or action.state != state:
        return None
    return case, action, work


def _work(transaction: Transaction, action: Action, **values: Any) -> None:
    """Writes how the work goes on, and gives the action back."""
    actions.set_work(transaction, action.id, runs_out_at=0, **values)
