"""Writing what happened: an entry of the log and all that follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marsad.decide import quality_projection as quality
from marsad.decide.projection import apply, rows_apart, rows_of
from marsad.records.errors import InputError
from marsad.store import cases, lanes, log, projections
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.store.log import Event


def record(
    transaction: Transaction,
    case: Case | None,
    kind: str,
    *,
    at: int,
    actor: str,
    person: int,
    data: Mapping[str, Any] | None = None,
    private: Mapping[str, Any] | None = None,
) -> tuple[Case, Event]:
    """Appends an event about a case, or the one that opens it, and brings its rows up to date.

    Raises `InputError` where the event cannot follow in the case's state, `ConflictError` where
    somebody else has changed the case since it was read; then nothing is written.
    """
    event = log.append(
        transaction, at=at, actor=actor, kind=kind, case=case.id if case else 0,
        data=data, person=person, private_data=private,
    )  # fmt: skip
    changed = apply(case, event)
    cases.write(transaction, case, changed)
    quality.follow(transaction, case, changed, event)
    known = quality.known_before(transaction, event)
    rows = [*rows_of(event), *quality.rows_of(event, changed, known)]
    projections.add(transaction, rows)
    found = (row.values["signal"] for row in rows if row.table == "case_findings")
    lanes.found(transaction, changed, found)
    quality.settle(transaction, case, changed, event)
    return changed, event


def record_apart(
    transaction: Transaction,
    kind: str,
    *,
    at: int,
    actor: str,
    data: Mapping[str, Any] | None = None,
    person: int | None = None,
    private: Mapping[str, Any] | None = None,
) -> Event:
    """Appends an event that is about no single case, with the rows that follow from it. What is
    ``private`` needs a ``person`` whom it is about."""
    event = log.append(
        transaction, at=at, actor=actor, kind=kind, data=data, person=person, private_data=private
    )
    projections.add(transaction, rows_apart(event))
    return event


def existing(transaction: Transaction, case_id: int) -> Case:
    """A case. Raises `InputError` where there is none of this number."""
    case = cases.read(transaction, case_id)
    if case is None:
        raise InputError("decide.no-case", case=case_id)
    return case
