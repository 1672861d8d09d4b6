"""How many posts, from whom, from where and when: one pass of the engine each, small results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import ibis
import ibis.expr.types as ir

from marsad.engines import Engine
from marsad.outputs.report.data import Bin, FileRead, Files, Totals, Unit, Volume
from marsad.outputs.rows import collected
from marsad.records.ids import SEPARATOR, key_column
from marsad.records.times import DAY, HOUR, SECOND, to_datetime

MOST_BINS = 100
"""Columns that fit a chart on a telephone."""
UNITS: tuple[Unit, ...] = ("hour", "day", "week", "month")
EPOCH = datetime(1970, 1, 1)


def totals(posts: ir.Table, observations: ir.Table, engine: Engine) -> Totals:
    """Counts over all posts, their time span and the coarsest of their precisions."""
    # The casts make the columns nullable: without posts there is no first one.
    time, precision = posts.created_at.cast("int64"), posts.precision.cast("int64")
    row = _one(
        engine,
        posts.aggregate(
            posts=posts.count(),
            accounts=posts.account_key.nunique(),
            first=time.min(),
            last=time.max(),
            precision=precision.max(),
        ),
    )
    looks = _one(engine, observations.aggregate(observations=observations.count()))
    return Totals(**row, **looks)


def one_key_each(posts: ir.Table, handles: ir.Table, engine: Engine) -> ir.Table:
    """Posts with one ``account_key`` for an account that some name by its handle, others by its id.

    ``handles`` as `views.handles` gives it. Where no post names a handle that is known the posts
    come back as they are, so that most data pays for no join.
    """
    known = handles.select(
        handle_id=handles.platform + SEPARATOR + "@" + handles.handle, holder=handles.account
    )
    known = known.semi_join(posts, known.handle_id == posts.account)
    keys = known.select(handle_key=key_column(known.handle_id), holder_key=key_column(known.holder))
    keys = engine.materialise(keys, "keys")
    if not engine.collect(keys.limit(1)).num_rows:
        return posts
    named = posts.left_join(keys, posts.account_key == keys.handle_key)
    held = named.mutate(account_key=named.holder_key.coalesce(named.account_key))
    return held.select(*posts.columns)


def files(posts: ir.Table, engine: Engine, limit: int) -> Files:
    """The files that posts came from, with the run that took them."""
    grouped = posts.group_by("file", "run").aggregate(
        posts=posts.count(), first=posts.created_at.min(), last=posts.created_at.max()
    )
    largest = grouped.mutate(distinct=grouped.count().over(ibis.window()))
    largest = largest.order_by(ibis.desc("posts"), "file", "run").limit(limit)
    rows = collected(engine, largest)
    lines = tuple(
        FileRead(file_name(row["file"]), row["run"] or "", row["posts"], row["first"], row["last"])
        for row in rows
    )
    return Files(lines, rows[0]["distinct"] if rows else 0)


@lru_cache(maxsize=4_096)
def file_name(path: str | None) -> str:
    """The last part of a path of any system; the folders above it often name a person."""
    if not path:
        return ""
    return PurePosixPath(PureWindowsPath(path).name).name or path


def volume(posts: ir.Table, findings: ir.Table, engine: Engine, span: Totals) -> Volume | None:
    """Posts over time in the finest unit that the precision allows and a chart can show."""
    if span.first is None or span.last is None or span.precision is None:
        return None
    unit = _unit(span.first, span.last, span.precision)
    step = HOUR if unit == "hour" else DAY
    written = _per_step(engine, posts, step)
    found = _per_step(engine, _found_posts(posts, findings), step)
    return Volume(unit, tuple(_bins(unit, written, found, span.first, span.last)))


def over_time(counts: Mapping[int, int], precision: int) -> Volume:
    """What was counted in steps of ``precision`` (their start in µs, and how many), as columns."""
    first, last = min(counts), max(counts)
    unit = _unit(first, last, precision)
    return Volume(unit, tuple(_bins(unit, dict(counts), {}, first, last)))


def _unit(first: int, last: int, precision: int) -> Unit:
    for unit, length in zip(UNITS, (HOUR, DAY, 7 * DAY), strict=False):
        if precision <= length and (last - first) // length < MOST_BINS:
            return unit
    return "month"


def _found_posts(posts: ir.Table, findings: ir.Table) -> ir.Table:
    subjects = findings.filter(findings.subject_kind == "post").select("subject_key").distinct()
    return posts.semi_join(subjects, posts.key == subjects.subject_key)


def _per_step(engine: Engine, posts: ir.Table, step: int) -> dict[int, int]:
    start = (posts.created_at - posts.created_at % step).name("start")
    counted = posts.group_by(start).aggregate(posts=posts.count())
    return {row["start"]: row["posts"] for row in collected(engine, counted)}


def _bins(
    unit: Unit, written: dict[int, int], found: dict[int, int], first: int, last: int
) -> Iterator[Bin]:
    floor = _FLOORS[unit]
    posts, hits = Counter[datetime](), Counter[datetime]()
    for totalled, counts in ((posts, written), (hits, found)):
        for start, count in counts.items():
            totalled[floor(_naive(start))] += count
    at, end = floor(_naive(first)), floor(_naive(last))
    while at <= end:
        yield Bin((at - EPOCH) // timedelta(microseconds=1), posts[at], hits[at])
        at = floor(at + _STEPS[unit])


def _naive(micros: int) -> datetime:
    return to_datetime(micros - micros % SECOND).replace(tzinfo=None)


def _hour(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)


def _day(time: datetime) -> datetime:
    return _hour(time).replace(hour=0)


def _week(time: datetime) -> datetime:
    return _day(time) - timedelta(days=time.weekday())


def _month(time: datetime) -> datetime:
    return _day(time).replace(day=1)


_FLOORS: dict[Unit, Callable[[datetime], datetime]] = {
    "hour": _hour, "day": _day, "week": _week, "month": _month,
}  # fmt: skip
_STEPS: dict[Unit, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
}


def _one(engine: Engine, aggregate: ir.Table) -> dict[str, Any]:
    return dict(collected(engine, aggregate)[0])
