"""Who is looking at which case. Leases run out, and are no part of the log.

A lease counts from the time it was taken until it runs out, by the clock of now. A clock that jumps
forward ends it early, one that jumps back to before it was taken ends it, too: in doubt nobody
holds the case, and the lease's token, which grows with each taking, refuses whoever held it before.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select, update

from marsad.store.database import Transaction
from marsad.store.tables import leases


@dataclass(frozen=True, slots=True)
class Lease:
    """A case held by a reviewer; times in µs UTC."""

    case_id: int
    holder: str
    token: int
    taken_at: int
    runs_out_at: int

    def holds(self, now: int) -> bool:
        """Whether it counts now."""
        return self.taken_at <= now < self.runs_out_at


def read(transaction: Transaction, case_id: int) -> Lease | None:
    """The last lease of a case, run out or not."""
    row = transaction.execute(select(leases).where(leases.c.case_id == case_id)).first()
    return Lease(*row) if row else None


def take(transaction: Transaction, case_id: int, holder: str, now: int, length: int) -> Lease:
    """Gives a case to somebody, whoever had it: the caller has looked whether that may be."""
    old = read(transaction, case_id)
    lease = Lease(case_id, holder, (old.token if old else 0) + 1, now, now + length)
    row = {"holder": holder, "token": lease.token, "taken_at": now, "runs_out_at": now + length}
    if old is None:
        transaction.execute(insert(leases).values(case_id=case_id, **row))
    else:
        transaction.execute(update(leases).where(leases.c.case_id == case_id).values(**row))
    return lease


def end(transaction: Transaction, case_id: int) -> None:
    """Ends whatever lease a case has; its token stays, so that the next is a higher one."""
    ended = update(leases).where(leases.c.case_id == case_id).values(runs_out_at=0)
    transaction.execute(ended)
