"""Complaints (Article 20 of Regulation (EU) 2022/2065): made by whoever has a code, decided by
somebody who had no part in the decision, closed once what was decided has been seen to be done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.decide import blind
from marsad.decide.appeals import finding, reversing, telling
from marsad.decide.appeals.finding import Ground
from marsad.decide.appeals.kinds import ANSWERED, ASKED, CLOSED, DECIDED, MADE
from marsad.decide.appeals.settings import AppealSettings
from marsad.decide.outcomes import ACTING, VALID
from marsad.decide.recording import record
from marsad.decide.roles import Reviewer, require
from marsad.decide.rules import check_reason
from marsad.platforms.base import ACTS
from marsad.records import mail_addresses
from marsad.records.errors import ConflictError, InputError
from marsad.records.times import now as clock_of_now
from marsad.store import appeals, cases, log, persons, projections
from marsad.store.appeals import OUTCOMES, UPHELD, Appeal
from marsad.store.cases import Case
from marsad.store.database import Database, Transaction
from marsad.store.log import Event

OUTSIDE, DESK = "outside", "marsad"
SHORTEST, LONGEST = 10, 5_000
"""Characters of a complaint, of a question and of an answer to it."""
A_PAGE, MOST = 50, 10_000


@dataclass(frozen=True)
class Said:
    """A line of a complaint: who said it (``them`` or ``us``), when (µs UTC); ``text`` is None once
    it was erased."""

    by: str
    at: int
    text: str | None


@dataclass(frozen=True)
class Public:
    """What whoever has the code is shown. ``state`` is one of `appeals.STATES`, or ``may`` where a
    complaint can be made until ``until`` (µs UTC), ``over`` where the decision holds no longer."""

    state: str
    decided_at: int
    of_notice: bool
    until: int
    made_at: int | None = None
    due_at: int | None = None
    outcome: str | None = None
    said: Sequence[Said] = ()


@dataclass(frozen=True)
class Ruling:
    """What a complaint is decided to be. For ``partly`` a milder ``instead`` and the ``item`` of
    the account's own that it rests on. ``reason`` is what the person reads."""

    appeal: int
    outcome: str
    policy: str
    reason: str
    instead: str | None = None
    item: str | None = None


@dataclass(frozen=True)
class Shown:
    """An appeal as the desk sees it; ``own``: this reviewer had part in the decision and cannot
    decide it. ``confidential``: it rests on an order of which the person may not be told."""

    appeal: Appeal
    state: str
    case: Case
    said: Sequence[Said]
    outcome: str | None
    own: bool
    instead: Sequence[str]
    on_order: bool
    confidential: bool
    failed: bool


