"""The queue: cases in the order in which somebody should look at them, and a way to take one."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from marsad.decide import bulk, priority
from marsad.decide.crises import Crisis
from marsad.decide.outcomes import EXEMPTIONS, VALID
from marsad.decide.signing_in import Visitor
from marsad.decide.states import STATES, WAITING
from marsad.records.errors import InputError
from marsad.store.cases import Filter
from marsad.store.queue import ORDERS, URGENT
from marsad.web.access import Someone, TheSite
from marsad.web.cases import Long, Short, Targets, seen_of
from marsad.web.pages import page, to
from marsad.web.site import Site

router = APIRouter(include_in_schema=False)

A_PAGE = 50
NOT_AGAINST = ("no-violation", "exempt", "escalate")
Choice = Annotated[str, Query(max_length=64)]


@router.get("/")
def queue(
    request: Request, site: TheSite, visitor: Someone, state: Choice = "", kind: Choice = "",
    level: Choice = "", signal: Choice = "", clock: Choice = "", platform: Choice = "",
    mine: Choice = "", crisis: Choice = "", order: Choice = "", after: Choice = "",
) -> Response:  # fmt: skip
    """The page, filtered."""
    asked = Filter(
        states=(state,) if state in STATES else WAITING,
        kind=kind or None,
        platform=platform.strip() or None,
        priority=int(level) if level in {str(number) for number in priority.WITHIN} else None,
        clock=clock or None,
        signal=signal or None,
        assigned_to=visitor.reviewer.id if mine else None,
        crisis=int(crisis) if re.fullmatch("[0-9]{1,18}", crisis) else None,
    )
    order = order if order in ORDERS else URGENT
    listed = site.desk.queue(visitor.reviewer, asked, A_PAGE + 1, _place(after), order)
    rows = site.desk.summaries(visitor.reviewer, listed[:A_PAGE])
    last = listed[A_PAGE - 1] if len(listed) > A_PAGE else None
    chosen = {"state": state, "kind": kind, "level": level, "signal": signal, "clock": clock,
              "platform": platform, "mine": mine, "crisis": crisis}  # fmt: skip
    address = chosen | {"order": order}
    return page(
        request, "queue.html.j2", rows=rows, chosen=chosen, filtered=any(chosen.values()),
        later={**address, "after": ORDERS[order].cursor(last)} if last else None,
        order=order, orders=tuple(ORDERS),
        states=STATES, kinds=tuple(VALID), levels=tuple(priority.WITHIN),
        clocks=tuple(priority.CLOCKS), signals=tuple(priority.SEVERITY),
        platforms=site.desk.platforms(visitor.reviewer, asked.states),
        crisis=_crisis(site, visitor, asked.crisis), none=request.query_params.get("none"),
        done=request.query_params.get("done", "")[:3],
        hindered=request.app.state.background.problems.get("cases"),
        exposure=site.desk.exposure(visitor.reviewer),
        outcomes=NOT_AGAINST, exemptions=EXEMPTIONS, policies=sorted(site.desk.policies),
    )  # fmt: skip


@router.post("/next")
def take_next(site: TheSite, visitor: Someone) -> Response:
    """Takes the most urgent case that nobody holds."""
    taken = site.desk.take_next(visitor.reviewer)
    return to("/", none="1") if taken is None else to(f"/cases/{taken[0].id}")


@router.post("/bulk")
def decide_all(
    request: Request, site: TheSite, visitor: Someone, outcome: Short = "", policy: Short = "",
    reason: Long = "", exemption: Short = "", target: Targets = (),
) -> Response:  # fmt: skip
    """Decides the same for cases of a page; nothing against anybody, for that has to be opened."""
    if outcome not in NOT_AGAINST:
        raise InputError("decide.outcome", given=outcome, valid=list(NOT_AGAINST), kind="queue")
    said = bulk.Alike(outcome, policy, reason, exemption or None)
    done = site.desk.decide_copies(visitor.reviewer, said, seen_of(target))
    return to("/", done=str(len(done)))


def _crisis(site: Site, visitor: Visitor, number: int | None) -> Crisis | None:
    """The crisis whose queue is shown, where it runs."""
    running = site.desk.crises(visitor.reviewer) if number is not None else ()
    return next((one for one in running if one.id == number), None)


def _place(after: str) -> tuple[int, int] | None:
    """Where a page begins: after the last case of the one before."""
    found = re.fullmatch(r"(-?[0-9]{1,18})\.([0-9]{1,18})", after)
    return (int(found[1]), int(found[2])) if found else None
