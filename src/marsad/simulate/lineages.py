"""One actor, several accounts: returns after a suspension, backups, takeovers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.draws import Ints, Rows, Seeds, new_seeds
from marsad.simulate.knobs import Knobs
from marsad.simulate.lifetimes import end_lives
from marsad.simulate.population import (
    ANOTHER,
    SIMILAR,
    STYLES,
    Group,
    Origin,
    State,
    is_violating,
)
from marsad.simulate.vocabulary import TOPICS
from marsad.simulate.window import NEVER, Window

_HOUR = 3600


@dataclass(frozen=True)
class Lineages:
    """All accounts with those that came later, and what the taken-over ones were before.

    ``owners`` has the ACCOUNT rows of taken-over accounts as their owners left them, ``owned``
    their row numbers.
    """

    accounts: Rows
    owners: Rows
    owned: Ints


def grow(accounts: Rows, window: Window, knobs: Knobs, rng: np.random.Generator) -> Lineages:
    """Suspend, return, suspend again, until nobody comes back within the window."""
    end_lives(accounts, np.maximum(accounts["created"], window.start), window, knobs, rng)
    accounts, backed = _with_backups(accounts, window, knobs, rng)
    strangers = _Strangers(_sleepers(accounts, window, rng).tolist())
    frontier = _suspended(accounts, np.setdiff1d(np.arange(len(accounts)), backed))
    while len(frontier):
        back = accounts["ended"][frontier] + _lags(len(frontier), knobs, rng)
        frontier, back = frontier[back < window.stop], back[back < window.stop]
        fate = rng.random(len(frontier))
        new = fate < knobs.returns
        taken = ~new & (fate < knobs.returns + knobs.takeovers)
        children = _children(accounts, frontier[new], back[new], knobs, rng)
        end_lives(children, children["created"], window, knobs, rng)
        seized = strangers.seize(accounts, frontier[taken], back[taken], window, knobs, rng)
        fresh = np.concatenate([len(accounts) + np.arange(len(children)), seized])
        accounts = np.concatenate([accounts, children])
        frontier = _suspended(accounts, fresh)
    return Lineages(
        accounts,
        np.array(strangers.owners, dtype=accounts.dtype),
        np.array(strangers.owned, dtype=np.int64),
    )


def _suspended(accounts: Rows, among: Ints) -> Ints:
    """Which of these accounts are violating and were suspended."""
    rows = accounts[among]
    gone = is_violating(rows["group"]) & (rows["state"] == State.SUSPENDED)
    return np.asarray(among[gone], dtype=np.int64)


def _lags(count: int, knobs: Knobs, rng: np.random.Generator) -> Ints:
    """Seconds until a return: log-normal, never under an hour."""
    days = knobs.return_lag * np.exp(rng.normal(0, 1.0, count))
    return np.asarray(days * DAY, dtype=np.int64) + _HOUR


def _children(
    accounts: Rows, parents: Ints, born: Ints, knobs: Knobs, rng: np.random.Generator
) -> Rows:
    """New accounts of the parents' actors: the same person, so the language stays, and mostly the
    handle, way of writing, topics and hours."""
    rows = accounts[parents].copy()
    rows["origin"] = Origin.RETURN
    rows["parent"] = parents
    rows["created"] = born
    rows["taken"], rows["renamed"] = NEVER, NEVER
    rows["handle"] = np.where(rng.random(len(rows)) < knobs.handle_kept, SIMILAR, ANOTHER)
    _change(rows, ("style",), rng.integers(1, STYLES, (len(rows), 1)), knobs.style_kept, rng)
    topics = rng.integers(0, len(TOPICS), (len(rows), 2))
    _change(rows, ("topic_a", "topic_b"), topics, knobs.topics_kept, rng)
    moved = rows["shift"] + rng.integers(3, 10, len(rows)) * _HOUR
    _change(rows, ("shift",), moved[:, None], knobs.hours_kept, rng)
    rows["rate"] *= rng.uniform(knobs.slowest, knobs.fastest, len(rows))
    rows["visibility"] = rng.standard_normal(len(rows))
    new_bio = rng.random(len(rows)) < 0.3
    rows["bio"] = np.where(new_bio, new_seeds(rng, len(rows)), rows["bio"])
    return rows


def _change(
    rows: Rows, names: tuple[str, ...], values: Ints, kept: float, rng: np.random.Generator
) -> None:
    """Other values (one column a name) for the rows that do not keep theirs, in place."""
    others = rng.random(len(rows)) >= kept
    for name, column in zip(names, values.T, strict=True):
        rows[name] = np.where(others, column, rows[name])


def _with_backups(
    accounts: Rows, window: Window, knobs: Knobs, rng: np.random.Generator
) -> tuple[Rows, Ints]:
    """Some violating accounts keep a second account ready before anything happens to the first."""
    violating = np.flatnonzero(is_violating(accounts["group"]))
    parents = violating[rng.random(len(violating)) < knobs.backups]
    latest = np.minimum(accounts["ended"][parents], window.stop)
    earliest = accounts["created"][parents]
    born = earliest + (rng.uniform(0.2, 0.95, len(parents)) * (latest - earliest)).astype(np.int64)
    rows = _children(accounts, parents, born, knobs, rng)
    rows["origin"] = Origin.BACKUP
    end_lives(rows, np.maximum(born, window.start), window, knobs, rng)
    return np.concatenate([accounts, rows]), parents


def _sleepers(accounts: Rows, window: Window, rng: np.random.Generator) -> Ints:
    """Old, quiet accounts of strangers, in random order."""
    old = accounts["created"] < window.start - 365 * DAY
    quiet = (accounts["rate"] < 1) & (accounts["ended"] == NEVER)
    return rng.permutation(np.flatnonzero((accounts["group"] == Group.ORDINARY) & old & quiet))


class _Strangers:
    """Accounts that can be taken over, and the rows of those that were as they had been."""

    def __init__(self, asleep: list[int]) -> None:
        self._asleep = asleep
        self.owners: list[np.void] = []
        self.owned: list[int] = []

    def seize(
        self,
        accounts: Rows,
        parents: Ints,
        when: Ints,
        window: Window,
        knobs: Knobs,
        rng: np.random.Generator,
    ) -> Ints:
        """The parents' actors write on sleeping accounts from ``when`` on; returns which ones."""
        count = min(len(parents), len(self._asleep))
        victims = [self._asleep.pop() for _ in range(count)]
        rows = _children(accounts, parents[:count], when[:count], knobs, rng)
        end_lives(rows, when[:count], window, knobs, rng)
        rows["origin"], rows["taken"] = Origin.TAKEOVER, when[:count]
        self.owners += [accounts[victim].copy() for victim in victims]
        self.owned += victims
        taken = np.array(victims, dtype=np.int64)
        for name in ("created", "handle"):
            rows[name] = accounts[name][taken]
        self._name(rows, accounts["face"][taken], knobs, rng)
        accounts[taken] = rows
        return taken

    @staticmethod
    def _name(rows: Rows, owners: Seeds, knobs: Knobs, rng: np.random.Generator) -> None:
        """Some actors put their own name on it, in place; the others leave the owner's."""
        named = rng.random(len(rows)) < knobs.takeovers_renamed
        rows["renamed"] = np.where(named, rows["taken"], NEVER)
        rows["was"] = owners
        rows["face"] = np.where(named, rows["face"], owners)
