"""The desk of a workspace: its database, its cases from findings, its log's key."""

from __future__ import annotations

from pathlib import Path

from marsad.decide import account_bank, opening
from marsad.decide import settings as desk_settings
from marsad.decide.desk import Desk
from marsad.decide.findings import from_table
from marsad.decide.opening import Mixing, Opened
from marsad.decide.settings import Settings
from marsad.engines import open_engine
from marsad.records.errors import InputError
from marsad.records.times import now
from marsad.store import Database, has_database, open_database, outbox
from marsad.workspace import placing
from marsad.workspace.exhibiting import gather
from marsad.workspace.finding import findings, records
from marsad.workspace.folder import SETTINGS, Workspace
from marsad.workspace.shadow import Shadow


def database_place(workspace: Workspace) -> Path | str:
    """Where the desk's database is: a file, or a URL with its password."""
    return placing.place(workspace.folder, workspace.settings, workspace.folder / SETTINGS)


def database(workspace: Workspace) -> Database:
    """The desk's database; made where there is none."""
    return open_database(database_place(workspace))


def existing_database(workspace: Workspace) -> Database:
    """The desk's database. Raises `InputError` where nothing was ever decided here."""
    where = database_place(workspace)
    if not has_database(where):
        if isinstance(where, Path):
            raise InputError("audit.none", file=str(where))
        raise InputError("audit.none-there", where=placing.shown(where))
    return open_database(where)


def key_file(workspace: Workspace) -> Path:
    """Where the private key lies that signs the log's checkpoints."""
    return workspace.folder / "keys" / "audit.key"


def desk(workspace: Workspace) -> Desk:
    """The desk, with the policies that decisions may rest on."""
    policies = [policy.reference for policy in workspace.policies.all()]
    return Desk(database(workspace), policies, settings=settings(workspace))


def settings(workspace: Workspace) -> Settings:
    """What the workspace sets for its desk. Raises `InputError` where that cannot be read."""
    return desk_settings.read(workspace.settings)


def open_cases(workspace: Workspace) -> Opened:
    """Opens cases from the workspace's findings as they stand, but for those in shadow; again
    changes nothing. Golden cases are mixed in as the settings say."""
    store = database(workspace)
    try:
        return open_cases_in(workspace, store, now())
    finally:
        store.close()


def open_cases_in(workspace: Workspace, store: Database, at: int, rest: float = 0.0) -> Opened:
    """As `open_cases` for a database that is open; ``at`` is the time, µs UTC, and ``rest`` as in
    `opening.open_cases`."""
    mixing = Mixing(settings(workspace).quality.golden)
    with open_engine() as engine:
        snapshot = workspace.log.snapshot()
        live = Shadow.of(workspace.settings).live(findings(workspace, engine, snapshot))
        found = list(from_table(engine.collect(live)))
        shown = gather(found, records(workspace, snapshot, engine), engine)
    erased = snapshot.of("erased")
    return opening.open_cases(
        store, found, at, shown, mixing, rest,
        still=lambda: workspace.log.snapshot().of("erased") == erased,
    )  # fmt: skip


def update_account_bank(workspace: Workspace) -> int:
    """Tells the account bank what was decided and overturned; returns how many changes."""
    store = database(workspace)
    try:
        return account_bank.deliver(store, workspace.banks)
    finally:
        store.close()


def deliver_to_account_bank(workspace: Workspace, store: Database) -> int:
    """As `update_account_bank` for a database that is open; takes no lock where there is nothing
    to tell."""
    with store.reading() as transaction:
        waiting = bool(outbox.pending(transaction))
    return account_bank.deliver(store, workspace.banks) if waiting else 0
