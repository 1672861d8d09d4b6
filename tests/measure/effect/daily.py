"""Series with known effects, for tests."""

from __future__ import annotations

import numpy as np

from marsad.measure.effect import Event, Series
from tests.proofs.daily import FIRST, carried, counts

__all__ = ["DAYS", "EVENT", "FIRST", "carried", "counts", "made"]

DAYS = 240
EVENT = Event(FIRST + 170, "takedown")


def made(seed: int, ratio: float = 1.0, name: str = "posts", sigma: float = 0.1) -> Series:
    """Counts around 200 a day, times ``ratio`` from the event on."""
    rng = np.random.default_rng(seed)
    effect = np.where(np.arange(DAYS) >= 170, np.log(ratio), 0.0)
    return counts(rng, name, 200.0, effect + carried(rng, DAYS, 0.4, sigma))
