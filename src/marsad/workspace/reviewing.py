"""The desk of a workspace: its database, its cases from findings, its log's key."""

from __future__ import annotations

from pathlib import Path

from marsad.decide import account_bank, opening
from marsad.decide.desk import Desk
from marsad.decide.findings import from_table
from marsad.decide.opening import Opened
from marsad.engines import open_engine
from marsad.records.errors import InputError
from marsad.records.times import now
from marsad.store import Database, open_database
from marsad.workspace.finding import findings
from marsad.workspace.folder import Workspace

DATABASE = "review.db"


def database(workspace: Workspace) -> Database:
    """The desk's database; made where there is none."""
    return open_database(workspace.folder / DATABASE)


def existing_database(workspace: Workspace) -> Database:
    """The desk's database. Raises `InputError` where nothing was ever decided here."""
    path = workspace.folder / DATABASE
    if not path.is_file():
        raise InputError("audit.none", file=str(path))
    return open_database(path)


def key_file(workspace: Workspace) -> Path:
    """Where the private key lies that signs the log's checkpoints."""
    return workspace.folder / "keys" / "audit.key"


def desk(workspace: Workspace) -> Desk:
    """The desk, with the policies that decisions may rest on."""
    return Desk(database(workspace), [policy.reference for policy in workspace.policies.all()])


def open_cases(workspace: Workspace) -> Opened:
    """Opens cases from the workspace's findings as they stand; again changes nothing."""
    with open_engine() as engine:
        found = engine.collect(findings(workspace, engine, workspace.log.snapshot()))
    store = database(workspace)
    try:
        return opening.open_cases(store, from_table(found), now())
    finally:
        store.close()


def update_account_bank(workspace: Workspace) -> int:
    """Tells the account bank what was decided and overturned; returns how many changes."""
    store = database(workspace)
    try:
        return account_bank.deliver(store, workspace.banks)
    finally:
        store.close()