@dataclass(frozen=True)
class Appeals:
    """What is done about appeals, each act in a transaction of its own."""

    database: Database
    settings: AppealSettings
    policies: Collection[str] = ()
    clock: Callable[[], int] = clock_of_now

    # ── by whoever has a code

    def look(self, code: str) -> Public | None:
        """What a code shows; None for one that shows nothing, whyever it does not."""
        with self.database.reading() as transaction:
            ground = finding.find(transaction, code, self.settings, self.clock())
            return _public(transaction, ground) if ground is not None else None

    def make(self, code: str, text: str, lang: str = "", email: str = "") -> Public | None:
        """Makes the complaint of a code, once: whoever comes again is shown what became of the
        first. None as for `look`. Raises `InputError` for a text that is too short or long, and for
        an ``email`` that is none; without one no mail says that there is an answer."""
        if self.look(code) is None:
            return None
        said = {"text": _text(text), "email": _email(email)}
        with self.database.writing() as transaction:
            log.head(transaction, for_update=True)  # of two at the same moment one waits
            ground = finding.find(transaction, code, self.settings, self.clock())
            if ground is None:
                return None
            if ground.appeal is None and not ground.over:
                self._made(transaction, ground, said, lang)
                ground = finding.find(transaction, code, self.settings, self.clock())
                assert ground is not None
            return _public(transaction, ground)

    def _made(
        self, transaction: Transaction, ground: Ground, said: Mapping[str, Any], lang: str
    ) -> None:
        now, due_at = self.clock(), self.settings.answer_by(self.clock())
        data = {"decision": ground.decision, "notice": ground.notice, "lang": lang or ground.lang,
                "due_at": due_at}  # fmt: skip
        _, event = record(transaction, ground.case, MADE, at=now, actor=OUTSIDE,
                          person=ground.person, data=data, private=said)  # fmt: skip
        appeals.set_state(transaction, event.seq, appeals.OPEN, due_at)

    def answer(self, code: str, text: str) -> Public | None:
        """Answers what the desk has asked. Raises `ConflictError` where nothing is asked (any
        more); otherwise as `make`."""
        if self.look(code) is None:
            return None
        said = _text(text)
        with self.database.writing() as transaction:
            log.head(transaction, for_update=True)
            ground = finding.find(transaction, code, self.settings, self.clock())
            if ground is None or ground.appeal is None:
                return None
            appeal = ground.appeal
            if appeals.state_of(transaction, appeal.seq) != appeals.ASKED:
                raise ConflictError("appeal.nothing-asked")
            now = self.clock()
            due_at = self._due(transaction, appeal, now)
            data = {"appeal": appeal.seq, "due_at": due_at}
            record(transaction, ground.case, ANSWERED, at=now, actor=OUTSIDE,
                   person=appeal.person, data=data, private={"text": said})  # fmt: skip
            appeals.set_state(transaction, appeal.seq, appeals.OPEN, due_at)
            return _public(transaction, ground)

    def _due(self, transaction: Transaction, appeal: Appeal, now: int) -> int:
        """The time that somebody took to answer is not ours to answer for."""
        due_at, asked_at = appeal.due_at, 0
        for step in appeals.steps_of(transaction, appeal.seq):
            if step.step == "asked":
                asked_at = step.at
            elif step.step == "answered":
                due_at += max(step.at - asked_at, 0)
        return due_at + max(now - asked_at, 0)

    # ── at the desk

    def listed(self, reviewer: Reviewer) -> list[Shown]:
        """The appeals that wait, those to be answered soonest first."""
        require(reviewer, "see-appeals")
        with self.database.reading() as transaction:
            found = appeals.waiting(transaction, A_PAGE)
            return [one for appeal, _ in found
                    if (one := self._seen(transaction, reviewer, appeal)) is not None]  # fmt: skip

    def closed(self, reviewer: Reviewer) -> list[Shown]:
        """The appeals that were closed last."""
        require(reviewer, "see-appeals")
        with self.database.reading() as transaction:
            found = appeals.closed(transaction, A_PAGE)
            return [one for appeal in found
                    if (one := self._seen(transaction, reviewer, appeal)) is not None]  # fmt: skip

    def of_case(self, reviewer: Reviewer, case_id: int) -> list[Shown]:
        """The appeals in a case, the newest first."""
        require(reviewer, "see-appeals")
        with self.database.reading() as transaction:
            found = appeals.of_case(transaction, case_id)
            return [one for appeal in found
                    if (one := self._seen(transaction, reviewer, appeal)) is not None]  # fmt: skip

    def shown(self, reviewer: Reviewer, appeal: int) -> Shown:
        """One appeal. Raises `InputError` where there is none that this reviewer may see."""
        require(reviewer, "see-appeals")
        with self.database.reading() as transaction:
            known = appeals.read(transaction, appeal)
            found = self._seen(transaction, reviewer, known) if known is not None else None
            if found is None:
                raise InputError("appeal.none", appeal=appeal)
            return found

    def ask(self, reviewer: Reviewer, appeal: int, text: str) -> None:
        """Asks the person something; they answer with their code."""
        require(reviewer, "decide-appeal")
        said = _text(text)
        with self.database.writing() as transaction:
            known, case = self._open(transaction, reviewer, appeal)
            if appeals.state_of(transaction, appeal) != appeals.OPEN:
                raise ConflictError("appeal.not-open", appeal=appeal)
            if persons.salt_of(transaction, known.person) is None:
                raise InputError("appeal.none", appeal=appeal)  # nobody is there to answer
            data = {"appeal": appeal}
            record(transaction, case, ASKED, at=self.clock(), actor=reviewer.id,
                   person=known.person, data=data, private={"text": said})  # fmt: skip
            due_at = self.settings.answer_by(self.clock())
            appeals.set_state(transaction, appeal, appeals.ASKED, due_at)
            self._tell(transaction, known)

    def decide(self, reviewer: Reviewer, ruling: Ruling) -> str:
        """Decides an appeal; returns its state after it. Whatever was restricted is given back by
        the same way as for any decision that is taken back, and the appeal is closed when that was
        seen (`settle`)."""
        require(reviewer, "decide-appeal")
        if ruling.outcome not in OUTCOMES:
            raise InputError("appeal.outcome", given=ruling.outcome[:100], valid=list(OUTCOMES))
        if (wrong := check_reason(ruling.reason)) is not None:
            raise wrong
        with self.database.writing() as transaction:
            known, case = self._open(transaction, reviewer, ruling.appeal)
            if appeals.state_of(transaction, known.seq) not in (appeals.OPEN, appeals.ASKED):
                raise ConflictError("appeal.not-open", appeal=known.seq)
            said = {"appeal": known.seq, "outcome": ruling.outcome, "instead": ruling.instead}
            case, event = record(
                transaction, case, DECIDED, at=self.clock(), actor=reviewer.id,
                person=known.person, data=said, private=_for(transaction, known, ruling.reason),
            )  # fmt: skip
            if ruling.outcome != UPHELD:
                acting = reversing.Acting(case, reviewer, self.policies, event.at)
                reversing.reverse(transaction, known, acting, ruling)
            appeals.set_state(transaction, known.seq, appeals.REVERSING, known.due_at)
            self._tell(transaction, known)
            self._close(transaction, known, event)
            return appeals.state_of(transaction, known.seq)

    def settle(self) -> int:
        """Closes the appeals of which it was seen by now that what was decided is done; returns how
        many. Again changes nothing."""
        with self.database.reading() as transaction:
            waiting = appeals.waiting(transaction, MOST, appeals.REVERSING)
            done = [one for one, _ in waiting
                    if reversing.is_done(transaction, one, _decided(transaction, one))]  # fmt: skip
        count = 0
        for appeal in done:
            with self.database.writing() as transaction:
                log.head(transaction, for_update=True)
                if appeals.state_of(transaction, appeal.seq) != appeals.REVERSING:
                    continue
                if self._close(transaction, appeal, _decided(transaction, appeal)):
                    self._tell(transaction, appeal)
                    count += 1
        return count

    def _close(self, transaction: Transaction, appeal: Appeal, decided: Event) -> bool:
        case = cases.read(transaction, appeal.case_id)
        assert case is not None
        if not reversing.is_done(transaction, appeal, decided):
            return False
        record(transaction, case, CLOSED, at=self.clock(), actor=DESK, person=appeal.person,
               data={"appeal": appeal.seq})  # fmt: skip
        appeals.set_state(transaction, appeal.seq, appeals.CLOSED, 0)
        return True

    def _tell(self, transaction: Transaction, appeal: Appeal) -> None:
        telling.tell(transaction, appeal, self.settings.address, self.clock())

    def _open(
        self, transaction: Transaction, reviewer: Reviewer, appeal: int
    ) -> tuple[Appeal, Case]:
        """An appeal that this reviewer may decide, and its case."""
        log.head(transaction, for_update=True)
        known = appeals.read(transaction, appeal)
        if known is None:
            raise InputError("appeal.none", appeal=appeal)
        case = blind.seen_by(transaction, reviewer, known.case_id)
        if case.state == "erased":
            raise InputError("appeal.none", appeal=appeal)
        if _had_part(transaction, reviewer, known):
            raise InputError("appeal.own-decision", appeal=appeal)
        return known, case

    def _seen(self, transaction: Transaction, reviewer: Reviewer, appeal: Appeal) -> Shown | None:
        case = cases.read(transaction, appeal.case_id, lock=False)
        if case is None or not blind.visible(transaction, case, reviewer):
            return None
        steps, said = _said(transaction, appeal)
        resting = reversing.order_of(transaction, appeal)
        until = resting.confidential_until if resting is not None else None
        state = appeals.state_of(transaction, appeal.seq)
        return Shown(
            appeal, state, case, said, next((one.outcome for one in steps if one.outcome), None),
            _had_part(transaction, reviewer, appeal),
            _milder(case), resting is not None, until is not None and until > self.clock(),
            state == appeals.REVERSING and reversing.has_failed(transaction, appeal),
        )  # fmt: skip


