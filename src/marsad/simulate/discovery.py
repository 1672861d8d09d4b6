"""Who looks at which account, when and by which route."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.draws import Floats, Ints, Mask, Rows, generator
from marsad.simulate.population import Group, is_violating
from marsad.simulate.window import NEVER, Window
from marsad.simulate.world import World


class Route(IntEnum):
    """How a look came about; probes are looks on schedule."""

    SEARCH = 0
    GRAPH = 1
    NOTICE = 2
    BANK = 3
    PROBE = 4


FINDING = (Route.SEARCH, Route.GRAPH, Route.NOTICE, Route.BANK)
LOOK = np.dtype([("account", "i4"), ("time", "i8"), ("route", "i1"), ("failed", "?")])

_QUOTING = 0.4
_OTHERS = {Route.SEARCH: 0.004, Route.GRAPH: 0.02, Route.NOTICE: 0.003, Route.BANK: 0.003}
_JITTER = 6 * 3600


@dataclass(frozen=True)
class Discovery:
    """All looks in order of time, and the truth: ``reached`` is a mask over account and route."""

    looks: Rows
    reached: Mask


def discover(world: World) -> Discovery:
    """Hits of every route, known accounts too, and scheduled looks at a panel and all found.

    With ``route_dependence`` d, the log-odds of every route rise by d per standard deviation of an
    account's visibility: routes then find the same accounts, and counts of overlaps mislead.
    """
    rng = generator(world.seed, "discovery")
    accounts, window = world.accounts, world.window
    first = np.maximum(accounts["created"], window.start)
    # A taken-over account is found for what it does after.
    first = np.where(accounts["taken"] < NEVER, accounts["taken"], first)
    last = np.minimum(accounts["ended"], window.stop)
    reached = np.zeros((len(accounts), len(FINDING)), np.bool_)
    parts: list[Rows] = []
    found = np.full(len(accounts), NEVER, np.int64)
    for route in FINDING:
        # A route that comes by when an account is gone does not find it: were the moment drawn
        # from the account's own life, the short-lived would be found at a higher rate.
        span = window.stop - window.start
        when = window.start + (rng.random(len(accounts)) * span).astype(np.int64)
        hit = (rng.random(len(accounts)) < _reach(world, route)) & (first <= when) & (when < last)
        reached[:, route] = hit
        found = np.where(hit, np.minimum(found, when), found)
        parts.append(_looks(np.flatnonzero(hit), when[hit], route))
    parts += _probes(world, found, rng)
    looks = np.concatenate(parts)
    looks["failed"] = rng.random(len(looks)) < world.knobs.failed_looks
    return Discovery(looks[np.argsort(looks["time"], kind="stable")], reached)


def _reach(world: World, route: Route) -> Floats:
    """The chance that a route hits each account within the window, if it lives through it."""
    knobs, accounts = world.knobs, world.accounts
    reach = getattr(knobs, f"reach_{route.name.lower()}")
    quoting = np.isin(accounts["group"], (Group.COUNTER_SPEAKER, Group.NEWSROOM, Group.CAMPAIGNER))
    base = np.where(quoting, reach * _QUOTING, min(_OTHERS[route], reach))
    base = np.where(is_violating(accounts["group"]), reach, base)
    with np.errstate(divide="ignore"):
        odds = np.log(base) - np.log1p(-base)
    return np.asarray(1 / (1 + np.exp(-(odds + knobs.route_dependence * accounts["visibility"]))))


def _looks(which: Ints, when: Ints, route: Route) -> Rows:
    rows = np.zeros(len(which), LOOK)
    rows["account"], rows["time"], rows["route"] = which, when, route
    return rows


def _probes(world: World, found: Ints, rng: np.random.Generator) -> list[Rows]:
    """Looks on a common grid, a few hours apart: at the panel, and at the found once found."""
    accounts, window = world.accounts, world.window
    panel = rng.random(len(accounts)) < world.knobs.panel
    since = np.where(panel, accounts["created"], found)
    return [
        _probe(np.flatnonzero(since <= start), start, window, rng)
        for start in range(window.start, window.stop, int(world.knobs.probe_every * DAY))
    ]


def _probe(which: Ints, start: int, window: Window, rng: np.random.Generator) -> Rows:
    when = np.minimum(start + rng.integers(0, _JITTER, len(which)), window.stop - 1)
    return _looks(which, when, Route.PROBE)
