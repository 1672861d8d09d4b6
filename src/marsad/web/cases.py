"""A case: its evidence, and what a reviewer does with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from marsad.decide import bulk, priority
from marsad.decide.against import against
from marsad.decide.appeals.desk import Shown as Appealed
from marsad.decide.dossier import Dossier
from marsad.decide.items import WORDLESS
from marsad.decide.notices import looking
from marsad.decide.notices.shown import NoticesOfCase
from marsad.decide.outcomes import ACTING, EXEMPTIONS, VALID
from marsad.decide.rules import Decision
from marsad.decide.signing_in import Visitor
from marsad.decide.states import WAITING
from marsad.outputs.report.wording import Words
from marsad.records.errors import InputError, MarsadError
from marsad.records.times import now
from marsad.store.log import Event
from marsad.store.notices import Notice
from marsad.web import media
from marsad.web.access import Someone, TheSite
from marsad.web.evidence import post_passage, short_passage, shown, whole_passage
from marsad.web.numbers import Number, Whole
from marsad.web.pages import lang_of, page, to
from marsad.web.site import Site
from marsad.web.statuses import status_of

router = APIRouter(include_in_schema=False)
UNFILLED = dict.fromkeys(
    ("outcome", "policy", "reason", "exemption", "item", "note", "quoted"), ""
)  # fmt: skip
SIMILAR = 6
IN_HISTORY = 5
TOLD = frozenset({
    "opened", "found", "reopened", "item-opened", "assigned", "clock-set", "proposed", "decided",
    "dissented", "escalated", "unsure", "overturned", "erased", "threat-raised", "threat-told",
})  # fmt: skip
"""What the page tells of what happened; that a case is golden it does not."""

Short = Annotated[str, Form(max_length=500)]
Targets = Annotated[Sequence[str], Form(max_length=200)]
Long = Annotated[str, Form(max_length=50_000)]


@router.get("/cases/{case}")
def show(request: Request, site: TheSite, visitor: Someone, case: Number) -> Response:
    """The page."""
    return _page(request, site, visitor, case)


@router.post("/cases/{case}/take")
def take(request: Request, site: TheSite, visitor: Someone, case: Number) -> Response:
    """Takes the case, or renews the lease."""
    return _done(request, site, visitor, case, lambda: site.desk.take(visitor.reviewer, case))


@router.post("/cases/{case}/take-over")
def take_over(request: Request, site: TheSite, visitor: Someone, case: Number) -> Response:
    """Takes it from whoever holds it."""
    return _done(
        request, site, visitor, case, lambda: site.desk.take(visitor.reviewer, case, over=True)
    )


@router.post("/cases/{case}/give-back")
def give_back(site: TheSite, visitor: Someone, case: Number) -> Response:
    """Leaves it to others."""
    site.desk.give_back(visitor.reviewer, case)
    return to("/")


@router.post("/cases/{case}/items")
def open_item(
    request: Request, site: TheSite, visitor: Someone, case: Number, item: Short = ""
) -> Response:
    """Uncovers a post; that it was seen is recorded."""
    return _done(
        request, site, visitor, case,
        lambda: site.desk.open_post(visitor.reviewer, case, item), "posts",
    )  # fmt: skip


@router.post("/cases/{case}/notes")
def note(
    request: Request, site: TheSite, visitor: Someone, case: Number, text: Long = ""
) -> Response:
    """Adds a note."""
    return _done(
        request, site, visitor, case,
        lambda: site.desk.note(visitor.reviewer, case, text), "notes", {"note": text},
    )  # fmt: skip


@router.post("/cases/{case}/assign")
def assign(
    request: Request, site: TheSite, visitor: Someone, case: Number, whom: Short = ""
) -> Response:  # fmt: skip
    """Leaves the case to one reviewer, or to everybody again."""
    return _done(
        request, site, visitor, case,
        lambda: site.desk.assign(visitor.reviewer, case, site.door.pseudonym(whom)), "manage",
    )  # fmt: skip


@router.post("/cases/{case}/clock")
def clock(
    request: Request, site: TheSite, visitor: Someone, case: Number, clock: Short = ""
) -> Response:  # fmt: skip
    """Starts a clock."""
    return _done(
        request, site, visitor, case,
        lambda: site.desk.set_clock(visitor.reviewer, case, clock, now()), "manage",
    )  # fmt: skip


@router.post("/cases/{case}/overturn")
def overturn(
    request: Request, site: TheSite, visitor: Someone, case: Number,
    policy: Short = "", reason: Long = "",
) -> Response:  # fmt: skip
    """Takes a decision back."""
    return _done(
        request, site, visitor, case,
        lambda: site.desk.overturn(visitor.reviewer, case, policy, reason), "decision",
        {"policy": policy, "reason": reason},
    )  # fmt: skip


@router.post("/cases/{case}/alike")
def decide_alike(
    request: Request, site: TheSite, visitor: Someone, case: Number,
    outcome: Short = "", policy: Short = "", reason: Long = "", exemption: Short = "",
    item: Short = "", target: Targets = (),
) -> Response:  # fmt: skip
    """Decides the same for cases with copies of an item that was opened here."""
    said = bulk.Alike(outcome, policy, reason, exemption or None, case, item or None)
    return _done(
        request, site, visitor, case,
        lambda: site.desk.decide_copies(visitor.reviewer, said, seen_of(target)), "alike",
    )  # fmt: skip


@router.post("/cases/{case}/golden")
def golden(
    request: Request, site: TheSite, visitor: Someone, case: Number, right: Targets = ()
) -> Response:
    """Makes a decided case golden, with the outcomes that are right; with none no longer."""
    return _done(
        request, site, visitor, case,
        lambda: site.desk.mark_golden(visitor.reviewer, case, right), "manage",
    )  # fmt: skip


@router.post("/cases/{case}/threat")
def threat(
    request: Request, site: TheSite, visitor: Someone, case: Number, text: Long = ""
) -> Response:
    """Says that somebody's life is threatened."""
    return _done(
        request, site, visitor, case,
        lambda: site.desk.raise_threat(visitor.reviewer, case, text), "threat",
    )  # fmt: skip


