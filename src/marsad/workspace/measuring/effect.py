"""What `marsad measure effect` needs from a workspace."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from marsad.engines import Engine, open_engine
from marsad.measure.effect import EffectReport, Event, Series, measure_effect
from marsad.measure.effect.events import EventKind
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.daily import followers, imported, of_posts
from marsad.workspace.runs import Snapshot

COLUMNS = ("date", "name", "kind", "until")


@dataclass(frozen=True)
class Asked:
    """What is asked of an effect.

    ``events`` are dates or files of events (`events_of`). With ``series`` the totals that were read
    in under that name, of ``group``, against ``controls``; ``unmoved`` and ``elsewhere`` are other
    groups, that cannot have moved, or where the outcome may have gone. Else posts: of accounts with
    a finding that opens a case, or of a ``bank``. ``tested`` names rival causes that a control or
    an outcome was chosen to tell apart.
    """

    events: Sequence[str]
    outcome: str = "posts"
    series: str = ""
    group: str = ""
    controls: Sequence[str] = ()
    unmoved: Sequence[str] = ()
    elsewhere: Sequence[str] = ()
    bank: str = ""
    tested: Sequence[str] = ()


def effect(workspace: Workspace, asked: Asked) -> list[EffectReport]:
    """What happened around takedowns: of posts in both frames, replenished and closed panel; of
    series as they are. Raises `Refused` where nothing can be told."""
    if not workspace.policies.all():
        raise Refused("measure.no-policy", ["policy"], "marsad policy add research")
    events = [event for given in asked.events for event in events_of(given)]
    if not any(event.kind == "takedown" for event in events):
        raise InputError("measure.effect.no-event")
    with open_engine() as engine:
        snapshot = workspace.log.snapshot()
        if asked.series:
            return [_of_series(workspace, engine, snapshot, asked, events)]
        return _of_posts(workspace, engine, snapshot, asked, events)


def events_of(given: str) -> list[Event]:
    """A date, or a CSV file of events with the columns ``date``, ``name``, ``kind`` (takedown or
    rival) and ``until``, of which the date alone is needed."""
    path = Path(given)
    if not path.is_file():
        return [Event.on(given, given)]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        unknown = sorted(set(rows.fieldnames or ()) - set(COLUMNS))
        if "date" not in (rows.fieldnames or ()) or unknown:
            raise InputError(
                "measure.effect.event-columns", file=given, given=rows.fieldnames or [],
                valid=list(COLUMNS),
            )  # fmt: skip
        return [_event(row, given, line) for line, row in enumerate(rows, 2)]


def _event(row: Mapping[str, str], file: str, line: int) -> Event:
    kind = (row.get("kind") or "takedown").strip()
    if kind in ("takedown", "rival"):
        day = row["date"].strip()
        name = (row.get("name") or day).strip()
        return Event.on(day, name, cast("EventKind", kind), row.get("until") or None)
    raise InputError("measure.effect.event-kind", file=file, line=line, given=kind,
                     valid=["takedown", "rival"])  # fmt: skip


def _of_series(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, asked: Asked, events: list[Event]
) -> EffectReport:
    groups = imported(workspace, engine, snapshot, asked.series, asked.outcome)
    return measure_effect(
        _group(groups, asked.group, "--group"), events,
        controls=[_group(groups, one, "--control") for one in asked.controls],
        unmoved=[_group(groups, one, "--unmoved") for one in asked.unmoved],
        elsewhere=[_group(groups, one, "--elsewhere") for one in asked.elsewhere],
        tested=asked.tested,
    )  # fmt: skip


def _group(groups: Mapping[str, Series], name: str, option: str) -> Series:
    if not name and len(groups) == 1:
        return next(iter(groups.values()))
    if name not in groups:
        raise InputError("measure.option", option=option, given=name, valid=sorted(groups)[:20])
    return groups[name]


def _of_posts(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, asked: Asked, events: list[Event]
) -> list[EffectReport]:
    first = min(event.day for event in events if event.kind == "takedown")
    found = of_posts(workspace, engine, snapshot, asked.outcome, first, asked.bank)
    accounts = followers(workspace, engine, snapshot, asked.bank)
    reports, refused = [], []
    for series, looks in ((found.watched, accounts), (found.panel, None)):
        try:
            reports.append(
                measure_effect(
                    series, events, unmoved=[found.others], accounts=looks, tested=asked.tested
                )
            )
        except Refused as refusal:
            refused.append(refusal)
    if not reports:
        raise refused[0]
    return reports
