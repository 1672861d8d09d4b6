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
    The first ``hurried`` of them come at most a minute apart, whatever a platform asks for, and
    those after them begin with ``first`` again. ``looks`` are the intervals between the request and
    each look at its subject. ``held`` is how long one process has an action to itself: longer than
    any platform takes to answer.
    """

    tries: int = 12
    first: int = 30 * SECOND
    longest: int = 6 * HOUR
    looks: Sequence[int] = (
        10 * SECOND, MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, DAY,
    )  # fmt: skip
    held: int = 5 * MINUTE
    hurried: int = 0

    def wait(self, attempts: int, asked: int | None, draw: float) -> int:
        """How long to wait after so many tries, µs; ``asked`` is what the platform asked for,
        ``draw`` a random number in [0, 1)."""
        hurried = attempts <= self.hurried
        before, longest = (0, MINUTE) if hurried else (self.hurried, self.longest)
        grown = min(longest, self.first << min(attempts - before - 1, 40))
        jittered = grown // 2 + int(draw * grown / 2)
        return jittered if hurried else max(jittered, min(asked or 0, DAY))

    def until_look(self, looks: int) -> int | None:
        """How long until the look after so many; None where that was the last."""
        return self.looks[looks] if looks < len(self.looks) else None


ORDERED = Pace(
    tries=132, first=10 * SECOND, hurried=120, held=3 * MINUTE,
    looks=(10 * SECOND, 20 * SECOND, 30 * SECOND, *[MINUTE] * 60, *Pace.looks[2:]),
)  # fmt: skip
"""For what an authority has ordered: an hour at least in which nothing waits longer than a minute,
then as for all else."""
