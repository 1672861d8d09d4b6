"""What an object's own past lets one expect of a window, and how uncertain that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from marsad.find.bursts.counts import Counts, Span
from marsad.records.times import DAY, HOUR

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_TRUSTED = 5.0
"""Accounts' worth of belief that an object keeps everybody's hours, before its own are known."""

_POOLED = 20.0
"""Accounts' worth of belief that an object is as uneven as the median one."""

_HOURS, _DAYS = 7, 28
"""Days of past before an object's own hours of the day, and days of the week, are used."""


@dataclass(frozen=True)
class Windows:
    """Windows of objects that are to be judged: places in `Counts` rows."""

    counts: Counts
    span: Span
    rows: Ints
    lag: int
    """Windows just before that do not count as past: a burst is not judged by its own beginning."""

    @property
    def object(self) -> Ints:
        """The object of each."""
        return self.counts.object[self.rows]

    @property
    def bin(self) -> Ints:
        """The number of each window."""
        return self.counts.bin[self.rows]

    def past(self, values: Floats, phase: Ints | None = None) -> Floats:
        """The sum of ``values`` (one a row of the counts) over the object's past.

        With ``phase``, a number for each window of the span, only over windows of the same phase.
        """
        size = len(self.span.about) + 1
        phases = np.zeros(size, np.int64) if phase is None else phase
        period = int(phases.max(initial=0)) + 1
        keys = (self.counts.object * period + phases[self.counts.bin]) * size + self.counts.bin
        order = np.argsort(keys, kind="stable")
        sums = np.concatenate([[0.0], np.cumsum(values[order])])
        group = (self.object * period + phases[self.bin]) * size
        begin = np.searchsorted(keys[order], group)
        end = np.searchsorted(keys[order], group + np.maximum(self.bin - self.lag, 0))
        return np.asarray(sums[np.maximum(end, begin)] - sums[begin])

    def about(self, power: int = 1, phase: Ints | None = None) -> Floats:
        """The same for the accounts that were about, to a power, whatever they used."""
        values = self.span.about.astype(np.float64) ** power
        until = np.maximum(self.bin - self.lag, 0)
        if phase is None:
            return np.asarray(np.concatenate([[0.0], np.cumsum(values)])[until])
        period = int(phase.max(initial=0)) + 1
        spread = np.zeros((len(values) + 1, period))
        spread[np.arange(1, len(values) + 1), phase[: len(values)]] = values
        return np.asarray(np.cumsum(spread, axis=0)[until, phase[self.bin]])


@dataclass(frozen=True)
class Expected:
    """For each window the accounts to expect, and α: the variance is mean + α·mean²."""

    mean: Floats
    dispersion: Floats
    known: npt.NDArray[np.bool_]
    """Whether the object has a past to judge by."""


def from_the_past(windows: Windows) -> Expected:
    """Accounts to expect: the object's part of all who were about, at its own hours.

    The past ends a day before the window. With N accounts in it the rate has itself a gamma
    distribution of shape N + ½, which adds 1/(N + ½) to α; the rest of α is the object's own
    unevenness by the method of moments, drawn to the median one's where little is known.
    """
    accounts = windows.counts.accounts.astype(np.float64)
    seen, about = windows.past(accounts), windows.about()
    rate = np.divide(seen + 0.5, about, out=np.zeros(len(seen)), where=about > 0)
    now = windows.span.about[windows.bin]
    uneven = _unevenness(windows, accounts, seen, rate)
    mean = rate * now * _rhythm(windows, accounts, rate, 1 + uneven * rate * now)
    typical = float(np.median(uneven[seen >= _POOLED])) if (seen >= _POOLED).any() else 0.0
    drawn = (seen * uneven + _POOLED * typical) / (seen + _POOLED)
    return Expected(mean, drawn + 1 / (seen + 0.5), seen > 0)


def _unevenness(windows: Windows, accounts: Floats, seen: Floats, rate: Floats) -> Floats:
    """α = (Σ(n − μ)² − Σμ) / Σμ² over the past, windows without anybody included."""
    with_about = accounts * windows.span.about[windows.counts.bin]
    squares, products = windows.past(accounts**2), windows.past(with_about)
    about = windows.about(2)
    means = rate**2 * about
    excess = squares - 2 * rate * products + means - seen
    return np.maximum(np.divide(excess, means, out=np.zeros(len(seen)), where=means > 0), 0.0)


def _rhythm(windows: Windows, accounts: Floats, rate: Floats, clumps: Floats) -> Floats:
    """How many times as popular as on the whole the object is at this hour and on this weekday.

    Accounts that come ``clumps`` at a time say as much of an hour as one that comes alone.
    """
    span = windows.span
    begins = span.first + np.arange(len(span.about) + 1) * span.window
    age = windows.bin * span.window
    factor = np.ones(len(windows.rows))
    for least, unit, period, width in (
        (_HOURS, HOUR, 24, HOUR),
        (_DAYS, DAY, 7, DAY),
    ):
        if span.window > width:
            continue
        phase = begins // unit % period
        seen, expected = windows.past(accounts, phase), rate * windows.about(phase=phase)
        trusted = _TRUSTED * clumps
        own = (seen + trusted) / (expected + trusted)
        factor *= np.where(age >= least * DAY, own, 1.0)
    return factor
