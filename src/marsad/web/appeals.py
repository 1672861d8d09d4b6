"""Complaints at the desk: which wait, and deciding one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from marsad.decide.appeals.desk import LONGEST, Ruling
from marsad.decide.signing_in import Visitor
from marsad.outputs.passage import Passage, passage
from marsad.records.errors import MarsadError
from marsad.store.appeals import PARTLY, REVERSED, UPHELD
from marsad.web.access import Someone, TheSite
from marsad.web.numbers import Number
from marsad.web.pages import page, to
from marsad.web.site import Site
from marsad.web.statuses import status_of

router = APIRouter(include_in_schema=False)
Short = Annotated[str, Form(max_length=500)]
Long = Annotated[str, Form(max_length=50_000)]


@router.get("/appeals")
def listed(request: Request, site: TheSite, visitor: Someone) -> Response:
    """The page of all that wait."""
    reviewer = visitor.reviewer
    return page(
        request, "appeals.html.j2", rows=site.appeals.listed(reviewer),
        closed=site.appeals.closed(reviewer),
    )  # fmt: skip


@router.get("/appeals/{appeal}")
def show(request: Request, site: TheSite, visitor: Someone, appeal: Number) -> Response:
    """One complaint."""
    return _page(request, site, visitor, appeal)


@router.post("/appeals/{appeal}/ask")
def ask(
    request: Request, site: TheSite, visitor: Someone, appeal: Number, text: Long = ""
) -> Response:
    """Asks the person something."""
    try:
        site.appeals.ask(visitor.reviewer, appeal, text)
    except MarsadError as error:
        return _page(request, site, visitor, appeal, error, {"text": text})
    return to(f"/appeals/{appeal}")


@router.post("/appeals/{appeal}/decide")
def decide(
    request: Request, site: TheSite, visitor: Someone, appeal: Number, outcome: Short = "",
    policy: Short = "", reason: Long = "", instead: Short = "", item: Short = "",
) -> Response:  # fmt: skip
    """Decides it."""
    partly = outcome == PARTLY
    ruling = Ruling(appeal, outcome, policy, reason, instead or None if partly else None,
                    item or None if partly else None)  # fmt: skip
    try:
        site.appeals.decide(visitor.reviewer, ruling)
    except MarsadError as error:
        filled = {"outcome": outcome, "policy": policy, "reason": reason, "instead": instead,
                  "item": item}  # fmt: skip
        return _page(request, site, visitor, appeal, error, filled)
    return to(f"/appeals/{appeal}")


def _page(
    request: Request, site: Site, visitor: Visitor, appeal: int,
    error: MarsadError | None = None, filled: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    reviewer = visitor.reviewer
    shown = site.appeals.shown(reviewer, appeal)
    dossier = site.desk.dossier(reviewer, shown.case.id)
    opened = dossier.opened_by(reviewer.id)
    partly = (PARTLY,) if shown.instead and not shown.appeal.notice else ()
    blank = dict.fromkeys(("text", "outcome", "policy", "reason", "instead", "item"), "")
    return page(
        request, "appeal_case.html.j2", status_of(error) if error else 200,
        one=shown, error=error, filled=blank | (filled or {}), whole=_whole, dossier=dossier,
        may_decide=reviewer.may("decide-appeal") and not shown.own,
        outcomes=(UPHELD, REVERSED, *partly), policies=sorted(site.desk.policies),
        items=[post for post in dossier.own_posts if post.id in opened],
    )  # fmt: skip


def _whole(text: str) -> Passage:
    return passage(text, shown=LONGEST)
