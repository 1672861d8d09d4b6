"""Windows in which far more accounts used an object than was to be expected: bursts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import special

from marsad.find.bursts.counts import Counts, Span, shown
from marsad.find.bursts.newcomers import Compared, Days, Others
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

    ``accounts`` of that window, and ``expected`` by what it was ``compared`` with. ``usual`` says
    that in whole accounts: what the past leads one to expect, at least 1, or what nine in ten days
    of other objects do not exceed in any window. ``p`` and ``q`` are of the window.
    """

    platform: str
    kind: str
    object: str
    start: int
    stop: int
    peak: int
    accounts: int
    expected: float
    usual: float
    compared: Compared
    p: float
    q: float


@dataclass(frozen=True)
class Judged:
    """All windows that were judged, of one platform and kind."""

    windows: Windows
    expected: Expected
    compared: Compared
    """What the windows of objects without a past are compared with."""
    usual: float
    """The `Burst.usual` of those."""
    p: Floats


@dataclass
class Surges:
    """What `surges` found: bursts, the tests there could have been, and the new objects that could
    not be judged since too few others were used: the most accounts of each in a window."""

    bursts: list[Burst] = field(default_factory=list)
    tests: int = 0
    unjudged: dict[str, int] = field(default_factory=dict)


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
    others: Others,
    least: int,
    rate: float,
    skipped: int,
) -> Surges:
    """Bursts at one false discovery rate over all objects and windows that were looked at.

    Windows with fewer than ``least`` accounts are no burst, but count as tests; those that begin
    within the first ``skipped`` µs of the data are not looked at.
    """
    found = Surges()
    judged = [_judged(one, spans[one.platform], others, least, skipped, found) for one in counts]
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
    others: Others,
    least: int,
    skipped: int,
    found: Surges,
) -> Judged:
    first = -(-skipped // span.window)
    lag = max(1, DAY // span.window)
    rows = np.flatnonzero((counts.accounts >= least) & (counts.bin >= first))
    windows = Windows(counts, span, rows, lag)
    past = from_the_past(windows)
    found.tests += len(counts.objects) * max(len(span.about) - first, 0)
    like = others.like(counts.platform, counts.kind)
    if like is None:
        found.unjudged |= _unjudged(windows, past)
        return Judged(windows, past, "past", 0.0, _chances(windows, past, past.known))
    compared, days = like
    expected = _with_days(windows, past, days)
    # the account that brings an object is not among those of its first day
    usual = days.busiest + int(compared == "new")
    return Judged(windows, expected, compared, usual, _chances(windows, expected))


def _chances(
    windows: Windows, expected: Expected, judgeable: npt.NDArray[np.bool_] | None = None
) -> Floats:
    accounts = windows.counts.accounts[windows.rows]
    p = tail(accounts, expected.mean, expected.dispersion)
    above = accounts > expected.mean
    return np.asarray(np.where(above if judgeable is None else above & judgeable, p, 1.0))


def _with_days(windows: Windows, past: Expected, days: Days) -> Expected:
    """Expectations, without a past from the days of other objects."""
    cells = days.days * windows.lag
    average = (days.accounts + 0.5) / cells
    variance = days.squares / cells - average**2
    dispersion = max((variance - average) / average**2, 0.0)
    return Expected(
        np.where(past.known, past.mean, average),
        np.where(past.known, past.dispersion, dispersion + 1 / (days.accounts + 0.5)),
        past.known,
    )


def _unjudged(windows: Windows, past: Expected) -> dict[str, int]:
    """The objects without a past, as people write them, and their most accounts in a window."""
    counts = windows.counts
    most: dict[str, int] = {}
    for row in windows.rows[~past.known].tolist():
        name = shown(counts.kind, counts.objects[int(counts.object[row])].as_py())
        most[name] = max(int(counts.accounts[row]), most.get(name, 0))
    return most


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
    own, expected = bool(judged.expected.known[peak]), float(judged.expected.mean[peak])
    return Burst(
        platform=counts.platform,
        kind=counts.kind,
        object=counts.objects[int(windows.object[peak])].as_py(),
        start=int(begins[part[0]]),
        stop=int(begins[part[-1]]) + span.window,
        peak=int(begins[peak]),
        accounts=int(counts.accounts[windows.rows[peak]]),
        expected=expected,
        usual=max(1.0, expected) if own else max(1.0, judged.usual),
        compared="past" if own else judged.compared,
        p=float(judged.p[peak]),
        q=float(q[peak]),
    )
