"""Every decision that stands in the log, in order, with what its case is."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, or_, select

from marsad.store.cases import BATCH
from marsad.store.database import Transaction
from marsad.store.quality_tables import verdicts
from marsad.store.tables import cases, decisions


class Decided(NamedTuple):
    """A decision, or with ``step`` overturned what took one back. ``route`` is the
    case's; in a copy ``copy_of`` and ``shown_route`` are those of the case that it shows."""

    seq: int
    case: int
    kind: str
    subject: str
    platform: str
    step: str
    outcome: str
    policy: str
    exemption: str | None
    reviewer: str
    at: int
    route: str
    copy_of: int | None
    shown_route: str | None


def decided(
    transaction: Transaction, own: str | None = None, *, copies: bool = True, copied: bool = True
) -> Iterator[Decided]:
    """All of them but those about who was erased, without holding more than a few in memory. That
    somebody has carried out an order is none: it says nothing of what they think of a subject.

    Without ``copies`` no decision in a copy, without ``copied`` none in a case that a copy shows:
    in both, what ``own`` has decided is there all the same.
    """
    given = _query(decisions, decisions.c.decided_at, own, copies, copied)
    back = _query(verdicts, verdicts.c.at, own, copies, copied)
    given = given.where(decisions.c.step != "executed")
    queries = (given, back.where(verdicts.c.step == "overturned"))
    yield from heapq.merge(*(_read(transaction, one) for one in queries), key=attrgetter("seq"))


def _read(transaction: Transaction, query: Select[Any]) -> Iterator[Decided]:
    for row in transaction.execute(query.execution_options(yield_per=BATCH)):
        yield Decided(*row)


def _query(table: Any, at: Any, own: str | None, copies: bool, copied: bool) -> Select[Any]:
    shown, copy = cases.alias("shown"), cases.alias("copy")
    subject = func.coalesce(cases.c.subject, shown.c.subject)
    said = table.c
    query = select(
        said.seq, cases.c.id, cases.c.kind, subject, cases.c.platform, said.step, said.outcome,
        said.policy, said.exemption, said.reviewer, at, cases.c.route,
        cases.c.copy_of, shown.c.route,
    ).select_from(
        table.join(cases, cases.c.id == said.case_id)
        .outerjoin(shown, shown.c.id == cases.c.copy_of)
    ).where(subject.is_not(None))  # fmt: skip
    theirs = said.reviewer == own if own is not None else literal(False)
    if not copies:
        query = query.where(or_(cases.c.copy_of.is_(None), theirs))
    if not copied:
        has_copy = select(copy.c.id).where(copy.c.copy_of == cases.c.id).exists()
        query = query.where(or_(~has_copy, theirs))
    return query.order_by(said.seq)
