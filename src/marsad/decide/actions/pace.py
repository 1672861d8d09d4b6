"""When to try again, and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marsad.records.times import DAY, HOUR, MINUTE, SECOND


@dataclass(frozen=True)
class Pace:
    """How patient it is; times in µs.

    A request is tried ``tries`` times, with ``first`` after the first failure, twice that after the
    next, and so on to ``longest``; a random half of each is left out, lest all come back at once.
    ``looks`` are the intervals between the request and each look at its subject. ``held`` is how
    long one process has an action to itself: longer than any platform takes to answer.
    """

    tries: int = 12
    first: int = 30 * SECOND
    longest: int = 6 * HOUR
    looks: Sequence[int] = (
        10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY,
    )  # fmt: skip
    held: int = 5 * MINUTE

    def wait(self, attempts: int, asked: int | None, draw: float) -> int:
        """How long to wait after so many tries, µs; ``asked`` is what the platform asked for,
        ``draw`` a random number in [0, 1)."""
        grown = min(self.longest, self.first << min(attempts - 1, 40))
        jittered = grown // 2 + int(draw * grown / 2)
        return max(jittered, min(asked or 0, DAY))

    def until_look(self, looks: int) -> int | None:
        """How long until the look after so many; None where that was the last."""
        return self.looks[looks] if looks < len(self.looks) else None
