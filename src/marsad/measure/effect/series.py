"""A daily series: what was counted or averaged on which day, in which frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marsad.measure.effect.naming import spoken
from marsad.measure.effect.noise import Floats
from marsad.measure.refusal import Refused
from marsad.records.errors import InputError

Days = NDArray[np.int64]
Kind = Literal["count", "mean"]
Frame = Literal["closed-panel", "replenished"]
LEAST_DAYS = 14
NEXT = "marsad import FILE --as series"


@dataclass(frozen=True, eq=False)
class Series:
    """One outcome, day by day.

    ``days`` (T,) are epoch days, ascending, none twice; a day that is missing is *not* a zero.
    ``values`` (T,) are counts (≥ 0) or means. ``frame`` says who is counted: a ``closed-panel`` of
    accounts fixed beforehand, which can only shrink, or a ``replenished`` one that new accounts
    enter. ``n`` is the number of units behind it, where known. ``assumed`` and ``warned`` are what
    every estimate of it supposes and warns of besides its method's own, because of how its units
    were chosen. Raises `InputError` for values that cannot be such a series.
    """

    name: str
    days: Days
    values: Floats
    kind: Kind = "count"
    frame: Frame = "replenished"
    n: int | None = None
    assumed: tuple[str, ...] = ()
    warned: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.days.ndim != 1 or self.days.shape != self.values.shape:
            raise InputError("measure.effect.series.lengths", name=self.name)
        if len(self.days) < LEAST_DAYS:
            raise InputError(
                "measure.effect.series.short",
                name=self.name, count=len(self.days), least=LEAST_DAYS,
            )  # fmt: skip
        self._check_days()
        self._check_values()

    def _check_days(self) -> None:
        steps = np.diff(self.days)
        if (steps < 0).any():
            raise InputError("measure.effect.series.order", name=self.name)
        if (steps == 0).any():
            day = day_text(int(self.days[1:][steps == 0][0]))
            raise InputError("measure.effect.series.twice", name=self.name, day=day)

    def _check_values(self) -> None:
        bad = ~np.isfinite(self.values)
        if bad.any():
            day = day_text(int(self.days[bad][0]))
            raise InputError("measure.effect.series.not-a-number", name=self.name, day=day)
        if self.kind == "count" and (self.values < 0).any():
            day = day_text(int(self.days[self.values < 0][0]))
            raise InputError("measure.effect.series.negative", name=self.name, day=day)

    @classmethod
    def of(
        cls,
        name: str,
        days: Sequence[date | str | int] | Days | NDArray[np.datetime64],
        values: ArrayLike,
        kind: Kind = "count",
        frame: Frame = "replenished",
        n: int | None = None,
    ) -> Series:
        """From dates, texts like 2021-01-06, or epoch days, in any order."""
        numbers = np.array([epoch_day(one) for one in days], dtype=np.int64)
        order = np.argsort(numbers, kind="stable")
        read = np.asarray(values, dtype=float)
        if read.shape != numbers.shape:
            raise InputError("measure.effect.series.lengths", name=name)
        return cls(name, numbers[order], read[order], kind, frame, n)

    @property
    def missing_days(self) -> int:
        """Days between the first and the last that are not there."""
        return int(self.days[-1] - self.days[0] + 1 - len(self.days))

    def between(self, start: int, stop: int) -> Series:
        """The days from ``start`` to the one before ``stop``."""
        return self.where((self.days >= start) & (self.days < stop))

    def where(self, keep: NDArray[np.bool_]) -> Series:
        """The days of which ``keep`` (T,) is true. Raises `Refused` where these are too few."""
        enough_days(self.name, int(keep.sum()))
        return replace(self, days=self.days[keep], values=self.values[keep])


def enough_days(name: str, count: int, least: int = LEAST_DAYS, date: str = "") -> None:
    """Refuses fewer days than any series has, or fewer than ``least``; ``date`` names the event
    around which they are."""
    if count < least:
        message = "measure.effect.few-days-around" if date else "measure.effect.few-days-of"
        raise Refused(
            message, ["days"], NEXT, name=spoken(name), count=count, least=least, date=date
        )


def epoch_day(given: date | str | int | np.integer | np.datetime64) -> int:
    """Days since 1970-01-01 of a date, a text like 2021-01-06, or such a number itself."""
    if isinstance(given, (int, np.integer)):
        return int(given)
    try:
        day = given.astype("datetime64[D]").item() if isinstance(given, np.datetime64) else given
        day = date.fromisoformat(day) if isinstance(day, str) else day
        return int(day.toordinal()) - date(1970, 1, 1).toordinal()
    except (ValueError, AttributeError) as error:
        raise InputError("measure.effect.date", given=str(given)) from error


def day_text(day: int) -> str:
    """An epoch day as 2021-01-06."""
    return date.fromordinal(day + date(1970, 1, 1).toordinal()).isoformat()


def on_common_days(all_series: Sequence[Series]) -> tuple[Days, Floats]:
    """The days that every series has (T,), and the values on them (T, number of series)."""
    days = all_series[0].days
    for series in all_series[1:]:
        days = np.intersect1d(days, series.days, assume_unique=True)
    return days, np.column_stack([one.values[np.isin(one.days, days)] for one in all_series])
