"""Bringing a workspace and its desk's database to the version that is installed."""

from __future__ import annotations

from dataclasses import dataclass

from marsad.decide import rebuilding
from marsad.store import Transaction, has_database, open_database
from marsad.store.upgrade import HEAD
from marsad.workspace import placing
from marsad.workspace.folder import Workspace
from marsad.workspace.reviewing import database_place
from marsad.workspace.runs import FORMAT


@dataclass(frozen=True)
class Upgraded:
    """What there is now: the workspace's format, where the database is and its schema (None where
    there is no database); ``before`` is the schema it had, None where nothing was to be done."""

    format: int
    database: str
    schema: str | None
    before: str | None = None


def upgrade(workspace: Workspace) -> Upgraded:
    """Applies what is lacking, all or nothing; what follows from the log is made anew. Raises
    `InputError` where a newer version has been at work."""
    where = database_place(workspace)
    found: list[str] = []

    def bring(transaction: Transaction, before: str) -> None:
        found.append(before)
        rebuilding.bring(transaction, before)

    if not has_database(where):
        return Upgraded(FORMAT, placing.shown(where), None)
    open_database(where, bring=bring).close()
    return Upgraded(FORMAT, placing.shown(where), HEAD, found[0] if found else None)
