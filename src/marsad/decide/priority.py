"""How soon a case should be looked at: one number, so that a queue is one index.

A case's rank is the time by which somebody should have looked: when it was opened plus what its
priority allows, or the end of its clock if that is sooner (earliest deadline first). A case that
waits moves forward by itself, none waits for ever, and no rank has to be written again as time
passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from marsad.records.times import DAY, HOUR

IMMINENT, URGENT, HIGH, NORMAL, LOW = range(5)
"""``IMMINENT`` is a threat to somebody's life; a person says so, no signal does."""

WITHIN: Mapping[int, int] = {
    IMMINENT: -36_525 * DAY,  # a century ahead of everything else, the oldest first
    URGENT: HOUR,
    HIGH: 4 * HOUR,
    NORMAL: DAY,
    LOW: 7 * DAY,
}
"""By when a case of a priority should be looked at, µs after it was opened."""

SEVERITY: Mapping[str, int] = {
    "media": HIGH, "copies": HIGH, "phrases": NORMAL, "links": NORMAL, "text": NORMAL,
    "notice": NORMAL, "coordination": LOW, "returns": LOW, "bursts": LOW, "automation": LOW,
}  # fmt: skip
"""The priority that a finding of a signal gives a case by itself; of any other signal `NORMAL`."""

CLOCKS: Mapping[str, int] = {
    "threat": 0,  # DSA 18, TCO 14(5): at once
    "order": HOUR,  # TCO 3(3)
    "hidden": DAY,  # what was hidden without a person is shown again
    "complaint": 14 * DAY,  # TCO 10
}
"""Clocks that may run for a case, and how long each runs, µs."""


def of_signals(signals: Iterable[str]) -> int:
    """The priority of a case with findings of these signals: that of the most severe one."""
    return min((SEVERITY.get(signal, NORMAL) for signal in signals), default=NORMAL)


def rank(opened_at: int, priority: int, due_at: int | None) -> int:
    """The time by which a case should be looked at, µs UTC; the queue is in this order."""
    by = opened_at + WITHIN[priority]
    return by if due_at is None else min(by, due_at)
