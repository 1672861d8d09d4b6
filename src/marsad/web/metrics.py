"""Figures for Prometheus, for whoever keeps the desk running: for programs with a token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from marsad.decide.priority import WITHIN
from marsad.decide.states import STATES
from marsad.records.times import SECOND
from marsad.store import gauges, hook_cursors, log
from marsad.store.database import Transaction
from marsad.web.access import TheSite
from marsad.web.requests import BOUNDS, Requests
from marsad.workspace.screening import Screener

router = APIRouter(include_in_schema=False)
TYPE = "text/plain; version=0.0.4; charset=utf-8"

Line = tuple[Mapping[str, Any], float]
Metric = tuple[str, str, str, Iterable[Line]]
"""Name, type, help and lines."""


@router.get("/metrics")
def metrics(request: Request, site: TheSite) -> Response:
    """What stands now: in the database for all processes; requests and screening of this one."""
    with site.desk.database.reading() as transaction:
        parts = [*_cases(transaction, site.desk.clock()), *_acts(transaction), *_hooks(transaction)]
    parts += _requests(request.app.state.requests)
    if site.screener is not None:
        parts += _screener(site.screener)
    return Response("".join(map(_written, parts)), media_type=TYPE)


def _cases(transaction: Transaction, now: int) -> Iterator[Metric]:
    known = gauges.cases_by_state(transaction)
    yield "marsad_cases", "gauge", "Cases by state and priority.", [
        ({"state": state, "priority": level}, known.get((state, level), 0))
        for state in STATES for level in WITHIN
    ]  # fmt: skip
    ages = [(level, gauges.oldest_waiting(transaction, level)) for level in WITHIN]
    yield (
        "marsad_queue_oldest_seconds",
        "gauge",
        "Age of the oldest case that waits.",
        [
            ({"priority": level}, 0 if at is None else max(0, now - at) / SECOND)
            for level, at in ages
        ],
    )


def _acts(transaction: Transaction) -> Iterator[Metric]:
    for name in ("decided", "overturned"):
        counts = sorted(gauges.decisions(transaction, name).items())
        yield (
            f"marsad_{name}_total",
            "counter",
            f"Final decisions that were {name}, by outcome.",
            [({"outcome": outcome}, count) for outcome, count in counts],
        )
    yield (
        "marsad_actions",
        "gauge",
        "Actions by state; by_hand: a person is asked.",
        [
            ({"state": state, "by_hand": str(by_hand).lower()}, count)
            for (state, by_hand), count in sorted(gauges.actions_by_state(transaction).items())
        ],
    )
    yield (
        "marsad_bank_changes_waiting",
        "gauge",
        "Decisions the account bank was not told yet.",
        [({}, gauges.undelivered(transaction))],
    )


def _hooks(transaction: Transaction) -> Iterator[Metric]:
    end, cursors = log.head(transaction).seq, hook_cursors.every(transaction)
    yield "marsad_log_entries", "counter", "Entries of the audit log.", [({}, end)]
    yield (
        "marsad_webhook_entries_behind",
        "gauge",
        "Entries a webhook was not told of yet.",
        [({"webhook": one.name}, end - one.seq) for one in cursors],
    )
    yield (
        "marsad_webhook_tries",
        "gauge",
        "Failed tries of the event that is next.",
        [({"webhook": one.name}, one.tries) for one in cursors],
    )


def _requests(requests: Requests) -> Iterator[Metric]:
    yield (
        "marsad_requests_total",
        "counter",
        "Requests to this process, by route and status.",
        [
            ({"method": method, "route": route, "status": status}, count)
            for (method, route, status), count in sorted(requests.answers.items())
        ],
    )
    yield "marsad_request_seconds", "histogram", "How long they took.", _histogram(requests)


def _histogram(requests: Requests) -> Iterator[Line]:
    for (method, route), times, seconds in requests.histogram():
        said, total = {"method": method, "route": route}, 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), times, strict=True):
            total += count
            yield {"": "_bucket", **said, "le": bound}, total
        yield {"": "_sum", **said}, seconds
        yield {"": "_count", **said}, total


def _screener(screener: Screener) -> Iterator[Metric]:
    served, kept = screener.served, screener.matchers
    yield (
        "marsad_screened_total",
        "counter",
        "Posts screened by this process.",
        [
            ({"found": "yes"}, served.with_findings),
            ({"found": "no"}, served.posts - served.with_findings),
        ],
    )
    yield (
        "marsad_screen_seconds_total",
        "counter",
        "Time that screening took.",
        [({}, served.seconds)],
    )
    banks = kept.versions()
    yield (
        "marsad_bank_entries",
        "gauge",
        "Active entries posts are screened against.",
        [({"bank": name, "version": version}, count) for name, (version, count) in banks.items()],
    )
    yield (
        "marsad_bank_unreadable",
        "gauge",
        "1 where a changed bank could not be read.",
        [({}, int(kept.problem is not None))],
    )


def _written(metric: Metric) -> str:
    name, kind, about, lines = metric
    text = "".join(
        f"{name}{labels.get('', '')}{_labels(labels)} {value:.10g}\n" for labels, value in lines
    )
    return f"# HELP {name} {about}\n# TYPE {name} {kind}\n{text}"


def _labels(labels: Mapping[str, Any]) -> str:
    said = ",".join(f'{name}="{_escaped(str(value))}"' for name, value in labels.items() if name)
    return f"{{{said}}}" if said else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
