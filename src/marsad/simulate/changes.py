"""Accounts that look as if somebody else had them now: silent for long, renamed."""

from __future__ import annotations

import numpy as np

from marsad.simulate.draws import Rows, new_seeds
from marsad.simulate.knobs import Knobs
from marsad.simulate.population import Group, Origin
from marsad.simulate.window import NEVER, Window

_PEOPLE = (Group.ORDINARY, Group.SUPPORTER, Group.CORE)
_EARLIEST, _LATEST = 0.1, 0.4
"""When pauses begin, as fractions of the window."""


def change(rows: Rows, window: Window, knobs: Knobs, rng: np.random.Generator) -> None:
    """Set ``paused`` and ``woke``, ``renamed`` and ``was`` of some accounts, in place.

    Their actors stay who they are. Who pauses and takes another name does so when it wakes.
    """
    people = np.isin(rows["group"], _PEOPLE) & (rows["origin"] == Origin.ORIGINAL)
    people &= rows["created"] < window.start
    pauses = people & (rng.random(len(rows)) < knobs.pauses)
    length = window.stop - window.start
    begin = window.start + (rng.uniform(_EARLIEST, _LATEST, len(rows)) * length).astype(np.int64)
    lasts = (rng.uniform(0.25, 0.5, len(rows)) * length).astype(np.int64)
    rows["paused"] = np.where(pauses, begin, NEVER)
    rows["woke"] = np.where(pauses, begin + lasts, NEVER)
    often = np.where(pauses, knobs.changed, knobs.renamed)
    renamed = people & (rng.random(len(rows)) < often)
    when = rng.integers(window.start, window.stop, len(rows))
    when = np.where(pauses, rows["woke"], when)
    rows["was"] = np.where(renamed, new_seeds(rng, len(rows)), rows["was"])
    rows["renamed"] = np.where(renamed, when, rows["renamed"])
