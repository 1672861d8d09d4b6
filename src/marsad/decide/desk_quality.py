"""The desk's further acts: golden cases, threats to life, crises, and care for the reviewer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from marsad.decide import blind, crises, exposure, history, similar, strikes, surges, threats
from marsad.decide.crises import Crisis, Wanted
from marsad.decide.exposure import Exposure
from marsad.decide.history import History
from marsad.decide.recording import record
from marsad.decide.roles import Reviewer, require
from marsad.decide.similar import Similar
from marsad.decide.states import WAITING
from marsad.decide.strikes import Standing
from marsad.decide.surges import Surge
from marsad.decide.threats import Threat, Told
from marsad.store import cases, exposures
from marsad.store.cases import Case

if TYPE_CHECKING:
    from marsad.decide.settings import Settings
    from marsad.store.database import Database


class DeskQuality:
    """What `Desk` does beyond deciding; each act in a transaction of its own."""

    database: Database
    clock: Callable[[], int]
    settings: Settings

    def case(self, reviewer: Reviewer, case_id: int) -> Case:
        """A case to look at. Raises `InputError` where there is none that this reviewer may see."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            return blind.seen_by(transaction, reviewer, case_id, lock=False)

    def as_seen(self, reviewer: Reviewer, case_id: int) -> Case | None:
        """A real case, or the copy that this reviewer is shown in its place; None for no case."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            case = cases.read(transaction, case_id, lock=False)
            return blind.as_seen(transaction, case, reviewer) if case is not None else None

    def history(self, reviewer: Reviewer, case_id: int) -> History:
        """What was decided about the person and its lineage before."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id, lock=False)
            return history.of_case(transaction, case, reviewer)

    def similar(self, reviewer: Reviewer, case_id: int, limit: int = 10) -> list[Similar]:
        """Decided cases of others that share something rare with a case."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id, lock=False)
            found = similar.decided_like(transaction, case, limit)
            return [one for one in found if not blind.hidden(transaction, one.case, reviewer)]

    def standing(self, reviewer: Reviewer, case_id: int, policy: str | None = None) -> Standing:
        """The strikes against the person of a case, and what the ladder suggests for it."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id, lock=False)
            ladder = self.settings.strikes
            return strikes.of_case(transaction, case, ladder, self.clock(), policy, reviewer)

    # ── golden cases

    def mark_golden(self, reviewer: Reviewer, case_id: int, accepted: Sequence[str]) -> Case:
        """Makes a decided case golden, with the outcomes that are right; with none no longer."""
        require(reviewer, "mark-golden")
        with self.database.writing() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id)
            answers = sorted(set(accepted))
            blind.check_marking(transaction, case, answers)
            return record(transaction, case, "golden-set", at=self.clock(), actor=reviewer.id,
                          person=case.person, data={"accepted": answers})[0]  # fmt: skip

    # ── a threat to life

    def raise_threat(self, reviewer: Reviewer, case_id: int, text: str) -> Threat:
        """Says that somebody's life is threatened: the clock starts, the case goes before all
        others, and there is whom to tell and what to send. Nothing is sent by itself."""
        require(reviewer, "raise-threat")
        with self.database.writing() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id)
            return threats.raise_(transaction, reviewer, case, text, self.clock(),
                                  self.settings.contacts)  # fmt: skip

    def threat(self, reviewer: Reviewer, case_id: int) -> Threat | None:
        """The threat that was raised last in a case; None where none was."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id, lock=False)
            return threats.last(transaction, case, self.settings.contacts)

    def tell(
        self, reviewer: Reviewer, case_id: int, contact: str, told_at: int | None = None,
        note: str = "",
    ) -> Case:  # fmt: skip
        """Records that somebody was told of a threat, now or at a time (µs UTC) before."""
        require(reviewer, "raise-threat")
        with self.database.writing() as transaction:
            case, now = blind.seen_by(transaction, reviewer, case_id), self.clock()
            at = now if told_at is None else told_at
            contacts = self.settings.contacts
            return threats.tell(transaction, reviewer, case, contact, at, now, contacts, note)

    def told(self, reviewer: Reviewer, case_id: int) -> list[Told]:
        """Who was told of the threats in a case."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            return threats.told(
                transaction, blind.seen_by(transaction, reviewer, case_id, lock=False).id
            )

    # ── crises

    def open_crisis(self, reviewer: Reviewer, name: str, owner: str, wanted: Wanted) -> Crisis:
        """Gives a surge a queue and an owner. Cases that wait and pass the filter join it, some
        hundreds at a time; so do new ones as they are opened."""
        require(reviewer, "lead-crisis")
        crises.check(name, owner, wanted)
        with self.database.writing() as transaction:
            crisis = crises.open_(transaction, reviewer.id, name, owner, wanted, self.clock())
        after: int | None = 0
        while after is not None:
            with self.database.writing() as transaction:
                after = crises.join(transaction, crisis, reviewer.id, self.clock(), after)
        return crisis

    def close_crisis(self, reviewer: Reviewer, crisis_id: int) -> None:
        """Ends a crisis: its cases go back into everybody's queue."""
        require(reviewer, "lead-crisis")
        with self.database.writing() as transaction:
            crisis = crises.running(transaction, crisis_id)
            crises.close(transaction, crisis, reviewer.id, self.clock())
        left = 1
        while left:
            with self.database.writing() as transaction:
                left = crises.leave(transaction, crisis_id, reviewer.id, self.clock())

    def crises(self, reviewer: Reviewer, closed: bool = False) -> list[Crisis]:
        """The crises that run, the newest first; with ``closed`` all there were."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            return crises.every(transaction) if closed else crises.watched(transaction)

    def crisis_size(self, reviewer: Reviewer, crisis_id: int) -> int:
        """How many cases in the queue of a crisis wait for somebody, as this reviewer sees it."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            return cases.count_in_crisis(transaction, crisis_id, WAITING, reviewer.id)

    def suggest_crisis(self, reviewer: Reviewer, hours: float = 6) -> list[Surge]:
        """What many more of the cases of the last hours share than used to: proposals."""
        require(reviewer, "lead-crisis")
        with self.database.reading() as transaction:
            return surges.surges(transaction, self.clock(), hours)

    # ── care

    def unblur(self, reviewer: Reviewer, case_id: int) -> None:
        """Counts that a reviewer has had media shown; it is told to nobody else."""
        require(reviewer, "open-item")
        with self.database.writing(apart=True) as transaction:
            case = blind.seen_by(transaction, reviewer, case_id)
            exposures.add(transaction, reviewer.id, self.clock(), case.priority, media=True)

    def exposure(self, reviewer: Reviewer) -> Exposure:
        """How much this reviewer has had to look at, and whether a pause is suggested."""
        with self.database.reading() as transaction:
            return exposure.of(transaction, reviewer.id, self.clock(), self.settings.care)
