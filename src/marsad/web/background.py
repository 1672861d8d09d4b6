"""What a running desk does besides answering: turns of work, each in a thread of its own.

Every process of a server has them: each work guards itself against being done twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event, Thread

from marsad.decide.notices import telling
from marsad.records.errors import MarsadError
from marsad.records.message import Message
from marsad.web.site import Site
from marsad.workspace import (
    acting,
    forgetting,
    keeping,
    mailing,
    notifying,
    preserving,
    reported,
    reviewing,
    stating,
)
from marsad.workspace.folder import Workspace

PAUSE, LONGEST_PAUSE = 5.0, 60.0
"""Seconds between two turns; after a turn that failed twice as many, up to the longest."""
A_TURN = 20
"""Requests and looks of one turn: not many, for between two turns it can be stopped."""
REST = 1.0
"""Seconds of rest for each second of opening cases: there may be a hundred thousand, and meanwhile
people decide and platforms wait for answers."""
STOPPING = 10.0
"""Seconds that stopping waits for a turn. What is cut off then is a request under a lease: it
leaves again under the same key."""

_LOG = logging.getLogger("marsad.background")


@dataclass(frozen=True)
class Work:
    """Something that is done again and again. A ``turn`` does what is due and says whether there is
    more to do at once; it returns soon where there is nothing. ``pause`` is in seconds."""

    name: str
    turn: Callable[[], bool]
    pause: float = PAUSE


class Background:
    """Threads that do works until they are stopped."""

    def __init__(self, works: Sequence[Work]) -> None:
        self._works = works
        self._stop = Event()
        self._threads: list[Thread] = []
        self._problems: dict[str, Message] = {}

    @classmethod
    def of(cls, site: Site) -> Background:
        """All that is done for a site: nothing where it has no workspace."""
        return cls(works_of(site, site.workspace) if site.workspace is not None else ())

    @property
    def problems(self) -> Mapping[str, Message]:
        """What hinders which work since its last turn."""
        return dict(self._problems)

    def start(self) -> None:
        """Begins; each work has its first turn at once."""
        for work in self._works:
            thread = Thread(target=self._run, args=(work,), name=f"marsad {work.name}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Ends after the turns that are under way."""
        self._stop.set()
        for thread in self._threads:
            thread.join(STOPPING)
        self._threads.clear()

    def _run(self, work: Work) -> None:
        wait = 0.0
        while not self._stop.wait(wait):
            try:
                more = work.turn()
            except Exception as error:  # whatever happened, the next turn may do
                self._failed(work, error)
                wait = min(max(wait, work.pause) * 2, max(LONGEST_PAUSE, work.pause))
                continue
            self._problems.pop(work.name, None)
            wait = 0.0 if more else work.pause

    def _failed(self, work: Work, error: Exception) -> None:
        """Says once what is wrong. Of an error that nobody has foreseen its kind alone: its words
        may hold anything, a key too."""
        foreseen = isinstance(error, MarsadError)
        said = error.message if isinstance(error, MarsadError) else Message(
            "web.background", {"error": type(error).__name__}
        )  # fmt: skip
        if self._problems.get(work.name) != said:
            _LOG.error("%s: %s", work.name, said.render("en") if foreseen else type(error).__name__)
        self._problems[work.name] = said


def works_of(site: Site, workspace: Workspace) -> Sequence[Work]:
    """Opening cases, showing what was reported, carrying out actions, telling the account bank,
    other systems and people by mail, following orders and giving their alarms, stating the reasons
    of decisions, keeping what has to be kept, erasing who reported long ago, and the slow figures
    of the dashboard."""
    works = {"act": _act, "bank": _bank, "notify": _notify, "orders": _orders, "answers": _answers,
             "statements": _state, "mail": _mail}  # fmt: skip
    return (
        Work("cases", _opening(site, workspace)), Work("reported", _showing(site, workspace)),
        *(Work(name, partial(turn, site, workspace)) for name, turn in works.items()),
        Work("keep", _keeping(site, workspace), 15.0),
        Work("forget", partial(_forget, site, workspace), 3_600.0),
        Work("figures", partial(_figures, site, workspace), 60.0),
    )  # fmt: skip


def _act(site: Site, workspace: Workspace) -> bool:
    database, clock = site.desk.database, site.desk.clock
    if not acting.is_due(database, clock()):
        return False
    done = acting.carry_out(workspace, limit=A_TURN, database=database, clock=clock)
    return len(done.steps) == A_TURN


def _bank(site: Site, workspace: Workspace) -> bool:
    reviewing.deliver_to_account_bank(workspace, site.desk.database)
    return False


def _notify(site: Site, workspace: Workspace) -> bool:
    told = notifying.notify(
        workspace, database=site.desk.database, limit=A_TURN, clock=site.desk.clock
    )
    return A_TURN in told.sent.values()


def _answers(site: Site, _: Workspace) -> bool:
    return telling.answer_due(site.desk.database, site.desk.clock) >= telling.AT_ONCE


def _mail(site: Site, workspace: Workspace) -> bool:
    done = mailing.deliver(workspace, site.desk.database, site.desk.clock, A_TURN)
    return done.sent == A_TURN


def _orders(site: Site, _: Workspace) -> bool:
    site.orders.keep_up()
    return False


def _state(site: Site, workspace: Workspace) -> bool:
    site.appeals.settle()
    return stating.turn(workspace, site.desk.database, site.desk.clock).made > 0


def _forget(site: Site, workspace: Workspace) -> bool:
    forgetting.keep_up(workspace, site.desk.database, site.desk.clock)
    return False


def _figures(site: Site, workspace: Workspace) -> bool:
    keeping.keep_up(workspace, site.desk.database, site.desk.clock())
    return False


def _keeping(site: Site, workspace: Workspace) -> Callable[[], bool]:
    """A turn that keeps apart what was asked for, and deletes what is over."""
    keeper = preserving.Keeper(workspace, site.desk.database, site.desk.clock)

    def turn() -> bool:
        keeper.turn()
        return False

    return turn


def _showing(site: Site, workspace: Workspace) -> Callable[[], bool]:
    """A turn that seals what there is to look at into cases that somebody reported."""
    looker = reported.Looker(workspace, site.desk.database)

    def turn() -> bool:
        looker.show(site.desk.clock())
        return False

    return turn


def _opening(site: Site, workspace: Workspace) -> Callable[[], bool]:
    """A turn that opens cases where findings were stored since the one before."""
    known: set[str] | None = None

    def turn() -> bool:
        nonlocal known
        stored = {file.path for file in workspace.log.snapshot().of("findings")}
        if stored != known:
            reviewing.open_cases_in(workspace, site.desk.database, site.desk.clock(), REST)
            known = stored
        return False

    return turn
