"""Who was about during each burst: new accounts and known ones, inside the burst and elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.bursts.counts import OBJECT, Span
from marsad.find.bursts.surges import Burst
from marsad.records.times import DAY, HOUR

SILENCES = (0, 6 * HOUR, DAY, 2 * DAY, 4 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 60 * DAY)
"""Known accounts are told apart by how long they had been silent: at least so many µs."""

_WINDOWS = pa.schema(
    [
        ("burst", pa.int64()), ("platform", pa.string()), ("object_kind", pa.string()),
        ("object", pa.string()), ("bin", pa.int64()), ("start", pa.int64()), ("first", pa.int64()),
    ]
)  # fmt: skip


def windows_of(
    engine: Engine, bursts: Sequence[Burst], spans: Mapping[str, Span], name: str
) -> ir.Table:
    """A row for each window of each burst; bursts by their place in ``bursts``."""
    rows = [
        {
            "burst": number, "platform": burst.platform, "object_kind": burst.kind,
            "object": burst.object, "bin": bin_, "start": burst.start,
            "first": spans[burst.platform].first,
        }
        for number, burst in enumerate(bursts)
        for bin_ in range(burst.start, burst.stop, spans[burst.platform].window)
    ]  # fmt: skip
    return engine.table(pa.Table.from_pylist(rows, schema=_WINDOWS), name)


def placed(done: ir.Table) -> ir.Table:
    """Each moment with its number among the account's (from 0) and the moment before it."""
    order = {"group_by": done.account_key, "order_by": done.at}
    return done.mutate(number=ibis.row_number().over(**order), previous=done.at.lag().over(**order))


def present(
    moments: ir.Table, used: ir.Table, windows: ir.Table, created: ir.Table, posts: int, young: int
) -> ir.Table:
    """One row for each burst and account that did anything during it.

    ``inside`` counts its first ``posts`` moments of the burst at which it used the burst's object.
    ``new`` has no moment before, and was created at most ``young`` µs before the burst where its
    creation is known. ``silence`` is the time since the moment before, or since the account or
    the data began, whichever is later. ``created`` is null where that is not known.
    ``moments`` as `placed` gives them.
    """
    rows = _first_moments(moments, used, windows, posts)
    rows = rows.left_join(created, "account_key").drop("account_key_right")
    begun = ibis.greatest(rows.first, ibis.coalesce(rows.created, rows.first))
    is_young = (rows.created >= rows.start - young).fill_null(True)
    return rows.select(
        "burst", "account_key", "inside", "at",
        new=((rows.number == 0) & is_young).cast("int64"),
        silence=rows.at - ibis.coalesce(rows.previous, begun),
        created=rows.created,
    )  # fmt: skip


def _first_moments(moments: ir.Table, used: ir.Table, windows: ir.Table, posts: int) -> ir.Table:
    """Each account's first moments of each burst, summed up."""
    about = windows.drop("object_kind", "object")
    there = moments.join(about, ["platform", "bin"])
    place = ibis.row_number().over(group_by=[there.burst, there.account_key], order_by=there.at)
    there = there.mutate(place=place).filter(lambda rows: rows.place < posts)
    of_burst = used.join(windows.drop("start", "first"), [*OBJECT, "bin"])
    of_burst = of_burst.select("burst", "account_key", "at", hit=ibis.literal(1, "int64"))
    marked = there.left_join(of_burst, ["burst", "account_key", "at"])
    return marked.group_by("burst", "account_key").agg(
        start=marked.start.max(),
        first=marked.first.max(),
        number=marked.number.min(),
        previous=marked.previous.min(),
        at=marked.at.min(),
        inside=marked.hit.fill_null(0).sum(),
    )


def creations(observations: ir.Table) -> ir.Table:
    """When each account was created, where a look at it says so."""
    seen = observations.filter(
        observations.subject_kind == "account", observations.account_created_at.notnull()
    )
    return seen.group_by(account_key=seen.key).agg(created=seen.account_created_at.min())


def tallied(there: ir.Table) -> ir.Table:
    """How many accounts of each burst are new, how long silent, and how often inside."""
    stratum = sum((there.silence >= least).cast("int64") for least in SILENCES[1:])
    rows = there.mutate(stratum=stratum)
    return rows.group_by("burst", "new", "stratum", "inside").agg(accounts=rows.count())
