"""What people do about notices, those outside and those at the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from marsad.decide import blind, codes, dossier
from marsad.decide.notices import flood, looking, misuse, receiving, shown, status
from marsad.decide.notices.kinds import DISOWNED, MARKED
from marsad.decide.notices.misuse import Standing
from marsad.decide.notices.notice import Given, checked
from marsad.decide.notices.receiving import Receipt, Sender
from marsad.decide.notices.settings import NoticeSettings
from marsad.decide.notices.shown import NoticesOfCase
from marsad.decide.notices.status import Status
from marsad.decide.opening import NO_MIXING, Mixing
from marsad.decide.places import Places
from marsad.decide.recording import record, record_apart
from marsad.decide.roles import Reviewer, require
from marsad.records.errors import InputError
from marsad.records.times import now as clock_of_now
from marsad.store import exposures, notices
from marsad.store.cases import Case
from marsad.store.database import Database

FORM = Sender()


@dataclass(frozen=True)
class Notices:
    """Each act is a transaction of its own. ``places`` say which addresses are ours, ``mixing`` how
    many golden cases are mixed in where a notice opens one. ``clock`` gives µs UTC."""

    database: Database
    places: Places
    clock: Callable[[], int] = clock_of_now
    settings: NoticeSettings = field(default_factory=NoticeSettings)
    mixing: Mixing = NO_MIXING

    def receive(self, given: Given, sender: Sender = FORM) -> Receipt:
        """Takes a notice in. Raises `InputError` for one that cannot be looked into; see
        `marsad.decide.notices.notice.problems`."""
        notice = checked(given, self.places)
        with self.database.writing() as transaction:
            now = self.clock()
            return receiving.receive(transaction, notice, sender, now, self.settings, self.mixing)

    def status(self, code: str) -> Status | None:
        """What became of the notice of a code; None for what is no code, after the same work."""
        with self.database.reading() as transaction:
            found = notices.by_code(transaction, codes.digest(code))
            told = status.of(transaction, found or status.NONE, self.clock())
            return told if found is not None else None

    def disown(self, code: str) -> Status | None:
        """Whoever has a code says that it was not them who sent its notice with their address: no
        notice that came with it until now counts as theirs, and of none of them more mail is sent.
        Returns the status as `status`."""
        if self.status(code) is None:
            return None
        with self.database.writing() as transaction:
            found = notices.by_code(transaction, codes.digest(code))
            assert found is not None
            told = status.of(transaction, found, self.clock())
            before = notices.disowned(transaction, found.reporter)
            if told.by_address and notices.is_newer(transaction, found.reporter, before):
                record_apart(transaction, DISOWNED, at=self.clock(), actor=receiving.ACTOR,
                             data={"reporter": found.reporter, "until": None})  # fmt: skip
            return status.of(transaction, found, self.clock())

    def threats(self, reviewer: Reviewer) -> bool:
        """Whether more threats are reported by strangers just now than are looked at at once."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            return flood.of_threats(transaction, self.clock(), self.settings)

    def of_case(self, reviewer: Reviewer, case_id: int) -> NoticesOfCase:
        """The notices that a reviewer is shown with a case."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id, lock=False)
            return shown.of_case(transaction, case)

    def look(
        self, reviewer: Reviewer, case_id: int, text: str, language: str, address: str = ""
    ) -> Case:  # fmt: skip
        """Seals what a reviewer has read where it is into a case that has nothing to look at, and
        records that they opened it."""
        require(reviewer, "open-item")
        with self.database.writing() as transaction:
            case, now = blind.seen_by(transaction, reviewer, case_id), self.clock()
            found = dossier.of(transaction, case)
            shown, post = looking.quote(
                transaction, reviewer, found, self.places, address=address, text=text,
                language=language, at=now,
            )  # fmt: skip
            exposures.add(transaction, reviewer.id, now, case.priority, case.kind == "media")
            private = {"item": post.item().to_dict()}
            return record(transaction, shown, "item-opened", at=now, actor=reviewer.id,
                          person=case.person, private=private)[0]  # fmt: skip

    def mark(self, reviewer: Reviewer, case_id: int, notice: int, unfounded: bool) -> None:
        """Says that a notice is, or is not, manifestly unfounded. On a copy of a case it is said of
        nobody."""
        require(reviewer, "decide")
        with self.database.writing() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id)
            found = notices.read(transaction, notice)
            if found is None or found.case_id not in (case.id, case.copy_of):
                raise InputError("notice.none", case=case.id)
            data = {"notice": notice, "reporter": found.reporter, "unfounded": unfounded,
                    "copy": case.copy_of is not None}  # fmt: skip
            record(transaction, case, MARKED, at=self.clock(), actor=reviewer.id,
                   person=case.person, data=data)  # fmt: skip

    def reporters(self, reviewer: Reviewer) -> list[Standing]:
        """Who is proposed for a warning or a suspension, and who has had one."""
        require(reviewer, "judge-reporters")
        with self.database.reading() as transaction:
            return misuse.everybody(transaction, self.clock(), self.settings)

    def measure(self, reviewer: Reviewer, reporter: int, step: str, reason: str) -> Standing:
        """Warns, suspends or restores a reporter: what was proposed, and by a person alone."""
        require(reviewer, "judge-reporters")
        with self.database.writing() as transaction:
            now = self.clock()
            return misuse.take(transaction, reviewer, reporter, step, reason, now, self.settings)
