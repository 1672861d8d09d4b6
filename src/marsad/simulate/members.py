"""Communities as lists of accounts, for everything that several accounts do at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.simulate.draws import Ints, Mask, Rows
from marsad.simulate.population import Group
from marsad.simulate.window import NEVER


@dataclass(frozen=True)
class Members:
    """The communities of one group. ``accounts`` are sorted by community; ``first`` is where each
    begins (one entry more than there are communities); ``numbers`` are the communities' own.
    """

    numbers: Ints
    accounts: Ints
    first: Ints

    @property
    def count(self) -> int:
        """How many communities there are."""
        return len(self.numbers)

    def all_of(self, which: Ints) -> tuple[Ints, Ints]:
        """Every member for each given community (by position): (position in ``which``, account)."""
        sizes = np.diff(self.first)[which]
        event = np.repeat(np.arange(len(which)), sizes)
        offset = np.arange(len(event)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return event, self.accounts[self.first[which][event] + offset]


def members_of(accounts: Rows, group: Group) -> Members:
    """The communities of a group, with those who came back."""
    inside = np.flatnonzero((accounts["group"] == group) & (accounts["community"] >= 0))
    order = inside[np.argsort(accounts["community"][inside], kind="stable")]
    numbers, first = np.unique(accounts["community"][order], return_index=True)
    return Members(numbers.astype(np.int64), order, np.append(first, len(order)))


def alive(accounts: Rows, which: Ints, times: Ints) -> Mask:
    """Whether each account exists and has not ended at its time."""
    created, ended = accounts["created"][which], accounts["ended"][which]
    return np.asarray((created <= times) & (times < ended), dtype=np.bool_)


def acting(accounts: Rows, which: Ints, times: Ints) -> Mask:
    """Whether each account is alive and its actor, not a former owner, writes on it just then."""
    taken = accounts["taken"][which]
    own = ((taken == NEVER) | (taken <= times)) & (accounts["debut"][which] <= times)
    own &= (times < accounts["paused"][which]) | (accounts["woke"][which] <= times)
    return np.asarray(alive(accounts, which, times) & own, dtype=np.bool_)
