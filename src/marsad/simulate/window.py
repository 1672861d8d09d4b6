"""The days that are simulated, and times as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.simulate.activity import DAY
from marsad.simulate.draws import Ints

NEVER = 2**62
"""A time after every window: seconds since 1970 of what does not happen."""


@dataclass(frozen=True)
class Window:
    """From ``start`` up to but not including ``stop``, in seconds since 1970 UTC."""

    start: int
    stop: int

    @classmethod
    def of(cls, first: date, days: int) -> Window:
        """The window of ``days`` whole days from the first."""
        start = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
        return cls(start, start + days * DAY)

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.stop - self.start) // DAY

    def at(self, fraction: float) -> int:
        """The second at which that fraction of the window has passed."""
        return self.start + int(fraction * (self.stop - self.start))


def iso(seconds: Ints) -> pa.Array:
    """Times as ISO 8601 in UTC with seconds, ``2024-03-01T08:15:00Z``; NEVER becomes null.

    Taken from two tables, of days and of seconds of a day: formatting each time alone is ten times
    slower.
    """
    known = seconds < NEVER
    days, rest = np.divmod(np.where(known, seconds, 0), DAY)
    unique, which = np.unique(days, return_inverse=True)
    dates = pa.array(np.datetime_as_string(unique.astype("datetime64[D]")))
    joined = pc.binary_join_element_wise(
        dates.take(pa.array(which)), _times_of_day().take(pa.array(rest)), ""
    )
    return pc.if_else(pa.array(known), joined, pa.scalar(None, pa.string()))


@cache
def _times_of_day() -> pa.Array:
    """``T00:00:00Z`` and every later second of a day."""
    seconds = np.arange(DAY).astype("datetime64[s]")
    return pa.array([f"T{text[11:]}Z" for text in np.datetime_as_string(seconds).tolist()])


def iso_text(seconds: int) -> str | None:
    """One time as `iso` writes it."""
    if seconds >= NEVER:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
