"""The audit log for auditors: its entries, its end, its checkpoints, and whether it is whole.

Only who may verify sees it. Entries stand in one order, and a copy that is shown to somebody for
quality is opened right after what it follows from: whoever decides cases could tell it from a real
one by the list alone, however little was said of each entry.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from limits import RateLimitItemPerMinute

from marsad.decide import audit as verifying
from marsad.decide.audit import Verdict
from marsad.decide.entries import KINDS
from marsad.records.errors import MarsadError
from marsad.records.message import Message
from marsad.store import checkpoints, export, log
from marsad.store.chain import canonical
from marsad.store.database import Database
from marsad.web.access import Someone, TheSite
from marsad.web.limits import hit
from marsad.web.numbers import number_of
from marsad.web.pages import page
from marsad.web.site import Site
from marsad.web.streams import Stream
from marsad.workspace.reviewing import key_file

router = APIRouter(include_in_schema=False)

A_PAGE, CHECKPOINTS = 50, 20
MOST_VERIFIED = 200_000
"""Entries that are verified while a browser waits."""
VERIFYING = RateLimitItemPerMinute(3)
LONGEST_SHOWN = 2_000
LINES_AT_ONCE = 500
Choice = Annotated[str, Query(max_length=64, pattern=r"^[^\x00]*$")]


@router.get("/audit")
def audit(
    request: Request, site: TheSite, kind: Choice = "", case: Choice = "", before: Choice = ""
) -> Response:  # fmt: skip
    """The page, filtered."""
    return _page(request, site, kind, case, before)


@router.post("/audit/verify")
def verify(request: Request, site: TheSite, visitor: Someone) -> Response:
    """Reads the whole log, and says in words what was found."""
    hit(VERIFYING, request, visitor.reviewer.id)
    with site.desk.database.reading() as transaction:
        entries = log.head(transaction).seq
    if entries > MOST_VERIFIED:
        return _page(request, site, too_long=MOST_VERIFIED)
    try:
        verdict = verifying.verify(site.desk.database, _public_key(site))
    except MarsadError as error:
        return _page(request, site, problem=error.message)
    broken = _broken(verdict)
    whole = None if broken else Message("audit.whole", {"count": verdict.entries})
    return _page(request, site, whole=whole, problem=broken)


@router.get("/audit/log.ndjson")
def download(site: TheSite) -> Response:
    """The log as lines of JSON, without anything private."""
    named = {"Content-Disposition": 'attachment; filename="marsad-log.ndjson"'}
    return Stream(_lines(site.desk.database), headers=named, media_type="application/x-ndjson")


def _lines(database: Database) -> Generator[str, None, None]:
    """Some hundred lines at a time, of one state of the log."""
    with database.reading() as transaction:
        some: list[str] = []
        for line in export.lines(transaction):
            some.append(line)
            if len(some) == LINES_AT_ONCE:
                yield "\n".join(some) + "\n"
                some.clear()
        if some:
            yield "\n".join(some) + "\n"


def _public_key(site: Site) -> bytes | None:
    return checkpoints.public_key(key_file(site.workspace)) if site.workspace else None


def _broken(verdict: Verdict) -> Message | None:
    if verdict.broken is None:
        return None
    values = {"seq": verdict.broken.seq, "what": verdict.broken.what}
    return Message(f"audit.broken.{verdict.broken.why}", values)


def _page(
    request: Request, site: Site, kind: str = "", case: str = "", before: str = "", **more: Any
) -> Response:
    chosen = {"kind": kind if kind in KINDS else "", "case": str(number_of(case) or "")}
    with site.desk.database.reading() as transaction:
        listed = log.page(
            transaction, A_PAGE, number_of(before), chosen["kind"] or None, number_of(case)
        )
        end = log.head(transaction)
        signed = checkpoints.stored(transaction)
    given: dict[str, Any] = {"whole": None, "problem": None, "too_long": None} | more
    return page(
        request, "audit.html.j2", 200,
        listed=listed, end=end, chosen=chosen, filtered=any(chosen.values()), kinds=KINDS,
        checkpoints=signed[: -CHECKPOINTS - 1 : -1], signed=len(signed),
        unsealed=end.seq - (signed[-1].seq if signed else 0), first_page=not number_of(before),
        data_of=_data, **given,
    )  # fmt: skip


def _data(event: log.Event) -> str:
    """What an entry says for ever, as JSON; cut where it is very long."""
    said = canonical(event.data).decode("ascii")
    return said if len(said) <= LONGEST_SHOWN else f"{said[:LONGEST_SHOWN]}…"
