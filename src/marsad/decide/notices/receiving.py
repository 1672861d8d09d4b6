"""Taking a notice in: it opens the case of its subject, joins the one there is, or is answered.

A case that waits is left as it is by all notices but the first, and one that asks for more
urgency: a thousand of them neither move it nor disturb who decides it. A case that was decided is
looked at again at most once in a time; until then notices are answered with what was decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from marsad.decide import codes, opening
from marsad.decide.findings import SealedFinding
from marsad.decide.notices import accuracy, flood, misuse, status
from marsad.decide.notices.kinds import FLOOD, RECEIVED
from marsad.decide.notices.notice import THREAT, Notice
from marsad.decide.notices.settings import NoticeSettings
from marsad.decide.notices.status import Status
from marsad.decide.opening import Mixing
from marsad.decide.outcomes import SUSPEND
from marsad.decide.recording import record, record_apart
from marsad.decide.states import WAITING
from marsad.records.times import DAY
from marsad.store import cases, mails, notices, persons, verdicts
from marsad.store.cases import Case
from marsad.store.database import Transaction

SIGNAL, ACTOR = "notice", "public"
GONE = frozenset({SUSPEND, "remove"})
"""Outcomes after which there is nothing left to look at again."""

FAST = frozenset({"account", "community", "site"})
"""Subjects that change from day to day."""


@dataclass(frozen=True)
class Sender:
    """Who sends a notice. ``known`` is the id of the user behind a token, None for anybody at all;
    ``channel`` one of `marsad.decide.notices.notice.CHANNELS`."""

    channel: str = "form"
    known: str | None = None


@dataclass(frozen=True)
class Receipt:
    """``code`` is shown this once; ``status`` is where the notice stands already."""

    code: str
    notice: int
    status: Status


@dataclass(frozen=True)
class _Arriving:
    notice: Notice
    sender: Sender
    reporter: int
    code: str
    at: int
    settings: NoticeSettings
    mixing: Mixing
    many: bool = False

    @property
    def anonymous(self) -> bool:
        return self.notice.email is None and self.sender.channel != "flagger"


def receive(
    transaction: Transaction, notice: Notice, sender: Sender, at: int,
    settings: NoticeSettings, mixing: Mixing,
) -> Receipt:  # fmt: skip
    """Takes in a notice that was checked."""
    code = codes.new()
    reporter = persons.number_of(transaction, _person(notice, sender, code))
    threat = notice.given.ground == THREAT and sender.known is None
    many = threat and flood.of_threats(transaction, at, settings)
    arriving = _Arriving(notice, sender, reporter, code, at, settings, mixing, many)
    aside = not arriving.anonymous and misuse.suspended_until(transaction, reporter, at)
    seq = _set_aside(transaction, arriving) if aside else _take(transaction, arriving)
    stored = notices.read(transaction, seq)
    assert stored is not None
    found = status.of(transaction, stored, at)
    if not arriving.anonymous and sender.channel != "flagger":
        _promise(transaction, arriving, stored, found)
    return Receipt(code, seq, found)


def _person(notice: Notice, sender: Sender, code: str) -> str:
    """Whose data a notice is: of a person with an address, of a trusted flagger, else of nobody
    but whoever has the code."""
    if sender.channel == "flagger":
        return f"flagger:{sender.known}"
    return f"reporter:{notice.email or codes.digest(code).hex()}"


def _set_aside(transaction: Transaction, arriving: _Arriving) -> int:
    place = arriving.notice.place
    private = _private(arriving) | {"address": arriving.notice.given.address}
    return record_apart(
        transaction, RECEIVED, at=arriving.at, actor=_actor(arriving.sender),
        data=_data(arriving, place.platform, None, None, None, aside=True),
        person=arriving.reporter, private=private,
    ).seq  # fmt: skip


def _take(transaction: Transaction, arriving: _Arriving) -> int:
    place, at = arriving.notice.place, arriving.at
    case = cases.of_subject(transaction, place.kind, place.subject)
    standing = None if case is None else _standing(transaction, case, arriving)
    if standing is None:
        case = _join(transaction, case, arriving)
    assert case is not None
    since, repeats = notices.last_verdict(transaction, case.id), None
    if not arriving.anonymous:
        since = max(since, notices.disowned(transaction, arriving.reporter))
        repeats = notices.first_of_reporter(
            transaction, case.id, arriving.reporter, since, standing is not None
        )
    _, event = record(
        transaction, case, RECEIVED, at=at, actor=_actor(arriving.sender),
        person=arriving.reporter, private=_private(arriving),
        data=_data(arriving, case.platform, case.person, repeats, standing),
    )  # fmt: skip
    surge = flood.noticed(transaction, case.person, at)
    if surge is not None:
        record(transaction, case, FLOOD, at=at, actor=opening.DESK, person=case.person, data=surge)
    return event.seq


def _standing(transaction: Transaction, case: Case, arriving: _Arriving) -> int | None:
    """The verdict that a notice is answered with; None where the case is to be looked at. What was
    decided while an order is kept secret opens nothing again, and is told of when it may be; of
    what was decided before it, the order changes nothing."""
    if case.state in WAITING:
        return None
    last = verdicts.last_of_cases(transaction, [case.id]).get(case.id)
    if last is None:
        return None
    gone = case.state == "decided" and case.outcome in GONE
    hidden = last.at >= status.told_until(transaction, case.id, arriving.at)
    wait = _days(case.kind, arriving) * DAY
    return last.seq if gone or hidden or arriving.at - last.at < wait else None


def _days(kind: str, arriving: _Arriving) -> int:
    if arriving.notice.given.ground == THREAT:
        return 1
    settings = arriving.settings
    return settings.reopen_account_days if kind in FAST else settings.reopen_days


def _join(transaction: Transaction, case: Case | None, arriving: _Arriving) -> Case:
    place, at = arriving.notice.place, arriving.at
    known = arriving.sender.known is not None
    so_far = accuracy.of_reporter(transaction, arriving.reporter)
    level = accuracy.level(arriving.notice.given.ground, so_far, known, arriving.many)
    if case is None or _brings_something(transaction, case, level):
        finding = _finding(transaction, case, arriving)
        opening.take_notice(transaction, finding, level, at, arriving.mixing)
    joined = cases.of_subject(transaction, place.kind, place.subject)
    assert joined is not None
    return joined


def _brings_something(transaction: Transaction, case: Case, level: int) -> bool:
    """Whether a notice changes a case: the first one since it was last decided does."""
    if case.state not in WAITING or level < case.priority:
        return True
    since = notices.last_verdict(transaction, case.id)
    newest = notices.newest(transaction, case.id, 1)
    return not newest or newest[0].seq < since


def _finding(transaction: Transaction, case: Case | None, arriving: _Arriving) -> SealedFinding:
    place, given = arriving.notice.place, arriving.notice.given
    known = cases.known_findings(transaction, case.id) if case is not None else set()
    number = sum(one.startswith(f"{SIGNAL}-") for one in known)
    key = sha256(f"{place.kind}\n{place.subject}\n{number}".encode("utf-8", "replace"))
    message = "notice.found-many" if arriving.many else "notice.found"
    return SealedFinding(
        f"{SIGNAL}-{key.hexdigest()[:24]}", place.kind, place.subject, place.account, SIGNAL, 0.5,
        message=message, values={"ground": {"words": [f"desk.ground.{given.ground}"]}},
        evidence=[{"kind": SIGNAL, "address": given.address.strip()}], found_at=arriving.at,
    )  # fmt: skip


def _data(
    arriving: _Arriving, platform: str, about: int | None, repeats: int | None,
    standing: int | None, aside: bool = False,
) -> dict[str, Any]:  # fmt: skip
    given = arriving.notice.given
    return {
        "code": codes.digest(arriving.code).hex(), "about": about, "platform": platform,
        "kind": arriving.notice.place.kind, "ground": given.ground, "lang": given.lang,
        "channel": arriving.sender.channel, "anonymous": arriving.anonymous,
        "state_body": given.state_body, "repeats": repeats, "standing": standing,
        "set_aside": aside, "many": arriving.many,
    }  # fmt: skip


def _private(arriving: _Arriving) -> dict[str, Any]:
    given = arriving.notice.given
    return {"name": given.name.strip(), "email": arriving.notice.email,
            "reasons": given.reasons.strip()}  # fmt: skip


def _actor(sender: Sender) -> str:
    return sender.known or ACTOR


def _promise(
    transaction: Transaction, arriving: _Arriving, stored: notices.Notice, found: Status
) -> None:
    """Has a mail say that the notice came, and notes that another is owed. To one address no more
    than some a day: anybody can give anybody's."""
    state = status.SET_ASIDE if stored.set_aside else found.state
    if stored.repeats is None and state in (status.RECEIVED, status.LOOKED_AT):
        notices.owe(transaction, stored.seq)
    sent = notices.of_reporter_since(transaction, arriving.reporter, arriving.at - DAY)
    if stored.repeats is not None or sent > arriving.settings.receipts_a_day:
        return
    email = arriving.notice.email
    assert email is not None
    mails.put(
        transaction, to=email, message=_MAILS[state],
        values={"code": arriving.code, "outcome": _words(found)}, lang=stored.lang,
        at=arriving.at, person=arriving.reporter,
    )  # fmt: skip


_MAILS = {status.RECEIVED: "notice-received", status.LOOKED_AT: "notice-looked-at",
          status.DECIDED: "notice-standing", status.SET_ASIDE: "notice-set-aside"}  # fmt: skip


def _words(found: Status) -> dict[str, Any]:
    return {"words": [f"desk.status.outcome.{found.outcome}"] if found.outcome else []}
