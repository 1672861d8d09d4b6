"""Accounts are not people: how many actors stand behind a number of accounts.

Links from closed accounts to those their actors came back with join accounts to lineages, one an
actor. Of N accounts N·(actors per account) are actors. Where lineages are the sample, actors per
account is one over their mean length, with the interval of a mean of counts; where accounts are, an
actor with s accounts is met s times as often, and each account stands for 1/s of an actor (Lavallée
2007, Indirect Sampling, the weight share method).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.mean_count import mean_count_interval
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

LEAST, FEW = 6, 10
NEXT = "marsad find returns"
Ends = tuple[float, float, float]


@dataclass(frozen=True)
class AccountsPerActor:
    """The number of accounts as given, the actors behind them, and how many accounts each has."""

    accounts: Estimate
    actors: Estimate
    per_actor: Estimate


def accounts_per_actor(
    accounts: Estimate,
    lineage_sizes: ArrayLike | None,
    *,
    drawn: Literal["lineages", "accounts"] = "lineages",
    complete: bool = False,
    level: float = 0.95,
) -> AccountsPerActor:
    """Divide a number of accounts by how many accounts an actor has; both are kept.

    ``lineage_sizes``: how many of the accounts that are being counted an actor has (≥ 1), one entry
    a lineage, or one entry an account, that of its lineage, if accounts were ``drawn``. Who was
    looked for and found to have one account counts with 1: leaving these out would divide by the
    lineages of those who came back alone. The two intervals are independent and combined on the
    logarithm (Donner and Zou 2012, Statistical Methods in Medical Research 21:347).

    Unless ``complete``, links that were missed leave one actor counted as two: the number of actors
    is an upper bound, accounts per actor a lower one. Raises `Refused` where no lineage was looked
    for (None or none) and with fewer than six.
    """
    sizes = _sizes(lineage_sizes)
    mean = _per_actor(sizes, drawn, level)
    names = ("links-right", "independent-actors", "lineages-like-the-rest")
    assumptions = names if not complete else (*names, "links-complete")
    warnings = ("few-lineages",) if len(sizes) < FEW else ()
    per_actor = Estimate(
        "accounts-per-actor", *_order(mean), level,
        "gamma-mean-count" if drawn == "lineages" else "weight-share", "looked-for-lineages",
        len(sizes), assumptions, warnings, None if complete else "lower",
    )  # fmt: skip
    value, low, high = _divided(accounts, mean)
    actors = replace(
        accounts, name="actors", value=value, low=low, high=high, method="accounts-over-lineage",
        assumptions=(*accounts.assumptions, *assumptions),
        warnings=(*accounts.warnings, *warnings), bound=_bound(accounts, complete),
    )  # fmt: skip
    return AccountsPerActor(accounts, actors, per_actor)


def _bound(accounts: Estimate, complete: bool) -> Literal["lower", "upper"] | None:
    """Upper if links were missed; a lower bound of accounts stays one only if none were."""
    if complete:
        return accounts.bound
    if accounts.bound == "lower":
        raise Refused("measure.actors.no-bound", ["links"], NEXT)
    return "upper"


def _sizes(given: ArrayLike | None) -> NDArray[np.float64]:
    sizes = np.asarray([] if given is None else given, dtype=float)
    if len(sizes) < LEAST:
        kind = "few" if len(sizes) else "none"
        raise Refused(f"measure.actors.{kind}", ["lineages"], NEXT, count=len(sizes), least=LEAST)
    if not (np.isfinite(sizes) & (sizes >= 1)).all():
        raise InputError("measure.actors.sizes")
    return sizes


def _per_actor(sizes: NDArray[np.float64], drawn: str, level: float) -> Ends:
    """Accounts per actor: value, low and high, none below 1."""
    from scipy import special

    if drawn == "lineages":
        # Every actor has one; what varies is how many more, and that may be none for all.
        mean, low, high = mean_count_interval(sizes - 1, level)
        return 1 + mean, 1 + low, 1 + high
    each, n = 1 / sizes, len(sizes)
    mean = float(each.mean())
    t = float(special.stdtrit(n - 1, (1 + level) / 2))
    # One account more that is alone, and one of the largest lineage: no spread seen is not none.
    seen = np.r_[each, 1.0, each.min()]
    half = t * float(seen.std(ddof=1)) / math.sqrt(n)
    return 1 / mean, max(1 / (mean + half), 1.0), 1 / max(mean - half, each.min() / 2)


def _order(ends: Sequence[float]) -> Ends:
    value, low, high = ends
    return value, min(low, value), max(high, value)


def _divided(accounts: Estimate, mean: Ends) -> Ends:
    value, low, high = _order(mean)
    middle = accounts.value / value
    if accounts.value <= 0:
        return 0.0, 0.0, accounts.high / low
    below = math.inf if accounts.low <= 0 else math.log(accounts.value / accounts.low)
    down = math.hypot(below, math.log(high / value))
    up = math.hypot(math.log(accounts.high / accounts.value), math.log(value / low))
    return middle, middle * math.exp(-down), middle * math.exp(up)
