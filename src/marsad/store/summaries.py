"""What a queue says of a case besides its row: which signals found it, and who holds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.tables import case_findings, leases


@dataclass(frozen=True, slots=True)
class Summary:
    """A case in a queue. ``signals`` are those of its findings with how many each; ``holder`` is
    who holds it now."""

    case: Case
    signals: Mapping[str, int]
    holder: str | None


def of(transaction: Transaction, listed: Sequence[Case], now: int) -> list[Summary]:
    """A summary of each case, in their order."""
    ids = [case.id for case in listed]
    found: dict[int, dict[str, int]] = defaultdict(dict)
    columns = case_findings.c
    query = select(columns.case_id, columns.signal, func.count()).where(columns.case_id.in_(ids))
    for case, signal, count in transaction.execute(
        query.group_by(columns.case_id, columns.signal).order_by(columns.signal)
    ):
        found[case][signal] = count
    held = select(leases.c.case_id, leases.c.holder).where(
        leases.c.case_id.in_(ids), leases.c.taken_at <= now, leases.c.runs_out_at > now
    )
    holders = {row.case_id: row.holder for row in transaction.execute(held)}
    return [Summary(case, found[case.id], holders.get(case.id)) for case in listed]
