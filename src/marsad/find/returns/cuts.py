"""Where an account may have changed hands: a long silence, after which it is another.

Reckoned over all accounts, from counts alone, before anybody is compared: what an account had
before it changed hands belongs to somebody else, and must neither propose nor hide a pair.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine, views
from marsad.find.returns.accounts import NEVER, Accounts, looks
from marsad.find.signal import Records
from marsad.records.times import DAY

Ints = npt.NDArray[np.int64]

SILENCE = 7 * DAY
"""Shortest silence, µs, that may part two owners of an account."""

LEAST_POSTS = 3
"""Posts of one face without which nothing is said of a change."""

HARDLY = 0.2
"""Where the other face has fewer posts than that, they must agree, and what they have be rarer than
this in the first."""

HABITS = ("language", "client")
SHOWN = ("handle", "name")


@dataclass(frozen=True)
class Cuts:
    """Where accounts became others; arrays are as long as the accounts, times µs UTC.

    ``since`` is when the present face began (−1: never cut); ``changed`` says in what it differs
    from the one before: `HABITS`, `SHOWN`. ``slept`` and ``woke`` are when its longest silence
    began and ended, changed or not (−1: none); where that was before its first post, nobody can
    say what it was like.
    """

    since: Ints
    slept: Ints
    woke: Ints
    changed: dict[int, tuple[str, ...]] = field(default_factory=dict)


def collected(records: Records, engine: Engine, accounts: Accounts, after: int) -> Cuts:
    """The longest silence of each account that ended at ``after`` or later, where it came back
    changed: in the language or the client it mostly posts with, or the handle or name it shows.
    """
    silences = _silences(records, engine, accounts, after)
    at_first = _silent_at_first(records, engine, accounts, after)
    # who was silent for longer before the first post than ever after has no former face
    first = (at_first.woke >= 0) & (at_first.lasted >= silences.lasted)
    woke = np.where(first, at_first.woke, silences.woke)
    # and may have slept since it was made
    slept = np.where(first, accounts.first, silences.slept)
    changed: dict[int, tuple[str, ...]] = {}
    for name in HABITS:
        for place in _habit(records, engine, accounts, np.where(first, -1, woke), name):
            changed[place] = (*changed.get(place, ()), name)
    for name in SHOWN:
        for place in _renamed(records, engine, accounts, slept, woke, name):
            changed[place] = (*changed.get(place, ()), name)
    since = np.full(len(accounts), -1, np.int64)
    for place in changed:
        since[place] = woke[place]
    return Cuts(since, slept, woke, changed)


def table(accounts: Accounts, since: Ints, engine: Engine, name: str) -> ir.Table:
    """``who`` and ``began`` of the accounts that have a time, for joins."""
    places = np.flatnonzero(since >= 0)
    rows = {"who": accounts.ids.take(pa.array(places)), "began": pa.array(since[places])}
    return engine.table(pa.table(rows), name)


@dataclass(frozen=True)
class _Silences:
    """Where each account's silence begins, and its first post after; −1 for those without one."""

    slept: Ints
    woke: Ints

    @property
    def lasted(self) -> Ints:
        """How long, µs; 0 for those without one."""
        return self.woke - self.slept


def _silences(records: Records, engine: Engine, accounts: Accounts, after: int) -> _Silences:
    posts = records.posts
    before = posts.created_at.lag().over(group_by=posts.account, order_by=posts.created_at)
    paused = posts.mutate(before=before, pause=posts.created_at - before)
    paused = paused.filter(paused.pause >= SILENCE, paused.created_at >= after)
    paused = _while_others_posted(paused, posts)
    order = [paused.pause.desc(), paused.created_at]
    paused = paused.mutate(rank=ibis.row_number().over(group_by=paused.account, order_by=order))
    longest = paused.filter(paused["rank"] == 0)
    rows = engine.collect(longest.select("account", slept="before", woke="created_at"))
    return _Silences(
        *(_placed(accounts, rows["account"], rows[name]) for name in ("slept", "woke"))
    )