@router.post("/cases/{case}/told")
def told(
    request: Request, site: TheSite, visitor: Someone, case: Number,
    contact: Short = "", note: Long = "",
) -> Response:  # fmt: skip
    """Records that somebody was told of the threat."""
    return _done(
        request, site, visitor, case,
        lambda: site.desk.tell(visitor.reviewer, case, contact, note=note), "threat",
    )  # fmt: skip


@router.post("/cases/{case}/looked")
def looked(
    request: Request, site: TheSite, visitor: Someone, case: Number,
    text: Long = "", language: Short = "", address: Short = "",
) -> Response:  # fmt: skip
    """Says what somebody read where it is, where the records do not have it."""
    return _done(
        request, site, visitor, case,
        lambda: site.notices.look(visitor.reviewer, case, text, language, address), "posts",
        {"quoted": text},
    )  # fmt: skip


@router.post("/cases/{case}/notices/{notice}")
def mark_notice(
    request: Request, site: TheSite, visitor: Someone, case: Number, notice: Number,
    unfounded: Short = "",
) -> Response:  # fmt: skip
    """Says that a notice is, or is not, manifestly unfounded."""
    return _done(
        request, site, visitor, case,
        lambda: site.notices.mark(visitor.reviewer, case, notice, bool(unfounded)), "notices",
    )  # fmt: skip


@router.post("/cases/{case}/decide")
def decide(
    request: Request, site: TheSite, visitor: Someone, case: Number,
    outcome: Short = "", policy: Short = "", reason: Long = "", exemption: Short = "",
    item: Short = "", version: Whole = 0, token: Whole = 0,
    go_on: Short = "", community: Short = "",
) -> Response:  # fmt: skip
    """Decides, and goes on to the next case where that was asked for: of the community that is
    gone through, or of the queue."""
    filled = {"outcome": outcome, "policy": policy, "reason": reason,
              "exemption": exemption, "item": item, "community": community}  # fmt: skip
    decision = Decision(
        case, version, token, outcome, policy, reason,
        item if outcome in ACTING and item else None,
        exemption if outcome == "exempt" and exemption else None,
    )  # fmt: skip
    try:
        site.desk.decide(visitor.reviewer, decision)
    except MarsadError as error:
        return _page(request, site, visitor, case, error, filled)
    if community.isdecimal():
        return to(f"/communities/{int(community[:18])}")
    return to(_next(site, visitor) if go_on else "/", decided=str(case))


def _next(site: Site, visitor: Visitor) -> str:
    """Where to go on. What was decided stands, even if nothing can be taken after it."""
    try:
        taken = site.desk.take_next(visitor.reviewer)
    except MarsadError:
        return "/"
    return f"/cases/{taken[0].id}" if taken else "/"


