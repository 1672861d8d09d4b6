"""`rds`: the shares of a network's members, from a respondent-driven sample."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.numbers import checked_level
from marsad.measure.refusal import Refused
from marsad.measure.respondent_driven.autocovariance import Spread, spread
from marsad.measure.respondent_driven.estimators import rds1, rds2
from marsad.measure.respondent_driven.recruitment import (
    NEXT,
    Recruitment,
    checked_degree,
    recruitment,
    without_burn_in,
)
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

FEW_INDEPENDENT, LARGE_FRACTION, LEAST, FEW_SEEDS = 30, 0.1, 30, 3
ASSUMED = ("recruits-at-random", "ties-mutual", "degrees-right", "chains-mixed")

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rds:
    """Shares by category (or one mean, ``mean``), as RDS-II; ``rds1`` has the values of RDS-I.

    ``seeds`` and ``waves`` (wave → respondents) describe the whole sample, before the burn-in was
    dropped; ``spreads`` is how each outcome runs along the chains.
    """

    estimates: Mapping[str, Estimate]
    rds1: Mapping[str, float]
    seeds: int
    waves: Mapping[int, int]
    spreads: Mapping[str, Spread]


def rds(
    respondents: Sequence[Hashable],
    recruiters: Sequence[Hashable | None],
    degree: ArrayLike,
    outcome: Sequence[object] | NDArray[Any],
    *,
    seeds: Sequence[Hashable] | None = None,
    degree_kind: str = "mutual",
    burn_in: int = 1,
    population: int | None = None,
    level: float = 0.95,
    name: str = "share",
    frame: str = "reached-network",
) -> Rds:
    """Shares of the members of a network, from referrals along its ties.

    One entry a respondent: its id, its recruiter's id (None for a seed), its degree (how many
    *mutual* ties it has to members of the watched population; not its followers), its outcome: text
    or true and false for categories, numbers for a mean. A random walk that comes by twice counts
    twice: give each visit an id. ``burn_in`` waves are dropped, the seeds by default.
    ``population`` is the size of the network, if known, for a warning.

    Estimand: the share among members of the network that chains can reach. RDS-II is Σ(y/d)/Σ(1/d);
    its interval comes from the covariance along the chains (`autocovariance`), on the logit for
    shares, with Student's t for as many respondents as the sample is worth and for what the chains
    leave unknown of that covariance.

    Raises `Refused` for directed, missing, zero or capped degrees, recruiters that are not in the
    sample, no seeds or others than were told, circles, complete snowballs, fewer than 30
    respondents after the burn-in, and an outcome that is the same for all.
    """
    level = checked_level(level)
    whole = recruitment(respondents, recruiters, seeds)
    degrees = checked_degree(degree, degree_kind, whole)
    if len(outcome) != len(degrees):
        raise InputError("measure.rds.lengths")
    chains, kept = without_burn_in(whole, burn_in)
    d, named, number = degrees[kept], *_categories(outcome)
    _check_enough(int(kept.sum()))
    told: dict[str, Estimate] = {}
    spreads: dict[str, Spread] = {}
    for category, values in named.items():
        if np.ptp(values[kept]) == 0:
            raise Refused("measure.rds.constant", ["outcome"], NEXT, name=name)
        share = rds2(values[kept], d)
        spreads[category] = spread(values[kept], d, share, chains)
        ends = _interval(share, spreads[category], level, number is not None)
        told[category] = Estimate(
            f"{name}-{category}", share, *ends, level, "rds2-autocovariance", frame, len(d),
            ASSUMED, _warnings(spreads[category], whole, len(d), population),
        )  # fmt: skip
    shares = None if number is None else rds1(number[kept], d, chains.recruiter)
    kinds = ["", "mean"] if "mean" in named else [*named]
    first = {} if shares is None else dict(zip(kinds, shares.tolist(), strict=True))
    first.pop("", None)
    waves = {int(w): int(k) for w, k in enumerate(np.bincount(whole.wave))}
    return Rds(told, first, waves[0], waves, spreads)


def _categories(
    outcome: Sequence[object] | NDArray[Any],
) -> tuple[dict[str, Floats], Ints | None]:
    """What is estimated, by name, and everybody's category where there are some.

    An indicator for each category; 0 and 1, true and false, and other numbers have a ``mean``.
    """
    given = np.asarray(outcome)
    if given.dtype.kind in "biuf":
        values = given.astype(float)
        if not np.isfinite(values).all():
            raise Refused("measure.rds.no-outcome", ["outcome"], NEXT)
        is_share = bool(np.isin(values, (0, 1)).all())
        return {"mean": values}, values.astype(np.int64) if is_share else None
    if any(one is None for one in outcome):
        raise Refused("measure.rds.no-outcome", ["outcome"], NEXT)
    names, number = np.unique(given.astype(str), return_inverse=True)
    return {str(one): (number == i).astype(float) for i, one in enumerate(names)}, number


def _check_enough(count: int) -> None:
    if count < LEAST:
        raise Refused("measure.rds.few", ["respondents"], NEXT, count=count, least=LEAST)


def _interval(share: float, around: Spread, level: float, is_share: bool) -> tuple[float, float]:
    from scipy import special

    t = float(special.stdtrit(around.freedom, (1 + level) / 2))
    if not is_share:
        return share - t * around.error, share + t * around.error
    half = t * around.error / (share * (1 - share))
    odds = special.logit(share)
    return float(special.expit(odds - half)), float(special.expit(odds + half))


def _warnings(
    around: Spread, whole: Recruitment, n: int, population: int | None
) -> tuple[str, ...]:
    said = {
        "few-independent": around.independent < FEW_INDEPENDENT,
        "few-seeds": int((whole.wave == 0).sum()) < FEW_SEEDS,
        "large-fraction": population is not None and n > LARGE_FRACTION * population,
    }
    return tuple(one for one, applies in said.items() if applies)