def _while_others_posted(paused: ir.Table, posts: ir.Table) -> ir.Table:
    """The pauses with `SILENCE` of days on which anybody posted: a hole in the records is no
    silence of anybody's."""
    days = posts.select(day=posts.created_at // DAY).distinct()
    days = days.mutate(number=ibis.row_number().over(order_by=days.day))
    since = days.select(day_since="day", number_since="number")
    until = days.select(day_until="day", number_until="number")
    kept = paused.inner_join(since, paused.before // DAY == since.day_since)
    kept = kept.inner_join(until, kept.created_at // DAY == until.day_until)
    kept = kept.filter(kept.number_until - kept.number_since >= SILENCE // DAY)
    return kept.select(*paused.columns)


def _silent_at_first(records: Records, engine: Engine, accounts: Accounts, after: int) -> _Silences:
    """Silences of accounts that were there long before their first post, as far as they are seen:
    of what came before the records nobody knows."""
    start = engine.collect(records.posts.agg(start=records.posts.created_at.min()))
    begin = start["start"][0].as_py() if start.num_rows else None
    if begin is None:
        none = np.full(len(accounts), -1, np.int64)
        return _Silences(none, none)
    known = np.maximum(accounts.first, begin)
    posted = accounts.posted
    late = (posted != NEVER) & (posted >= after) & (posted - known >= SILENCE)
    return _Silences(np.where(late, known, -1), np.where(late, posted, -1))


def _habit(
    records: Records, engine: Engine, accounts: Accounts, woke: Ints, name: str
) -> list[int]:
    """Who has another usual language, or client, after waking than before."""
    posts = records.posts
    own = posts.filter(posts.kind != "repost", posts.repost_of.isnull(), posts[name].notnull())
    marks = table(accounts, woke, engine, "woken")
    own = own.inner_join(marks, own.account == marks.who)
    own = own.mutate(later=(own.created_at >= own.began).ifelse(1, 0), value=own[name])
    counted = engine.collect(
        own.group_by("account", "later", "value").agg(posts=own.count())
    ).sort_by([(one, "ascending") for one in ("account", "later", "value")])
    faces: dict[tuple[str, int], dict[str, int]] = {}
    for row in counted.to_pylist():
        faces.setdefault((row["account"], row["later"]), {})[row["value"]] = row["posts"]
    who = sorted(
        account for account, later in faces
        if later and _differ(faces.get((account, 0), {}), faces[account, 1])
    )  # fmt: skip
    return [int(place) for place in accounts.places(who)]


def _differ(before: dict[str, int], after: dict[str, int]) -> bool:
    """Whether most posts of one face have what most of the other have not.

    Of a face with fewer than `LEAST_POSTS` posts all must agree, and the other hardly have it.
    """
    fewer, more = sorted((before, after), key=lambda one: sum(one.values()))
    few, many = sum(fewer.values()), sum(more.values())
    if not few or many < LEAST_POSTS:
        return False
    usual, other = _usual(fewer), _usual(more)
    if usual is None or other is None or usual == other:
        return False
    return few >= LEAST_POSTS or (len(fewer) == 1 and more.get(usual, 0) < HARDLY * many)


def _usual(counts: dict[str, int]) -> str | None:
    """The value that more than half have."""
    value = max(counts, key=lambda one: counts[one])
    return value if counts[value] * 2 > sum(counts.values()) else None


def _renamed(
    records: Records, engine: Engine, accounts: Accounts, slept: Ints, woke: Ints, name: str
) -> list[int]:
    """Who shows another handle, or name, since the silence than it did before its end."""
    looked = looks(records.observations)
    looked = looked.filter(looked[name].notnull(), looked[name] != "")
    last = views.last_looks(looked).select(one="account", present=name)
    both = looked.inner_join(last, looked.account == last.one)
    same = both[name] == both.present
    rows = engine.collect(
        both.group_by("account").agg(
            until=both.observed_at.max(where=~same), first=both.observed_at.min(where=same)
        )
    )
    rows = rows.filter(rows["until"].is_valid())
    until, first = (_placed(accounts, rows["account"], rows[one]) for one in ("until", "first"))
    # seen with the old one until some time around the end of the silence, then with the new one
    along = (first >= slept) & (until < first) & (until <= woke + SILENCE)
    return [int(place) for place in np.flatnonzero((woke >= 0) & (until >= 0) & along)]


def _placed(accounts: Accounts, who: pa.ChunkedArray, values: pa.ChunkedArray) -> Ints:
    found = np.full(len(accounts), -1, np.int64)
    found[accounts.places(who.combine_chunks().cast(pa.string()))] = values.to_numpy()
    return found
