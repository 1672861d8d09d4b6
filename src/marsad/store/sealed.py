"""The findings that are sealed into cases, read back from the log's private content."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from marsad.store import log
from marsad.store.database import Transaction
from marsad.store.tables import case_findings, cases

Sealed = Mapping[str, Any]


def of_case(
    transaction: Transaction, case_id: int, signal: str | None = None, most: int = 200,
    below: int | None = None,
) -> list[Sealed]:  # fmt: skip
    """The findings of a case, oldest first, of one signal where it is named; at most ``most``, and
    of entries before ``below`` alone."""
    query = select(case_findings.c.seq).where(case_findings.c.case_id == case_id)
    query = query.where(case_findings.c.signal == signal) if signal else query
    query = query.where(case_findings.c.seq < below) if below is not None else query
    entries = transaction.execute(query.distinct().order_by(case_findings.c.seq).limit(most))
    found: list[Sealed] = []
    for seq in list(entries.scalars()):
        private = log.event(transaction, seq).private or {}
        found += [one for one in private.get("findings", ()) if signal in (None, one.get("signal"))]
    return found[:most]


def subjects(transaction: Transaction, case_ids: Collection[int]) -> dict[int, str]:
    """The subjects of cases, of those that have one."""
    query = select(cases.c.id, cases.c.subject).where(cases.c.id.in_(case_ids))
    return {number: name for number, name in transaction.execute(query) if name is not None}
