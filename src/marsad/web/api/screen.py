"""Screening a post. It is a POST because a post does not fit into an address; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from marsad.decide.signing_in import Visitor
from marsad.decide.states import WAITING
from marsad.records.errors import OutsideError
from marsad.records.message import Message
from marsad.records.times import SECOND
from marsad.web.access import Someone, TheSite
from marsad.web.api.errors import answers
from marsad.web.api.shapes import (
    AccountOut,
    CaseOf,
    FindingOut,
    Lang,
    ScreenIn,
    ScreenOut,
    StandingOut,
    time_of,
)
from marsad.web.site import Site
from marsad.workspace.screening import Asked, InPost, Screened

router = APIRouter(prefix="/api/v1", tags=["screen"])
Cases = Mapping[str, tuple[int, str]]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@router.post("/screen", response_model=ScreenOut, responses=answers())
def screen(site: TheSite, visitor: Someone, given: ScreenIn, lang: Lang = "en") -> Response:
    """Holds one post against the banks, and says what is known of its account. Nothing is stored,
    no case is opened: that is for `marsad find` and for people."""
    if site.screener is None:
        raise OutsideError("api.no-screener")
    asked = Asked(given.platform, given.account, given.text, given.id, given.urls, given.language,
                  _micros(given.created_at))  # fmt: skip
    found = site.screener.screen(asked)
    said = _said(replace(found, cases=_as_seen(site, visitor, found.cases)), lang)
    return Response(said.model_dump_json(), media_type="application/json")


def _as_seen(site: Site, visitor: Visitor, found: Cases) -> Cases:
    """Number and state of cases as the queue shows them to whoever asks. What waits is what it is,
    and most of what is screened has no case: then nothing is read."""
    shown = {}
    for about, (number, state) in found.items():
        case = None if state in WAITING else site.desk.as_seen(visitor.reviewer, number)
        shown[about] = (case.id, case.state) if case is not None else (number, state)
    return shown


def _said(found: Screened, lang: str) -> ScreenOut:
    return ScreenOut(
        post=found.post,
        findings=[_in_post(one, lang) for one in found.findings],
        account=AccountOut(
            id=found.account, findings=[_standing(one, lang) for one in found.standing]
        ),
        cases=[CaseOf(about=about, id=id_, state=state)  # type: ignore[arg-type]
               for about, (id_, state) in sorted(found.cases.items())],
        banks={name: version for name, (version, _) in found.banks.items()},
    )  # fmt: skip


def _in_post(one: InPost, lang: str) -> FindingOut:
    return FindingOut(
        id=one.finding_id, signal=one.signal, score=one.score, score_kind=one.score_kind,
        sentence=Message(one.message, one.values).render(lang), message=one.message,
        values=one.values, evidence=list(one.evidence), opens_case=one.opens_case,
    )  # fmt: skip


def _standing(one: Mapping[str, Any], lang: str) -> StandingOut:
    return StandingOut(
        id=one["finding_id"], signal=one["signal"], score=one["score"],
        score_kind=one["score_kind"], sentence=Message(one["message"], one["values"]).render(lang),
        message=one["message"], values=one["values"], community=one["community"],
        opens_case=one["opens_case"], found_at=time_of(one["found_at"]),
    )  # fmt: skip


def _micros(at: datetime | None) -> int | None:
    """A time without a zone is UTC."""
    if at is None:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return int((aware - _EPOCH).total_seconds() * SECOND)
