"""How often somebody's notices led to something: an estimate with its interval, and what it weighs.

A reporter's notices about one case count once, by what was first decided after them; what was taken
back counts as nothing done. Notices that were answered with an earlier decision, or set aside, do
not count: nobody looked at them anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from marsad.decide import priority
from marsad.decide.notices.notice import THREAT
from marsad.decide.outcomes import ACTING
from marsad.records.estimate import Estimate, proportion
from marsad.store import notices
from marsad.store.database import Transaction

NEWEST = 1_000
"""Notices of a reporter that are looked at: what they are like now."""

GOOD, POOR = 0.6, 0.2
"""From which lower bound on a notice is more urgent, and up to which upper bound it is less so."""


@dataclass(frozen=True)
class Accuracy:
    """``estimate`` is of the proportion of ``judged`` cases in which something was done; None where
    nothing was decided yet."""

    acted: int
    judged: int

    @property
    def estimate(self) -> Estimate | None:
        """With the interval of Clopper and Pearson, 95 %."""
        return _estimate(self.acted, self.judged) if self.judged else None

    @property
    def is_good(self) -> bool:
        """Whether the lower bound is high."""
        return self.estimate is not None and self.estimate.low >= GOOD

    @property
    def is_poor(self) -> bool:
        """Whether the upper bound is low."""
        return self.estimate is not None and self.estimate.high <= POOR


@lru_cache(maxsize=4_096)
def _estimate(acted: int, judged: int) -> Estimate:
    return proportion(acted, judged, name="notice-accuracy", frame="notices")


def of_reporter(transaction: Transaction, reporter: int, but: int | None = None) -> Accuracy:
    """Of somebody's newest notices; without case ``but``: what a page shows beside a case must not
    tell what was decided in it."""
    first: dict[int, bool] = {}
    open_: set[int] = set()
    for case, step, outcome in notices.judged(transaction, reporter, NEWEST, but):
        if case not in first and step == "decided":
            first[case] = outcome in ACTING
            open_.add(case)
        elif case in open_:  # the verdict after it: only taking it back changes it
            open_.discard(case)
            first[case] = first[case] and step == "decided"
    return Accuracy(sum(first.values()), len(first))


def level(ground: str, accuracy: Accuracy, known: bool, many: bool = False) -> int:
    """The priority that a notice asks for. It is the ground's, one level more urgent for a reporter
    ``known`` by a token whose notices lead to something, one less for whoever's do not; between
    `HIGH` and `LOW` whatever is said, and the same for the thousandth notice as for the first. One
    of ``many`` threats from strangers (`flood.of_threats`) asks for no more than any notice."""
    usual = priority.HIGH if ground == THREAT and not many else priority.NORMAL
    shift = int(accuracy.is_poor) - int(known and accuracy.is_good)
    return min(max(usual + shift, priority.HIGH), priority.LOW)
