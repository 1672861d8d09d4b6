"""Sending records to the transparency database: in batches that it takes as a whole or not at all.

Each record has a name of its own (``puid``) that never changes, so that nothing is lost and nothing
stands there twice: a batch whose answer never came is sent again, and what the database then says
it has counts as accepted. What it refuses by name is set aside with its reason, and the others go.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from marsad.decide.actions.pace import Pace
from marsad.decide.recording import record_apart
from marsad.decide.statements.desk import record_of
from marsad.decide.statements.kinds import SENT
from marsad.platforms.base import clean
from marsad.platforms.outward import NotReached, Outward, Reply
from marsad.platforms.signing import retry_after
from marsad.records.errors import OutsideError
from marsad.records.times import HOUR, MINUTE
from marsad.records.times import now as clock_of_now
from marsad.store import statements
from marsad.store.database import Database, Transaction
from marsad.store.statements import REFUSED, SEND, WAITING, Statement, Turn

DESK = "marsad"
MOST = 100
"""Records in a batch, as the database has it."""
HELD = 5 * MINUTE
LARGEST = 8_000_000
"""Bytes of an answer: it repeats what was sent."""
LONGEST_SAID, MOST_SAID = 300, 20
PACE = Pace(first=MINUTE, longest=6 * HOUR)

_PLACE = re.compile(r"statements?[._](\d+)(?:[.]([a-z_]+))?")
_TAKEN = re.compile(r"not unique|already|exist", re.IGNORECASE)


@dataclass
class Sent:
    """What a turn came to: records accepted, those among them that the database had already, those
    it refused; how many wait, and when it goes on (µs UTC; None where nothing waits). ``said`` is
    what hinders it."""

    accepted: int = 0
    existing: int = 0
    refused: int = 0
    waiting: int = 0
    next_at: int | None = None
    said: str | None = None


@dataclass(frozen=True)
class Verdict:
    """What an answer says of a batch: of which places it accepts, has, or refuses the record.
    ``whole`` is false where it must be sent in smaller parts to be told more."""

    accepted: frozenset[int] = frozenset()
    existing: frozenset[int] = frozenset()
    refused: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    whole: bool = True


@dataclass(frozen=True)
class Sender:
    """Sends what waits. ``token`` is never shown; ``pace`` says how patient it is."""

    database: Database
    outward: Outward
    address: str
    token: str = field(repr=False)
    a_minute: int = 20
    clock: Callable[[], int] = clock_of_now
    pace: Pace = PACE
    draw: Callable[[], float] = random.random

    def send(self) -> Sent:
        """One turn: at most one batch, in smaller parts where the database does not say what is
        wrong with it. Several processes may do so at once: one of them sends."""
        done = Sent()
        turn = self._take(done)
        if turn is not None:
            batch = self._batch()
            turn = self._parts(turn, batch, done) if batch else replace(turn, tries=0, said=None)
            self._leave(turn, done, bool(batch))
        return done

    def _take(self, done: Sent) -> Turn | None:
        """The right to send; None where somebody else is at it, or the database is left alone."""
        now = self.clock()
        with self.database.reading() as transaction:
            waits = statements.in_state(transaction, WAITING, 1)
            done.waiting = statements.count(transaction, WAITING) if waits else 0
        if not waits:
            return None
        with self.database.writing(apart=True) as transaction:
            turn = statements.turn(transaction, SEND)
            # a clock that jumped back does not make it wait longer than it ever would
            if turn.held(now) or now < turn.due_at <= now + 25 * HOUR:
                done.next_at, done.said = max(turn.due_at, turn.runs_out_at), turn.said
                return None
            return statements.take(transaction, turn, now, HELD)

    def _batch(self) -> list[tuple[Statement, dict[str, Any]]]:
        with self.database.reading() as transaction:
            found = statements.in_state(transaction, WAITING, MOST)
            known = ((one, record_of(transaction, one)) for one in found)
            return [(one, dict(record)) for one, record in known if record is not None]

    def _parts(
        self, turn: Turn, batch: Sequence[tuple[Statement, dict[str, Any]]], done: Sent
    ) -> Turn:
        """Sends a batch, and halves of it as long as nothing names what is wrong."""
        parts = [list(batch)]
        while parts:
            part = parts.pop(0)
            reply = self._post([record for _, record in part])
            verdict = _read(reply, [one.puid for one, _ in part])
            if verdict is None:
                return self._failed(turn, reply)
            self._store([one for one, _ in part], verdict, done)
            if not verdict.whole:
                middle = len(part) // 2
                parts[:0] = [part[:middle], part[middle:]]
        return replace(turn, tries=0, said=None, due_at=self.clock() + MINUTE // self.a_minute)

    def _post(self, records: Sequence[Mapping[str, Any]]) -> Reply | NotReached:
        body = json.dumps({"statements": records}, ensure_ascii=False).encode()
        sent = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json",
            "Accept": "application/json",
        }  # fmt: skip
        try:
            return self.outward.send("POST", self.address, sent, body)
        except NotReached as error:
            return error

    def _store(self, sent: Sequence[Statement], verdict: Verdict, done: Sent) -> None:
        """Records what became of a part, in one entry. What somebody else has recorded by now is
        left as it is."""
        with self.database.writing() as transaction:
            waits = {place for place, one in enumerate(sent)
                     if statements.state_of(transaction, one.seq) == WAITING}  # fmt: skip
            taken = sorted((verdict.accepted | verdict.existing) & waits)
            named = [one for one in sorted(verdict.refused.items()) if one[0] in waits]
            refused = {str(sent[place].seq): dict(why) for place, why in named}
            if not taken and not refused:
                return
            existing = [sent[place].seq for place in sorted(verdict.existing & waits)]
            accepted = [sent[place].seq for place in taken]
            data = {"accepted": accepted, "existing": existing, "refused": refused}
            record_apart(transaction, SENT, at=self.clock(), actor=DESK, data=data)
            _settle(transaction, accepted, refused)
        done.accepted += len(taken)
        done.existing += len(existing)
        done.refused += len(refused)

    def _failed(self, turn: Turn, reply: Reply | NotReached) -> Turn:
        """Leaves the database alone for a while, longer each time."""
        now, tries = self.clock(), turn.tries + 1
        if isinstance(reply, NotReached):
            why, asked = reply.why, None
        else:
            why, asked = _why(reply.status), retry_after(reply, now)
        wait = self.pace.wait(tries, asked, self.draw())
        return replace(turn, tries=tries, said=why, due_at=now + wait)

    def _leave(self, turn: Turn, done: Sent, asked: bool) -> None:
        with self.database.writing(apart=True) as transaction:
            statements.write(transaction, replace(turn, runs_out_at=0))
        with self.database.reading() as transaction:
            done.waiting = statements.count(transaction, WAITING)
        done.said = turn.said
        done.next_at = turn.due_at if asked and done.waiting else None


def complaint(said: str, address: str) -> OutsideError:
    """What a turn's ``said`` means, as an error that people read."""
    if said == "token":
        return OutsideError("statements.token-refused", address=address)
    return OutsideError("statements.not-reached", address=address, why=said)


