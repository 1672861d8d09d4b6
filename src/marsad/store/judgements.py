"""What each person judged of each subject at the desk, as labels have it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select

from marsad.store.database import Transaction
from marsad.store.log import BATCH
from marsad.store.quality_tables import verdicts
from marsad.store.tables import cases, decisions


class Judgement(NamedTuple):
    """One decision of one person, entry ``seq``. ``route`` and ``opened`` (the entry that opened
    the case) say how the case came to be seen; ``overturned``: when what it led to was taken back
    (µs UTC), None where it still stands."""

    seq: int
    case_id: int
    kind: str
    subject: str
    reviewer: str
    outcome: str
    exemption: str | None
    at: int
    route: str
    overturned: int | None = None


def judgements(
    transaction: Transaction, kinds: tuple[str, ...], route: str | None = None
) -> Iterator[Judgement]:
    """All of them about subjects of some kinds that were not erased, in the log's order; of cases
    that came to be seen by one route where it is named. What was merely passed on to a senior is no
    judgement, nor is that somebody has carried out an order."""
    taken_back = _taken_back(transaction)
    real = cases.alias("real")
    subject = func.coalesce(cases.c.subject, real.c.subject)
    said = decisions.c
    query = (
        select(said.seq, cases.c.id, cases.c.kind, subject, said.reviewer, said.outcome,
               said.exemption, said.decided_at, cases.c.route)
        .join(cases, cases.c.id == said.case_id)
        .outerjoin(real, real.c.id == cases.c.copy_of)
        .where(cases.c.kind.in_(kinds), subject.is_not(None), said.outcome != "escalate",
               said.step != "executed")
        .order_by(said.seq)
    )  # fmt: skip
    query = query.where(cases.c.route == route) if route is not None else query
    for row in transaction.execute(query, execution_options={"yield_per": BATCH}):
        found = Judgement(*row)
        spans = taken_back.get(found.case_id, ())
        yield found._replace(
            overturned=next((at for a, b, at in spans if a < found.seq <= b), None)
        )


def _taken_back(transaction: Transaction) -> dict[int, list[tuple[int, int, int]]]:
    """Of each case with an overturned decision: the entries after which what was decided led to it,
    the decision itself, and when it was taken back."""
    some = select(verdicts.c.case_id).where(verdicts.c.step == "overturned")
    query = select(verdicts.c.case_id, verdicts.c.seq, verdicts.c.step, verdicts.c.at)
    query = query.where(verdicts.c.case_id.in_(some)).order_by(verdicts.c.seq)
    decided: dict[int, list[int]] = defaultdict(list)
    spans: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for case_id, seq, step, at in transaction.execute(query):
        if step == "decided":
            decided[case_id].append(seq)
            continue
        before, last = ([0, 0] + decided[case_id])[-2:]
        spans[case_id].append((before, last, at))
    return spans
