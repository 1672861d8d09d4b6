"""Which violating accounts post nothing until a hashtag surges, and begin inside it."""

from __future__ import annotations

import numpy as np

from marsad.simulate.activity import DAY
from marsad.simulate.bursts import DEBUT
from marsad.simulate.draws import Rows
from marsad.simulate.knobs import Knobs
from marsad.simulate.population import Origin, is_violating
from marsad.simulate.window import NEVER, Window

_PATIENCE = 7 * DAY
_EARLIER = 12 * 3600
"""An account that is to surface is created at most so many seconds before the burst."""
_HOURS = 2 * 3600.0


def surface(
    accounts: Rows, bursts: Rows, window: Window, knobs: Knobs, rng: np.random.Generator
) -> None:
    """Set ``burst``, ``debut`` and, where it has to wait, ``created`` of those who surface, in
    place: a fraction of the violating accounts that are new in the window. ``debut`` is when its
    first posts, which are in the burst, are out."""
    fresh = is_violating(accounts["group"]) & (accounts["created"] >= window.start)
    fresh &= np.isin(accounts["origin"], (Origin.ORIGINAL, Origin.RETURN))
    fresh &= accounts["taken"] == NEVER
    fresh[accounts["parent"][accounts["origin"] == Origin.BACKUP]] = False
    fresh &= rng.random(len(accounts)) < knobs.surfacing
    for row in np.flatnonzero(fresh).tolist():
        account = accounts[row]
        after = bursts["start"] - int(account["created"])
        open_ = (after >= 0) & (after < _PATIENCE) & (bursts["language"] == account["language"])
        delay = DEBUT + int(min(rng.exponential(_HOURS), 3 * _HOURS))
        early = int(rng.integers(600, _EARLIER))
        if not open_.any():
            continue
        burst = bursts[int(np.flatnonzero(open_)[0])]
        debut = int(burst["start"]) + delay
        if debut >= min(int(account["ended"]), window.stop):
            continue
        accounts["burst"][row], accounts["debut"][row] = burst["number"], debut
        accounts["created"][row] = max(int(account["created"]), int(burst["start"]) - early)
