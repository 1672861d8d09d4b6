"""How many followers each account has, day by day, as followers come and are suspended."""

from __future__ import annotations

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.draws import Ints, Mask, Rows
from marsad.simulate.follows import Edges
from marsad.simulate.window import NEVER, Window


class FollowerCounts:
    """Fed with the edges once, then advanced from day to day.

    Only edges that begin or end within the window are kept; the others are counted away.
    """

    def __init__(self, accounts: Rows, window: Window) -> None:
        self._accounts, self._window = accounts, window
        self.following = np.zeros(len(accounts), np.int64)
        self.followers = np.zeros(len(accounts), np.int64)
        self._days: list[Ints] = []
        self._targets: list[Ints] = []
        self._changes: list[Ints] = []
        self._day = -1

    def add(self, edges: Edges) -> None:
        """Count edges in; an edge lives while both of its accounts do, as far as one can see."""
        size = len(self._accounts)
        self.following += np.bincount(edges.source, minlength=size)
        ended = self._accounts["ended"]
        begin = edges.begin(self._accounts)
        end = ended[edges.source]
        lives = begin < end
        old = lives & (begin <= self._window.start)
        self.followers += np.bincount(edges.target[old], minlength=size)
        self._note(edges.target, begin, lives & ~old, 1)
        self._note(edges.target, end, lives & (end < NEVER), -1)

    def _note(self, targets: Ints, times: Ints, mask: Mask, change: int) -> None:
        days = (times[mask] - self._window.start) // DAY
        self._days.append(days)
        self._targets.append(targets[mask])
        self._changes.append(np.full(len(days), change))

    def advance(self, day: int) -> Ints:
        """Followers of every account at the start of a day; days must not go back."""
        if self._days and day > self._day:
            days = np.concatenate(self._days)
            due = (days >= self._day) & (days < day) if self._day >= 0 else days < day
            targets = np.concatenate(self._targets)[due]
            np.add.at(self.followers, targets, np.concatenate(self._changes)[due])
        self._day = max(day, self._day)
        return self.followers
