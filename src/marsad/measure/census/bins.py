"""The groups that accounts of a census fall in, each by the id of its group; "" for unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from marsad.records.times import to_datetime

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

UNKNOWN, OTHER = "unknown", "other"
ACTIVITY = ((1.0, "below-1"), (5.0, "1-to-5"), (50.0, "5-to-50"), (np.inf, "above-50"))
"""Posts a day, as the published census has them: each bin with what it ends before."""

FOLLOWERS = (
    (100.0, "below-100"), (500.0, "100-to-499"), (1_000.0, "500-to-999"),
    (5_000.0, "1000-to-4999"), (50_000.0, "5000-to-49999"), (np.inf, "from-50000"),
)  # fmt: skip
MOST_MONTHS, MOST_YEARS = 13, 10
MOST_NAMED = 8
"""Languages and clients that stand for themselves; the others are one group."""

Ladder = Sequence[tuple[float, str]]


def binned(values: Floats, ladder: Ladder) -> list[str]:
    """The bin of each value; "" where it is NaN."""
    place = np.searchsorted([limit for limit, _ in ladder], values, side="right")
    return ["" if np.isnan(x) else ladder[n][1] for x, n in zip(values, place, strict=True)]


def periods(times: Ints, shown: NDArray[np.bool_]) -> tuple[list[str], list[str]]:
    """The month each of ``times`` (µs UTC, below 0: unknown) lies in, or the year where those that
    are ``shown`` span more than a year; and the periods in their order.

    Of years the last `MOST_YEARS` stand for themselves; those before are one, ``until-YEAR``.
    """
    dates = [to_datetime(int(at)) if at >= 0 else None for at in times]
    told = [date for date, show in zip(dates, shown, strict=True) if show and date]
    if not told:
        return [""] * len(dates), []
    first, last = min(told), max(told)
    if 12 * (last.year - first.year) + last.month - first.month < MOST_MONTHS:
        named = [f"{date:%Y-%m}" if date else "" for date in dates]
    else:
        oldest = last.year - MOST_YEARS + 1
        named = [_year(date.year, oldest) if date else "" for date in dates]
    present = {name for name, show in zip(named, shown, strict=True) if show and name}
    return named, sorted(present, key=lambda name: ("until" not in name, name))


def _year(year: int, oldest: int) -> str:
    return f"until-{oldest - 1}" if year < oldest else str(year)


def most_named(
    names: Sequence[str | None], weight: Mapping[str, float], most: int = MOST_NAMED
) -> tuple[list[str], list[str]]:
    """Names of which the heaviest stand for themselves and all others are `OTHER`; and these in
    their order, the heaviest first."""
    heaviest = sorted(weight, key=lambda name: (-weight[name], name))
    kept = heaviest if len(heaviest) <= most else heaviest[: most - 1]
    named = [name if name in kept else OTHER if name else "" for name in names]
    return named, [*kept, *([OTHER] if len(kept) < len(heaviest) else [])]


def weights(names: Sequence[str | None], weight: Floats) -> dict[str, float]:
    """What the units of each name weigh together."""
    summed: Counter[str] = Counter()
    for name, one in zip(names, weight.tolist(), strict=True):
        if name and one:
            summed[name] += one
    return dict(summed)
