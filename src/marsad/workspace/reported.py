"""What reviewers look at in cases that somebody reported: sealed into them out of the records.

A notice opens its case at once, without reading records. What there is to look at follows within
seconds; what the records do not have is looked for again whenever they change.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from marsad.decide import dossier, opening
from marsad.decide.exhibits import Exhibits
from marsad.decide.findings import SealedFinding
from marsad.decide.opening import Subject
from marsad.decide.recording import existing
from marsad.decide.states import WAITING
from marsad.engines import open_engine
from marsad.store import Database, log, notices
from marsad.store.cases import Case
from marsad.store.database import Transaction
from marsad.workspace.exhibiting import gather
from marsad.workspace.finding import records
from marsad.workspace.folder import Workspace

AT_ONCE = 200


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
            bare = [
                case for case in notices.waiting_cases(transaction, AT_ONCE)
                if case.id not in self.tried and not _shown(transaction, case)
            ]  # fmt: skip
        self.tried.update(case.id for case in bare)
        if not bare or not files:
            return 0
        with open_engine() as engine:
            found = gather([_finding(one) for one in bare],
                           records(self.workspace, snapshot, engine), engine)  # fmt: skip
        return self._seal(bare, found, at)

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


def _finding(case: Case) -> SealedFinding:
    """Stands for the notice: the subject is all that is looked for."""
    return SealedFinding(str(case.id), case.kind, str(case.subject), None, "notice", 0.5)
