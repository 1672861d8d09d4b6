"""Tables to take away, as CSV that a spreadsheet opens without harm.

What stands in one is what the pages show the same person: copies for quality are cases like others
to whoever is not to know, and who was erased is in none. Rows go out as they are read, of one state
of the database, so that a long table takes no more memory than a short one.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from limits import RateLimitItemPerMinute

from marsad.decide import decided
from marsad.decide.entries import KINDS
from marsad.decide.roles import Reviewer
from marsad.outputs.passage import printable
from marsad.outputs.tables import csv_text
from marsad.records.times import to_datetime
from marsad.store import log
from marsad.store.cases import Case
from marsad.store.chain import canonical
from marsad.store.database import Database, Transaction
from marsad.store.decided import Decided
from marsad.store.queue import ORDERS
from marsad.store.summaries import Summary
from marsad.web import figures
from marsad.web.access import Someone, TheSite
from marsad.web.audit import Choice
from marsad.web.limits import hit
from marsad.web.numbers import number_of
from marsad.web.queue import Asked, Chosen
from marsad.web.site import Site
from marsad.web.streams import Stream

router = APIRouter(include_in_schema=False)

AT_ONCE = 200
"""Rows of a queue or of the log that are read at once."""
DOWNLOADS = RateLimitItemPerMinute(20)
Row = Sequence[Any]

QUEUE = ("case", "kind", "subject", "platform", "state", "priority", "clock", "due_at", "look_by",
         "opened_at", "signals", "network_only", "outcome", "policy", "decided_at",
         "held")  # fmt: skip
DECISIONS = ("entry", "decided_at", "case", "kind", "subject", "platform", "step", "outcome",
             "policy", "exemption", "reviewer", "route", "copy_of")  # fmt: skip
LOG = ("entry", "at", "kind", "case", "actor", "says", "hash")


@router.get("/queue.csv")
def queue(request: Request, site: TheSite, visitor: Someone, asked: Asked) -> Response:
    """The queue, filtered and ordered as its page is."""
    return _answer(
        request, site, visitor.reviewer, "queue", QUEUE,
        lambda transaction: _cases(site, visitor.reviewer, asked, transaction),
    )  # fmt: skip


@router.get("/decisions.csv")
def decisions(request: Request, site: TheSite, visitor: Someone) -> Response:
    """Every decision, in the order of the log."""
    return _answer(
        request, site, visitor.reviewer, "decisions", DECISIONS,
        lambda transaction: map(_decision, decided.decided(transaction, visitor.reviewer)),
    )  # fmt: skip


@router.get("/audit/log.csv")
def entries(
    request: Request, site: TheSite, visitor: Someone, kind: Choice = "", case: Choice = ""
) -> Response:
    """The entries of the log that its page shows, the newest first."""
    chosen = kind if kind in KINDS else None
    return _answer(
        request, site, visitor.reviewer, "log", LOG,
        lambda transaction: _entries(transaction, chosen, number_of(case)),
    )  # fmt: skip


@router.get("/dashboard.csv")
def dashboard(request: Request, site: TheSite, visitor: Someone) -> Response:
    """The figures of the dashboard, each with its interval or why there is none."""
    rows = figures.rows(site, visitor)
    return _answer(request, site, visitor.reviewer, "dashboard", figures.COLUMNS, lambda _: rows)


def _answer(
    request: Request, site: Site, reviewer: Reviewer, name: str, columns: Sequence[str],
    rows: Callable[[Transaction], Iterable[Row]],
) -> Response:  # fmt: skip
    hit(DOWNLOADS, request, reviewer.id)
    named = {"Content-Disposition": f'attachment; filename="marsad-{name}.csv"'}
    return Stream(_lines(site.desk.database, columns, rows), headers=named, media_type="text/csv")


def _lines(
    database: Database, columns: Sequence[str], rows: Callable[[Transaction], Iterable[Row]]
) -> Generator[bytes, None, None]:
    yield csv_text([columns]).encode()
    with database.reading() as transaction:
        left = iter(rows(transaction))
        while some := list(islice(left, AT_ONCE)):
            yield csv_text(some).encode("utf-8", "replace")


def _cases(
    site: Site, reviewer: Reviewer, asked: Chosen, transaction: Transaction
) -> Iterator[Row]:  # fmt: skip
    desk = replace(site.desk, database=site.desk.database.within(transaction))
    wanted, order, after = asked.filter(reviewer.id), asked.known_order, None
    while listed := desk.queue(reviewer, wanted, AT_ONCE, after, order):
        for one in desk.summaries(reviewer, listed):
            if one.case.subject is not None:
                yield _case(one, reviewer)
        after = ORDERS[order].place(listed[-1])


def _case(one: Summary, reviewer: Reviewer) -> Row:
    """What a page of the queue says of a case; of who holds it, whether it is oneself."""
    case: Case = one.case
    held = "" if one.holder is None else "me" if one.holder == reviewer.id else "other"
    return (
        case.id, case.kind, _plain(case.subject), _plain(case.platform), case.state, case.priority,
        case.clock, _time(case.due_at), _time(case.rank), _time(case.opened_at),
        list(one.signals), case.network_only, case.outcome, case.policy, _time(case.decided_at),
        held,
    )  # fmt: skip


def _decision(one: Decided) -> Row:
    return (
        one.seq, _time(one.at), one.case, one.kind, _plain(one.subject), _plain(one.platform),
        one.step, one.outcome, one.policy, one.exemption, one.reviewer, one.route, one.copy_of,
    )  # fmt: skip


def _entries(transaction: Transaction, kind: str | None, case: int | None) -> Iterator[Row]:
    before: int | None = None
    while True:
        found = log.page(transaction, AT_ONCE, before, kind, case)
        for event, digest in found.entries:
            said = canonical(event.data).decode("ascii")
            yield (event.seq, _time(event.at), event.kind, event.case, event.actor, said,
                   digest.hex())  # fmt: skip
        before = found.before
        if before is None:
            return


def _time(at: int | None) -> Any:
    return None if at is None else to_datetime(at)


def _plain(text: str | None) -> str | None:
    """A text of strangers without signs that put others into another order."""
    return None if text is None else printable(text)
