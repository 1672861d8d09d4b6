"""The queue: cases in the order in which somebody should look at them, and a way to take one."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
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
Choice = Annotated[str, Query(max_length=64, pattern=r"^[^\x00]*$")]


@dataclass(frozen=True)
class Chosen:
    """What the filter of the page was set to, as its address says it; empty for all."""

    state: Choice = ""
    kind: Choice = ""
    level: Choice = ""
    signal: Choice = ""
    clock: Choice = ""
    platform: Choice = ""
    mine: Choice = ""
    crisis: Choice = ""
    order: Choice = ""

    @property
    def known_order(self) -> str:
        """The order that was chosen, `URGENT` where none was."""
        return self.order if self.order in ORDERS else URGENT

    @property
    def narrows(self) -> bool:
        """Whether it leaves out some cases that wait."""
        return any(value for name, value in asdict(self).items() if name != "order")

    def filter(self, reviewer: str) -> Filter:
        """What the desk is asked for."""
        levels = {str(number) for number in priority.WITHIN}
        return Filter(
            states=(self.state,) if self.state in STATES else WAITING,
            kind=self.kind or None,
            platform=self.platform.strip() or None,
            priority=int(self.level) if self.level in levels else None,
            clock=self.clock or None,
            signal=self.signal or None,
            assigned_to=reviewer if self.mine else None,
            crisis=int(self.crisis) if re.fullmatch("[0-9]{1,18}", self.crisis) else None,
        )


Asked = Annotated[Chosen, Depends(Chosen)]


@router.get("/")
def queue(
    request: Request, site: TheSite, visitor: Someone, asked: Asked, after: Choice = ""
) -> Response:
    """The page, filtered."""
    wanted, order = asked.filter(visitor.reviewer.id), asked.known_order
    listed = site.desk.queue(visitor.reviewer, wanted, A_PAGE + 1, _place(after), order)
    rows = site.desk.summaries(visitor.reviewer, listed[:A_PAGE])
    last = listed[A_PAGE - 1] if len(listed) > A_PAGE else None
    chosen = asdict(asked) | {"order": order}
    return page(
        request, "queue.html.j2", rows=rows, chosen=chosen, filtered=asked.narrows,
        later={**chosen, "after": ORDERS[order].cursor(last)} if last else None,
        orders=tuple(ORDERS),
        states=STATES, kinds=tuple(VALID), levels=tuple(priority.WITHIN),
        clocks=tuple(priority.CLOCKS), signals=tuple(priority.SEVERITY),
        platforms=site.desk.platforms(visitor.reviewer, wanted.states),
        crisis=_crisis(site, visitor, wanted.crisis), none=request.query_params.get("none"),
        done=request.query_params.get("done", "")[:3],
        hindered=request.app.state.background.problems.get("cases"),
        exposure=site.desk.exposure(visitor.reviewer),
        threats=site.notices.threats(visitor.reviewer),
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