def _had_part(transaction: Transaction, reviewer: Reviewer, appeal: Appeal) -> bool:
    """Whether somebody has decided anything in a case, or has taken back what is complained of."""
    actor = log.event(transaction, appeal.decision).actor
    return reviewer.id in {actor, *projections.deciders(transaction, appeal.case_id)}


def _decided(transaction: Transaction, appeal: Appeal) -> Event:
    """The entry that decided an appeal last."""
    steps = appeals.steps_of(transaction, appeal.seq)
    return log.event(transaction, [one.seq for one in steps if one.step == "decided"][-1])


def _milder(case: Case) -> list[str]:
    """What could have been decided in place of what was."""
    if case.outcome not in ACTING or case.outcome == "return":
        return []
    valid = VALID.get(case.kind, ())
    return [one for one in ACTS[: ACTS.index(case.outcome)] if one in valid and one != "return"]


def _public(transaction: Transaction, ground: Ground) -> Public:
    appeal = ground.appeal
    of_notice = bool(ground.notice)
    if appeal is None:
        state = "over" if ground.over else "may"
        return Public(state, ground.decided_at, of_notice, ground.until)
    steps, said = _said(transaction, appeal)
    outcome = next((one.outcome for one in steps if one.outcome), None)
    return Public(
        appeals.state_of(transaction, appeal.seq), ground.decided_at, of_notice, ground.until,
        appeal.made_at, _due_now(transaction, appeal), outcome, said,
    )  # fmt: skip


