"""Simulated sharing whose truth is known, by a generator that is not the model the signal assumes.

Accounts post in log-normal numbers; a part of them comes within the time. They pick hashtags by
taste (a few each, of a common Zipf law) and time by one of `RHYTHMS`. Events draw accounts of all
kinds, the quiet ones as likely as the busy; some hashtags are born in them. Nothing is Poisson but
the counts of accounts' posts, and nothing is negative binomial.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.engines import Engine, open_engine
from marsad.find.bursts import Bursts
from marsad.find.contract import records_of
from marsad.find.signal import Records
from marsad.records.ids import key
from marsad.records.tables import SHARES
from marsad.records.times import SECOND

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

BEGIN = 1_433_116_800
DAY, HOUR = 86_400, 3_600
TAGS = 20_000


@dataclass(frozen=True)
class Sizes:
    """How large a network is: accounts, days, posts an account on average, and events."""

    accounts: int = 1500
    days: int = 21
    posts: float = 12.0
    events: int = 8


@dataclass(frozen=True)
class Uses:
    """Who used which hashtag (a number) when (seconds since the beginning)."""

    account: Ints
    tag: Ints
    at: Ints

    def plus(self, other: Uses) -> Uses:
        return Uses(
            np.concatenate([self.account, other.account]),
            np.concatenate([self.tag, other.tag]),
            np.concatenate([self.at, other.at]),
        )


def uniform(draw: np.random.Generator, owner: Ints, days: int) -> Floats:
    """Any time is as good as another."""
    return draw.uniform(0, days, len(owner))


def daily(draw: np.random.Generator, owner: Ints, days: int) -> Floats:
    """By day, around an hour of each account's own, and less on two days of the week."""
    hours = (13 + owner % 7 - 3 + draw.normal(0, 3.5, len(owner))) / 24
    day = draw.integers(0, days, len(owner))
    lazy = (day % 7 >= 5) & (draw.random(len(owner)) < 0.5)
    day = np.where(lazy, np.maximum(day - 3, 0), day)
    return np.clip(day + hours, 0, days - 1e-6)


def bursty(draw: np.random.Generator, owner: Ints, days: int) -> Floats:
    """In sessions: a few moments an account, and its posts within minutes or hours of one."""
    moments = draw.uniform(0, days, (int(owner.max(initial=0)) + 1, 4))
    session = moments[owner, draw.integers(0, 4, len(owner))]
    return np.clip(session + draw.pareto(1.2, len(owner)) * 0.01, 0, days - 1e-6)


RHYTHMS: dict[str, Callable[[np.random.Generator, Ints, int], Floats]] = {
    "uniform": uniform,
    "daily": daily,
    "bursty": bursty,
}


def null(seed: int, rhythm: str, sizes: Sizes = Sizes()) -> Uses:
    """Everybody's own posts, newcomers' among them, and events that draw anybody."""
    draw = np.random.default_rng([seed, sorted(RHYTHMS).index(rhythm)])
    counts = np.floor(draw.lognormal(np.log(sizes.posts) - 0.9, 1.35, sizes.accounts)) + 1
    owner = np.repeat(np.arange(sizes.accounts), np.minimum(counts, 2000).astype(np.int64))
    # one in five comes within the time; before, it cannot post
    since = np.where(
        draw.random(sizes.accounts) < 0.2, draw.uniform(0, sizes.days, sizes.accounts), 0.0
    )
    at = RHYTHMS[rhythm](draw, owner, sizes.days)
    at = since[owner] + at * (1 - since[owner] / sizes.days)
    tastes = np.minimum(draw.zipf(1.3, (sizes.accounts, 4)), TAGS) - 1
    tag = tastes[owner, draw.integers(0, 4, len(owner))]
    every = Uses(owner, tag, (at * DAY).astype(np.int64))
    for event in range(sizes.events):
        every = every.plus(_event(draw, event, since, sizes))
    return every


