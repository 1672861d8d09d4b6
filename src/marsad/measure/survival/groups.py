"""Do groups, or periods, differ in how long accounts live?"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from marsad.measure.refusal import Refused
from marsad.measure.survival.answers import BY, Answers, day_name
from marsad.measure.survival.data import LOOKS, checked, grouped
from marsad.measure.survival.lives import Survival, lifetimes
from marsad.measure.survival.pieces import AT_RISK, start_of
from marsad.measure.survival.proportional import Proportional, proportional
from marsad.records.estimate import Estimate


@dataclass(frozen=True)
class Comparison(Answers):
    """Each group's `Survival`, the hazard ratios against the first group (``ratios``, with a test
    of all groups at once), and differences ``survival-difference-GROUP-FIRST-day-D``."""

    groups: dict[str, Survival]
    ratios: Proportional


def compare(
    left: ArrayLike,
    right: ArrayLike,
    group: Sequence[Hashable],
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    *,
    days: Sequence[float] = BY,
    level: float = 0.95,
) -> Comparison:
    """How long accounts of each group live, and whether the groups differ.

    ``group`` names each account's group (a period of first watching say); others as in
    `lifetimes`. All groups are told from one day on, the latest of their starts. A difference
    says that groups differ, not why. Refuses where there is one group alone.
    """
    data = checked(left, right, entry, weights)
    members = grouped(group, len(data))
    if len(members) < 2:
        raise Refused("measure.survival.one-group", ["groups"], LOOKS)
    start = max(start_of(data.where(chosen), AT_RISK) for chosen in members.values())
    told = {}
    for name, chosen in members.items():
        of = data.where(chosen)
        try:
            whole = lifetimes(
                of.left, of.right, of.entry, of.weights, days=days, start=start, level=level,
                name=f"survival-{name}",
            )  # fmt: skip
        except Refused as refused:
            raise of_group(refused, name) from refused
        not_told = {what: of_group(why, name) for what, why in whole.not_told.items()}
        told[name] = replace(whole, not_told=not_told)
    first, *others = members
    x = np.column_stack([members[name] for name in others]).astype(float)
    ratios = proportional(data.left, data.right, x, others, data.entry, data.weights, level=level)
    return Comparison(*_differences(told, first, others, days), told, ratios)


def _differences(
    told: dict[str, Survival], first: str, others: Sequence[str], days: Sequence[float]
) -> tuple[tuple[Estimate, ...], dict[str, Refused]]:
    differences = []
    not_told = {what: why for one in told.values() for what, why in one.not_told.items()}
    for other in others:
        for day in days:
            name = day_name(f"survival-difference-{other}-{first}", day)
            try:
                one, base = (
                    told[group][day_name(f"survival-{group}", day)] for group in (other, first)
                )
            except Refused as refused:
                not_told[name] = refused
                continue
            if one.bound is None and base.bound is None:
                differences.append(difference_of(one, base, name))
    return tuple(differences), not_told


def of_group(refused: Refused, group: str) -> Refused:
    """A refusal that says of which group it is."""
    why = {"message": refused.message.id, "values": dict(refused.message.values)}
    return Refused("measure.survival.of-group", refused.missing, refused.next, group=group, why=why)


def difference_of(one: Estimate, other: Estimate, name: str) -> Estimate:
    """``one`` less ``other``, of accounts that are not the same.

    The interval is the method of variance estimates recovery (Zou and Donner 2008, Stat. Med.
    27:1693): d − √((v₁ − l₁)² + (u₂ − v₂)²) below, its mirror image above.
    """
    value = one.value - other.value
    below = math.hypot(one.value - one.low, other.high - other.value)
    above = math.hypot(one.high - one.value, other.value - other.low)
    return replace(
        one, name=name, value=value, low=value - below, high=value + above,
        n=one.n + other.n, warnings=tuple(dict.fromkeys((*one.warnings, *other.warnings))),
    )  # fmt: skip


def ratio_of(one: Estimate, other: Estimate, name: str) -> Estimate:
    """``one`` over ``other``, the same on logarithms: of two periods' hazards, say.

    Hazards of periods that do not overlap are all but independent. Refuses where one is 0 or has
    0 as its low end.
    """
    if min(one.low, other.low) <= 0:
        raise Refused("measure.survival.no-ratio", ["ends"], LOOKS, name=name)
    logs = [
        replace(x, value=math.log(x.value), low=math.log(x.low), high=math.log(x.high))
        for x in (one, other)
    ]
    found = difference_of(logs[0], logs[1], name)
    value, low, high = (math.exp(x) for x in (found.value, found.low, found.high))
    return replace(found, value=value, low=low, high=high, n=max(one.n, other.n))
