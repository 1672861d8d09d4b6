"""Statements of reasons of a workspace: made, and sent to the transparency database.

``[statements]`` in marsad.toml says where they go (`marsad.decide.statements.settings`). Without an
address they are made and wait.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.operator import Operator
from marsad.decide.statements import people
from marsad.decide.statements.desk import Statements, record_of
from marsad.decide.statements.making import Maker, check
from marsad.decide.statements.personal import Known
from marsad.decide.statements.record import Fault
from marsad.decide.statements.sending import LARGEST, Sender, Sent, complaint
from marsad.decide.statements.settings import StatementSettings
from marsad.platforms.outward import Outward
from marsad.platforms.secrets import private_text
from marsad.records.errors import InputError
from marsad.records.policy import Policy, read_policy
from marsad.records.times import now as clock_of_now
from marsad.store import Database, cases, log, statements
from marsad.workspace.folder import SETTINGS, Workspace

TOKEN = "MARSAD_STATEMENTS_TOKEN"


def desk(
    workspace: Workspace, database: Database, clock: Callable[[], int] = clock_of_now
) -> Statements:
    """The statements of a workspace. Raises `InputError` for settings that are wrong."""
    maker = Maker(
        StatementSettings.of(workspace.settings), AppealSettings.of(workspace.settings),
        Operator.of(workspace.settings), lambda reference: _policy(workspace, reference),
    )  # fmt: skip
    return Statements(database, maker, clock)


def _policy(workspace: Workspace, reference: str) -> Policy | None:
    """A policy in the version that a decision named, which may no longer be the newest."""
    name, _, version = reference.rpartition("@")
    if not (name.replace("-", "").isalnum() and version.isdecimal()):
        return None
    return _read(workspace.policies.folder / f"{reference}.toml")


@lru_cache(maxsize=100)
def _read(path: Path) -> Policy | None:
    """A version never changes."""
    return read_policy(path) if path.is_file() else None


def sender(
    workspace: Workspace, database: Database, clock: Callable[[], int] = clock_of_now
) -> Sender | None:
    """Whoever sends, None where no address is set. Raises `InputError` for an address that is never
    asked, and for a token that is missing or open to others."""
    said = StatementSettings.of(workspace.settings)
    if not said.address:
        return None
    outward = Outward(said.allow_loopback, said.ca, largest=LARGEST)
    outward.check(said.address, "statements.address")
    token = _token(workspace.folder / "keys" / "statements.token")
    return Sender(database, outward, said.address, token, said.a_minute, clock)


def _token(path: Path, environment: Mapping[str, str] = os.environ) -> str:
    try:
        found = environment.get(TOKEN, "").strip() or private_text(path).strip()
    except FileNotFoundError:
        found = ""
    if not found or not found.isascii() or not found.isprintable():
        raise InputError("platform.keys-none", path=str(path), name=TOKEN)
    return found


@dataclass
class Stated:
    """What a turn came to: decisions gone through, and what sending came to, None without it."""

    made: int = 0
    sent: Sent | None = None


def turn(
    workspace: Workspace, database: Database, clock: Callable[[], int] = clock_of_now
) -> Stated:
    """Makes what is due and sends one batch of what waits. Several processes may do so at once.
    Raises `OutsideError` where the transparency database takes nothing."""
    done = Stated(desk(workspace, database, clock).make())
    chosen = sender(workspace, database, clock)
    if chosen is not None:
        done.sent = chosen.send()
        if done.sent.said is not None:
            raise complaint(done.sent.said, chosen.address)
    return done


def must_send(workspace: Workspace, database: Database) -> Sender:
    """Whoever sends. Raises `InputError` where no address is set."""
    found = sender(workspace, database)
    if found is None:
        raise InputError("statements.no-address", file=str(workspace.folder / SETTINGS))
    return found


@dataclass
class Checked:
    """What looking again at all that waits found: how many, and of which what is wrong."""

    count: int = 0
    wrong: dict[int, list[Fault]] = field(default_factory=dict)


def check_waiting(database: Database) -> Checked:
    """Looks at every record that waits to be sent as it was looked at when it was made: a name that
    the case did not know then it may know by now."""
    done = Checked()
    with database.reading() as transaction:
        for one in _waiting(database):
            done.count += 1
            record = record_of(transaction, one)
            case = cases.read(transaction, one.case_id, lock=False)
            known = people.known(transaction, case) if case is not None else Known()
            last = statements.last_step(transaction, one.seq)
            let = log.event(transaction, last.seq).data.get("let", ()) if last else ()
            found = check(record or {}, known, [Fault(*pair) for pair in let])
            if found:
                done.wrong[one.seq] = list(found)
    return done


def _waiting(database: Database) -> Iterator[statements.Statement]:
    after = 0
    while True:
        with database.reading() as transaction:
            found = statements.in_state(transaction, statements.WAITING, 500, after)
        yield from found
        if not found:
            return
        after = found[-1].seq
