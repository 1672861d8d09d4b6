"""What an estimate of lifetimes is called, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.measure.numbers import is_number, shown
from marsad.measure.refusal import Refused
from marsad.measure.survival.data import LOOKS, Floats, Lifetimes
from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

ASSUMED = ("looks-scheduled", "entry-uninformative", "independent-accounts", "ends-final")
FRAME = "watched-accounts"
FEW_ENDS = 20
BY = (1.0, 7.0, 30.0)


@dataclass(frozen=True)
class Curve:
    """The fraction alive by day, with an interval at each day by itself (not for all at once).

    ``survival`` holds at ``days``; ``low`` ≤ ``survival`` ≤ ``high``, all in 0 … 1. Everything is
    said of accounts that were alive on day ``start``.
    """

    days: Floats
    survival: Floats
    low: Floats
    high: Floats
    start: float = 0.0

    def at(self, day: float) -> float:
        """The curve as a step: survival on the last of ``days`` that is not after ``day``."""
        place = int(np.searchsorted(self.days, day, side="right")) - 1
        return 1.0 if place < 0 else float(self.survival[place])


@dataclass(frozen=True)
class Answers:
    """Estimates, and what could not be told: refusals by the name of what was asked."""

    estimates: tuple[Estimate, ...]
    not_told: dict[str, Refused]

    def __getitem__(self, name: str) -> Estimate:
        """The estimate of that name; raises its refusal where it could not be told."""
        for estimate in self.estimates:
            if estimate.name == name:
                return estimate
        if name in self.not_told:
            raise self.not_told[name]
        raise KeyError(name)


def day_name(name: str, day: float) -> str:
    return f"{name}-day-{day:g}"


def warnings_about(data: Lifetimes, start: float) -> tuple[str, ...]:
    """What holds for every number from these lifetimes."""
    ends = data.ended & (data.right > start)
    said = {
        "few-ends": 0 < float(data.weights[ends].sum()) < FEW_ENDS,
        "starts-late": start > 0,
        "all-gone": bool(data.ended.all()),
    }
    return tuple(name for name, applies in said.items() if applies)


def finer_than_looks(data: Lifetimes, start: float, day: float) -> tuple[str, ...]:
    """A warning for a day so early that most ends have looks further apart than that."""
    ends = data.ended & (data.right > start)
    if not ends.any():
        return ()
    gap = float(np.median((data.right - data.left)[ends]))
    return ("finer-than-looks",) if day - start < gap else ()


def check_days(days: tuple[float, ...]) -> None:
    """Raises `InputError` for a day that is not above 0 and finite."""
    for day in days:
        if not is_number(day) or not 0 < day < float("inf"):
            raise InputError("measure.survival.day", given=shown(day))


def not_watched(day: float, longest: float) -> Refused:
    return Refused(
        "measure.survival.not-watched", ["observations"], LOOKS, day=day, longest=longest
    )


def before_start(day: float, start: float) -> Refused:
    return Refused("measure.survival.before-start", ["observations"], LOOKS, day=day, start=start)
