"""What people do about what is kept: holds, requests about somebody's own data, records apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from marsad.decide.preservation import holds, records, requests
from marsad.decide.preservation.holds import Told, Wanted
from marsad.decide.roles import Reviewer, require
from marsad.records.times import now as clock_of_now
from marsad.store import holds as store
from marsad.store import preservations
from marsad.store.database import Database
from marsad.store.holds import Hold, Request
from marsad.store.preservations import Record


@dataclass(frozen=True)
class Preservation:
    """Each act in a transaction of its own that is whole or is not. ``clock`` gives µs UTC. Every
    method raises `InputError` for what may not be done and `ConflictError` for what was done."""

    database: Database
    clock: Callable[[], int] = clock_of_now

    def holds(self, reviewer: Reviewer) -> Sequence[Told]:
        """Every hold there was, with basis and reason as far as nobody erased them."""
        require(reviewer, "see-kept")
        with self.database.reading() as transaction:
            return [holds.told(transaction, one) for one in store.all_holds(transaction)]

    def set_hold(self, reviewer: Reviewer, wanted: Wanted) -> Hold:
        """Sets a hold."""
        require(reviewer, "hold")
        with self.database.writing() as transaction:
            return holds.set_(transaction, reviewer.id, wanted, self.clock())

    def end_hold(self, reviewer: Reviewer, number: int, reason: str) -> None:
        """Ends a hold."""
        require(reviewer, "hold")
        with self.database.writing() as transaction:
            holds.end(transaction, reviewer.id, number, reason, self.clock())

    def requests(self, reviewer: Reviewer) -> Sequence[tuple[Request, str]]:
        """What people asked for about their own data, each with its note."""
        require(reviewer, "see-kept")
        with self.database.reading() as transaction:
            found = store.requests(transaction)
            return [(one, requests.note_of(transaction, one)) for one in found]

    def receive(
        self, reviewer: Reviewer, name: str, kind: str, received_at: int, note: str = ""
    ) -> Request:
        """Records a request."""
        require(reviewer, "hold")
        with self.database.writing() as transaction:
            at = self.clock()
            return requests.receive(transaction, reviewer.id, name, kind, received_at, note, at)

    def extend_request(self, reviewer: Reviewer, number: int, note: str) -> Request:
        """Gives a request two months more."""
        require(reviewer, "hold")
        with self.database.writing() as transaction:
            return requests.extend(transaction, reviewer.id, number, note, self.clock())

    def answer(self, reviewer: Reviewer, number: int, outcome: str, note: str = "") -> Request:
        """Says what became of a request."""
        require(reviewer, "hold")
        with self.database.writing() as transaction:
            return requests.answer(transaction, reviewer.id, number, outcome, note, self.clock())

    def records(self, reviewer: Reviewer) -> Sequence[Record]:
        """What is kept apart, or was, the oldest first."""
        require(reviewer, "see-kept")
        with self.database.reading() as transaction:
            return preservations.every(transaction)

    def preserve(self, reviewer: Reviewer, case_id: int, why: str) -> int:
        """Asks for a case to be kept apart; the number of the record."""
        require(reviewer, "hold")
        with self.database.writing() as transaction:
            return records.ask_by_hand(transaction, reviewer, case_id, why, self.clock())

    def extend(self, reviewer: Reviewer, number: int, until: int, purpose: str, why: str) -> Record:
        """Keeps a record longer."""
        require(reviewer, "hold")
        with self.database.writing() as transaction:
            at = self.clock()
            return records.extend(transaction, reviewer.id, number, until, purpose, why, at)

    def ask_release(self, reviewer: Reviewer, number: int, purpose: str, why: str) -> Record:
        """The first of two people asks for a record to be opened."""
        require(reviewer, "release")
        with self.database.writing() as transaction:
            at = self.clock()
            return records.ask_release(transaction, reviewer, number, purpose, why, at)

    def release(self, reviewer: Reviewer, number: int) -> Record:
        """The second agrees."""
        require(reviewer, "release")
        with self.database.writing() as transaction:
            return records.release(transaction, reviewer, number, self.clock())