def _done(
    request: Request,
    site: Site,
    visitor: Visitor,
    case: int,
    act: Any,
    anchor: str = "",
    filled: dict[str, str] | None = None,
) -> Response:
    """Does something, and shows the case again: as it is now, or with what was wrong."""
    try:
        act()
    except MarsadError as error:
        return _page(request, site, visitor, case, error, filled)
    return to(f"/cases/{case}{'#' if anchor else ''}{anchor}")


def _page(
    request: Request,
    site: Site,
    visitor: Visitor,
    case: int,
    error: MarsadError | None = None,
    filled: dict[str, str] | None = None,
) -> Response:
    reviewer, desk = visitor.reviewer, site.desk
    dossier = desk.dossier(reviewer, case)
    words = Words(lang_of(request))  # type: ignore[arg-type]
    held = dossier.lease is not None and dossier.lease.holds(now())
    mine = held and dossier.lease is not None and dossier.lease.holder == reviewer.id
    lead = _lead(dossier, visitor)
    notices, waiting = site.notices.of_case(reviewer, case), dossier.case.state in WAITING
    return page(
        request, "case.html.j2", status_of(error) if error else 200,
        dossier=dossier, case=dossier.case, error=error, filled=UNFILLED | (filled or {}),
        findings=[shown(one, words) for one in dossier.findings],
        against=[one.render(words.lang) for one in against(dossier)],
        opened=dossier.opened_by(visitor.reviewer.id),
        media_of=partial(media.of_post, site.media),
        passage_of=post_passage, short=short_passage,
        held=held, mine=mine, waiting=waiting,
        may=visitor.reviewer.may, outcomes=VALID.get(dossier.case.kind, ()), acting=ACTING,
        exemptions=EXEMPTIONS, policies=sorted(site.desk.policies), clocks=tuple(priority.CLOCKS),
        readable=_readable(dossier, visitor), decided=_decided(request),
        may_quote=waiting and looking.possible(dossier), wordless=WORDLESS,
        timeline=_timeline(dossier, notices), notices=notices, reasons_of=whole_passage,
        community=(filled or {}).get("community") or request.query_params.get("community", ""),
        history=desk.history(reviewer, case), similar=desk.similar(reviewer, case, SIMILAR),
        standing=desk.standing(reviewer, case), actions=desk.actions(reviewer, case),
        statements=site.statements.of_case(reviewer, case), appealed=_appealed(site, visitor, case),
        threat=desk.threat(reviewer, case), told=desk.told(reviewer, case),
        orders=site.orders.of_case(reviewer, case),
        copies=desk.copies(reviewer, case, lead) if mine and lead else (), lead=lead,
    )  # fmt: skip


@dataclass(frozen=True)
class Reported:
    """A notice in what happened, where its entry is not: a copy of a case has none of its own."""

    at: int
    notice: Notice
    kind: str = "notice"


def _timeline(dossier: Dossier, notices: NoticesOfCase) -> Sequence[Event | Reported]:
    """What happened, the newest first."""
    told: list[Event | Reported] = [one for one in dossier.events if one.kind in TOLD]
    told += [Reported(one.received_at, one.notice) for one in reversed(notices.listed[:IN_HISTORY])]
    return sorted(told, key=lambda one: one.at)[::-1]


def _appealed(site: Site, visitor: Visitor, case: int) -> Sequence[Appealed]:
    """The complaints in a case, for whoever may see them."""
    if not visitor.reviewer.may("see-appeals"):
        return ()
    return site.appeals.of_case(visitor.reviewer, case)


def _decided(request: Request) -> str:
    """The number of the case that was decided just before; no other words of whoever made the
    link."""
    found = re.fullmatch(r"[0-9]{1,18}", request.query_params.get("decided", ""))
    return found[0] if found else ""


def _readable(dossier: Dossier, visitor: Visitor) -> frozenset[str]:
    """The posts in a language that the visitor reads."""
    known = {*visitor.reviewer.languages, WORDLESS}
    return frozenset(one.id for one in dossier.exhibits.posts if one.item().language in known)


def _lead(dossier: Dossier, visitor: Visitor) -> str:
    """The last own post that the visitor opened, for deciding copies of it."""
    opened = dossier.opened_by(visitor.reviewer.id)
    return next((one.id for one in reversed(dossier.own_posts) if one.id in opened), "")


def seen_of(targets: Sequence[str]) -> dict[int, int]:
    """Case → version, as a form's boxes name them. Raises `InputError` where none is chosen."""
    found = [re.fullmatch(r"([0-9]{1,18})\.([0-9]{1,18})", one) for one in targets]
    seen = {int(one[1]): int(one[2]) for one in found if one}
    if not seen:
        raise InputError("decide.none-chosen")
    return seen
