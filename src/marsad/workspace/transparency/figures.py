"""The figures of a report: counts, fractions with their intervals, lengths of time with theirs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from marsad.measure.order_statistics import fewest_for, quantile_interval
from marsad.records.estimate import Estimate, proportion
from marsad.store import log
from marsad.store.database import Database
from marsad.workspace.transparency.counting import Counting
from marsad.workspace.transparency.span import Span

Progress = Callable[..., None]
FORM = 1
EVERY = 1_000


@dataclass(frozen=True)
class Figure:
    """A number of the report.

    ``count`` of entries; or of a fraction ``count`` of ``n`` with its ``share``; or of lengths of
    time their number ``n``, the median and the 95th percentile in µs, each an `Estimate` where
    there are enough of them for an interval and a bare value otherwise. ``hidden``: the cell is so
    small that it is not told, and all its numbers are None.
    """

    figure: str
    of: str
    count: int | None = None
    n: int | None = None
    share: Estimate | None = None
    median: int | None = None
    p95: int | None = None
    median_interval: Estimate | None = None
    p95_interval: Estimate | None = None
    hidden: bool = False

    @property
    def size(self) -> int:
        """How many entries stand behind it."""
        return self.n if self.n is not None else self.count or 0

    def said(self) -> dict[str, Any]:
        """As it is published."""
        found: dict[str, Any] = {"figure": self.figure, "of": self.of}
        if self.hidden:
            return found | {"hidden": True}
        for name in ("count", "n", "median", "p95"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        for name in ("share", "median_interval", "p95_interval"):
            estimate: Estimate | None = getattr(self, name)
            if estimate is not None:
                found[name] = {key: getattr(estimate, key) for key in
                               ("value", "low", "high", "level", "method", "n")}  # fmt: skip
        return found


@dataclass(frozen=True)
class Account:
    """All figures of a span, and which log they were counted from: its last entry and hash."""

    span: Span
    entries: int
    hash: str
    threshold: int
    figures: Sequence[Figure]

    def of(self, figure: str, part: str = "") -> list[Figure]:
        """The figures of one name, those of one part alone (``signal``) where it is named."""
        return [one for one in self.figures if one.figure == figure
                and (not part or one.of.partition(":")[0] == part)]  # fmt: skip

    def to_json(self) -> str:
        """As it is published; ``from`` and ``until`` in µs UTC, lengths of time in µs."""
        said = {
            "marsad_transparency": FORM, "from": self.span.first, "until": self.span.until,
            "log": {"entries": self.entries, "hash": self.hash}, "threshold": self.threshold,
            "figures": [one.said() for one in self.figures],
        }  # fmt: skip
        return json.dumps(said, indent=1, sort_keys=True)


def account(database: Database, span: Span, progress: Progress = lambda *_: None) -> Account:
    """Counts the log as it stands. ``progress`` is told entries done, of how many, and done."""
    counting = Counting(span)
    with database.reading() as transaction:
        end = log.head(transaction)
        for seq, _, body, _ in log.entries(transaction):
            counting.take(log.event_of(seq, body, None))
            if seq % EVERY == 0:
                progress(seq, end.seq, seq)
    return Account(span, end.seq, end.hash.hex(), 0, tuple(sorted_figures(_figures(counting))))


def _figures(counting: Counting) -> Iterator[Figure]:
    for (figure, of), count in sorted(counting.counts.items()):
        yield Figure(figure, of, count)
    for (figure, of), trials in sorted(counting.trials.items()):
        yield fraction(figure, of, trials.hits, trials.n)
    for (figure, of), took in sorted(counting.times.items()):
        times = sorted(took)
        n = len(times)
        middle = (times[(n - 1) // 2] + times[n // 2]) // 2
        yield lengths(figure, of, times, middle, times[-(-n * 95 // 100) - 1])


def fraction(figure: str, of: str, hits: int, n: int) -> Figure:
    """A fraction with its interval."""
    share = proportion(hits, n, name=f"{figure}:{of}", frame="span")
    return Figure(figure, of, hits, n, share)


def lengths(figure: str, of: str, times: Sequence[int], median: int, p95: int) -> Figure:
    """Lengths of time (µs, sorted) with the intervals of their median and 95th percentile."""
    return Figure(
        figure, of, None, len(times), None, median, p95,
        _interval(f"median:{figure}:{of}", median, times, 0.5),
        _interval(f"p95:{figure}:{of}", p95, times, 0.95),
    )  # fmt: skip


def _interval(name: str, value: int, times: Sequence[int], at: float) -> Estimate | None:
    if len(times) < fewest_for(at):
        return None
    low, high = quantile_interval(times, at)
    return Estimate(name, float(value), min(low, value), max(high, value), 0.95,
                    "order-statistics", "span", len(times), ("independent-trials",))  # fmt: skip


def sorted_figures(figures: Iterable[Figure]) -> list[Figure]:
    """In the order of their names, as the SQL gives them."""
    return sorted(figures, key=lambda one: (one.figure, one.of))