def _due_now(transaction: Transaction, appeal: Appeal) -> int:
    due_at = appeal.due_at
    for step in appeals.steps_of(transaction, appeal.seq):
        if step.step == "answered":
            due_at = int(log.event(transaction, step.seq).data["due_at"])
    return due_at


def _said(transaction: Transaction, appeal: Appeal) -> tuple[list[appeals.Step], list[Said]]:
    """What was done, and what was said, in order."""
    steps = appeals.steps_of(transaction, appeal.seq)
    lines = [("them", appeal.seq, appeal.made_at)]
    who = {"asked": "us", "answered": "them", "decided": "us"}
    lines += [(who[one.step], one.seq, one.at) for one in steps if one.step in who]
    said = []
    for by, seq, at in lines:
        private: Mapping[str, Any] = log.event(transaction, seq).private or {}
        said.append(Said(by, at, private.get("text", private.get("reason"))))
    return steps, said


def _for(transaction: Transaction, appeal: Appeal, reason: str) -> dict[str, str] | None:
    """What is written to somebody; nothing is kept of it once they were erased."""
    known = persons.salt_of(transaction, appeal.person) is not None
    return {"reason": reason.strip()} if known else None


def _email(email: str) -> str | None:
    if not email.strip():
        return None
    found = mail_addresses.normal(email)
    if found is None:
        raise InputError("appeal.email")
    return found


def _text(text: str) -> str:
    length = len(text.strip())
    if not SHORTEST <= length <= LONGEST:
        raise InputError("appeal.text", length=length, low=SHORTEST, high=LONGEST)
    return text.strip()
