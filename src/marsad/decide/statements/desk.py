"""Statements of reasons: made of what was decided, looked at, mended, and told to people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marsad.decide import blind, codes
from marsad.decide.recording import record, record_apart
from marsad.decide.roles import Reviewer, require
from marsad.decide.rules import check_reason
from marsad.decide.statements import people
from marsad.decide.statements.kinds import DROPPED, MADE, MENDED
from marsad.decide.statements.making import Draft, Later, Maker, check
from marsad.decide.statements.personal import WORDS, Known
from marsad.decide.statements.record import FREE, Fault, Record
from marsad.records.errors import ConflictError, InputError, MarsadError
from marsad.records.message import Message
from marsad.records.times import HOUR, MINUTE
from marsad.records.times import now as clock_of_now
from marsad.store import cases, log, statements
from marsad.store.cases import Case
from marsad.store.database import Database, Transaction
from marsad.store.log import Event
from marsad.store.statements import (
    FAILED,
    HELD,
    LISTED,
    REFUSED,
    WAITING,
    Failed,
    Statement,
    Undone,
)

DESK = "marsad"
AT_ONCE = 100
A_PAGE = 50
LOOK_AGAIN = 10 * MINUTE
"""Until it is asked again whether people may be told by now: a non-disclosure can be ended."""
LONGEST_WAIT = HOUR
"""Until one that could not be made is tried again."""
HIDDEN = "····"
MENDABLE = frozenset({HELD, REFUSED})


@dataclass(frozen=True)
class Shown:
    """A statement as somebody at the desk sees it. ``state`` is one of `statements.LISTED`, None
    where the public is told nothing. ``record`` and ``text`` are None once they were erased;
    ``faults`` are what holds the record back, ``said`` what the database refused it for."""

    statement: Statement
    state: str | None
    record: Record | None
    faults: Sequence[Fault]
    words: Mapping[Fault, Sequence[str]]
    said: Mapping[str, str]
    text: str | None = None
    code: str | None = None

    @property
    def excusable(self) -> Sequence[Fault]:
        """What a person may say is no personal data after all."""
        return [one for one in self.faults if one.kind in WORDS]


@dataclass(frozen=True)
class Statements:
    """What is done about statements, each act in a transaction of its own."""

    database: Database
    maker: Maker
    clock: Callable[[], int] = clock_of_now

    # ── making

    def make(self, limit: int = AT_ONCE) -> int:
        """Makes the statements of what was decided since, and of what may be told by now; returns
        how many decisions it went through. Again changes nothing: a decision has one at most. One
        that cannot be made is kept apart with the reason, and tried again; the others go on."""
        with self.database.reading() as transaction:
            late = [
                *statements.due(transaction, self.clock(), limit),
                *(one.decision for one in statements.failed(transaction, limit, self.clock())),
            ]
            turn = statements.peek(transaction, statements.MAKE)
            found = statements.undone(transaction, turn.seq, limit)
        for seq in (some := [*dict.fromkeys(late), *(one.seq for one in found)]):
            try:
                self._make(seq)
            except Exception as error:  # whatever it is, it is no reason to tell the others nothing
                self._fail(seq, error)
        return len(some)

    def _make(self, seq: int) -> None:
        with self.database.writing() as transaction:
            late = _pass(transaction, seq)
            statements.settle(transaction, seq)
            verdict = statements.verdict(transaction, seq)
            if verdict is None or statements.of_decision(transaction, seq) is not None:
                return
            case = cases.read(transaction, verdict.case_id)
            if case is None or case.state == "erased":
                return
            if late and not _stands(transaction, verdict):
                return
            draft = self.maker.draft(transaction, case, verdict, self.clock())
            if isinstance(draft, Later):
                statements.put_off(transaction, seq, min(draft.at, self.clock() + LOOK_AGAIN))
            elif draft is not None:
                self._store(transaction, case, verdict, draft)

    def _fail(self, seq: int, error: Exception) -> None:
        """Of an error that nobody foresaw its kind alone is kept: its words may hold anything."""
        why = error.message if isinstance(error, MarsadError) else Message(
            "web.background", {"error": type(error).__name__}
        )  # fmt: skip
        with self.database.writing() as transaction:
            _pass(transaction, seq)
            statements.fail(transaction, seq, why, self.clock(), LONGEST_WAIT)

    def _store(self, transaction: Transaction, case: Case, verdict: Undone, draft: Draft) -> None:
        """What holds personal data is kept where it can be erased; of what was found there only the
        fields and kinds stay."""
        faults = sorted({*(one.fault for one in draft.found), *draft.faults})
        clean = draft.record if not faults else None
        data = {
            "decision": verdict.seq, "step": draft.step, "puid": draft.puid, "lang": draft.lang,
            "code": codes.digest(draft.code).hex() if draft.code else None, "until": draft.until,
            "public": draft.record is not None, "record": clean,
            "faults": [list(one) for one in faults],
        }  # fmt: skip
        private: dict[str, Any] = {"text": draft.text, "code": draft.code}
        if faults:
            found = [[one.field, one.kind, one.words] for one in draft.found]
            private |= {"record": draft.record, "found": found}
        _, event = record(transaction, case, MADE, at=self.clock(), actor=DESK,
                          person=case.person, data=data, private=private)  # fmt: skip
        if draft.record is not None:
            statements.set_state(transaction, event.seq, HELD if faults else WAITING)

    # ── looking

    def counts(self, reviewer: Reviewer) -> Mapping[str, int]:
        """How many are in which state, and how many could not be made."""
        require(reviewer, "see-statements")
        with self.database.reading() as transaction:
            found = statements.counts(transaction)
            return {state: found.get(state, 0) for state in (*LISTED, FAILED)}

    def failed(self, reviewer: Reviewer) -> list[tuple[Failed, int | None]]:
        """Those that could not be made, the oldest first, with their cases."""
        require(reviewer, "see-statements")
        with self.database.reading() as transaction:
            found = statements.failed(transaction, A_PAGE)
            verdicts = (statements.verdict(transaction, one.decision) for one in found)
            return [(one, verdict.case_id if verdict else None)
                    for one, verdict in zip(found, verdicts, strict=True)]  # fmt: skip

    def listed(self, reviewer: Reviewer, state: str, after: int = 0) -> list[Shown]:
        """A page of those in a state: what waits the oldest first, what has ended the newest."""
        require(reviewer, "see-statements")
        if state not in LISTED:
            raise InputError("statements.state", given=state[:100], valid=list(LISTED))
        with self.database.reading() as transaction:
            if state in (HELD, REFUSED, WAITING):
                found = statements.in_state(transaction, state, A_PAGE, after)
            else:
                found = statements.ended(transaction, state, A_PAGE)
            return [_shown(transaction, one, state) for one in found]

    def of_case(self, reviewer: Reviewer, case_id: int) -> list[Shown]:
        """The statements of a case with the person's texts, the newest first. Their codes are for
        who may have to hand them on: anybody else could complain in the person's place."""
        require(reviewer, "read")
        with self.database.reading() as transaction:
            case = blind.seen_by(transaction, reviewer, case_id, lock=False)
            if case.copy_of is not None:
                return []
            found = [
                _shown(transaction, one, _state(transaction, one), whole=True)
                for one in statements.of_case(transaction, case_id)
            ]
            return found if reviewer.may("record-action") else [_without_code(one) for one in found]

    # ── mending

    def mend(
        self, reviewer: Reviewer, statement: int, texts: Mapping[str, str],
        excused: Iterable[tuple[str, str]] = (),
    ) -> list[Fault]:  # fmt: skip
        """Puts other words in a record that is held back or was refused, and looks at it again.
        ``excused`` are (field, kind) that hold no personal data, as this person says. Returns what
        still holds it back: then nothing was changed."""
        require(reviewer, "mend-statement")
        with self.database.writing() as transaction:
            shown, case = self._mendable(transaction, statement)
            allowed = {name: text.strip() for name, text in texts.items() if name in FREE}
            changed = {**(shown.record or {}), **{k: v for k, v in allowed.items() if v}}
            let = [Fault(*one) for one in excused if Fault(*one) in shown.excusable]
            left = check(changed, _known(transaction, case), let)
            if not left:
                self._mended(transaction, reviewer, statement, changed, let)
            return list(left)

    def renew(self, reviewer: Reviewer, statement: int) -> list[Fault]:
        """Makes a record anew from the policies and settings as they are now; otherwise as
        `mend`."""
        require(reviewer, "mend-statement")
        with self.database.writing() as transaction:
            shown, case = self._mendable(transaction, statement)
            verdict = statements.verdict(transaction, shown.statement.decision)
            draft = None
            if case is not None and verdict is not None:
                draft = self.maker.draft(transaction, case, verdict, self.clock())
            if not isinstance(draft, Draft) or draft.record is None:
                raise InputError("statements.not-now", statement=statement)
            left = check(draft.record, _known(transaction, case))
            if not left:
                self._mended(transaction, reviewer, statement, draft.record, ())
            return list(left)

    def drop(self, reviewer: Reviewer, statement: int, reason: str) -> None:
        """Sets a record aside for good: it is never sent. The reason can be erased."""
        require(reviewer, "mend-statement")
        if (wrong := check_reason(reason)) is not None:
            raise wrong
        with self.database.writing() as transaction:
            shown, case = self._mendable(transaction, statement)
            person = case.person if case is not None and case.state != "erased" else None
            record_apart(
                transaction, DROPPED, at=self.clock(), actor=reviewer.id,
                data={"statement": statement}, person=person,
                private={"reason": reason.strip()} if person is not None else None,
            )  # fmt: skip
            statements.set_state(transaction, shown.statement.seq, None)

    def _mendable(self, transaction: Transaction, statement: int) -> tuple[Shown, Case | None]:
        found = statements.read(transaction, statement)
        if found is None:
            raise InputError("statements.none", statement=statement)
        state = statements.state_of(transaction, statement)
        if state not in MENDABLE:
            raise ConflictError("statements.not-held", statement=statement)
        return _shown(transaction, found, state), cases.read(transaction, found.case_id)

    def _mended(
        self, transaction: Transaction, reviewer: Reviewer, statement: int, changed: Record,
        let: Iterable[Fault],
    ) -> None:  # fmt: skip
        data = {"statement": statement, "record": dict(changed), "let": [list(one) for one in let]}
        record_apart(transaction, MENDED, at=self.clock(), actor=reviewer.id, data=data)
        statements.set_state(transaction, statement, WAITING)