def _settle(
    transaction: Transaction, accepted: Sequence[int], refused: Mapping[str, object]
) -> None:
    for number in accepted:
        statements.set_state(transaction, number, None)
    for named in refused:
        statements.set_state(transaction, int(named), REFUSED)


def _why(status: int) -> str:
    return "token" if status in (401, 403, 419) else str(status)


def _read(reply: Reply | NotReached, puids: Sequence[str]) -> Verdict | None:
    """What an answer says of each record; None where it says nothing of them."""
    every = frozenset(range(len(puids)))
    if isinstance(reply, NotReached):
        return None
    if reply.status == 201:
        return Verdict(accepted=every)
    if reply.status == 413 and len(puids) > 1:
        return Verdict(whole=False)
    if reply.status != 422:
        return None
    said = _json(reply.body)
    existing = _existing(said, puids)
    refused = {place: why for place, why in _refused(said, len(puids)).items()
               if place not in existing}  # fmt: skip
    if existing or refused:
        return Verdict(existing=existing, refused=refused)
    if len(puids) > 1:
        return Verdict(whole=False)
    return Verdict(refused={0: _all_said(said)})


def _existing(said: Mapping[str, Any], puids: Sequence[str]) -> frozenset[int]:
    """The places of records that the database has already: it names their puids, or says of the
    puid of one that it is taken."""
    errors = said.get("errors")
    found: set[int] = set()
    for part in (said, errors if isinstance(errors, Mapping) else {}):
        named = part.get("existing_puids")
        if isinstance(named, list):
            found |= {place for place, puid in enumerate(puids) if puid in named}
    for place, field_, why in _placed(errors, len(puids)):
        if field_ == "puid" and _TAKEN.search(why):
            found.add(place)
    return frozenset(found)


def _refused(said: Mapping[str, Any], count: int) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for place, field_, why in _placed(said.get("errors"), count):
        found.setdefault(place, {})
        if len(found[place]) < MOST_SAID:
            found[place][field_] = why
    return found


def _placed(errors: Any, count: int) -> Iterator[tuple[int, str, str]]:
    """Errors that name the place of a record: ``statement_3`` with its fields, or
    ``statements.3.puid``. Of a record that was sent alone none needs to."""
    if not isinstance(errors, Mapping):
        return
    for name, why in errors.items():
        place = _PLACE.fullmatch(str(name))
        if place is None:
            if count == 1 and name != "existing_puids":
                yield 0, clean(str(name)), _said(why)
        elif int(place[1]) < count:
            if isinstance(why, Mapping):
                yield from ((int(place[1]), clean(str(one)), _said(it)) for one, it in why.items())
            else:
                yield int(place[1]), place[2] or "", _said(why)


def _all_said(said: Mapping[str, Any]) -> dict[str, str]:
    return {"": _said(said.get("message") or said.get("errors") or "422")}


def _said(why: Any) -> str:
    text = " ".join(map(str, why)) if isinstance(why, list) else str(why)
    return clean(text)[:LONGEST_SAID]


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, Mapping) else {}
