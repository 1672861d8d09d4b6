"""Holds, requests and records apart, where the workspace lies, without a login."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from marsad.decide.preservation.desk import Preservation
from marsad.decide.roles import Reviewer
from marsad.decide.users import COMMAND_LINE
from marsad.store import Database, has_database
from marsad.workspace.folder import Workspace
from marsad.workspace.reviewing import database, database_place

OPERATOR = Reviewer(COMMAND_LINE, frozenset({"admin"}))
"""Who has the workspace itself: an admin of the desk."""


@contextmanager
def desk_if_any(workspace: Workspace) -> Iterator[Database | None]:
    """The desk's database; None where there is none, and none is made."""
    if not has_database(database_place(workspace)):
        yield None
        return
    store = database(workspace)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def at_the_command_line(workspace: Workspace) -> Iterator[tuple[Preservation, Reviewer]]:
    """What can be done, and who does it."""
    store = database(workspace)
    try:
        yield Preservation(store), OPERATOR
    finally:
        store.close()
