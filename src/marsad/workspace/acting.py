"""Acting for a workspace: its platforms from marsad.toml, and one turn of carrying out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from marsad.decide.actions.carrying import Carried, Carrier, due_now
from marsad.platforms.base import Place, Subject
from marsad.platforms.manual import Manual
from marsad.platforms.settings import Configured, configured
from marsad.records.errors import InputError
from marsad.records.platforms import platform_id
from marsad.records.times import now as clock_of_now
from marsad.store import Database
from marsad.store.actions import Action
from marsad.workspace.folder import SETTINGS, Workspace
from marsad.workspace.reviewing import database as open_desk

SECTION = "platforms"


@dataclass(frozen=True)
class Platforms:
    """Who carries out what, by the platform of the subject. Where marsad.toml names nobody, people
    are asked: nothing that was decided is lost."""

    known: Mapping[str, Configured]
    place: Callable[[str], Place]

    def of(self, platform: str) -> Configured:
        """Who carries out actions on a platform."""
        return self.known.get(platform) or self._people(platform)

    def chosen(self, action: Action) -> Configured:
        """Who carries out an action: people, where somebody wanted that or was asked already."""
        found = self.of(action.platform)
        people = action.by_hand and not found.platform.by_hand
        return self._people(action.platform) if people else found

    def link(self, action: Action, subject: str) -> str | None:
        """An address at which a person finds an action's subject, safe to be made a link of."""
        by = self.of(action.platform)
        by = by if by.platform.by_hand else self._people(action.platform)
        return by.platform.link(Subject(action.kind, subject))

    def close(self) -> None:
        """Frees what the platforms hold."""
        for one in self.known.values():
            one.platform.close()

    def _people(self, platform: str) -> Configured:
        return Configured(platform, Manual.open({"links": {}}, self.place(platform)))


def platforms(workspace: Workspace, clock: Callable[[], int] = clock_of_now) -> Platforms:
    """The platforms of a workspace. Raises `InputError` where a section of ``[platforms]`` is not
    right: better nothing is sent than half of it."""
    file = workspace.folder / SETTINGS
    given = workspace.settings.get(SECTION, {})
    if not isinstance(given, Mapping):
        raise InputError("platform.section", file=str(file), section=f"[{SECTION}]")
    known = {}
    for name, section in given.items():
        if platform_id(name) != name:
            raise InputError("platform.section-name", file=str(file), given=name[:100],
                             valid=[platform_id(name) or "my-platform"])  # fmt: skip
        place = Place(name, workspace.folder, clock)
        known[name] = configured(name, section, place, file)
    return Platforms(known, lambda name: Place(name, workspace.folder, clock))


@contextmanager
def carrier(
    workspace: Workspace, database: Database | None = None,
    clock: Callable[[], int] = clock_of_now,
) -> Iterator[Carrier]:  # fmt: skip
    """Who carries out a workspace's actions; opens the desk's database unless it is given."""
    chosen = platforms(workspace, clock)
    store = database or open_desk(workspace)
    try:
        yield Carrier(store, chosen.chosen, clock)
    finally:
        chosen.close()
        if database is None:
            store.close()


def is_due(database: Database, now: int) -> bool:
    """Whether there is something to carry out at a time (µs UTC); it changes nothing."""
    with database.reading() as transaction:
        return bool(due_now(transaction, now, 1))


def carry_out(
    workspace: Workspace, *, dry_run: bool = False, limit: int = 500,
    database: Database | None = None, clock: Callable[[], int] = clock_of_now,
) -> Carried:  # fmt: skip
    """Does once what is due, and says when something is due next; a dry run only says what it
    would do. Several processes may do so at once. Raises `InputError` for settings that are not
    right, `OutsideError` where the disk or the database fails; calling it again is safe."""
    with carrier(workspace, database, clock) as acting:
        return acting.would(limit) if dry_run else acting.carry_out(limit)
