"""Who in a workspace is under a hold: by an entry of the desk's log, or by a line of ``holds.txt``.

The file is the older way, for workspaces without a desk: ids, one a line; lines that begin with
``#`` say nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from marsad.decide.preservation import holds
from marsad.decide.preservation.naming import spelled
from marsad.records.errors import ConflictError, InputError
from marsad.records.message import Message
from marsad.store import has_database, open_database
from marsad.store.database import Transaction
from marsad.store.holds import Hold
from marsad.workspace.folder import SETTINGS, Workspace
from marsad.workspace.placing import place

FILE = "holds.txt"


def held(workspace: Workspace, at: int | None = None) -> Mapping[str, Hold | None]:
    """Names that a hold stands for, at a time (µs UTC) or now, each with the one that ends last;
    None for a line of the file."""
    where = place(workspace.folder, workspace.settings, workspace.folder / SETTINGS)
    if not has_database(where):
        return standing(workspace, None, at)
    database = open_database(where)
    try:
        with database.reading() as transaction:
            return standing(workspace, transaction, at)
    finally:
        database.close()


def standing(
    workspace: Workspace, transaction: Transaction | None, at: int | None = None
) -> Mapping[str, Hold | None]:
    """The same, as a transaction sees it; None where there is no desk."""
    found: dict[str, Hold | None] = dict.fromkeys(_lines(workspace))
    for one in holds.standing(transaction, at=at) if transaction is not None else ():
        before = found.get(one.name or "")
        if one.name is not None and (before is None or _later(one, before)):
            found[one.name] = one
    return found


@contextmanager
def none_but(workspace: Workspace, known: Collection[str], at: int | None = None) -> Iterator[None]:
    """Nobody sets a hold while this is open. Raises `ConflictError` where one stands for somebody
    who is not ``known`` to have one."""
    where = place(workspace.folder, workspace.settings, workspace.folder / SETTINGS)
    with ExitStack() as stack:
        transaction = None
        if has_database(where):
            database = open_database(where)
            stack.callback(database.close)
            transaction = stack.enter_context(database.writing())
        if standing(workspace, transaction, at).keys() - set(known):
            raise ConflictError("hold.came")
        yield


@dataclass(frozen=True)
class HeldBack:
    """Somebody whom only a hold keeps: the hold's number, kind and end (µs UTC; None for an open
    one), all None for a line of the file."""

    subject: str
    hold: int | None = None
    kind: str | None = None
    until: int | None = None

    @classmethod
    def by(cls, subject: str, hold: Hold | None) -> HeldBack:
        """Somebody, with the hold that keeps them."""
        return cls(subject, hold.id, hold.kind, hold.until) if hold else cls(subject)

    @property
    def message(self) -> Message:
        """The sentence that says so."""
        if self.hold is None:
            return Message("expire.held-file", {"subject": self.subject, "file": FILE})
        values = {"subject": self.subject, "hold": str(self.hold),
                  "kind": {"words": [f"hold.kind.{self.kind}"]}}  # fmt: skip
        if self.until is None:
            return Message("expire.held-open", values)
        return Message("expire.held", {**values, "until": holds.day(self.until)})

    def of_record(self, number: int) -> Message:
        """The sentence that says so of a record that is kept apart, which names nobody."""
        if self.hold is None:
            return Message("preservation.held-file", {"record": str(number), "file": FILE})
        return Message("preservation.held", {"record": str(number), "hold": str(self.hold)})


def _later(one: Hold, than: Hold) -> bool:
    return than.until is not None and (one.until is None or one.until > than.until)


def _lines(workspace: Workspace) -> list[str]:
    path = workspace.folder / FILE
    if not path.is_file():
        return []
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        # what cannot be read may hold anybody
        raise InputError("expire.holds", file=str(path), error=str(error)) from error
    return [spelled(line) for line in lines if line.strip() and not line.startswith("#")]
