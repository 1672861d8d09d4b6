"""Writing what happened to an action: an entry of the log and what follows, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marsad.decide.actions.projection import changed
from marsad.decide.preservation import records
from marsad.decide.recording import record
from marsad.store import actions
from marsad.store.actions import Action
from marsad.store.cases import Case
from marsad.store.database import Transaction


def record_step(
    transaction: Transaction,
    case: Case,
    kind: str,
    *,
    at: int,
    actor: str,
    data: Mapping[str, Any],
    said: str | None = None,
) -> Action:
    """Appends an entry about an action, or the one that proposes it; returns the action after it.

    ``said`` is what a platform or a person wrote: it is kept where it can be erased. Raises
    `InputError` where the entry cannot follow in the action's state; then nothing is written.
    """
    private = {"said": said} if said else None
    _, event = record(
        transaction, case, kind, at=at, actor=actor, person=case.person, data=data, private=private
    )
    pairs = changed(event, lambda number: actions.read(transaction, number))
    for old, new in pairs:
        actions.write(transaction, old, new)
    records.follow(transaction, case, kind, at)
    return pairs[0][1]
