"""Windows in which far more accounts used an object than was to be expected: bursts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import special

from marsad.find.bursts.counts import Counts, Span
from marsad.find.bursts.newcomers import EVERY_KIND, FEWEST, OF_ONE_KIND, Beginnings
from marsad.find.bursts.past import Expected, Windows, from_the_past
from marsad.find.discoveries import q_values
from marsad.records.times import DAY

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_POISSON = 1e-9
"""Below this α a negative binomial is a Poisson law, which is what computes."""

_PAUSE = 2
"""Windows that may lie between two of the same burst."""


@dataclass(frozen=True)
class Burst:
    """An object's burst: from ``start`` up to ``stop`` (µs), as its busiest window shows it.

    ``accounts`` of that window, ``expected`` by the object's past, or where it has none
    (``own_past`` false) by how others of its kind began; ``p`` and ``q`` of that window.
    """

    platform: str
    kind: str
    object: str
    start: int
    stop: int
    peak: int
    accounts: int
    expected: float
    own_past: bool
    p: float
    q: float


@dataclass(frozen=True)
class Judged:
    """All windows that were judged, of one platform and kind."""

    windows: Windows
    expected: Expected
    p: Floats


@dataclass
class Surges:
    """What `surges` found: bursts, the tests there could have been, and windows that could not be
    judged since too few other objects began."""

    bursts: list[Burst] = field(default_factory=list)
    tests: int = 0
    unjudged: int = 0


def tail(counts: Ints, mean: Floats, dispersion: Floats) -> Floats:
    """P(X ≥ count) for negative binomial counts of variance mean + dispersion·mean².

    By the regularised incomplete beta function, and the gamma function where the law is Poisson.
    """
    size = 1 / np.maximum(dispersion, _POISSON)
    spread = np.maximum(dispersion * mean, 1e-300)
    wide = special.betainc(counts, size, spread / (1 + spread))
    plain = special.gammainc(counts, mean)
    return np.asarray(np.where(dispersion > _POISSON, wide, plain))


def surges(
    counts: Sequence[Counts],
    spans: Mapping[str, Span],
    begun: Mapping[tuple[str, str], Beginnings],
    least: int,
    rate: float,
    skipped: int,
) -> Surges:
    """Bursts at one false discovery rate over all objects and windows that were looked at.

    Windows with fewer than ``least`` accounts are no burst, but count as tests; those that begin
    within the first ``skipped`` µs of the data are not looked at.
    """
    found = Surges()
    judged = [_judged(one, spans[one.platform], begun, least, skipped, found) for one in counts]
    p = np.concatenate([np.zeros(0), *(one.p for one in judged)])
    q = q_values(p, max(found.tests, len(p)))
    at = 0
    for one in judged:
        mine = q[at : at + len(one.p)]
        at += len(one.p)
        found.bursts += _merged(one, mine, rate)
    found.bursts.sort(key=lambda burst: (burst.start, burst.platform, burst.kind, burst.object))
    return found


def _judged(
    counts: Counts,
    span: Span,
    begun: Mapping[tuple[str, str], Beginnings],
    least: int,
    skipped: int,
    found: Surges,
) -> Judged:
    first = -(-skipped // span.window)
    lag = max(1, DAY // span.window)
    rows = np.flatnonzero((counts.accounts >= least) & (counts.bin >= first))
    windows = Windows(counts, span, rows, lag)
    past = from_the_past(windows)
    expected, judgeable = _with_beginnings(windows, past, begun)
    p = tail(counts.accounts[rows], expected.mean, expected.dispersion)
    p = np.where(judgeable & (counts.accounts[rows] > expected.mean), p, 1.0)
    found.tests += len(counts.objects) * max(len(span.about) - first, 0)
    found.unjudged += int((~judgeable).sum())
    return Judged(windows, expected, p)


def _with_beginnings(
    windows: Windows, past: Expected, begun: Mapping[tuple[str, str], Beginnings]
) -> tuple[Expected, npt.NDArray[np.bool_]]:
    """Expectations, without a past from how other objects began; and where there are any."""
    others = _others(windows.counts, begun)
    if others.objects < FEWEST:
        return past, past.known
    cells = others.objects * windows.lag
    average = (others.accounts + 0.5) / cells
    variance = others.squares / cells - average**2
    dispersion = max((variance - average) / average**2, 0.0)
    filled = Expected(
        np.where(past.known, past.mean, average),
        np.where(past.known, past.dispersion, dispersion + 1 / (others.accounts + 0.5)),
        past.known,
    )
    return filled, np.ones(len(past.known), np.bool_)


def _others(counts: Counts, begun: Mapping[tuple[str, str], Beginnings]) -> Beginnings:
    """New objects of the same kind, and where fewer than `OF_ONE_KIND` began, of all kinds."""
    same = begun.get((counts.platform, counts.kind), Beginnings())
    if same.objects >= OF_ONE_KIND:
        return same
    return begun.get((counts.platform, EVERY_KIND), same)


def _merged(judged: Judged, q: Floats, rate: float) -> list[Burst]:
    """Windows of one object that follow one another are one burst."""
    windows = judged.windows
    kept = np.flatnonzero(q <= rate)
    if not len(kept):
        return []
    object_, bins = windows.object[kept], windows.bin[kept]
    fresh = np.ones(len(kept), bool)
    fresh[1:] = (object_[1:] != object_[:-1]) | (bins[1:] - bins[:-1] > _PAUSE + 1)
    parts = np.split(kept, np.flatnonzero(fresh)[1:])
    return [_burst(judged, part, q) for part in parts]


def _burst(judged: Judged, part: Ints, q: Floats) -> Burst:
    windows, counts, span = judged.windows, judged.windows.counts, judged.windows.span
    accounts = counts.accounts[windows.rows[part]]
    peak = int(part[np.lexsort((windows.bin[part], -accounts))[0]])
    begins = span.first + windows.bin * span.window
    return Burst(
        platform=counts.platform,
        kind=counts.kind,
        object=counts.objects[int(windows.object[peak])].as_py(),
        start=int(begins[part[0]]),
        stop=int(begins[part[-1]]) + span.window,
        peak=int(begins[peak]),
        accounts=int(counts.accounts[windows.rows[peak]]),
        expected=float(judged.expected.mean[peak]),
        own_past=bool(judged.expected.known[peak]),
        p=float(judged.p[peak]),
        q=float(q[peak]),
    )
