"""What is kept apart, as it is stored: records and what became of them."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from marsad.store.database import Transaction
from marsad.store.preservation_tables import preservation_steps, preservations


class Step(NamedTuple):
    """What became of a record: ``step`` is preserved, extended, release-asked, opened or deleted,
    by whom and when (µs UTC); ``digest`` is the SHA-256 of the ciphertext in hex."""

    seq: int
    step: str
    until: int | None
    digest: str | None
    purpose: str | None
    by: str
    at: int


class Record(NamedTuple):
    """Something that is kept apart, or was: its number, of which case and person, why (``cause``),
    under which order, and what became of it."""

    id: int
    case: int
    person: int
    cause: str
    order: int | None
    asked_by: str
    asked_at: int
    first_until: int
    steps: tuple[Step, ...]

    @property
    def until(self) -> int:
        """When its time ends (µs UTC): a time once given is never made shorter."""
        return max(self.first_until, *(one.until or 0 for one in self.steps), 0)

    @property
    def digest(self) -> str | None:
        """The SHA-256 of its ciphertext; None until it was written."""
        return next((one.digest for one in self.steps if one.step == "preserved"), None)

    @property
    def deleted(self) -> Step | None:
        """Its deletion; None where it is still kept."""
        return next((one for one in self.steps if one.step == "deleted"), None)

    @property
    def release(self) -> Step | None:
        """What somebody has asked to open and nobody has agreed to yet."""
        asked = [one for one in self.steps if one.step in ("release-asked", "opened")]
        return asked[-1] if asked and asked[-1].step == "release-asked" else None


def every(
    transaction: Transaction, case: int | None = None, person: int | None = None,
    number: int | None = None,
) -> list[Record]:  # fmt: skip
    """Records, the oldest first: of one case, of one person, or one by its number."""
    query = select(preservations)
    query = query.where(preservations.c.case_id == case) if case is not None else query
    query = query.where(preservations.c.person == person) if person is not None else query
    query = query.where(preservations.c.seq == number) if number is not None else query
    rows = list(transaction.execute(query.order_by(preservations.c.seq)))
    steps: dict[int, list[Step]] = {row.seq: [] for row in rows}
    theirs = preservation_steps.c.record.in_(query.with_only_columns(preservations.c.seq))
    ordered = select(preservation_steps).where(theirs).order_by(preservation_steps.c.seq)
    for row in transaction.execute(ordered):
        steps[row.record].append(
            Step(row.seq, row.step, row.until, row.digest, row.purpose, row.by, row.at)
        )
    return [Record._make((*row, tuple(steps[row.seq]))) for row in rows]


def newest(transaction: Transaction) -> int:
    """The number of the last entry about what is kept apart; 0 where there is none."""
    columns = (preservations.c.seq, preservation_steps.c.seq)
    return max(transaction.execute(select(func.max(one))).scalar() or 0 for one in columns)


def waiting(transaction: Transaction) -> list[int]:
    """Records that were asked for and are not written yet, the oldest first."""
    done = select(preservation_steps.c.record).where(
        preservation_steps.c.step.in_(("preserved", "deleted"))
    )
    query = select(preservations.c.seq).where(preservations.c.seq.not_in(done))
    return list(transaction.execute(query.order_by(preservations.c.seq)).scalars())


def due(transaction: Transaction, at: int) -> list[int]:
    """Records whose time is over and that are not deleted, the oldest first."""
    ended = select(preservation_steps.c.record).where(preservation_steps.c.step == "deleted")
    longest = (
        select(func.max(preservation_steps.c.until))
        .where(preservation_steps.c.record == preservations.c.seq)
        .scalar_subquery()
    )
    query = select(preservations.c.seq).where(
        preservations.c.seq.not_in(ended), preservations.c.keep_until <= at,
        func.coalesce(longest, 0) <= at,
    )  # fmt: skip
    return list(transaction.execute(query.order_by(preservations.c.seq)).scalars())
