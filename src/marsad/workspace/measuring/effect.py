"""What `marsad measure effect` needs from a workspace."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any, cast

from marsad.engines import Engine, open_engine
from marsad.measure.effect import EffectReport, Event, Series, measure_effect
from marsad.measure.effect.events import EventKind
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.daily import IMPORT_SERIES, Groups, imported
from marsad.workspace.measuring.outcomes import OUTCOMES, Watching, followers, outcome, posts
from marsad.workspace.measuring.places import found_places, named_places
from marsad.workspace.runs import Snapshot

COLUMNS = ("date", "name", "kind", "until")
IMPORT_POSTS = "marsad import FILE"


@dataclass(frozen=True)
class Asked:
    """What is asked of an effect.

    ``events`` are dates or files of events (`events_of`). With ``series`` the totals that were read
    in under that name, of ``group``, against ``controls``; ``unmoved`` and ``elsewhere`` are other
    groups, that cannot have moved, or where the outcome may have gone. Else the posts of accounts
    with a finding that opens a case, or of a ``bank``: every one of `OUTCOMES` unless one is named,
    and what went to other places, those named or those found (`found_places`). ``tested`` names
    rival causes that a control or an outcome was chosen to tell apart; with ``trend`` the drift
    from the controls goes on.
    """

    events: Sequence[str]
    outcome: str = ""
    series: str = ""
    group: str = ""
    controls: Sequence[str] = ()
    unmoved: Sequence[str] = ()
    elsewhere: Sequence[str] = ()
    bank: str = ""
    tested: Sequence[str] = ()
    trend: bool = False


def effect(workspace: Workspace, asked: Asked) -> list[EffectReport]:
    """What happened around takedowns: of posts in both frames, replenished and closed panel; of
    series as they are. Raises `Refused` where nothing can be told."""
    if not workspace.policies.all():
        raise Refused("measure.no-policy", ["policy"], "marsad policy add research")
    events = [event for given in asked.events for event in events_of(given)]
    if not any(event.kind == "takedown" for event in events):
        raise InputError("measure.effect.no-event")
    if asked.trend and not (asked.series and asked.controls):
        raise InputError("measure.effect.trend-alone")
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
        if path.suffix:
            raise InputError("measure.effect.no-event-file", file=given)
        return [Event.on(given, given)]
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("measure.effect.event-text", file=given) from error
    with StringIO(text, newline="") as file:
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
    groups = imported(workspace, engine, snapshot, asked.series, asked.outcome or "posts")
    main = _group(groups, asked.group, "--group")
    _parted(asked, main.name)
    return measure_effect(
        main, events,
        controls=[_group(groups, one, "--control") for one in asked.controls],
        unmoved=[_group(groups, one, "--unmoved") for one in asked.unmoved],
        elsewhere=[_group(groups, one, "--elsewhere") for one in asked.elsewhere],
        tested=asked.tested, trend=asked.trend,
    )  # fmt: skip


def _group(groups: Groups, name: str, option: str) -> Series:
    there = sorted(groups)
    if not name and len(there) == 1:
        return groups[there[0]]()
    if not name:
        raise InputError("measure.effect.which-group", valid=there[:20])
    if name not in groups:
        raise InputError("measure.option", option=option, given=name, valid=there[:20])
    return groups[name]()


def _parted(asked: Asked, main: str) -> None:
    """Raises `InputError` for a group that is to be two things at once."""
    given = {main}
    for option, names in (
        ("--control", asked.controls), ("--unmoved", asked.unmoved),
        ("--elsewhere", asked.elsewhere),
    ):  # fmt: skip
        for name in names:
            if name in given:
                raise InputError("measure.effect.group-twice", option=option, given=name)
            given.add(name)


def _of_posts(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, asked: Asked, events: list[Event]
) -> list[EffectReport]:
    first = min(event.day for event in events if event.kind == "takedown")
    found = posts(workspace, engine, snapshot, first, asked.bank)
    names = [asked.outcome] if asked.outcome else list(OUTCOMES)
    if asked.elsewhere and "posts" not in names:
        raise InputError("measure.option", option="--outcome", given=asked.outcome, valid=["posts"])
    looks = followers(workspace, engine, snapshot, found.chosen)
    reports: list[EffectReport] = []
    refused: list[Refused] = []
    for number, name in enumerate(names):
        more: dict[str, Any] = {} if number else {"accounts": looks}  # of no outcome: told once
        if name == "posts":
            more["elsewhere"] = (
                named_places(engine, found, asked.elsewhere) if asked.elsewhere
                else found_places(engine, found, first)
            )  # fmt: skip
        _in_both_frames(outcome(engine, found, name), events, asked, more, reports, refused)
    if not reports:
        raise _of_watched(refused[0])
    for report in reports:
        report.refused = [_of_watched(one) for one in report.refused]
    reports[0].refused += [_of_watched(one) for one in refused]
    return reports


def _of_watched(refusal: Refused) -> Refused:
    """A refusal to tell of posts: more posts would help, in place of totals."""
    values = {name: value for name, value in refusal.message.values.items() if name != "next"}
    command = IMPORT_POSTS if refusal.next == IMPORT_SERIES else refusal.next
    return Refused(refusal.message.id, refusal.missing, command, **values)


def _in_both_frames(
    found: Watching,
    events: Sequence[Event],
    asked: Asked,
    more: Mapping[str, Any],
    reports: list[EffectReport],
    refused: list[Refused],
) -> None:
    """Adds the reports of an outcome, or why there is none."""
    for series, given in ((found.watched, more), (found.panel, {})):
        if series is None:
            continue
        try:
            reports.append(
                measure_effect(series, events, unmoved=[found.others], tested=asked.tested, **given)
            )
        except Refused as refusal:
            refused.append(refusal)