def record_of(transaction: Transaction, statement: Statement) -> Record | None:
    """The record of a statement as it was last made or mended; None where there is none, or it was
    held back and then erased."""
    for step in reversed(statements.steps_of(transaction, statement.seq)):
        if step.step == "mended":
            return _record(log.event(transaction, step.seq))
    made = log.event(transaction, statement.seq)
    return _record(made) or (made.private or {}).get("record")


def _record(event: Event) -> Record | None:
    found: Record | None = event.data.get("record")
    return found


def _shown(
    transaction: Transaction, statement: Statement, state: str | None, whole: bool = False
) -> Shown:
    made = log.event(transaction, statement.seq)
    private = made.private or {}
    said: Mapping[str, str] = {}
    for step in statements.steps_of(transaction, statement.seq):
        if step.step == "refused":
            said = log.event(transaction, step.seq).data["refused"][str(statement.seq)]
    faults = [Fault(*one) for one in made.data["faults"]] if state == HELD else []
    words: dict[Fault, list[str]] = {}
    for field, kind, word in private.get("found", ()) if state == HELD else ():
        words.setdefault(Fault(field, kind), []).append(word)
    return Shown(
        statement, state, record_of(transaction, statement), faults, words,
        said if state == REFUSED else {},
        private.get("text") if whole else None, private.get("code") if whole else None,
    )  # fmt: skip


def _without_code(shown: Shown) -> Shown:
    text = shown.text.replace(shown.code, HIDDEN) if shown.text and shown.code else shown.text
    return replace(shown, text=text, code=None)


def _state(transaction: Transaction, statement: Statement) -> str | None:
    if not statement.public:
        return None
    known = statements.state_of(transaction, statement.seq)
    if known is not None:
        return known
    last = statements.last_step(transaction, statement.seq)
    return last.step if last is not None else WAITING


def _known(transaction: Transaction, case: Case | None) -> Known:
    return people.known(transaction, case) if case is not None else Known()


def _stands(transaction: Transaction, verdict: Undone) -> bool:
    """Whether nothing else was decided since: of what no longer holds nobody need be told."""
    if verdict.step in (statements.EXECUTED, statements.LIFTED):
        return True
    last = statements.last_verdict(transaction, verdict.case_id)
    return last is not None and last.seq == verdict.seq


def _pass(transaction: Transaction, seq: int) -> bool:
    """Goes on to what comes after a decision; whether that had been done before."""
    turn = statements.turn(transaction, statements.MAKE)
    if seq > turn.seq:
        statements.write(transaction, replace(turn, seq=seq))
        return False
    statements.ready(transaction, seq)
    return True
