"""What reviewers look at in cases that somebody reported, or that an order is about: sealed into
them out of the records.

A notice or an order opens its case at once, without reading records. What there is to look at
follows within seconds; what the records do not have is looked for again whenever they change.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from marsad.decide import dossier, opening
from marsad.decide.exhibits import Exhibits
from marsad.decide.notices.receiving import SIGNAL as NOTICE
from marsad.decide.opening import Subject
from marsad.decide.orders.receiving import ROUTE as ORDER
from marsad.decide.recording import existing
from marsad.decide.states import WAITING
from marsad.engines import open_engine
from marsad.store import Database, log, queue
from marsad.store.cases import Case, Filter
from marsad.store.database import Transaction
from marsad.workspace.exhibiting import gather
from marsad.workspace.finding import records
from marsad.workspace.folder import Workspace

AT_ONCE = 200
CHOSEN = (Filter(WAITING, signal=NOTICE), Filter(WAITING, clock=ORDER))
"""The cases that wait and were opened without reading records."""


@dataclass
class Looker:
    """Remembers which cases it found nothing for, as long as the records are the same."""

    workspace: Workspace
    database: Database
    known: frozenset[str] = frozenset()
    tried: set[int] = field(default_factory=set)

    def show(self, at: int) -> int:
        """Seals what there is to look at into cases that have nothing; returns into how many."""
        snapshot = self.workspace.log.snapshot()
        files = {file.path for kind in ("posts", "observations") for file in snapshot.of(kind)}
        if files != self.known:
            self.known, self.tried = frozenset(files), set()
        with self.database.reading() as transaction:
            newest = (
                case for chosen in CHOSEN
                for case in queue.page(transaction, chosen, AT_ONCE, order=queue.ORDERS["newest"])
            )  # fmt: skip
            found = {case.id: case for case in newest if case.id not in self.tried}
            bare = [case for case in found.values() if not _shown(transaction, case)]
        self.tried.update(found)
        if not bare or not files:
            return 0
        with open_engine() as engine:
            shown = gather((), records(self.workspace, snapshot, engine), engine,
                           [(one.kind, str(one.subject)) for one in bare])  # fmt: skip
        return self._seal(bare, shown, at)

    def _seal(self, bare: list[Case], found: dict[Subject, Exhibits], at: int) -> int:
        done = 0
        with self.database.writing() as transaction:
            for one in bare:
                shown = found.get((one.kind, str(one.subject)))
                case = existing(transaction, one.id)
                if shown is None or not shown.posts or case.state not in WAITING:
                    continue
                if not _shown(transaction, case):  # another process may have been first
                    opening.show(transaction, case, shown, at)
                    done += 1
        return done


def _shown(transaction: Transaction, case: Case) -> bool:
    """Whether there is a post to look at."""
    return bool(dossier.exhibits_of(log.events_of(transaction, case.id)).posts)
