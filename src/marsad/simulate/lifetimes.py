"""When accounts are suspended or deactivated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.draws import Floats, Ints, Rows
from marsad.simulate.knobs import Knobs
from marsad.simulate.population import State, is_violating
from marsad.simulate.window import NEVER, Window

WAVE_SECONDS = 6 * 3600


@dataclass(frozen=True)
class Wave:
    """A purge: from ``start`` for six hours, ``fraction`` of the living violating accounts."""

    start: int
    fraction: float


def wave_of(window: Window, knobs: Knobs) -> Wave:
    """The one wave of a window."""
    return Wave(window.at(knobs.wave_at), knobs.wave)


def end_lives(
    rows: Rows, since: Ints, window: Window, knobs: Knobs, rng: np.random.Generator
) -> None:
    """Set ``ended`` and ``state``: competing exponential risks from ``since``, and the wave.

    What would come after the window never happens: the truth of a window ends with it.
    """
    violating = is_violating(rows["group"])
    hazard = np.where(violating, knobs.hazard, knobs.other_hazard)
    suspended = since + _waiting(hazard, rng)
    wave = wave_of(window, knobs)
    hit = violating & (since < wave.start) & (rng.random(len(rows)) < wave.fraction)
    in_wave = wave.start + rng.integers(0, WAVE_SECONDS, len(rows))
    suspended = np.where(hit, np.minimum(suspended, in_wave), suspended)
    left = since + _waiting(np.full(len(rows), knobs.deactivation), rng)
    ended = np.minimum(suspended, left)
    within = ended < window.stop
    rows["ended"] = np.where(within, ended, NEVER)
    reason = np.where(suspended <= left, State.SUSPENDED, State.DEACTIVATED)
    rows["state"] = np.where(within, reason, State.ALIVE)


def _waiting(hazard: Floats, rng: np.random.Generator) -> Ints:
    """Seconds until an event of a daily hazard; a century where the hazard is 0."""
    scale = np.divide(1.0, hazard, out=np.full(len(hazard), 36_500.0), where=hazard > 0)
    days = np.minimum(rng.exponential(scale), 36_500.0)
    return np.asarray(days * DAY, dtype=np.int64) + 60
