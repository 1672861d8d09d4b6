"""A threat to somebody's life: the clock, whom to tell, what to send them, and who was told when.

Nothing is sent by itself: a person calls or writes, and says so here (DSA 18, TCO 14(5)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.decide import priority
from marsad.decide.recording import record
from marsad.decide.roles import Reviewer
from marsad.decide.settings import Contact
from marsad.locale import LANGUAGES
from marsad.records.errors import InputError
from marsad.records.message import Message
from marsad.records.times import to_datetime
from marsad.store import log, sealed, threats
from marsad.store.cases import Case
from marsad.store.database import Transaction

LONGEST, LONGEST_NAME = 10_000, 200
SHOWN = 20
UNLISTED = "other"
"""What the chain says of a contact who is not in the settings: their name is private content."""


@dataclass(frozen=True)
class Threat:
    """A threat that was raised: the case with its clock running, whom to tell, and ``texts`` to
    send, by language."""

    case: Case
    contacts: Sequence[Contact]
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Told:
    """Somebody was told: ``contact``, by which reviewer, when (µs UTC), and what was noted."""

    contact: str
    told_by: str
    told_at: int
    note: str


def raise_(
    transaction: Transaction, reviewer: Reviewer, case: Case, text: str, at: int,
    contacts: Sequence[Contact],
) -> Threat:  # fmt: skip
    """Starts the clock and logs it. Raises `InputError` for a case that was shown for quality: its
    threat, if it was one, was seen to."""
    if not text.strip() or len(text) > LONGEST:
        raise InputError("threat.text", length=len(text), high=LONGEST)
    if case.copy_of is not None:  # said last: who wants to know which cases are copies has to alarm
        raise InputError("threat.copy", case=case.id)
    due = at + priority.CLOCKS["threat"]
    due = min(due, case.due_at) if case.clock == "threat" and case.due_at is not None else due
    data = {"clock": "threat", "due_at": due, "priority": priority.IMMINENT,
            "rank": priority.rank(case.opened_at, priority.IMMINENT, due)}  # fmt: skip
    changed, event = record(
        transaction, case, "threat-raised", at=at, actor=reviewer.id, person=case.person,
        data=data, private={"text": text},
    )  # fmt: skip
    texts = _texts(transaction, changed, text, at, event.seq)
    return Threat(changed, tuple(contacts), texts)


def last(transaction: Transaction, case: Case, contacts: Sequence[Contact]) -> Threat | None:
    """The threat that was raised last in a case, with its text; None where none was."""
    seq = threats.last_raised(transaction, case.id)
    if seq is None:
        return None
    event = log.event(transaction, seq)
    text = str((event.private or {}).get("text", ""))
    return Threat(case, tuple(contacts), _texts(transaction, case, text, event.at, seq))


def _texts(transaction: Transaction, case: Case, text: str, at: int, seq: int) -> Mapping[str, str]:
    digest = log.hash_at(transaction, seq)
    values: dict[str, Any] = {
        "case": str(case.id), "platform": case.platform, "subject": case.subject or "—",
        "items": _items(transaction, case.id), "findings": _findings(transaction, case.id),
        "at": to_datetime(at).strftime("%Y-%m-%d %H:%M:%S UTC"), "text": text.strip(),
        "entry": str(seq), "hash": digest.hex() if digest else "",
    }  # fmt: skip
    return {lang: Message("threat.letter", values).render(lang) for lang in LANGUAGES}


def _items(transaction: Transaction, case_id: int) -> str:
    return "\n".join(f"- {one}" for one in threats.items(transaction, case_id, SHOWN)) or "—"


def _findings(transaction: Transaction, case_id: int) -> str:
    found = sealed.of_case(transaction, case_id, most=SHOWN)
    lines = [f"- {one['signal']} {one['finding_id']}" for one in found]
    return "\n".join(lines) or "—"


def tell(
    transaction: Transaction, reviewer: Reviewer, case: Case, contact: str, told_at: int, at: int,
    contacts: Sequence[Contact], note: str = "",
) -> Case:  # fmt: skip
    """Records that somebody was told. Raises `InputError` where no threat was raised in the case,
    for a time to come, and without a name."""
    if threats.last_raised(transaction, case.id) is None:
        raise InputError("threat.none", case=case.id)
    if not contact.strip() or len(contact) > LONGEST_NAME or len(note) > LONGEST:
        raise InputError("threat.contact", high=LONGEST_NAME)
    if told_at > at:
        raise InputError("threat.told-later", given=to_datetime(told_at).isoformat())
    listed = contact in {one.name for one in contacts}
    data = {"contact": contact if listed else UNLISTED, "told_at": told_at}
    return record(
        transaction, case, "threat-told", at=at, actor=reviewer.id, person=case.person, data=data,
        private={"contact": contact, "note": note},
    )[0]  # fmt: skip


def told(transaction: Transaction, case_id: int) -> list[Told]:
    """Who was told of the threats in a case, in the order in which it was recorded."""
    found = []
    for row in threats.told(transaction, case_id):
        private = log.event(transaction, row.seq).private or {}
        name, note = str(private.get("contact", row.contact)), str(private.get("note", ""))
        found.append(Told(name, row.told_by, row.told_at, note))
    return found
