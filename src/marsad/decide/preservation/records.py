"""What is kept apart: asked for in the log first, then written, and deleted when its time is over.

What was removed under an order is kept six months from its removal (Regulation (EU) 2021/784,
Article 6), longer where proceedings need it. What to keep is asked for in the transaction that
proposes the action: nothing is taken from a platform that nobody was told to keep. The files are
`marsad.workspace.preserving`'s.
"""

from __future__ import annotations

from typing import Any

from marsad.decide.orders.states import RUNNING
from marsad.decide.preservation.holds import day
from marsad.decide.preservation.terms import PRESERVED, months_after
from marsad.decide.recording import record_apart
from marsad.decide.roles import Reviewer
from marsad.records.errors import ConflictError, InputError
from marsad.store import cases, orders, persons, preservations
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.preservations import Record

DESK = "marsad"
ORDER, HAND = "order", "hand"
"""Why something is kept: under an order, or because somebody asked for it."""

PURPOSES = ("review", "complaint", "investigation", "reinstatement")
"""What content may be looked at for: proceedings of review, complaints, the investigation of
terrorist offences (Article 6(1)), and putting it back."""

BEGUN, REMOVED = ("action-proposed", "action-ordered"), "action-confirmed"
"""The entries at which something is asked for, and the one from which its time runs."""

LONGEST = 2_000
FURTHEST = 120
"""Months that one extension may reach from now at most."""


def follow(transaction: Transaction, case: Case, kind: str, at: int) -> None:
    """What an action in a case (an entry of a kind) means for what is kept: it is asked for before
    anything is done, and its time begins when the removal was seen."""
    if kind not in (*BEGUN, REMOVED) or case.copy_of is not None:
        return
    standing = [one for one in orders.of_case(transaction, case.id) if one.joined]
    if not standing:
        return
    kept = [one.order for one in _kept_of(transaction, case) if one.order is not None]
    running = [one.order for one in standing if one.state in RUNNING]
    for order in running or kept[-1:] or [standing[0].order]:
        ask(transaction, DESK, case, ORDER, order, at)


def ask(
    transaction: Transaction, actor: str, case: Case, cause: str, order: int | None, at: int,
    why: str = "",
) -> int:  # fmt: skip
    """Asks for what is known of a case to be kept apart for six months from now, and so is what is
    kept of it already. An order has one record of a case; each other time there is one more, for
    there may be more to keep. Returns the record's number."""
    until, kept = months_after(at, PRESERVED), _kept_of(transaction, case)
    for one in kept:
        if one.until < until:
            _extended(transaction, actor, one, until, None, "", at)
    same = [one.id for one in kept if one.order == order]
    if same and order is not None:
        return same[-1]
    return record_apart(
        transaction, "preservation-asked", at=at, actor=actor,
        data={"person": case.person, "case_id": case.id, "cause": cause, "order_id": order,
              "keep_until": until},
        **_told(transaction, case.person, why),
    ).seq  # fmt: skip


def _kept_of(transaction: Transaction, case: Case) -> list[Record]:
    return [one for one in preservations.every(transaction, case=case.id) if one.deleted is None]


def ask_by_hand(
    transaction: Transaction, reviewer: Reviewer, case_id: int, why: str, at: int
) -> int:
    """Somebody asks for a case to be kept apart."""
    case = cases.read(transaction, case_id)
    if case is None or case.copy_of is not None:
        raise InputError("decide.no-case", case=case_id)
    return ask(transaction, reviewer.id, case, HAND, None, at, _checked(why))


def written(transaction: Transaction, number: int, digest: str, size: int, at: int) -> bool:
    """Says that a record's file is there; False where somebody else has said so before."""
    record = read(transaction, number)
    if record.digest is not None or record.deleted is not None:
        return False
    record_apart(transaction, "preserved", at=at, actor=DESK,
                 data={"record": number, "digest": digest, "size": size})  # fmt: skip
    return True


