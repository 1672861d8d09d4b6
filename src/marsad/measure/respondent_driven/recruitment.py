"""Who was reached through whom: the trees of a respondent-driven sample, and what is refused."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.numbers import numbers
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError

NEXT = "marsad import FILE --as edges"
DIRECTED = ("followers", "following", "in", "out")
CAPPED, FEW_AT_MOST, SNOWBALL = 0.1, 5, 0.5

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Recruitment:
    """A forest. Each respondent's ``recruiter`` is an index, −1 for a seed; ``wave`` counts from 0,
    the seeds; ``order`` has everybody after the recruiter."""

    recruiter: Ints
    wave: Ints
    order: Ints


def recruitment(
    respondents: Sequence[Hashable],
    recruiters: Sequence[Hashable | None],
    seeds: Sequence[Hashable] | None,
) -> Recruitment:
    """The forest, where every chain begins with a seed. Refused where one does not."""
    place = {one: i for i, one in enumerate(respondents)}
    if len(place) < len(respondents) or len(recruiters) != len(respondents):
        raise InputError("measure.rds.respondents")
    unknown = {one for one in recruiters if one is not None and one not in place}
    if unknown:
        raise Refused("measure.rds.recruiters", ["recruiters"], NEXT, count=len(unknown))
    recruiter = np.array([-1 if one is None else place[one] for one in recruiters], dtype=np.int64)
    found = {one for one, by in zip(respondents, recruiters, strict=True) if by is None}
    if not found or (seeds is not None and found != set(seeds)):
        told = 0 if seeds is None else len(set(seeds))
        raise Refused("measure.rds.seeds", ["seeds"], NEXT, found=len(found), told=told)
    return _ordered(recruiter)


def _ordered(recruiter: Ints) -> Recruitment:
    """Wave by wave from the seeds; who is not reached stands in a circle."""
    wave = np.where(recruiter < 0, 0, -1)
    order, at = [np.flatnonzero(recruiter < 0)], 0
    while len(order[-1]):
        at += 1
        reached = np.isin(recruiter, order[-1])
        wave[reached] = at
        order.append(np.flatnonzero(reached))
    if (wave < 0).any():
        raise Refused("measure.rds.circle", ["recruiters"], NEXT, count=int((wave < 0).sum()))
    return Recruitment(recruiter, wave.astype(np.int64), np.concatenate(order).astype(np.int64))


def checked_degree(degree: ArrayLike, kind: str, chains: Recruitment) -> Floats:
    """Degrees that a walk on a mutual graph can have, one a respondent."""
    given = numbers("degree", degree)
    if given.shape != chains.recruiter.shape:
        raise InputError("measure.rds.lengths")
    if kind != "mutual":
        raise Refused("measure.rds.directed", ["degrees"], NEXT, given=kind)
    unusable = ~(np.isfinite(given) & (given > 0))
    if unusable.any():
        raise Refused("measure.rds.no-degree", ["degrees"], NEXT, count=int(unusable.sum()))
    _check_cap(given)
    _check_snowball(given, chains)
    return given


def _check_cap(degree: Floats) -> None:
    """Degrees cut at a most (a page of 100, say) pile up there."""
    most = float(degree.max())
    at_most = int((degree == most).sum())
    if at_most == len(degree) or (at_most >= FEW_AT_MOST and at_most > CAPPED * len(degree)):
        raise Refused(
            "measure.rds.capped", ["degrees"], NEXT, most=int(most), count=at_most, n=len(degree)
        )


def _check_snowball(degree: Floats, chains: Recruitment) -> None:
    """Whoever recruits half of all ties draws a neighbourhood, and does not walk at random."""
    recruits = np.bincount(chains.recruiter[chains.recruiter >= 0], minlength=len(degree))
    ties = degree - (chains.recruiter >= 0)
    asked = (recruits > 0) & (ties > 0)
    taken = float(recruits[asked].sum() / ties[asked].sum()) if asked.any() else 0.0
    if taken > SNOWBALL and recruits.max() > 3:
        raise Refused("measure.rds.snowball", ["random-recruitment"], NEXT, taken=round(taken, 2))


def without_burn_in(chains: Recruitment, waves: int) -> tuple[Recruitment, NDArray[np.bool_]]:
    """The forest without its first ``waves`` waves, and who is kept."""
    if not isinstance(waves, int) or waves < 0:
        raise InputError("measure.rds.burn-in")
    kept = chains.wave >= waves
    if not kept.any():
        raise Refused(
            "measure.rds.short-chains", ["waves"], NEXT, burn_in=waves, waves=int(chains.wave.max())
        )
    number = np.cumsum(kept) - 1
    recruiter = np.where(chains.wave > waves, number[chains.recruiter], -1)[kept]
    order = number[chains.order[kept[chains.order]]]
    return Recruitment(recruiter, chains.wave[kept] - waves, order), kept
