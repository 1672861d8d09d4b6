"""The account bank that `returns` starts from: final decisions go in, overturned ones go out.

A decision and its message to the bank are committed together; the message is delivered afterwards,
as often as it takes: delivering the same one twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from marsad.banks import Entry
from marsad.banks.store import BankStore
from marsad.records.times import now as clock_of_now
from marsad.records.times import to_datetime
from marsad.store import log, outbox
from marsad.store.database import Database
from marsad.store.outbox import Pending

BANK = "decisions"
"""The name of the bank."""


def deliver(database: Database, banks: BankStore) -> int:
    """Brings the account bank up to date; returns how many changes it was told.

    One at a time: who delivered late what was withdrawn in between would bring it back.
    """
    with database.writing() as transaction:
        log.head(transaction, for_update=True)
        waiting, now = outbox.pending(transaction), clock_of_now()
        for change, some in groupby(waiting, key=lambda one: one.change):
            if change == "add":
                banks.add(BANK, [_entry(one, now) for one in some], kind="accounts")
            else:
                _withdraw(banks, some)
        outbox.delivered(transaction, [one.id for one in waiting], now)
    return len(waiting)


def _entry(one: Pending, now: int) -> Entry:
    # The clock may have been ahead when it was decided; no bank takes a time to come.
    decided = to_datetime(min(one.at, now))
    basis = {"since": decided.isoformat(), "basis": f"final decision {one.seq}"}
    return Entry(one.account, source="desk", added=decided.date().isoformat(), options=basis)


def _withdraw(banks: BankStore, told: Iterable[Pending]) -> None:
    for one in told:
        banks.withdraw(BANK, [one.account], to_datetime(one.at).date().isoformat())
