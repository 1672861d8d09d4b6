"""Where an outcome may have gone: hashtags, linked sites and platforms, in the posts of others.

Places that are found are those the watched accounts used most *before* the event: choosing those
that grew after it would find growth in any data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.measure.effect import Series
from marsad.records.errors import InputError
from marsad.records.urls import host_of, normalise_domain
from marsad.workspace.measuring.outcomes import Posts

KINDS = ("hashtag", "site", "platform")
MOST, LEAST_POSTS = 5, 10
MOST_URLS = 2_000_000


def found_places(engine: Engine, posts: Posts, event: int) -> dict[str, list[Series]]:
    """By kind, posts of others at the `MOST` places that the watched used most before the event
    (epoch day), where there are `LEAST_POSTS` of them before it and after. The platform they used
    most is no other place."""
    before = posts.watched.filter(posts.watched.day < event)
    return {
        kind: [
            one for one in _series(engine, posts, kind, _most_used(engine, before, kind))
            if _enough(one, event)
        ]
        for kind in KINDS
    }  # fmt: skip


def named_places(engine: Engine, posts: Posts, given: Sequence[str]) -> dict[str, list[Series]]:
    """By kind, posts of others at places that are named: ``hashtag:NAME``, ``site:HOST``,
    ``platform:NAME``."""
    by_kind: dict[str, list[str]] = {}
    for one in given:
        kind, _, name = one.partition(":")
        spelled = _as_stored(kind, name)
        if kind not in KINDS or not spelled:
            valid = [f"{kind}:NAME" for kind in KINDS]
            raise InputError("measure.option", option="--elsewhere", given=one, valid=valid)
        by_kind.setdefault(kind, []).append(spelled)
    return {kind: _series(engine, posts, kind, names) for kind, names in by_kind.items()}


def _as_stored(kind: str, name: str) -> str | None:
    """A place as records spell it, however somebody typed it."""
    return normalise_domain(name) if kind == "site" else name.strip("#＃ ").lower()


def _most_used(engine: Engine, before: ir.Table, kind: str) -> list[str]:
    """The places in most posts of these; of as many, the first by name."""
    if kind == "platform":
        used = before.group_by(place=before.platform).aggregate(n=before.count())
        return _top(_rows(engine, used))[1:]
    if kind == "hashtag":
        tags = before.select(place=before.hashtags.unnest())
        return _top(_rows(engine, tags.group_by("place").aggregate(n=tags.count())))
    urls = before.select(place=before.urls.unnest())
    counts: Counter[str] = Counter()
    for url, n in _rows(engine, urls.group_by("place").aggregate(n=urls.count())):
        if host := host_of(url):
            counts[host] += n
    return _top(counts.items())


def _rows(engine: Engine, used: ir.Table) -> Iterable[tuple[str, int]]:
    rows = engine.collect(used, limit=MOST_URLS)
    return zip(rows["place"].to_pylist(), rows["n"].to_pylist(), strict=True)


def _top(counts: Iterable[tuple[str, int]]) -> list[str]:
    return [name for name, _ in sorted(counts, key=lambda one: (-one[1], one[0]))[:MOST]]


def _series(engine: Engine, posts: Posts, kind: str, names: Sequence[str]) -> list[Series]:
    """Posts of others at each place. A post at several counts for the first alone, so that their
    sum counts it once."""
    if not names:
        return []
    at = _placed(engine, posts.others, kind, dict(zip(names, range(len(names)), strict=True)))
    firsts = at.group_by("id", "day").aggregate(place=at.place.min())
    counted = engine.materialise(
        firsts.group_by("place", "day").aggregate(n=firsts.count()), f"at_{kind}"
    )
    return [
        posts.series(engine, counted.filter(counted.place == place), _shown(kind, name))
        for place, name in enumerate(names)
    ]


def _placed(engine: Engine, rows: ir.Table, kind: str, order: Mapping[str, int]) -> ir.Table:
    """Posts (``id``, ``day``) with the number of each ``place`` they are at."""
    # mutate, not select: Ibis 12 cannot join what a select has unnested of an anti-join
    column = {
        "platform": rows.platform, "hashtag": rows.hashtags.unnest(), "site": rows.urls.unnest(),
    }[kind]  # fmt: skip
    used = rows.mutate(name=column).select("id", "day", "name")
    numbers = _urls_of(engine, used, order) if kind == "site" else order
    names = pa.array(list(numbers), pa.string())
    places = pa.array(list(numbers.values()), pa.int64())
    wanted = engine.table(pa.table({"name": names, "place": places}), f"{kind}_places")
    return used.inner_join(wanted, "name").select("id", "day", "place")


def _urls_of(engine: Engine, used: ir.Table, order: Mapping[str, int]) -> dict[str, int]:
    """The addresses that lead to one of these hosts."""
    holds = [used.name.lower().contains(host) for host in order]
    some = used.filter(_either(holds)).select("name").distinct()
    urls = engine.collect(some, limit=MOST_URLS)["name"].to_pylist()
    return {url: order[host] for url in urls if (host := host_of(url)) in order and host}


def _either(conditions: Sequence[ir.BooleanValue]) -> ir.BooleanValue:
    first, *more = conditions
    for one in more:
        first = first | one
    return first


def _shown(kind: str, name: str) -> str:
    return f"#{name}" if kind == "hashtag" else name


def _enough(series: Series, event: int) -> bool:
    before = series.days < event
    parts = (series.values[before].sum(), series.values[~before].sum())
    return bool(min(parts) >= LEAST_POSTS)
