"""What people ask for about their own data: a copy of it, or that it is erased.

Each request is an entry of the log with the day it came; it is answered within a month, which can
be extended by two (Regulation (EU) 2016/679, Articles 12(3), 15 and 17).
"""

from __future__ import annotations

from marsad.decide.preservation.naming import named
from marsad.decide.preservation.terms import LONGER, TO_ANSWER, months_after
from marsad.decide.recording import record_apart
from marsad.records.errors import ConflictError, InputError
from marsad.store import holds as store
from marsad.store import log, persons
from marsad.store.database import Transaction
from marsad.store.holds import Request

ACCESS, ERASURE = "access", "erasure"
KINDS = (ACCESS, ERASURE)
OUTCOMES = ("done", "refused")
LONGEST = 2_000


def receive(
    transaction: Transaction, actor: str, name: str, kind: str, received_at: int, note: str, at: int
) -> Request:
    """Records a request that came at a time (µs UTC)."""
    name = named(name)
    if kind not in KINDS:
        raise InputError("request.kind", given=kind[:100], valid=list(KINDS))
    if received_at > at:
        raise InputError("request.later")
    _check(note)
    person = persons.number_of(transaction, name)
    event = record_apart(
        transaction, "request-received", at=at, actor=actor, person=person,
        data={"person": person, "kind": kind, "received_at": received_at,
              "due_at": months_after(received_at, TO_ANSWER)},
        private={"note": note.strip()},
    )  # fmt: skip
    return _read(transaction, event.seq)


def extend(transaction: Transaction, actor: str, number: int, note: str, at: int) -> Request:
    """Gives a request two months more, once, for a reason that its sender is told."""
    request = _open(transaction, number)
    due = months_after(request.received_at, TO_ANSWER + LONGER)
    if request.due_at >= due:
        raise ConflictError("request.extended", request=str(number))
    if not note.strip():
        raise InputError("request.note", high=LONGEST)
    _check(note)
    record_apart(
        transaction, "request-extended", at=at, actor=actor, person=request.person,
        data={"request": number, "due_at": due}, private={"note": note.strip()},
    )  # fmt: skip
    return _read(transaction, number)


def answer(
    transaction: Transaction, actor: str, number: int, outcome: str, note: str, at: int
) -> Request:
    """Says what became of a request; a refusal needs a reason."""
    if outcome not in OUTCOMES:
        raise InputError("request.outcome", given=outcome[:100], valid=list(OUTCOMES))
    if outcome == "refused" and not note.strip():
        raise InputError("request.note", high=LONGEST)
    _check(note)
    request = _open(transaction, number)
    known = persons.salt_of(transaction, request.person) is not None  # else they were erased
    record_apart(
        transaction, "request-answered", at=at, actor=actor,
        person=request.person if known else None, data={"request": number, "outcome": outcome},
        private={"note": note.strip()} if known else None,
    )  # fmt: skip
    return _read(transaction, number)


def answer_all(transaction: Transaction, actor: str, person: int, kind: str, at: int) -> int:
    """Says of all open requests of one kind that they were met; how many that were."""
    waiting = [one for one in store.requests(transaction, person)
               if one.kind == kind and one.outcome is None]  # fmt: skip
    for one in waiting:
        answer(transaction, actor, one.id, "done", "", at)
    return len(waiting)


def note_of(transaction: Transaction, request: Request) -> str:
    """What was noted when it came."""
    return str((log.event(transaction, request.id).private or {}).get("note", ""))


def _check(note: str) -> None:
    if len(note) > LONGEST:
        raise InputError("request.note", high=LONGEST)


def _open(transaction: Transaction, number: int) -> Request:
    request = _read(transaction, number)
    if request.outcome is not None:
        raise ConflictError("request.answered", request=str(number))
    return request


def _read(transaction: Transaction, number: int) -> Request:
    found = store.requests(transaction, number=number)
    if not found:
        raise InputError("request.none", request=str(number))
    return found[0]
