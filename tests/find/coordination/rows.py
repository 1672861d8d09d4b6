"""Shares without agreement, and with it: none of them drawn from a model that the test assumes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from marsad.find.coordination.network import Edges, validated
from marsad.find.coordination.shares import Shares
from marsad.find.coordination.testing import put_to_test

Ints = npt.NDArray[np.int64]
WEEK = 7 * 86_400
SECOND = 1_000_000
WINDOW = 60 * SECOND


@dataclass(frozen=True)
class Rows:
    """Shares in any order, an account and object perhaps more than once; ``at`` in seconds."""

    account: Ints
    object: Ints
    at: npt.NDArray[np.float64]

    def and_(self, other: Rows) -> Rows:
        """These and others."""
        return Rows(
            np.concatenate([self.account, other.account]),
            np.concatenate([self.object, other.object]),
            np.concatenate([self.at, other.at]),
        )

    def shares(self) -> Shares:
        """The first share of each account and object, of objects with two accounts."""
        order = np.argsort(self.at, kind="stable")
        account, object_ = self.account[order], self.object[order]
        _, first = np.unique(object_ * (account.max() + 1) + account, return_index=True)
        account, object_, at = account[first], object_[first], self.at[order][first]
        several = np.bincount(object_)[object_] > 1
        names = pa.array([f"x:{n}" for n in range(int(object_.max()) + 1)])
        times = (at[several] * SECOND).astype(np.int64)
        return Shares.of(account[several], object_[several], times, names)


def found(rows: Rows, level: float = 0.05) -> Edges:
    """The validated network of one kind of object."""
    found, _ = validated({"url": put_to_test(rows.shares(), WINDOW, level)}, level)
    return found


def popular(draw: np.random.Generator, count: int, objects: int) -> Ints:
    """Objects drawn by Zipf's law with exponent 1.1."""
    weights = 1 / np.arange(1, objects + 1) ** 1.1
    return draw.choice(objects, size=count, p=weights / weights.sum())


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
    "keen viewers": lambda draw: viewers(draw, 0.3),
}
"""Shares in which nobody agreed on anything."""


def _of_first(rows: Rows, begin: int, events: int) -> Rows:
    """Without the events after the first so many."""
    kept = rows.object < begin + events
    return Rows(rows.account[kept], rows.object[kept], rows.at[kept])


def ring(draw: np.random.Generator, size: int, objects: int) -> tuple[Rows, set[int]]:
    """Some of five thousand accounts share many objects within 60 s that nobody else shares."""
    rows, members = uniform(draw, 5000, 95_000), draw.choice(5000, size, replace=False)
    for number in range(objects):
        at = draw.uniform(0, WEEK) + draw.uniform(0, 60, size)
        rows = rows.and_(_of(members, 9500 + number, at))
    return rows, set(members.tolist())


def planted(
    draw: np.random.Generator,
    others: int = 0,
    spread: float | None = None,
    part: float = 1.0,
    accounts: int = 5000,
    count: int = 200_000,
) -> tuple[Rows, set[int]]:
    """Twenty of the accounts share thirty objects within 60 s; ``others`` share them too.

    They come at any time, or within ``spread`` seconds on average after the twenty. ``part`` of the
    twenty take part each time.
    """
    rows = uniform(draw, accounts, count)
    members = draw.choice(accounts, 20, replace=False)
    for number in range(30):
        name, at = count // 10 + number, draw.uniform(0, WEEK)
        mine = members[draw.random(20) < part]
        rows = rows.and_(_of(mine, name, at + draw.uniform(0, 60, len(mine))))
        theirs = draw.choice(accounts, others, replace=False)
        later = (
            draw.uniform(0, WEEK, others) if spread is None else draw.exponential(spread, others)
        )
        rows = rows.and_(_of(theirs, name, later if spread is None else at + later))
    return rows, set(members.tolist())


def _of(accounts: Ints, name: int, at: npt.NDArray[np.float64]) -> Rows:
    return Rows(accounts, np.full(len(accounts), name), at)
