"""Records for the transparency database: what is held back, refused, waiting or accepted, and a
person's ways to mend them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import Response

from marsad.decide.signing_in import Visitor
from marsad.decide.statements import enums
from marsad.decide.statements.record import FREE, LONGEST, Fault
from marsad.records.errors import MarsadError
from marsad.store.statements import HELD, LISTED
from marsad.web.access import Someone, TheSite
from marsad.web.numbers import Number
from marsad.web.pages import page, to
from marsad.web.site import Site
from marsad.web.statuses import status_of

router = APIRouter(include_in_schema=False)
Short = Annotated[str, Form(max_length=500)]
Long = Annotated[str, Form(max_length=50_000)]
Excused = Annotated[Sequence[str], Form(max_length=50)]
ORDER = (
    "decision_visibility", "decision_account", "decision_provision", "decision_ground", "category",
    "category_specification", "content_type", "content_type_other", "content_language",
    "content_date", "application_date", "source_type", "automated_detection", "automated_decision",
    "decision_ground_reference_url", "territorial_scope", "puid",
)  # fmt: skip
"""The fields that are shown beside those with words."""


@router.get("/statements")
def statements(
    request: Request, site: TheSite, visitor: Someone,
    state: Annotated[str, Query(max_length=20)] = HELD,
    after: Annotated[int, Query(ge=0, lt=1 << 63)] = 0,
) -> Response:  # fmt: skip
    """The page: those of one state."""
    return _page(request, site, visitor, state if state in LISTED else HELD, after)


@router.post("/statements/{statement}/mend")
def mend(
    request: Request, site: TheSite, visitor: Someone, statement: Number,
    illegal_content_legal_ground: Long = "", illegal_content_explanation: Long = "",
    incompatible_content_ground: Long = "", incompatible_content_explanation: Long = "",
    decision_facts: Long = "", content_type_other: Long = "", excused: Excused = (),
) -> Response:  # fmt: skip
    """Puts other words in a record; says what still holds it back."""
    given = (illegal_content_legal_ground, illegal_content_explanation,
             incompatible_content_ground, incompatible_content_explanation,
             decision_facts, content_type_other)  # fmt: skip
    texts = dict(zip(WORDS, given, strict=True))
    pairs = [(one.partition(" ")[0], one.partition(" ")[2]) for one in excused]
    return _done(
        request, site, visitor, statement,
        lambda: site.statements.mend(visitor.reviewer, statement, texts, pairs), texts,
    )  # fmt: skip


@router.post("/statements/{statement}/renew")
def renew(request: Request, site: TheSite, visitor: Someone, statement: Number) -> Response:
    """Makes a record anew from the policies and settings as they are now."""
    return _done(
        request, site, visitor, statement,
        lambda: site.statements.renew(visitor.reviewer, statement),
    )  # fmt: skip


@router.post("/statements/{statement}/drop")
def drop(
    request: Request, site: TheSite, visitor: Someone, statement: Number, reason: Long = ""
) -> Response:
    """Sets a record aside for good."""

    def dropped() -> list[Fault]:
        site.statements.drop(visitor.reviewer, statement, reason)
        return []

    return _done(request, site, visitor, statement, dropped)


WORDS = (
    "illegal_content_legal_ground", "illegal_content_explanation", "incompatible_content_ground",
    "incompatible_content_explanation", "decision_facts", "content_type_other",
)  # fmt: skip
assert set(WORDS) <= set(FREE)


def _done(
    request: Request, site: Site, visitor: Visitor, statement: int,
    act: Callable[[], list[Fault]], texts: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    state = request.query_params.get("state", HELD)
    state = state if state in LISTED else HELD
    try:
        left = act()
    except MarsadError as error:
        return _page(request, site, visitor, state, error=error, filled=(statement, texts or {}))
    if left:
        return _page(request, site, visitor, state, left=(statement, left),
                     filled=(statement, texts or {}))  # fmt: skip
    return to("/statements", state=state, done=str(statement))


def _page(
    request: Request, site: Site, visitor: Visitor, state: str, after: int = 0,
    error: MarsadError | None = None, left: tuple[int, list[Fault]] = (0, []),
    filled: tuple[int, dict[str, str]] = (0, {}),
) -> Response:  # fmt: skip
    found = site.statements.listed(visitor.reviewer, state, after)
    status = status_of(error) if error else (422 if left[1] else 200)
    hindered = request.app.state.background.problems.get("statements")
    return page(
        request, "statements.html.j2", status, rows=found, state=state, states=LISTED,
        counts=site.statements.counts(visitor.reviewer), error=error, left=left, filled=filled,
        may_mend=visitor.reviewer.may("mend-statement"), words_of=WORDS, order=ORDER,
        longest=LONGEST, meaning=_meaning, hindered=hindered, as_of=enums.as_of(),
        done=request.query_params.get("done", "").isdecimal(),
        failed=site.statements.failed(visitor.reviewer),
    )  # fmt: skip


def _meaning(value: object) -> str:
    """A value in the database's own words."""
    if isinstance(value, list):
        return ", ".join(enums.meaning(str(one)) for one in value)
    return enums.meaning(str(value))
