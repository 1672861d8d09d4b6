"""What people record: what they saw where no machine looks, and what they ask for anew."""

from __future__ import annotations

from marsad.decide import blind
from marsad.decide.actions import outcome
from marsad.decide.actions.recording import record_step
from marsad.decide.recording import existing
from marsad.decide.roles import Reviewer, require
from marsad.platforms.base import clean
from marsad.platforms.effects import Verdict, is_moot
from marsad.records.errors import InputError
from marsad.store import action_records, actions, log
from marsad.store.actions import Action
from marsad.store.cases import Case
from marsad.store.database import Transaction

SAW = ("done", "not-possible", "already-gone")
"""What a person may have seen."""

LONGEST_NOTE = 10_000
_VERDICTS: dict[str, Verdict] = {"done": "done", "not-possible": "not-yet", "already-gone": "gone"}


def record_manual(
    transaction: Transaction, reviewer: Reviewer, action_id: int, saw: str, note: str, now: int
) -> Action:
    """Ends an action that a person was asked for, with what they saw. See `Desk.record_manual`."""
    require(reviewer, "record-action")
    if saw not in SAW:
        raise InputError("action.saw", given=saw[:200], valid=list(SAW))
    if len(note) > LONGEST_NOTE:
        raise InputError("decide.note", length=len(note), high=LONGEST_NOTE)
    case, action = _open(transaction, reviewer, action_id)
    if action.state != "requested" or not action.by_hand or action.undone_by is not None:
        raise InputError("action.not-by-hand", action=action_id, state=action.state)
    verdict = _VERDICTS[saw]
    said = note.strip() or None
    action_records.add_look(
        transaction, action.id, now, "unknown", (), verdict, clean(note) or None
    )
    data = {"why": _why(saw), "seen": saw}
    kind = _kind(action, saw)
    outcome.end(transaction, case, action, kind, now, reviewer.id, data, said)
    actions.set_work(transaction, action.id, due_at=None)
    ended = actions.read(transaction, action.id)
    assert ended is not None
    return ended


def _kind(action: Action, saw: str) -> str:
    if saw == "already-gone":
        return "confirmed" if is_moot(action.act, action.undoes is not None) else "failed"
    return "confirmed" if saw == "done" else "failed"


def _why(saw: str) -> str:
    return {"done": "seen-by-person", "not-possible": "not-possible", "already-gone": "gone"}[saw]


def retry(
    transaction: Transaction, reviewer: Reviewer, action_id: int, by_hand: bool, now: int
) -> Action:
    """Asks anew for what has failed. See `Desk.retry_action`."""
    require(reviewer, "retry-action")
    case, action = _open(transaction, reviewer, action_id)
    if action.state != "failed" or action.undone_by is not None or case.subject is None:
        raise InputError("action.not-failed", action=action_id, state=action.state)
    data = {"action": action.id, "by_hand": by_hand}
    again = record_step(transaction, case, "action-retried", at=now, actor=reviewer.id, data=data)
    actions.set_work(transaction, action.id, due_at=now, attempts=0, looks=0, runs_out_at=0)
    return again


def _open(transaction: Transaction, reviewer: Reviewer, action_id: int) -> tuple[Case, Action]:
    found = actions.read(transaction, action_id)
    if found is None:
        raise InputError("action.none", action=action_id)
    case = existing(transaction, found.case_id)
    if not blind.visible(transaction, case, reviewer):
        raise InputError("action.none", action=action_id)
    log.head(transaction, for_update=True)
    actions.work(transaction, action_id, for_update=True)
    locked = actions.read(transaction, action_id)
    assert locked is not None
    return case, locked
