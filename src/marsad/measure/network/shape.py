"""The shape of a watched network: what is told of it, before a takedown and after.

What is counted in the records has no sampling error, and says nothing of what they miss: it is told
as a bound where more records can only add to it. Fractions of ties are told as of a sample of the
accounts that have them (clusters), as accounts come and go.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.measure.network.ties import Bools, Ints, Ties
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate, proportion

FRAME = "watched-network"
REMOVALS, SEED = 999, 20_240_301
MOST_ACTIVE = 0.1
NEXT = "marsad import FILE --as edges"


@dataclass(frozen=True)
class Shape:
    """One moment: who of the watched is ``alive``, the ``ties`` among all accounts then, ``posts``
    by each account in the days around, and ``used``, ties by what accounts repost, answer and
    mention in these days (source, target; as often as it happened)."""

    alive: Bools
    ties: Ties
    posts: Ints
    used: tuple[Ints, Ints]


def shape(moment: Shape, seed: Bools, when: str, level: float = 0.95) -> list[Estimate]:
    """What is told of one moment, each name ending in ``-WHEN``.

    ``reach``: accounts outside that have a tie to a living one; ``deepest-core``; ``reciprocity``:
    ties among the living that are answered; ``in-network``: of what the living repost, answer and
    mention, the fraction that is of watched accounts; ``reachable``: of the ``seed``, those alive
    and in the largest part of the network; ``concentration``: posts by the most active tenth of
    those that post. What has nothing to be a fraction of is left out. Raises `Refused` without
    ties.
    """
    if not len(moment.ties):
        raise Refused("measure.network.no-ties", ["edges"], NEXT)
    told = [
        _bound(
            "reach", when, moment.ties.audience(moment.alive, moment.alive | seed), moment, level
        ),
        _bound("deepest-core", when, moment.ties.deepest_core(moment.alive), moment, level),
        _reachable(moment, seed, when, level),
        _reciprocity(moment, when, level),
        _in_network(moment, seed, when, level),
        _concentration(moment, when, level),
    ]
    return [one for one in told if one is not None]


def removed_at_random(before: Shape, after: Shape, seed: Bools, level: float = 0.95) -> Estimate:
    """The fraction of the seed that would be reachable had as many accounts gone, but any: the mean
    over `REMOVALS` draws with the range that holds ``level`` of them. A takedown that hits what
    holds the network together leaves less."""
    gone = int(before.alive.sum() - (before.alive & after.alive).sum())
    rng = np.random.default_rng(SEED)
    living = np.flatnonzero(before.alive)
    found = []
    for _ in range(REMOVALS):
        left = before.alive.copy()
        left[rng.choice(living, gone, replace=False)] = False
        found.append(_fraction_reachable(before.ties, left, seed))
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    mean = float(np.clip(np.mean(found), low, high))
    return Estimate(
        "reachable-at-random", mean, float(low), float(high), level, "random-removal", FRAME,
        int(seed.sum()), assumptions=("ties-all-there",),
    )  # fmt: skip


def _bound(name: str, when: str, count: int, moment: Shape, level: float) -> Estimate:
    return Estimate(
        f"{name}-{when}", count, count, count, level, "counted", FRAME, int(moment.alive.sum()),
        bound="lower",
    )  # fmt: skip


def _reachable(moment: Shape, seed: Bools, when: str, level: float) -> Estimate | None:
    size = int(seed.sum())
    if not size:
        return None
    inside = moment.ties.largest_part(moment.alive)
    return proportion(
        int((inside & seed).sum()), size, level, name=f"reachable-{when}", frame="seed"
    )


def _fraction_reachable(ties: Ties, alive: Bools, seed: Bools) -> float:
    return float((ties.largest_part(alive) & seed).sum() / max(int(seed.sum()), 1))


def _reciprocity(moment: Shape, when: str, level: float) -> Estimate | None:
    inside = moment.ties.between(moment.alive)
    every = np.ones(len(inside), bool)
    return _of_ties(
        inside.counted(inside.answered()), inside.counted(every), f"reciprocity-{when}", level
    )


def _in_network(moment: Shape, seed: Bools, when: str, level: float) -> Estimate | None:
    source, target = moment.used
    mine = moment.alive[source]
    watched = moment.alive | seed
    size = moment.ties.accounts
    every = np.bincount(source[mine], minlength=size)
    inside = np.bincount(source[mine & watched[target]], minlength=size)
    return _of_ties(inside, every, f"in-network-{when}", level)


def _of_ties(hits: Ints, ties: Ints, name: str, level: float) -> Estimate | None:
    """A fraction of ties, those of one account one cluster."""
    some = ties > 0
    try:
        return proportion(hits[some].tolist(), ties[some].tolist(), level, name=name, frame=FRAME)
    except InputError:  # no ties, or of one account alone: no interval, no number
        return None


def _concentration(moment: Shape, when: str, level: float) -> Estimate | None:
    posts = np.sort(moment.posts[moment.alive & (moment.posts > 0)])[::-1]
    if len(posts) < 1 / MOST_ACTIVE:
        return None
    most = posts[: max(round(MOST_ACTIVE * len(posts)), 1)].sum() / posts.sum()
    return Estimate(
        f"concentration-{when}", float(most), float(most), float(most), level, "counted", FRAME,
        len(posts),
    )  # fmt: skip
