"""Proofs of intervals: how often they hold the truth, on which side they miss, how wide they are.

The rules for a 95 % interval: of 1,000 runs a cell fails below 92.7 % (93.9 % of 4,000 or more);
above 97 % its mean width must be at most 1.5 times that of an oracle, who knows what the method has
to estimate; a refusal is a miss, and there may be 5 % of them. A bound is judged on its own side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from marsad.records.estimate import Estimate
from tests.proofs.proof import Cell, Parameters, Proof, Row, Rows, Summary

LEAST = {1000: 0.927, 4000: 0.939}
WIDE_ABOVE, WIDEST, MOST_REFUSALS = 0.97, 1.5, 0.05
COLUMNS = ("value", "low", "high", "truth", "oracle_width")


class Interval(NamedTuple):
    """One run of a proof of an interval. ``low`` is None for an upper bound, ``high`` for a lower
    one, both for a refusal."""

    value: float | None
    low: float | None
    high: float | None
    truth: float
    oracle_width: float

    @classmethod
    def of(cls, estimate: Estimate, truth: float, oracle_width: float) -> Interval:
        low = None if estimate.bound == "upper" else estimate.low
        high = None if estimate.bound == "lower" else estimate.high
        return cls(estimate.value, low, high, truth, oracle_width)

    @classmethod
    def refusal(cls, truth: float, oracle_width: float) -> Interval:
        return cls(None, None, None, truth, oracle_width)

    @property
    def refused(self) -> bool:
        return self.low is None and self.high is None

    @property
    def misses_above(self) -> bool:
        """The whole interval lies above the truth."""
        return self.low is not None and self.low > self.truth

    @property
    def misses_below(self) -> bool:
        """The whole interval lies below the truth."""
        return self.high is not None and self.high < self.truth

    @property
    def width(self) -> float | None:
        return None if self.low is None or self.high is None else self.high - self.low


def interval_proof(
    name: str,
    title: str,
    cells: Sequence[Cell],
    once: Callable[[Parameters, int], Interval],
    runs: int = 1000,
) -> Proof:
    """A proof whose runs are intervals, judged by the rules above."""
    return Proof(name, title, COLUMNS, tuple(cells), once, summarise, faults, runs)


def summarise(rows: Rows) -> Summary:
    """Fractions of runs, and the mean width of intervals over the oracle's."""
    intervals = as_intervals(rows)
    return {
        "coverage": mean([not missed(interval) for interval in intervals]),
        "missed, too high": mean([interval.misses_above for interval in intervals]),
        "missed, too low": mean([interval.misses_below for interval in intervals]),
        "refused": mean([interval.refused for interval in intervals]),
        "width / oracle": relative_width(intervals),
    }


def faults(rows: Rows) -> list[str]:
    """What is wrong with a cell, in words."""
    summary = summarise(rows)
    least = LEAST[4000 if len(rows) >= 4000 else 1000]
    found = []
    if summary["coverage"] < least:
        found.append(f"coverage {summary['coverage']:.1%} is below {least:.1%}")
    if summary["coverage"] > WIDE_ABOVE and summary["width / oracle"] > WIDEST:
        found.append(f"{summary['width / oracle']:.2f} times as wide as the oracle's")
    if summary["refused"] > MOST_REFUSALS:
        found.append(f"{summary['refused']:.1%} refused")
    if any(x is not None and not math.isfinite(x) for row in rows for x in row):
        found.append("an interval is not finite")
    return found


def as_intervals(rows: Sequence[Row]) -> list[Interval]:
    return [Interval(*row) for row in rows]  # type: ignore[arg-type]


def missed(interval: Interval) -> bool:
    return interval.refused or interval.misses_above or interval.misses_below


def relative_width(intervals: Sequence[Interval]) -> float:
    """Mean width over the oracle's mean width; 0 where there are only bounds."""
    pairs = [(i.width, i.oracle_width) for i in intervals if i.width is not None]
    return sum(width for width, _ in pairs) / sum(oracle for _, oracle in pairs) if pairs else 0.0


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
