"""Crises: which run, what might be one, opening and closing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi import Path as PathParameter
from fastapi.responses import Response

from marsad.decide import priority
from marsad.decide.crises import Crisis, Wanted
from marsad.decide.sharing import Key
from marsad.decide.signing_in import Visitor
from marsad.decide.surges import Surge
from marsad.records.errors import InputError, MarsadError
from marsad.records.times import SECOND
from marsad.web.access import Someone, TheSite
from marsad.web.pages import page, to
from marsad.web.site import Site
from marsad.web.statuses import status_of

router = APIRouter(include_in_schema=False)

Number = Annotated[int, PathParameter(ge=1, lt=1 << 63)]
Short = Annotated[str, Form(max_length=500)]
Long = Annotated[str, Form(max_length=50_000)]
FIELDS = ("name", "owner", "entries", "hashtags", "domains", "signal", "platform", "since", "until")
BETWEEN = " / "
"""Between a bank and its entry in the form."""
LONGEST_SHOWN = 50


@dataclass(frozen=True)
class Proposal:
    """A surge and the form it fills in; ``fields`` is None where a crisis has no filter for it."""

    surge: Surge
    fields: Mapping[str, str] | None


@router.get("/crises")
def crises(request: Request, site: TheSite, visitor: Someone) -> Response:
    """The page."""
    return _page(request, site, visitor)


@router.post("/crises")
def open_(
    request: Request, site: TheSite, visitor: Someone, name: Short = "", owner: Short = "",
    entries: Long = "", hashtags: Long = "", domains: Long = "", signal: Short = "",
    platform: Short = "", since: Short = "", until: Short = "",
) -> Response:  # fmt: skip
    """Opens one; waiting cases that pass its filter join its queue."""
    given = (name, owner, entries, hashtags, domains, signal, platform, since, until)
    filled = dict(zip(FIELDS, given, strict=True))
    try:
        crisis = site.desk.open_crisis(visitor.reviewer, name.strip(), owner.strip(),
                                       wanted_of(filled))  # fmt: skip
    except MarsadError as error:
        return _page(request, site, visitor, error=error, filled=filled)
    return to("/", crisis=str(crisis.id))


@router.post("/crises/suggest")
def suggest(request: Request, site: TheSite, visitor: Someone) -> Response:
    """Looks what surges now: work of a second or so where there are a million cases."""
    found = site.desk.suggest_crisis(visitor.reviewer)
    return _page(request, site, visitor, proposals=[Proposal(one, _form(one)) for one in found])


@router.post("/crises/{crisis}/close")
def close(request: Request, site: TheSite, visitor: Someone, crisis: Number) -> Response:
    """Closes one; its cases go back into everybody's queue."""
    try:
        site.desk.close_crisis(visitor.reviewer, crisis)
    except MarsadError as error:
        return _page(request, site, visitor, error=error)
    return to("/crises")


def wanted_of(filled: Mapping[str, str]) -> Wanted:
    """The filter that a form describes. Raises `InputError` for an entry without a bank, and for a
    time that is none."""
    return Wanted(
        tuple(_entry(line) for line in _lines(filled["entries"])),
        tuple(_lines(filled["hashtags"])),
        tuple(line.casefold() for line in _lines(filled["domains"])),
        filled["signal"].strip() or None, filled["platform"].strip() or None,
        _time(filled["since"]), _time(filled["until"]),
    )  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _entry(line: str) -> tuple[str, str]:
    bank, mark, entry = line.partition("/")
    if not mark or not bank.strip() or not entry.strip():
        raise InputError("web.crisis-entry", given=line[:200])
    return bank.strip(), entry.strip()


def _time(text: str) -> int | None:
    """A time of a form, in UTC."""
    if not text.strip():
        return None
    try:
        return int(datetime.fromisoformat(text.strip()).replace(tzinfo=UTC).timestamp()) * SECOND
    except (ValueError, OverflowError) as error:
        raise InputError("web.crisis-time", given=text[:100]) from error


def _form(surge: Surge) -> Mapping[str, str] | None:
    fields = dict.fromkeys(FIELDS, "")
    key: Key = surge.key
    if not key.value:
        return None
    match key.kind:
        case "entry":
            said = key.value.replace("\n", BETWEEN, 1)
            name = key.value.partition("\n")[2]
            return fields | {"entries": said, "name": name[:LONGEST_SHOWN]}
        case "hashtag":
            return fields | {"hashtags": key.value, "name": f"#{key.value[:LONGEST_SHOWN]}"}
        case "domain":
            return fields | {"domains": key.value, "name": key.value[:LONGEST_SHOWN]}
    return None


def _page(
    request: Request, site: Site, visitor: Visitor, error: MarsadError | None = None, **more: Any
) -> Response:
    every = site.desk.crises(visitor.reviewer, closed=True)
    running = [one for one in every if one.closed_at is None]
    given: dict[str, Any] = {"proposals": None, "filled": {"owner": visitor.reviewer.id}} | more
    return page(
        request, "crises.html.j2", status_of(error) if error else 200,
        error=error, running=[(one, site.desk.crisis_size(visitor.reviewer, one.id))
                              for one in running],
        closed=[one for one in every if one.closed_at is not None][:LONGEST_SHOWN],
        may_lead=visitor.reviewer.may("lead-crisis"), signals=tuple(priority.SEVERITY),
        terms=_terms, **given | {"filled": dict.fromkeys(FIELDS, "") | given["filled"]},
    )  # fmt: skip


def _terms(crisis: Crisis) -> list[tuple[str, str]]:
    """What a crisis looks for: the kind of each term and the term."""
    wanted = crisis.wanted
    said = [("entry", f"{bank}{BETWEEN}{entry}") for bank, entry in wanted.entries]
    said += [("hashtag", f"#{one}") for one in wanted.hashtags]
    said += [("domain", one) for one in wanted.domains]
    return said