def _event(draw: np.random.Generator, number: int, since: Floats, sizes: Sizes) -> Uses:
    """Some hours in which any account may post on one hashtag, old or born there, once or often."""
    begin = draw.uniform(1, sizes.days - 1)
    there = np.flatnonzero(since < begin)
    people = there[draw.random(len(there)) < draw.uniform(0.01, 0.08)]
    owner = np.repeat(people, draw.geometric(0.6, len(people)))
    at = begin + draw.gamma(1.5, 0.05, len(owner))
    tag = number if number % 2 else TAGS + number
    return Uses(
        owner, np.full(len(owner), tag), np.minimum(at * DAY, sizes.days * DAY - 1).astype(np.int64)
    )


def planted(
    uses: Uses,
    seed: int,
    accounts: int = 20,
    sizes: Sizes = Sizes(),
    posts: int = 2,
) -> tuple[Uses, set[str]]:
    """The same with new accounts that begin in the last event, then post like others."""
    draw = np.random.default_rng([seed, 99])
    tag = TAGS + 1000
    begin = sizes.days * 0.75
    crowd = draw.choice(sizes.accounts, 40, replace=False)
    fresh = np.repeat(sizes.accounts + np.arange(accounts), posts)
    later = np.repeat(sizes.accounts + np.arange(accounts), 5)
    return (
        uses.plus(_at(crowd, tag, begin + draw.gamma(1.5, 0.03, len(crowd))))
        .plus(_at(fresh, tag, begin + draw.gamma(1.5, 0.03, len(fresh))))
        .plus(Uses(later, draw.integers(0, 30, len(later)),
                   ((begin + draw.uniform(0.5, 4.5, len(later))) * DAY).astype(np.int64)))
    ), {name(one) for one in np.unique(fresh).tolist()}  # fmt: skip


def stable(uses: Uses, tags: int = 100) -> Uses:
    """The same with a vocabulary of few hashtags, all in use from the first days on: hardly any
    begins later but those born in events."""
    return replace(uses, tag=np.where(uses.tag < TAGS, uses.tag % tags, uses.tag))


def _at(owner: Ints, tag: int, days: Floats) -> Uses:
    return Uses(owner, np.full(len(owner), tag), (days * DAY).astype(np.int64))


def name(account: int) -> str:
    return f"x:{account}"


def records(engine: Engine, uses: Uses) -> Records:
    """The uses as imported shares."""
    accounts = [name(one) for one in range(int(uses.account.max(initial=0)) + 1)]
    keys = np.array([key(one) for one in accounts], np.int64)
    size = len(uses.at)
    columns: dict[str, Any] = {
        "platform": pa.array(["x"]).take(pa.array(np.zeros(size, np.int64))),
        "account": pa.array(accounts).take(pa.array(uses.account)),
        "account_key": pa.array(keys[uses.account]),
        "object_kind": pa.array(["hashtag"]).take(pa.array(np.zeros(size, np.int64))),
        "object": pa.array([f"tag{one}" for one in uses.tag.tolist()]),
        "shared_at": pa.array((BEGIN + uses.at) * SECOND),
        "precision": pa.array(np.full(size, SECOND)),
    }
    rows = [columns.get(field.name, pa.nulls(size, field.type)) for field in SHARES]
    # columns that are never null in a file may be here: nothing reads them
    shares = pa.Table.from_arrays(rows, schema=pa.schema([f.with_nullable(True) for f in SHARES]))
    return records_of(engine, shares=shares)


def found(uses: Uses, **settings: Any) -> list[dict[str, Any]]:
    """Rows of the signal on these uses."""
    with open_engine() as engine:
        table = Bursts(**settings).find(records(engine, uses), engine)
        rows: list[dict[str, Any]] = engine.collect(table).to_pylist()
    return rows


def accounts_of(rows: Sequence[dict[str, Any]]) -> set[str]:
    """The accounts among findings."""
    return {row["subject_id"] for row in rows if row["subject_kind"] == "account"}


def seeds_with_findings(rhythm: str, seeds: Sequence[int], sizes: Sizes = Sizes()) -> list[int]:
    """The seeds of null data with any finding, of a burst or an account."""
    return [seed for seed in seeds if found(null(seed, rhythm, sizes))]
