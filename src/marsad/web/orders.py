"""Removal orders: the list, typing one in, and one with all that is to be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from marsad.decide.orders import checks, reading
from marsad.decide.orders.annexes import GROUNDS, REASONS
from marsad.decide.orders.by_hand import STEPS
from marsad.decide.orders.items import ACTS
from marsad.decide.orders.listing import File
from marsad.decide.signing_in import Visitor
from marsad.records.errors import MarsadError
from marsad.records.message import Message
from marsad.web.access import Someone, TheSite
from marsad.web.numbers import Number, Whole
from marsad.web.pages import page, to
from marsad.web.site import Site
from marsad.web.statuses import status_of

router = APIRouter(include_in_schema=False)

Short = Annotated[str, Form(max_length=500)]
Long = Annotated[str, Form(max_length=50_000)]
Longest = Annotated[str, Form(max_length=900_000)]
Some = Annotated[Sequence[str], Form(max_length=20)]
TEXTS = ("reference", "located", "explanation", "copied_to", "follow_up", "redress", "lang",
         "signed", "addressee", "contact_point", "established_in")  # fmt: skip
TIMES = ("issued_at", "received_at", "confidential_until")
FIELDS = (*TEXTS, *TIMES, "urls", "authority", "name", "state", "emergency", "informed_before")


@router.get("/orders")
def orders(request: Request, site: TheSite, visitor: Someone) -> Response:
    """The list, by time left."""
    return _list(request, site, visitor)


@router.get("/orders/new")
def new(request: Request, site: TheSite, visitor: Someone) -> Response:
    """The form of Annex I."""
    return _form(request, site)


@router.post("/orders/new")
def receive(
    request: Request, site: TheSite, visitor: Someone, authority: Short = "", name: Short = "",
    state: Short = "", reference: Short = "", issued_at: Short = "", received_at: Short = "",
    urls: Longest = "", located: Long = "", grounds: Some = (), explanation: Long = "",
    emergency: Short = "", informed_before: Short = "", confidential_until: Short = "",
    copied_to: Short = "", follow_up: Long = "", redress: Long = "", lang: Short = "",
    signed: Short = "", addressee: Short = "", contact_point: Short = "",
    established_in: Short = "",
) -> Response:  # fmt: skip
    """Takes an order in: from here its hour runs."""
    filled = {one: value for one, value in locals().items() if one in FIELDS}
    try:
        received = site.orders.receive(visitor.reviewer, _given(filled, grounds))
    except MarsadError as error:
        return _form(request, site, error, filled, grounds)
    return to(f"/orders/{received.order.id}", **({"again": "1"} if received.again else {}))


@router.post("/orders/informed")
def informed(
    request: Request, site: TheSite, visitor: Someone, authority: Short = "", at: Short = ""
) -> Response:
    """Records the information of Article 3(2)."""
    try:
        site.orders.informed(visitor.reviewer, authority, at)
    except MarsadError as error:
        return _list(request, site, visitor, error)
    return to("/orders", informed="1")


@router.get("/orders/{order}")
def show(request: Request, site: TheSite, visitor: Someone, order: Number) -> Response:
    """One order."""
    return _page(request, site, visitor, order)


@router.post("/orders/{order}/execute")
def execute(
    request: Request, site: TheSite, visitor: Someone, order: Number, wanted: Short = "",
    left_out: Short = "",
) -> Response:  # fmt: skip
    """Decides that it is carried out, for all its items."""
    return _done(
        request, site, visitor, order,
        lambda: site.orders.execute(visitor.reviewer, order, wanted, left_out=bool(left_out)),
    )  # fmt: skip


@router.post("/orders/{order}/step")
def step(
    request: Request, site: TheSite, visitor: Someone, order: Number, kind: Short = "",
    ground: Short = "", text: Long = "", at: Short = "",
) -> Response:  # fmt: skip
    """Records what a person did or heard."""
    return _done(
        request, site, visitor, order,
        lambda: site.orders.step(visitor.reviewer, order, kind, ground, text, at),
        {"kind": kind, "ground": ground, "text": text, "at": at},
    )  # fmt: skip


@router.post("/orders/{order}/clear")
def clear(
    request: Request, site: TheSite, visitor: Someone, order: Number, text: Long = "",
    urls: Longest = "", at: Short = "",
) -> Response:  # fmt: skip
    """Starts the hour anew."""
    return _done(
        request, site, visitor, order,
        lambda: site.orders.clear(visitor.reviewer, order, text, _lines(urls), at),
        {"kind": "order-cleared", "text": text, "at": at},
    )  # fmt: skip


@router.post("/orders/{order}/confidential")
def confidential(
    request: Request, site: TheSite, visitor: Someone, order: Number, until: Short = ""
) -> Response:
    """Sets the end of a non-disclosure."""
    return _done(
        request, site, visitor, order,
        lambda: site.orders.keep_confidential(visitor.reviewer, order, until),
    )  # fmt: skip


@router.post("/orders/{order}/disclose")
def disclose(
    request: Request, site: TheSite, visitor: Someone, order: Number, text: Long = ""
) -> Response:
    """Ends a non-disclosure now."""
    return _done(
        request, site, visitor, order,
        lambda: site.orders.disclose(visitor.reviewer, order, text),
        {"kind": "order-confidential", "text": text},
    )  # fmt: skip


@router.post("/orders/{order}/locate")
def locate(
    request: Request, site: TheSite, visitor: Someone, order: Number, number: Whole = 0,
    kind: Short = "", subject: Short = "", account: Short = "",
) -> Response:  # fmt: skip
    """Says what an address is about."""
    return _done(
        request, site, visitor, order,
        lambda: site.orders.locate(visitor.reviewer, order, number, kind, subject.strip(),
                                   account.strip()),
    )  # fmt: skip


@router.post("/orders/{order}/part")
def part(
    request: Request, site: TheSite, visitor: Someone, order: Number, joined: Whole = 0
) -> Response:
    """Takes back what an address was said to be about."""
    return _done(
        request, site, visitor, order, lambda: site.orders.part(visitor.reviewer, order, joined)
    )


def _given(filled: Mapping[str, str], grounds: Sequence[str]) -> reading.Given:
    said: dict[str, Any] = {name: filled[name] for name in TEXTS}
    said |= {name: filled[name] or None for name in TIMES}
    said |= {name: bool(filled[name]) for name in ("emergency", "informed_before")}
    named = {"name": filled["name"], "state": filled["state"].strip()}
    said["authority"] = {"id": filled["authority"]} if filled["authority"] else named
    return reading.of(said | {"urls": _lines(filled["urls"]), "grounds": list(grounds)})


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _list(
    request: Request, site: Site, visitor: Visitor, error: MarsadError | None = None
) -> Response:
    return page(
        request, "orders.html.j2", status_of(error) if error else 200, error=error,
        listed=site.orders.listed(visitor.reviewer), known=_known(site),
        may_handle=visitor.reviewer.may("handle-orders"),
        told=request.query_params.get("informed", ""),
        warnings=_warnings(request, site),
    )  # fmt: skip


def _warnings(request: Request, site: Site) -> Sequence[Message]:
    """Why an alarm may reach nobody."""
    said = [] if site.duty.rota else [Message("desk.orders.no-rota", {})]
    if not site.sends_mail:
        said.append(Message("desk.orders.no-mail", {}))
    try:
        site.orders.authorities()
    except MarsadError as error:  # all are unlisted until it is mended
        said.append(error.message)
    problems = request.app.state.background.problems
    return said + [problems[name] for name in ("orders", "mail", "notify") if name in problems]


def _form(
    request: Request, site: Site, error: MarsadError | None = None,
    filled: Mapping[str, str] | None = None, grounds: Sequence[str] = (),
) -> Response:  # fmt: skip
    return page(
        request, "order_new.html.j2", status_of(error) if error else 200, error=error,
        filled=dict.fromkeys(FIELDS, "") | dict(filled or {}), ticked=grounds, grounds=GROUNDS,
        known=_known(site),
    )  # fmt: skip


def _known(site: Site) -> Mapping[str, str]:
    """The authorities of the list, by id; none where it cannot be read: an order can be taken in
    all the same."""
    try:
        return {one.id: f"{one.name} ({one.state})" for one in site.orders.authorities().listed}
    except MarsadError:
        return {}


def _done(
    request: Request, site: Site, visitor: Visitor, order: int, act: Callable[[], object],
    filled: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    """Does something, and shows the order again: as it is now, or with what was wrong."""
    try:
        act()
    except MarsadError as error:
        return _page(request, site, visitor, order, error, filled)
    return to(f"/orders/{order}")


def _page(
    request: Request, site: Site, visitor: Visitor, order: int, error: MarsadError | None = None,
    filled: Mapping[str, str] | None = None,
) -> Response:  # fmt: skip
    found = site.orders.file(visitor.reviewer, order)
    unfilled = dict.fromkeys(("kind", "ground", "text", "at"), "")
    return page(
        request, "order.html.j2", status_of(error) if error else 200, error=error, file=found,
        order=found.order, steps=_steps(found), grave=checks.GRAVE, good=checks.GOOD, acts=ACTS,
        reasons=REASONS, may_handle=visitor.reviewer.may("handle-orders"),
        may_locate=visitor.reviewer.may("handle-orders") and _locates(found),
        filled=unfilled | dict(filled or {}), again=request.query_params.get("again", ""),
        actions_link=visitor.reviewer.may("record-action"),
        open_items=_open_items(found) if visitor.reviewer.may("handle-orders") else 0,
    )  # fmt: skip


def _locates(found: File) -> bool:
    """Whether it can be said what an address is about: while something may come of it."""
    return found.left is not None or found.order.state == "impossible"


def _open_items(found: File) -> int:
    """For how many items a person can say that the order is carried out; 0 for none. One that was
    accepted is asked for again only where something waits or has failed, or an address came that
    is nobody's and is yet to be left out."""
    if found.left is None:
        return 0
    waits = found.counts.get("waiting", 0) + found.counts.get("failed", 0)
    again = found.order.state in ("received", "checking") or found.unsettled
    return waits or (len(found.found) if again else 0)


def _steps(found: File) -> Mapping[str, Any]:
    """The steps that a page offers: those that can follow, of scrutiny only where there is any."""
    apart = () if found.order.cross_border else ("order-scrutiny", "order-infringing")
    return {kind: form for kind, form in STEPS.items() if kind in found.may and kind not in apart}
