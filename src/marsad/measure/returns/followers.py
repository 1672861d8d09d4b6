"""Followers regained: what fraction of a closed account's audience its successor has got back."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from statistics import median

import numpy as np

from marsad.measure.order_statistics import fewest, median_interval
from marsad.measure.refusal import Refused
from marsad.records.estimate import Estimate

NEXT = "marsad import FILE --as observations"


def followers_regained(
    fractions: Sequence[float],
    actor: Sequence[Hashable] | None = None,
    *,
    day: float,
    suspension: int | None = None,
    level: float = 0.95,
) -> Estimate:
    """The median over lineages of the fraction of followers regained ``day`` days after a closing.

    ``fractions`` (≥ 0; above 1 where the successor has more) has one entry for each closed account
    that came back and whose successors could be looked at; ``actor`` says whose it is: of an
    actor's several the median counts, once, so that lineages are independent. ``suspension`` k
    names the estimate as that of the k-th closing. NaN, for accounts without a look, are left out.
    Raises `Refused` with fewer lineages than an interval at ``level`` needs (6 at 95 %).
    """
    owners = list(range(len(fractions))) if actor is None else list(actor)
    by_actor: dict[Hashable, list[float]] = {}
    for owner, fraction in zip(owners, fractions, strict=True):
        if np.isfinite(fraction):
            by_actor.setdefault(owner, []).append(float(fraction))
    values = [median(of_one) for of_one in by_actor.values()]
    least = fewest(level)
    if len(values) < least:
        raise Refused(
            "measure.returns.few-followers", ["followers"], NEXT, count=len(values), least=least,
            day=day,
        )  # fmt: skip
    value, low, high = median_interval(values, level)
    part = "" if suspension is None else f"-suspension-{suspension}"
    return Estimate(
        f"followers-regained-day-{day:g}{part}", value, low, high, level, "order-statistics",
        "found-lineages", len(values), ("links-right", "independent-actors", "looks-uninformative"),
        ("only-those-found",),
    )  # fmt: skip
