"""A published figure as data, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from marsad.records.errors import InputError
from marsad.records.estimate import Estimate

Window = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True)
class Claim:
    """A figure that somebody published.

    ``low`` ≤ ``high`` is what was claimed (the same for a single number), in ``unit``: ``count``,
    ``ratio`` (a change by a factor: −45 % is .55) or ``fraction``. ``outcome`` and ``population``
    are short ids, so that an estimate of another thing is not taken for it; ``window`` is None
    where the source does not say when. ``tolerance`` is how far from the claim, as a part of it, an
    interval may reach and still reproduce it. ``source`` and ``place`` say where it was published,
    ``published`` when (as given); ``test_en`` and ``test_ar`` what would test it; ``command``
    measures that. ``frame`` is the frame that an estimate needs, where one does.
    """

    id: str
    version: int
    low: float
    high: float
    unit: str
    outcome: str
    population: str
    window: Window | None
    source: str
    place: str
    published: str
    test_en: str
    test_ar: str
    command: str
    frame: str | None = None
    tolerance: float = 0.5

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise InputError("measure.claim.range", id=self.id, low=self.low, high=self.high)
        if not 0 < self.tolerance <= 1:
            raise InputError("measure.claim.tolerance", id=self.id, given=self.tolerance)

    def allowed(self) -> tuple[float, float]:
        """How far an interval may reach and still reproduce the claim."""
        return self.low - self.tolerance * abs(self.low), self.high + self.tolerance * abs(
            self.high
        )


@dataclass(frozen=True)
class Evidence:
    """An estimate and what it is of, in the claim's terms: ``outcome``, ``population``, ``window``
    and ``unit``."""

    estimate: Estimate
    outcome: str
    population: str
    window: Window
    unit: str
