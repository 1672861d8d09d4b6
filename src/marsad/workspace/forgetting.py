"""Reporters of long ago are erased: who they were, how they are reached, and what they wrote.

Their notices stay as counts and codes, as after any erasure. Nobody is erased while a notice or a
complaint of theirs waits, for the time in which what was decided can be complained of, nor under a
hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from marsad.decide import erasing
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.preservation.terms import Keeping
from marsad.records import times
from marsad.records.times import DAY
from marsad.store import reporters
from marsad.store.database import Database, Transaction
from marsad.workspace import holding
from marsad.workspace.folder import Workspace
from marsad.workspace.kept import desk_if_any
from marsad.workspace.overdue import confirmed

AT_ONCE, LOOKED_AT = 1_000, 100_000
LONGEST_MONTH = 31 * DAY


@dataclass(frozen=True)
class Forgotten:
    """How many reporters were erased, and how many are when a later look finds the same."""

    erased: int = 0
    over: int = 0


def keep_up(
    workspace: Workspace, database: Database, clock: Callable[[], int] = times.now,
    dry_run: bool = False,
) -> Forgotten:  # fmt: skip
    """Erases whose time is over; a dry run only counts them."""
    with workspace.log.locked("reporters"):
        now = clock()
        with database.reading() as transaction:
            free = _done_with(workspace, transaction, now, LOOKED_AT)
        over = confirmed(workspace.folder, "reporters", free, now, mark=not dry_run)
        gone = sum(
            dry_run or _erase(workspace, database, one, now) for one in sorted(over)[:AT_ONCE]
        )
        if gone and not dry_run:
            database.write_out()
    return Forgotten(gone, len(free) - gone)


def expire(workspace: Workspace, dry_run: bool) -> Forgotten:
    """`keep_up` for a workspace whose database is not open; nothing where there is none."""
    with desk_if_any(workspace) as store:
        return keep_up(workspace, store, dry_run=dry_run) if store is not None else Forgotten()


def _done_with(
    workspace: Workspace, transaction: Transaction, now: int, limit: int,
    reporter: int | None = None,
) -> dict[int, str]:  # fmt: skip
    """Whose time is over and whom no hold concerns, nor anybody whom they reported: what was said
    of somebody is theirs, too."""
    held = list(holding.standing(workspace, transaction, now))
    before = _before(workspace, now)
    found = reporters.done_with(transaction, before, now, limit, reporter, held)
    return {number: name for number, name in found.items() if name not in held}


def _before(workspace: Workspace, now: int) -> int:
    """From whom nothing came since this time, is erased; never sooner than one may complain."""
    kept = Keeping.of(workspace.settings).reporters_days * DAY
    return now - max(kept, AppealSettings.of(workspace.settings).months * LONGEST_MONTH)


def _erase(workspace: Workspace, database: Database, reporter: int, now: int) -> bool:
    """Whether it did: a hold that was set meanwhile, or a notice that came, wins."""
    with database.writing() as transaction:
        free = _done_with(workspace, transaction, now, 1, reporter)
        for name in free.values():
            erasing.erase(database.within(transaction), name, now, by=erasing.DESK)
    return bool(free)
