"""Actions: what was asked of platforms, and what people record of what they did by hand."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from marsad.records.errors import InputError
from marsad.web.access import Someone, TheSite
from marsad.web.api.errors import answers
from marsad.web.api.repeating import Repeatable
from marsad.web.api.shapes import (
    ActionList,
    ActionNumber,
    ActionOut,
    ActionShown,
    CaseNumber,
    RecordIn,
    RetryIn,
    ToDoOut,
    ToDoPage,
)

router = APIRouter(prefix="/api/v1", tags=["actions"])


@router.get("/cases/{case}/actions", responses=answers(404))
def of_case(site: TheSite, visitor: Someone, case: CaseNumber) -> ActionList:
    """What was asked of platforms in a case."""
    site.desk.case(visitor.reviewer, case)
    found = site.desk.actions(visitor.reviewer, case)
    return ActionList(actions=[ActionShown.shown(one) for one in found])


@router.get("/actions", responses=answers())
def to_do(
    site: TheSite, visitor: Someone,
    platform: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=199)] = 50,
    after: Annotated[str, Query(max_length=64, description="`next` of the page before")] = "",
) -> ToDoPage:  # fmt: skip
    """What people are asked to do by hand, oldest first."""
    if after and not re.fullmatch("[0-9]{1,18}", after):
        raise InputError("api.cursor", given=ascii(after))
    wanted = platform.replace("\x00", "\ufffd") if platform else None
    found = site.desk.to_do(visitor.reviewer, limit + 1, int(after or 0), wanted)
    shown = [ToDoOut(**dict(ActionOut.of(one.action)), subject=one.subject)
             for one in found[:limit]]  # fmt: skip
    return ToDoPage(actions=shown, next=str(shown[-1].id) if len(found) > limit else None)


@router.post("/actions/{action}/record", response_model=ActionOut, responses=answers(404, 409))
def record(visitor: Someone, action: ActionNumber, once: Repeatable, given: RecordIn) -> Response:
    """Records what you saw after doing by hand what was asked for."""
    return once.do(
        lambda desk: ActionOut.of(
            desk.record_manual(visitor.reviewer, action, given.saw, given.note)
        )
    )


@router.post("/actions/{action}/retry", response_model=ActionOut, responses=answers(404, 409))
def retry(visitor: Someone, action: ActionNumber, once: Repeatable,
          given: RetryIn | None = None) -> Response:  # fmt: skip
    """Asks anew for what has failed."""
    by_hand = given is not None and given.by_hand
    return once.do(lambda desk: ActionOut.of(desk.retry_action(visitor.reviewer, action, by_hand)))
