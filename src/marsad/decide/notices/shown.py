"""The notices of a case as who decides is shown them: why, how, how often such notices were right.

Nobody's name is shown: who decides has no need of it. A copy of a case (`marsad.decide.blind`)
shows the notices that the case had when it was decided, as old as they were then, so that nothing
tells the two apart; one that was drawn blind shows none until it is decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.decide import blind
from marsad.decide.history import known_until
from marsad.decide.notices import accuracy, flood
from marsad.decide.notices.accuracy import Accuracy
from marsad.decide.notices.kinds import MARKED
from marsad.decide.notices.status import day
from marsad.records.message import Message
from marsad.store import cases, log, notices
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.notices import Counts, Notice

MOST = 20
NO_COUNTS = Counts(0, 0, 0, 0)


@dataclass(frozen=True)
class Shown:
    """One notice. ``reasons`` is None where it was erased; times in µs UTC."""

    notice: Notice
    received_at: int
    reasons: str | None
    accuracy: Accuracy
    unfounded: bool


@dataclass(frozen=True)
class NoticesOfCase:
    """The newest notices of a case, how many there are, and a flood against its account."""

    listed: Sequence[Shown] = ()
    counts: Counts = NO_COUNTS
    flood: Message | None = None


NONE = NoticesOfCase()


def of_case(transaction: Transaction, case: Case) -> NoticesOfCase:
    """What is shown with a case."""
    if case.route == blind.RANDOM and case.state != "decided":
        return NONE
    real = case if case.copy_of is None else cases.read(transaction, case.copy_of, lock=False)
    if real is None or (case.route == blind.RANDOM and case.copy_of is not None):
        return NONE
    below, by = known_until(transaction, case), case.opened_at - real.opened_at
    counts = notices.counts(transaction, real.id, below)
    if not counts.notices:
        return NONE
    newest = notices.newest(transaction, real.id, MOST, below)
    return NoticesOfCase(
        _shown(transaction, newest, real.id, by, _marked(transaction, case, newest)), counts,
        _flood(transaction, real, case, by, below),
    )  # fmt: skip


def _shown(
    transaction: Transaction, newest: Sequence[Notice], case_id: int, by: int, marked: set[int]
) -> list[Shown]:
    so_far = {
        one.reporter: accuracy.of_reporter(transaction, one.reporter, case_id)
        for one in newest if not one.anonymous
    }  # fmt: skip
    return [
        Shown(one, one.received_at + by, _reasons(transaction, one),
              so_far.get(one.reporter, Accuracy(0, 0)), one.seq in marked)
        for one in newest
    ]  # fmt: skip


def _marked(transaction: Transaction, case: Case, newest: Sequence[Notice]) -> set[int]:
    """The notices that are marked as manifestly unfounded; in a copy those that were marked there,
    which no table has."""
    if case.copy_of is None:
        return notices.unfounded(transaction, [one.seq for one in newest])
    said = [one.data for one in log.events_of(transaction, case.id) if one.kind == MARKED]
    last = {one["notice"]: bool(one["unfounded"]) for one in said}
    return {number for number, unfounded in last.items() if unfounded}


def _reasons(transaction: Transaction, notice: Notice) -> str | None:
    private = log.event(transaction, notice.seq).private
    return str(private["reasons"]) if private is not None else None


def _flood(
    transaction: Transaction, real: Case, case: Case, by: int, below: int | None
) -> Message | None:
    """The sentence for a flood that the account of a case has had of late."""
    newest = notices.newest(transaction, real.id, 1, below)
    since = (newest[0].received_at if newest else real.opened_at) - flood.SHOWN
    found = notices.last_flood(transaction, real.person, since, below)
    if found is None:
        return None
    values = {"count": found.size, "hours": found.hours, "usual": round(found.usual, 1),
              "low": round(found.low, 1), "date": day(found.noticed_at + by)}  # fmt: skip
    return Message("notice.flood", values)
