"""What `marsad measure network` needs from a workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from marsad.engines import Engine, open_engine, views
from marsad.measure.network import Shape, Ties, removed_at_random, shape
from marsad.measure.network.ties import Bools, Ints
from marsad.measure.observed_lives import Lives, Looks, lives
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate
from marsad.records.times import DAY, to_datetime
from marsad.workspace.finding import records
from marsad.workspace.folder import Workspace
from marsad.workspace.measuring.population import first_known, of_bank, with_findings
from marsad.workspace.runs import Snapshot

MOST_TIES = 50_000_000
DAYS, LEAST_DAYS = 14, 1
LONG_AGO = np.iinfo(np.int64).min
AGAIN = "marsad measure network --event DATE"
USES = ("repost", "reply", "mention", "quote")


@dataclass(frozen=True)
class Asked:
    """What is asked of a network: how it was before ``event`` (µs UTC), and ``days`` after it; of
    accounts with a finding that opens a case, or of a ``bank``. Where no days are given, `DAYS`, or
    as many as there are looks."""

    event: int
    days: float = 0
    bank: str = ""

    def until(self, last: int) -> int:
        """The end of it, where the last look was at ``last``."""
        if self.days:
            return int(self.event + self.days * DAY)
        return int(min(self.event + DAYS * DAY, last + DAY))


@dataclass(frozen=True)
class NetworkMeasured:
    """The shape ``before`` and ``after``, of ``watched`` accounts of which ``gone`` ended between
    and ``came`` came; ``kind`` says which ties it is made of."""

    estimates: Sequence[Estimate]
    refused: Sequence[Refused]
    watched: int
    gone: int
    came: int
    kind: str


@dataclass(frozen=True)
class _There:
    """Which of the ``watched`` are there when: ``since`` they were made, or are first known of
    (µs UTC), until a look found them gone."""

    watched: Bools
    since: Ints
    life: Lives

    def at(self, moment: float) -> Bools:
        """The accounts that are there at a moment."""
        there = self.watched & (self.since <= moment)
        there[self.life.account[(self.life.gone >= 0) & (self.life.gone <= moment)]] = False
        return there


@dataclass(frozen=True)
class _Network:
    """All accounts by number, the ties of one kind, and every use of one by another with its
    time."""

    number: Mapping[str, int]
    ties: Ties
    kind: str
    source: Ints
    target: Ints
    at: Ints


def network(workspace: Workspace, asked: Asked) -> NetworkMeasured:
    """The shape of the watched network before and after an event. Raises `Refused` where there are
    no ties, nobody is watched, or no look tells who was gone."""
    (told,) = networks(workspace, [asked])
    if isinstance(told, Refused):
        raise told
    return told


def networks(workspace: Workspace, each: Sequence[Asked]) -> list[NetworkMeasured | Refused]:
    """`network` around each of several events, of the same accounts (the bank of the first is that
    of all): what was told, or why it was not. Raises `Refused` where none of them can be."""
    if not workspace.policies.all():
        raise Refused("measure.no-policy", ["policy"], "marsad policy add research")
    with open_engine() as engine:
        snapshot = workspace.log.snapshot()
        found = _network(workspace, engine, snapshot)
        watched = _members(found, _watched(workspace, engine, snapshot, each[0].bank))
        life, last = _lives(workspace, engine, snapshot, found, watched)
        there = _There(watched, _since(workspace, engine, snapshot, found), life)
        told: list[NetworkMeasured | Refused] = []
        for asked in each:
            try:
                told.append(_around(workspace, engine, snapshot, found, there, asked, last))
            except Refused as refusal:
                told.append(refusal)
    return told


def _around(
    workspace: Workspace,
    engine: Engine,
    snapshot: Snapshot,
    found: _Network,
    there: _There,
    asked: Asked,
    last: int,
) -> NetworkMeasured:
    """The shape around one event, where the last look was at ``last``."""
    until = asked.until(last)
    _check_looks(asked.event, until, last)
    before, after = (
        _moment(workspace, engine, snapshot, found, there.at(at), span)
        for at, span in (
            (asked.event, (2 * asked.event - until, asked.event)),
            (until, (asked.event, until)),
        )
    )
    if not before.alive.any():
        raise Refused("measure.network.nobody-before", ["event"], AGAIN, event=_date(asked.event))
    seed = before.alive
    estimates = [*shape(before, seed, "before"), *shape(after, seed, "after")]
    estimates.append(removed_at_random(before, after, seed))
    gone, came = (int((one & ~other).sum()) for one, other in (
        (before.alive, after.alive), (after.alive, before.alive),
    ))  # fmt: skip
    return NetworkMeasured(estimates, (), int(there.watched.sum()), gone, came, found.kind)


def _network(workspace: Workspace, engine: Engine, snapshot: Snapshot) -> _Network:
    read = records(workspace, snapshot, engine)
    handles = views.handles(read.observations, engine)
    edges = engine.materialise(
        views.resolved(read.edges, handles, "source", "target"), "network_edges"
    )
    follows = engine.collect(_pairs(edges.filter(edges.kind == "follow")), limit=MOST_TIES)
    uses = engine.collect(_pairs(edges.filter(edges.kind.isin(USES))), limit=MOST_TIES)
    if not follows.num_rows and not uses.num_rows:
        raise Refused("measure.network.no-ties", ["edges"], "marsad import FILE --as edges")
    names = sorted({*_names(follows), *_names(uses)})
    number = {name: place for place, name in enumerate(names)}
    kind, chosen = ("follow", follows) if follows.num_rows else ("use", uses)
    source, target = _numbers(chosen, number)
    used_by, used = _numbers(uses, number)
    at = uses["at"].fill_null(0).to_numpy()
    return _Network(number, Ties.distinct(source, target, len(names)), kind, used_by, used, at)


def _pairs(edges: ir.Table) -> ir.Table:
    return edges.select("source", "target", "at")


def _names(rows: pa.Table) -> set[str]:
    return {*rows["source"].unique().to_pylist(), *rows["target"].unique().to_pylist()}


def _numbers(rows: pa.Table, number: Mapping[str, int]) -> tuple[Ints, Ints]:
    ends = []
    for column in ("source", "target"):
        coded = rows[column].combine_chunks().dictionary_encode()
        places = np.array([number[name] for name in coded.dictionary.to_pylist()], np.int64)
        ends.append(places[coded.indices.to_numpy()] if len(places) else np.zeros(0, np.int64))
    return ends[0], ends[1]


def _watched(workspace: Workspace, engine: Engine, snapshot: Snapshot, bank: str) -> list[str]:
    found = (
        of_bank(workspace, engine, snapshot, bank) if bank
        else with_findings(workspace, engine, snapshot)
    )  # fmt: skip
    return list(engine.collect(found, limit=MOST_TIES)["account"].to_pylist())


def _members(found: _Network, accounts: Sequence[str]) -> Bools:
    members = np.zeros(len(found.number), bool)
    members[[found.number[one] for one in accounts if one in found.number]] = True
    if not members.any():
        raise Refused("measure.network.nobody", ["findings"], "marsad find")
    return members


def _lives(
    workspace: Workspace, engine: Engine, snapshot: Snapshot, found: _Network, watched: Bools
) -> tuple[Lives, int]:
    """Lives of the watched, by their numbers in the network, and when the last look at one was: at
    others looks may go on."""
    seen = views.looks(workspace.current(engine, snapshot, "observations"))
    rows = engine.collect(seen.select("account", "observed_at", "state", "route"), limit=MOST_TIES)
    place = np.array([found.number.get(one, -1) for one in rows["account"].to_pylist()], np.int64)
    looks = Looks(
        place, rows["observed_at"].to_numpy(), np.array(rows["state"].to_pylist(), np.str_),
        np.array(rows["route"].to_pylist(), np.str_),
    )  # fmt: skip
    mine = looks.only((place >= 0) & watched[place])
    life = lives(mine)
    if not len(life):
        raise Refused("measure.network.no-looks", ["looks"], "marsad import FILE --as observations")
    return life, int(mine.at.max())


def _check_looks(event: int, until: int, last: int) -> None:
    """Who was gone at the end is known from looks then, a day sooner at most, and after the event
    at all."""
    if last < max(until - DAY, event + LEAST_DAYS * DAY):
        raise Refused(
            "measure.network.not-looked-since", ["looks"], AGAIN,
            last=_date(last), until=_date(max(until, event + LEAST_DAYS * DAY)),
        )  # fmt: skip


def _since(workspace: Workspace, engine: Engine, snapshot: Snapshot, found: _Network) -> Ints:
    """When each account of the network was made, or is first known of (µs UTC); long ago, where
    nothing says."""
    known = first_known(workspace, engine, snapshot)
    since = np.full(len(found.number), LONG_AGO)
    rows = engine.collect(known, limit=MOST_TIES)
    for account, at in zip(rows["account"].to_pylist(), rows["at"].to_pylist(), strict=True):
        if account in found.number:
            since[found.number[account]] = at
    return since


def _moment(
    workspace: Workspace,
    engine: Engine,
    snapshot: Snapshot,
    found: _Network,
    alive: Bools,
    span: tuple[float, float],
) -> Shape:
    """The watched that are there, with their posts and uses in a span of time."""
    inside = (found.at >= span[0]) & (found.at < span[1])
    posts = workspace.current(engine, snapshot, "posts")
    counted = posts.filter(
        posts.created_at >= int(span[0]), posts.created_at < int(span[1])
    ).group_by("account").aggregate(n=ibis._.count())  # fmt: skip
    rows = engine.collect(counted, limit=MOST_TIES)
    counts = np.zeros(len(found.number), np.int64)
    for account, n in zip(rows["account"].to_pylist(), rows["n"].to_pylist(), strict=True):
        if account in found.number:
            counts[found.number[account]] = n
    return Shape(alive, found.ties, counts, (found.source[inside], found.target[inside]))


def _date(at: int) -> str:
    return to_datetime(at).date().isoformat()