def extend(
    transaction: Transaction, actor: str, number: int, until: int, purpose: str, why: str, at: int
) -> Record:
    """Keeps a record longer, for pending proceedings or because an authority or court asked."""
    record = _kept(transaction, number)
    _check_purpose(purpose)
    if not max(record.until, at) < until <= months_after(at, FURTHEST):
        raise InputError("preservation.until", given=day(until), until=day(record.until))
    _extended(transaction, actor, record, until, purpose, _checked(why), at)
    return read(transaction, number)


def _extended(
    transaction: Transaction, actor: str, record: Record, until: int, purpose: str | None,
    why: str, at: int,
) -> None:  # fmt: skip
    record_apart(
        transaction, "preservation-extended", at=at, actor=actor,
        data={"record": record.id, "until": until, "purpose": purpose},
        **_told(transaction, record.person, why),
    )  # fmt: skip


def ask_release(
    transaction: Transaction, reviewer: Reviewer, number: int, purpose: str, why: str, at: int
) -> Record:
    """The first of two people asks for a record to be opened, and says what for."""
    record = _kept(transaction, number)
    _check_purpose(purpose)
    record_apart(
        transaction, "release-asked", at=at, actor=reviewer.id,
        data={"record": record.id, "purpose": purpose},
        **_told(transaction, record.person, _checked(why)),
    )  # fmt: skip
    return read(transaction, number)


def release(transaction: Transaction, reviewer: Reviewer, number: int, at: int) -> Record:
    """The second of two people agrees; the log says who both were. Raises `InputError` where nobody
    else has asked."""
    record = _kept(transaction, number)
    asked = record.release
    if asked is None:
        raise InputError("preservation.not-asked", record=str(number))
    if asked.by == reviewer.id:
        raise InputError("preservation.same", record=str(number))
    record_apart(
        transaction, "preservation-opened", at=at, actor=reviewer.id,
        data={"record": record.id, "purpose": asked.purpose, "asked_by": asked.by},
    )  # fmt: skip
    return read(transaction, number)


def reinstate(transaction: Transaction, actor: str, number: int, at: int) -> Record:
    """Opens a record so that what was removed can be put back: only where the decision against it
    was taken back, by somebody who was not the first."""
    record = _kept(transaction, number)
    case = cases.read(transaction, record.case)
    if case is None or case.state != "overturned":
        raise InputError("preservation.not-overturned", record=str(number))
    data = {"record": record.id, "purpose": "reinstatement", "asked_by": None}
    record_apart(transaction, "preservation-opened", at=at, actor=actor, data=data)
    return read(transaction, number)


def deleted(transaction: Transaction, number: int, digest: str | None, at: int) -> None:
    """Says that a record's key was destroyed and its ciphertext deleted, which had this SHA-256
    (None where it had never been written)."""
    record_apart(transaction, "preservation-deleted", at=at, actor=DESK,
                 data={"record": number, "digest": digest, "key": "destroyed"})  # fmt: skip


def read(transaction: Transaction, number: int) -> Record:
    """A record. Raises `InputError` where there is none of this number."""
    found = preservations.every(transaction, number=number)
    if not found:
        raise InputError("preservation.none", record=str(number))
    return found[0]


def _kept(transaction: Transaction, number: int) -> Record:
    record = read(transaction, number)
    if record.deleted is not None:
        raise ConflictError("preservation.deleted", record=str(number))
    return record


def _check_purpose(purpose: str) -> None:
    if purpose not in PURPOSES:
        raise InputError("preservation.purpose", given=purpose[:100], valid=list(PURPOSES))


def _checked(why: str) -> str:
    if not why.strip() or len(why) > LONGEST:
        raise InputError("preservation.why", high=LONGEST)
    return why.strip()


def _told(transaction: Transaction, person: int, why: str) -> dict[str, Any]:
    """What somebody wrote goes with whom it is about; of who was erased nothing more is written."""
    if not why or persons.salt_of(transaction, person) is None:
        return {}
    return {"person": person, "private": {"why": why}}
