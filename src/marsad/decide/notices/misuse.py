"""Who misuses notices (DSA 23): proposed to people, who warn, and after a warning may suspend.

What is manifestly unfounded a reviewer says of each notice. How many there are, out of how many,
makes a proposal; somebody with the role for it decides, with a reason, and the reporter is told and
can answer. Nothing of it happens by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

from marsad.decide.notices import accuracy
from marsad.decide.notices.accuracy import Accuracy
from marsad.decide.notices.kinds import RESTORED, SUSPENDED, WARNED
from marsad.decide.notices.settings import NoticeSettings
from marsad.decide.recording import record_apart
from marsad.decide.roles import Reviewer
from marsad.decide.rules import check_reason
from marsad.records.errors import InputError
from marsad.records.times import DAY
from marsad.store import log, mails, notices, persons
from marsad.store.database import Transaction
from marsad.store.notices import Measure

LEAST_FRACTION = 0.5
"""Of what was decided about somebody's notices, so much has to be manifestly unfounded."""

STEPS = {"warn": WARNED, "suspend": SUSPENDED, "restore": RESTORED}


@dataclass(frozen=True)
class Standing:
    """Where a reporter stands: ``unfounded`` notices within the time that counts, what their
    notices led to, the last ``measure``, and what may be done: ``proposes`` is ``warn`` or
    ``suspend``, None for nothing. ``name`` is None once it was erased."""

    reporter: int
    name: str | None
    unfounded: int
    accuracy: Accuracy
    measure: Measure | None
    proposes: str | None

    def is_suspended(self, now: int) -> bool:
        """Whether their notices are set aside."""
        return _suspended(self.measure, now) is not None


def suspended_until(transaction: Transaction, reporter: int, now: int) -> int | None:
    """Until when somebody's notices are set aside; None where they are not."""
    found = notices.measures(transaction, reporter)
    return _suspended(found[0] if found else None, now)


def _suspended(measure: Measure | None, now: int) -> int | None:
    if measure is None or measure.step != "suspended" or measure.until is None:
        return None
    return measure.until if measure.until > now else None


def everybody(transaction: Transaction, now: int, settings: NoticeSettings) -> list[Standing]:
    """Who is proposed for something, and about whom something was done."""
    since = now - settings.warn_within_days * DAY
    some = [one.reporter for one in notices.marked(transaction, since, settings.warn_after)]
    known = [one.reporter for one in notices.measures(transaction)]
    return [of(transaction, one, now, settings) for one in dict.fromkeys([*some, *known])]


def of(transaction: Transaction, reporter: int, now: int, settings: NoticeSettings) -> Standing:
    """Where one reporter stands."""
    since = now - settings.warn_within_days * DAY
    marked = next(iter(notices.marked(transaction, since, 1, reporter)), None)
    measures = notices.measures(transaction, reporter)
    measure = measures[0] if measures else None
    so_far = accuracy.of_reporter(transaction, reporter)
    count = marked.unfounded if marked else 0
    enough = count >= settings.warn_after and count >= LEAST_FRACTION * so_far.judged
    last = marked.last if marked else 0
    return Standing(
        reporter, _name(transaction, reporter), count, so_far, measure,
        _proposal(measure, enough, last, now),
    )  # fmt: skip


def _proposal(measure: Measure | None, enough: bool, last: int, now: int) -> str | None:
    """A suspension only for what came after a warning."""
    if not enough or _suspended(measure, now) is not None:
        return None
    if measure is None or measure.step == "restored":
        return "warn" if measure is None or last > measure.seq else None
    return "suspend" if last > measure.seq else None


def _name(transaction: Transaction, reporter: int) -> str | None:
    name = persons.name_of(transaction, reporter)
    return name.partition(":")[2] if name else None


def take(
    transaction: Transaction, reviewer: Reviewer, reporter: int, step: str, reason: str, now: int,
    settings: NoticeSettings,
) -> Standing:  # fmt: skip
    """Warns, suspends or restores a reporter. Raises `InputError` for what was not proposed."""
    found = of(transaction, reporter, now, settings)
    error = check_reason(reason)
    if error is not None:
        raise error
    if found.name is None:
        raise InputError("decide.no-person")
    allowed = found.is_suspended(now) if step == "restore" else found.proposes == step
    if step not in STEPS or not allowed:
        raise InputError("reporter.not-proposed", given=step[:50])
    until = now + settings.suspend_days * DAY if step == "suspend" else None
    event = record_apart(
        transaction, STEPS[step], at=now, actor=reviewer.id, data={"until": until},
        person=reporter, private={"reason": reason},
    )  # fmt: skip
    _tell(transaction, reporter, event.kind, settings, now)
    return of(transaction, reporter, now, settings)


def _tell(
    transaction: Transaction, reporter: int, kind: str, settings: NoticeSettings, now: int
) -> None:
    """By mail where there is an address; in the language of their last notice."""
    name = persons.name_of(transaction, reporter) or ""
    scheme, _, address = name.partition(":")
    if scheme == "reporter" and "@" in address:
        mails.put(
            transaction, to=address, message=kind, values={"count": settings.suspend_days},
            lang=notices.last_lang(transaction, reporter), at=now, person=reporter,
        )  # fmt: skip


def reason_of(transaction: Transaction, measure: Measure) -> str:
    """Why a measure was taken, as it was written down; empty once it was erased."""
    return str((log.event(transaction, measure.seq).private or {}).get("reason", ""))
