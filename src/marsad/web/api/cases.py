"""A case: its dossier, and what a reviewer does with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from marsad.decide.desk import Desk
from marsad.decide.dossier import Dossier
from marsad.decide.exhibits import Post, Profile
from marsad.decide.findings import SealedFinding
from marsad.decide.history import History
from marsad.decide.notices.kinds import KINDS
from marsad.decide.notices.shown import NoticesOfCase
from marsad.decide.outcomes import VALID
from marsad.decide.rules import Decision
from marsad.records.message import Message
from marsad.store.log import Event
from marsad.web.access import Someone, TheSite
from marsad.web.api.errors import answers
from marsad.web.api.repeating import Repeatable
from marsad.web.api.shapes import (
    AccuracyOut,
    CaseNumber,
    CaseOut,
    DecideIn,
    Done,
    DossierOut,
    EventOut,
    FindingOut,
    ItemIn,
    Lang,
    LeaseOut,
    NoteIn,
    NoticeOut,
    NoticesOut,
    OverturnIn,
    PostOut,
    ProfileOut,
    TakeIn,
    VerdictOut,
    time_of,
)

router = APIRouter(prefix="/api/v1/cases/{case}", tags=["cases"])

NOTICES = frozenset(KINDS)
"""What happened with notices is told apart: a copy of a case has no such entries of its own."""

QUOTES = frozenset({"text", "normal"})
"""Fields of evidence that quote posts: those are read where it is recorded that they were."""


@router.get("", responses=answers(404))
def dossier(site: TheSite, visitor: Someone, case: CaseNumber, lang: Lang = "en") -> DossierOut:
    """All there is to see: as it was sealed when the case opened."""
    found = site.desk.dossier(visitor.reviewer, case)
    history = site.desk.history(visitor.reviewer, case)
    reader, lease = visitor.reviewer.id, found.lease
    held = lease is not None and lease.holds(site.desk.clock())
    opened = found.opened_by(reader)
    return DossierOut(
        case=CaseOut.of(found.case),
        lease=LeaseOut.of(lease, reader) if held and lease is not None else None,
        outcomes=list(VALID.get(found.case.kind, ())),
        policies=sorted(site.desk.policies),
        findings=[_finding(one, lang) for one in found.findings],
        posts=[_post(found, one, one.id in opened) for one in found.exhibits.posts],
        account=_profile(found.profile),
        events=[_event(one) for one in found.events if one.kind not in NOTICES],
        notices=_notices(site.notices.of_case(visitor.reviewer, case), lang),
        history=_verdicts(history),
    )


@router.post("/take", response_model=Done, responses=answers(404, 409))
def take(visitor: Someone, case: CaseNumber, once: Repeatable,
         given: TakeIn | None = None) -> Response:  # fmt: skip
    """Takes the case for 20 minutes, or renews your lease."""

    def act(desk: Desk) -> Done:
        lease = desk.take(visitor.reviewer, case, over=given is not None and given.over)
        return Done.of(desk.case(visitor.reviewer, case), lease, visitor.reviewer.id)

    return once.do(act)


@router.post("/give-back", response_model=Done, responses=answers(404, 409))
def give_back(visitor: Someone, case: CaseNumber, once: Repeatable) -> Response:
    """Leaves it to others."""

    def act(desk: Desk) -> Done:
        seen = desk.case(visitor.reviewer, case)
        desk.give_back(visitor.reviewer, case)
        return Done.of(seen)

    return once.do(act)


@router.post("/items", response_model=Done, responses=answers(404, 409))
def open_item(visitor: Someone, case: CaseNumber, once: Repeatable, given: ItemIn) -> Response:
    """Opens a post: that you saw it is recorded, and the dossier has its text from then on."""
    return once.do(lambda desk: Done.of(desk.open_post(visitor.reviewer, case, given.item)))


@router.post("/notes", response_model=Done, responses=answers(404, 409))
def note(visitor: Someone, case: CaseNumber, once: Repeatable, given: NoteIn) -> Response:
    """Adds a note."""
    return once.do(lambda desk: Done.of(desk.note(visitor.reviewer, case, given.text)))


@router.post("/decide", response_model=Done, responses=answers(404, 409))
def decide(visitor: Someone, case: CaseNumber, once: Repeatable, given: DecideIn) -> Response:
    """Decides a case that you hold, as you saw it."""
    decision = Decision(case, given.version, given.token, given.outcome, given.policy,
                        given.reason, given.item, given.exemption)  # fmt: skip
    return once.do(lambda desk: Done.of(desk.decide(visitor.reviewer, decision)))


@router.post("/overturn", response_model=Done, responses=answers(404, 409))
def overturn(visitor: Someone, case: CaseNumber, once: Repeatable, given: OverturnIn) -> Response:
    """Takes a decision back."""
    return once.do(
        lambda desk: Done.of(desk.overturn(visitor.reviewer, case, given.policy, given.reason))
    )


def _finding(one: SealedFinding, lang: str) -> FindingOut:
    values = dict(one.values or {})
    sentence = Message(one.message, values).render(lang) if one.message else ""
    evidence = [_unquoted(part) for part in one.evidence]
    return FindingOut(
        id=one.finding_id, signal=one.signal, score=one.score, score_kind=one.score_kind,
        sentence=sentence, message=one.message, values=values, evidence=evidence,
        opens_case=one.opens_case, found_at=time_of(one.found_at or None),
    )  # fmt: skip


def _unquoted(said: Any) -> Any:
    """Evidence without what it quotes of posts."""
    if isinstance(said, Mapping):
        return {name: _unquoted(part) for name, part in said.items() if name not in QUOTES}
    return [_unquoted(part) for part in said] if isinstance(said, list) else said


def _post(found: Dossier, post: Post, opened: bool) -> PostOut:
    return PostOut(
        id=post.id, account=post.account, own=found.is_own(post), opened=opened, kind=post.kind,
        language=post.language, created_at=time_of(post.created_at), signals=list(post.signals),
        text=post.text if opened else None,
        marks=[(start, end) for start, end in post.marks] if opened else [],
        media=[dict(one) for one in post.media] if opened else None,
    )  # fmt: skip


def _profile(one: Profile | None) -> ProfileOut | None:
    if one is None:
        return None
    return ProfileOut(
        account=one.account, handle=one.handle, name=one.name, bio=one.bio,
        followers=one.followers, following=one.following, posts=one.posts, state=one.state,
        observed_at=time_of(one.observed_at), created_at=time_of(one.created_at),
    )  # fmt: skip


def _event(one: Event) -> EventOut:
    """What the page says of it: not how the case came to be seen."""
    private = one.private or {}
    said = private.get("reason") or (private.get("text") if one.kind == "noted" else None)
    return EventOut(
        seq=one.seq, at=time_of(one.at), actor=one.actor, kind=one.kind,
        outcome=one.data.get("outcome"), policy=one.data.get("policy"),
        exemption=one.data.get("exemption"), text=said if isinstance(said, str) else None,
    )  # fmt: skip


def _notices(found: NoticesOfCase, lang: str) -> NoticesOut:
    listed = [
        NoticeOut(
            notice=one.notice.seq, received_at=time_of(one.received_at), ground=one.notice.ground,
            channel=one.notice.channel, anonymous=one.notice.anonymous,
            state_body=one.notice.state_body, language=one.notice.lang, reasons=one.reasons,
            accuracy=AccuracyOut.of(one.accuracy), unfounded=one.unfounded,
        )
        for one in found.listed
    ]  # fmt: skip
    flood = found.flood.render(lang) if found.flood else None
    return NoticesOut(count=found.counts.notices, named=found.counts.named, flood=flood,
                      newest=listed)  # fmt: skip


def _verdicts(history: History) -> list[VerdictOut]:
    return [
        VerdictOut(case=one.case_id, step=one.step, outcome=one.outcome, policy=one.policy,
                   at=time_of(one.at), overturned=one.seq in history.overturned)
        for one in history.verdicts
    ]  # fmt: skip
