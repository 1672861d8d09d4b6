"""Notices of trusted flaggers, and of platforms that pass on what their users report."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from marsad.decide.desk import Desk
from marsad.decide.notices.notice import Given
from marsad.decide.notices.receiving import Sender
from marsad.decide.signing_in import Visitor
from marsad.records.errors import InputError
from marsad.web.access import Someone, TheSite
from marsad.web.api.errors import answers
from marsad.web.api.repeating import Repeatable
from marsad.web.api.shapes import NoticeIn, NoticeTaken, StatusOut

router = APIRouter(prefix="/api/v1", tags=["notices"])


@router.post("/notices", response_model=NoticeTaken, responses=answers())
def notice(site: TheSite, visitor: Someone, once: Repeatable, given: NoticeIn) -> Response:
    """Reports something. The code that comes back is shown this once."""
    sender = _sender(visitor, given)
    said = Given(given.address, given.ground, given.reasons, given.kind or "", given.name,
                 given.email, given.good_faith, given.state_body, given.language)  # fmt: skip

    def act(desk: Desk) -> NoticeTaken:
        receipt = replace(site.notices, database=desk.database).receive(said, sender)
        return NoticeTaken(code=receipt.code, status=StatusOut.of(receipt.status))

    return once.do(act)


@router.get("/notices/{code}", responses=answers(404))
def status(
    site: TheSite, visitor: Someone,
    code: Annotated[str, Path(max_length=100, description="as it came back with the notice")],
) -> StatusOut:  # fmt: skip
    """What became of a notice."""
    found = site.notices.status(code)
    if found is None:
        raise InputError("notice.no-code")
    return StatusOut.of(found)


def _sender(visitor: Visitor, given: NoticeIn) -> Sender:
    """A flagger reports for themselves: their notices count as theirs alone."""
    if visitor.reviewer.may("notify-for-others"):
        return Sender("platform", visitor.reviewer.id)
    if given.name or given.email:
        raise InputError("notice.for-others")
    return Sender("flagger", visitor.reviewer.id)
