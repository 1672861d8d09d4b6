"""Shares without agreement: none of them drawn from a model that the test assumes."""

from __future__ import annotations

import numpy as np

from tests.find.coordination.rows import WEEK, Rows, popular


def uniform(draw: np.random.Generator, accounts: int = 1000, count: int = 40_000) -> Rows:
    """Everybody at any time."""
    who = draw.integers(0, accounts, count)
    return Rows(who, popular(draw, count, count // 10), draw.uniform(0, WEEK, count))


def daily(draw: np.random.Generator, width: float = 1.5) -> Rows:
    """Each account around an hour of its own, every day."""
    who = draw.integers(0, 1000, 40_000)
    hour = (draw.uniform(0, 24, 1000)[who] + draw.normal(0, width, len(who))) % 24
    days = draw.integers(0, 7, len(who))
    return Rows(who, popular(draw, len(who), 3000), days * 86_400 + hour * 3600)


def bursty(draw: np.random.Generator) -> Rows:
    """Each object in a burst of its own, short, long or very long."""
    who = draw.integers(0, 1000, 40_000)
    what = popular(draw, len(who), 3000)
    scale = 300 * draw.choice([1, 10, 100], len(who), p=[0.5, 0.3, 0.2])
    return Rows(who, what, draw.uniform(0, WEEK, 3000)[what] + draw.exponential(scale))


def fast_fans(
    draw: np.random.Generator, accounts: int = 400, objects: int = 300, quick: float = 10
) -> Rows:
    """Fans of one account, a tenth of whom have notifications on."""
    who, what = np.nonzero(draw.random((accounts, objects)) < 0.3)
    scale = np.where(who < accounts // 10, quick, 3 * 3600)
    return Rows(who, what, draw.uniform(0, 4 * WEEK, objects)[what] + draw.exponential(scale))


def viewers(draw: np.random.Generator, part: float = 0.06) -> Rows:
    """Two clubs' viewers, who share each goal of theirs within a minute, and other things too."""
    rows = uniform(draw)
    for club in (0, 1):
        who, what = np.nonzero(draw.random((500, 200)) < part)
        at = draw.uniform(0, WEEK, 200)[what] + draw.exponential(40, len(who))
        rows = rows.and_(Rows(who + club * 500, what + 4000 + club * 200, at))
    return rows


def crowd(draw: np.random.Generator, people: int = 300, part: float = 0.5) -> Rows:
    """Forty events that nobody else shares; each of a regular crowd is at half of them, and shares
    within seconds."""
    rows = uniform(draw, count=20_000)
    who, what = np.nonzero(draw.random((people, 40)) < part)
    at = draw.uniform(0, WEEK, 40)[what] + draw.gamma(2, 5, len(who))
    return rows.and_(Rows(who, what + 2000, at))


def tagged(rows: Rows, draw: np.random.Generator, most: int = 4) -> Rows:
    """Each post with some more objects, which go together: the same with each first one."""
    more, objects = rows, int(rows.object.max()) + 1
    for number in range(1, most):
        some = draw.random(objects) < 0.5
        kept = some[rows.object]
        again = rows.object[kept] + number * objects
        more = more.and_(Rows(rows.account[kept], again, rows.at[kept]))
    return more


def cascades(draw: np.random.Generator, follows: int = 15, passed: float = 0.09) -> Rows:
    """What accounts share is passed on by those who follow them: some within a minute, some within
    hours. Nobody follows for the sake of it, and the same ones follow each other all the time."""
    people = 600
    fans = [np.flatnonzero(row) for row in draw.random((people, people)) < follows / people]
    who, what, when = [], [], []
    for object_ in range(1000):
        reached = {int(draw.integers(people)): float(draw.uniform(0, WEEK))}
        waiting = list(reached)
        while waiting and len(reached) < 120:
            one = waiting.pop(0)
            for fan in fans[one][draw.random(len(fans[one])) < passed].tolist():
                at = reached[one] + draw.lognormal(5.5, 1.5)
                if fan not in reached:
                    waiting.append(fan)
                reached[fan] = min(at, reached.get(fan, at))
        who += list(reached)
        what += [object_] * len(reached)
        when += list(reached.values())
    return Rows(np.array(who), np.array(what), np.array(when))


def sessions(draw: np.random.Generator) -> Rows:
    """Ten minutes twice a day, at hours of each account's own, on what is new then."""
    people, objects = 600, 2000
    hours = draw.uniform(0, 24, (people, 2))
    who = np.repeat(np.arange(people), 14)
    begin = (
        np.tile(np.repeat(np.arange(7), 2), people) * 86_400
        + hours[who, np.tile([0, 1], 7 * people)] * 3600
    )
    count = draw.poisson(5, len(who))
    who, begin = np.repeat(who, count), np.repeat(begin, count)
    born = np.sort(draw.uniform(-86_400, WEEK, objects))
    age = draw.exponential(6 * 3600, len(who))
    what = np.maximum(np.searchsorted(born, begin - age) - 1, 0)
    return Rows(who, what, begin + draw.uniform(0, 600, len(who)))


def on_the_hour(draw: np.random.Generator) -> Rows:
    """A fifth of all use schedulers, which post within seconds of the full hour."""
    rows = uniform(draw, 800, 30_000)
    planned = rows.account < 160
    at = np.round(rows.at / 3600) * 3600 + draw.integers(0, 5, len(rows.at))
    return Rows(rows.account, rows.object, np.where(planned, at, rows.at))


def tastes(draw: np.random.Generator) -> Rows:
    """Forty circles with objects of their own, each shared within minutes of its birth."""
    who = draw.integers(0, 1200, 30_000)
    own = draw.random(len(who)) < 0.8
    circle = draw.integers(0, 40, 1200)[who]
    what = np.where(
        own, circle * 60 + draw.integers(0, 60, len(who)), 2400 + popular(draw, len(who), 2000)
    )
    return Rows(who, what, draw.uniform(0, WEEK, 4400)[what] + draw.exponential(300, len(who)))


NULLS = {
    "crowd": crowd,
    "few events of a crowd": lambda draw: _of_first(crowd(draw), 2000, 8),
    "uniform": uniform,
    "daily": daily,
    "narrow days": lambda draw: daily(draw, 0.5),
    "bursty": bursty,
    "fast fans": fast_fans,
    "slower fast fans": lambda draw: fast_fans(draw, quick=40),
    "few posts": lambda draw: fast_fans(draw, objects=60),
    "many fans": lambda draw: fast_fans(draw, accounts=2000, objects=100),
    "viewers": viewers,
    "tagged": lambda draw: tagged(uniform(draw), draw),
    "cascades": cascades,
    "sessions": sessions,
    "on the hour": on_the_hour,
    "tastes": tastes,
    "keen viewers": lambda draw: viewers(draw, 0.3),
}
"""Shares in which nobody agreed on anything."""


def _of_first(rows: Rows, begin: int, events: int) -> Rows:
    """Without the events after the first so many."""
    kept = rows.object < begin + events
    return Rows(rows.account[kept], rows.object[kept], rows.at[kept])
