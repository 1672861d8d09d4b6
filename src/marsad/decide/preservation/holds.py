"""Holds: what somebody has to keep for a court, an archive or proceedings is not deleted.

A hold is about a person, by the id of an account or as the log names people. It needs a legal basis
and a reason, which stand in the log's private content, and either ends on a day or is open and has
a day on which somebody looks whether it is still needed. While it stands, erasing and expiry leave
everything of that person, and what is kept apart is not deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marsad.decide.preservation.naming import named
from marsad.decide.recording import record_apart
from marsad.records import times
from marsad.records.errors import ConflictError, InputError
from marsad.records.times import DAY, to_datetime
from marsad.store import holds as store
from marsad.store import log, persons
from marsad.store.database import Transaction
from marsad.store.holds import Hold
from marsad.store.log import Event

COURT, ARCHIVE, PROCEEDINGS = "court", "archive", "proceedings"
KINDS = (COURT, ARCHIVE, PROCEEDINGS)
LONGEST = 2_000
FURTHEST_REVIEW = 366 * DAY
"""An open hold is looked at once a year at least."""


@dataclass(frozen=True)
class Wanted:
    """A hold to be set: whom it is about, its kind, and times in µs UTC, one of the two."""

    name: str
    kind: str
    basis: str
    reason: str
    until: int | None = None
    review_at: int | None = None


@dataclass(frozen=True)
class Told:
    """A hold with what is private in it."""

    hold: Hold
    basis: str = ""
    reason: str = ""


def held(transaction: Transaction, person: int, at: int | None = None) -> bool:
    """Whether a hold stands against deleting what is known of a person, now or at a time (µs)."""
    return bool(standing(transaction, person, at))


def standing(
    transaction: Transaction, person: int | None = None, at: int | None = None
) -> list[Hold]:
    """The holds that stand, against everybody or one person; the newest first."""
    moment = times.now() if at is None else at
    return [one for one in store.all_holds(transaction, person) if one.stands(moment)]


def refuse(transaction: Transaction, person: int, at: int) -> None:
    """Raises `InputError` with the hold that stands longest against deleting."""
    found = standing(transaction, person, at)
    if found:
        longest = max(found, key=lambda one: (one.until is None, one.until or 0))
        raise blocked(longest)


def blocked(hold: Hold) -> InputError:
    """What is said where a hold stands in the way."""
    values: dict[str, Any] = {"hold": str(hold.id), "kind": {"words": [f"hold.kind.{hold.kind}"]}}
    if hold.until is None:
        return InputError("hold.blocks-open", **values)
    return InputError("hold.blocks", until=day(hold.until), **values)


def day(at: int) -> str:
    """A time as the day it is on."""
    return to_datetime(at).strftime("%Y-%m-%d")


def set_(transaction: Transaction, actor: str, wanted: Wanted, at: int) -> Hold:
    """Sets a hold. Raises `InputError` for one that lacks what it needs."""
    check(wanted, at)
    person = persons.number_of(transaction, named(wanted.name))
    event = record_apart(
        transaction, "hold-set", at=at, actor=actor, person=person,
        data={"person": person, "kind": wanted.kind, "until": wanted.until,
              "review_at": wanted.review_at},
        private={"basis": wanted.basis.strip(), "reason": wanted.reason.strip()},
    )  # fmt: skip
    made = store.hold(transaction, event.seq)
    assert made is not None
    return made


def check(wanted: Wanted, at: int) -> None:
    """Raises `InputError` that names what is missing or wrong."""
    named(wanted.name)
    if wanted.kind not in KINDS:
        raise InputError("hold.kind", given=wanted.kind[:100], valid=list(KINDS))
    for text in (wanted.basis, wanted.reason):
        if not text.strip() or len(text) > LONGEST:
            raise InputError("hold.reason", high=LONGEST)
    if (wanted.until is None) == (wanted.review_at is None):
        raise InputError("hold.end")
    if wanted.until is not None and wanted.until <= at:
        raise InputError("hold.past", given=day(wanted.until))
    if wanted.review_at is not None and not at < wanted.review_at <= at + FURTHEST_REVIEW:
        raise InputError("hold.review", given=day(wanted.review_at))


def end(transaction: Transaction, actor: str, number: int, reason: str, at: int) -> Event:
    """Ends a hold, for a reason. Raises `ConflictError` for one that has ended."""
    if not reason.strip() or len(reason) > LONGEST:
        raise InputError("hold.reason", high=LONGEST)
    hold = store.hold(transaction, number)
    if hold is None:
        raise InputError("hold.none", hold=str(number))
    if not hold.stands(at):
        raise ConflictError("hold.ended", hold=str(number))
    return record_apart(
        transaction, "hold-ended", at=at, actor=actor, person=hold.person, data={"hold": number},
        private={"reason": reason.strip()},
    )  # fmt: skip


def of(transaction: Transaction, name: str) -> list[Hold]:
    """Every hold there was against deleting what is known of somebody."""
    person = persons.find(transaction, name)
    return store.all_holds(transaction, person) if person is not None else []


def told(transaction: Transaction, hold: Hold) -> Told:
    """A hold with its legal basis and reason."""
    private = log.event(transaction, hold.id).private or {}
    return Told(hold, str(private.get("basis", "")), str(private.get("reason", "")))
