"""The return rate: what fraction of closed accounts have come back some days later."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.beta_product import Incidence, incidence_by
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

BY = (1, 7, 30)
FEW_ACTORS, FEW_FOLLOWED = 10, 5
NEXT = "marsad import FILE --as observations"
ADD = "marsad bank add NAME ACCOUNT --kind accounts"


def return_rate(
    days_to_return: ArrayLike,
    observed_days: ArrayLike,
    actor: Sequence[Hashable] | None = None,
    by: Sequence[float] = BY,
    *,
    end_uncertain: ArrayLike | None = None,
    complete: bool = False,
    level: float = 0.95,
    name: str = "return-rate",
) -> list[Estimate]:
    """The fraction of closed accounts that have come back by each day of ``by``.

    One entry an account in all arrays: ``days_to_return`` from its closing to its first return
    (≥ 0, NaN or infinite where none was seen), ``observed_days`` from its closing to when the data
    end (≥ 0): who was not watched for d days counts only as long as it was. ``actor`` says whose
    account it is; accounts of one actor stand and fall together. ``end_uncertain`` is by how many
    days a closing may lie earlier than it was taken to be (0 where it is known): the interval then
    holds for either end, and the value is the middle of the two.

    Unless ``complete``, returns that no link found are missing, so the value is a lower bound.
    Each day an `Estimate` ``NAME-day-D``: one minus Kaplan–Meier, with the interval of
    `marsad.measure.beta_product`. Raises `Refused` where fewer than two actors are given or
    nobody was watched for so long, `InputError` for arrays that do not fit one another.
    """
    times = _times(days_to_return, observed_days, actor, end_uncertain)
    _check_days(by)
    return [_rate(times, day, complete, level, name) for day in by]


@dataclass(frozen=True)
class _Times:
    """Days to a return (infinite: none), days watched, actors by number, doubt about the end."""

    back: NDArray[np.float64]
    watched: NDArray[np.float64]
    actor: NDArray[np.int64]
    doubt: NDArray[np.float64]

    def incidence(self, day: float, earlier: bool, level: float) -> Incidence:
        """With every closing as late as it can be, or as early."""
        shift = self.doubt if earlier else 0.0
        back, watched = np.maximum(self.back, 0) + shift, self.watched + shift
        if earlier:  # what came back between the looks came back after an early end
            back = np.maximum(self.back + shift, 0)
        happened = back <= watched
        return incidence_by(day, np.minimum(back, watched), happened, self.actor, level)


def _times(
    days_to_return: ArrayLike,
    observed_days: ArrayLike,
    actor: Sequence[Hashable] | None,
    end_uncertain: ArrayLike | None,
) -> _Times:
    back = np.asarray(days_to_return, dtype=float)
    back = np.where(np.isnan(back), np.inf, back)
    watched = np.asarray(observed_days, dtype=float)
    n = len(back)
    doubt = np.zeros(n) if end_uncertain is None else np.asarray(end_uncertain, dtype=float)
    numbers: dict[Hashable, int] = {}
    owners = [
        numbers.setdefault(one, len(numbers)) for one in (range(n) if actor is None else actor)
    ]
    if {watched.shape, doubt.shape, (len(owners),)} != {(n,)}:
        raise InputError("measure.returns.lengths")
    if (watched < 0).any() or (doubt < 0).any() or not np.isfinite(watched + doubt).all():
        raise InputError("measure.returns.days")
    if end_uncertain is None and (back < 0).any():
        raise InputError("measure.returns.days")
    if len(numbers) < 2:
        raise Refused("measure.returns.one-actor", ["actors"], ADD, actors=len(numbers))
    return _Times(back, watched, np.array(owners, dtype=np.int64), doubt)


def _check_days(by: Sequence[float]) -> None:
    for day in by:
        if not 0 < day < float("inf"):
            raise InputError("measure.returns.day", given=day)


def _rate(times: _Times, day: float, complete: bool, level: float, name: str) -> Estimate:
    late, early = (times.incidence(day, earlier, level) for earlier in (False, True))
    if late.at_risk == 0 and late.value < 1:
        longest = float(times.watched.max())
        raise Refused(
            "measure.returns.not-watched", ["observations"], NEXT, day=day, longest=int(longest)
        )
    clustered = len(np.unique(times.actor)) < len(times.actor)
    return Estimate(
        f"{name}-day-{day:g}",
        (late.value + early.value) / 2,
        min(late.low, early.low),
        max(late.high, early.high),
        level,
        "beta-product-clustered" if clustered else "beta-product",
        "closed-accounts",
        len(times.back),
        assumptions=(
            *(() if complete else ("links-right",)), "censoring-uninformative",
            "independent-actors",
        ),
        warnings=tuple(_warnings(times, late, early, complete)),
        bound=None if complete else "lower",
    )  # fmt: skip


def _warnings(times: _Times, late: Incidence, early: Incidence, complete: bool) -> list[str]:
    actors = len(np.unique(times.actor))
    said = {
        "returns-missed": not complete,
        "few-actors": actors < FEW_ACTORS,
        "one-actor-weighs": late.clusters < actors / 3,
        "few-followed": 0 < late.at_risk < FEW_FOLLOWED,
        "ends-uncertain": (late.value, late.low, late.high) != (early.value, early.low, early.high),
    }
    return [name for name, applies in said.items() if applies]
