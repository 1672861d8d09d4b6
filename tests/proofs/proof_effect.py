"""Does the interval of an effect hold the truth: short series, noisy days, noise that carries over?

Counts a day as `daily` draws them, with weekdays and AR(1) noise in the logarithm (ρ .5 and σ .2
unless said otherwise), the event in the middle, an effect that multiplies all days after by 1 or by
.6. ITS: one series with a trend; level and slope change are estimated, the level's interval is
judged, or that of all days after, or, beside, what Newey and West's errors give for the level. DiD:
four controls share with the treated a course that is noise itself (ρ .8, σ .4). Synthetic control:
two such courses (σ .5), of which ten controls have shares from 0 to 1 and the treated .4 and .6;
noise of their own with σ .12.

The oracle knows the noise, and the true weights, and estimates only what the method has to: level
and slope, season and trend.

Turnover: 200 accounts are looked at weekly for 12 weeks on either side; each gains followers at its
own rate (mean 2 a day, coefficient of variation .5); when one is closed, a new one takes its place.
At the event all are swapped at once, or the daily hazard rises from 1/60 to 1/14; a follower's
worth of gain stays, or falls to .6. Judged is the ratio at equal account age. Its oracle knows how
far the logarithm of such a ratio scatters: the standard deviation of 600 runs beside these.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from marsad.measure.effect import (
    Accounts,
    Event,
    differences,
    segmented,
    synthetic_control,
    turnover,
)
from marsad.measure.effect.design import design
from marsad.measure.refusal import Refused
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.daily import FIRST, Floats, carried, counts, day_noise, oracle_width
from tests.proofs.proof import Parameters

BASE, TREND = 200.0, 0.001
SHARES = np.linspace(0, 1, 10)


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    given: dict[str, Any] = {"rho": 0.5, "sigma": 0.2, "rival": 1.0, "break": 0.0, "drift": 0.0,
                             "judged": "level"}  # fmt: skip
    given |= parameters
    make: dict[str, Callable[..., Interval]] = {
        "its": its, "did": did, "sc": synthetic, "turnover": swapped,
    }  # fmt: skip
    return make[given.pop("design")](rng, **given)


def _effect(days: int, ratio: float) -> Floats:
    return np.where(np.arange(days) >= days // 2, np.log(ratio), 0.0)


def _event(days: int) -> Event:
    return Event(FIRST + days // 2, "takedown")


def its(rng: np.random.Generator, days: int, ratio: float, rho: float, sigma: float, **more: float
        ) -> Interval:  # fmt: skip
    day = np.arange(days)
    course = _effect(days, ratio * more["rival"]) + TREND * day + carried(rng, days, rho, sigma)
    course = course + more["break"] * np.maximum(day - days // 4, 0)
    found = segmented(counts(rng, "posts", BASE, course), [_event(days)])
    judged = str(more["judged"])
    width = its_oracle(days, ratio, rho, sigma, judged)
    if judged == "newey-west":
        (ends,) = found.newey_west
        return Interval(found.estimates[0].value, *ends, ratio, width)
    return Interval.of(found.estimates[2 if judged == "window" else 0], ratio, width)


@cache
def its_oracle(days: int, ratio: float, rho: float, sigma: float, judged: str) -> float:
    columns = design(FIRST + np.arange(days), [_event(days)])
    noise = day_noise(days, BASE, rho, sigma)
    contrast = columns.unit(columns.level[0])
    if judged == "window":  # level and slope, on the average of the days after
        slope = columns.matrix[:, columns.slope[0]]
        contrast += columns.unit(columns.slope[0]) * slope[days // 2 :].mean()
    return oracle_width(columns.matrix, contrast, noise, ratio)


def did(rng: np.random.Generator, days: int, ratio: float, rho: float, sigma: float, **more: float
        ) -> Interval:  # fmt: skip
    shared = carried(rng, days, 0.8, 0.4)
    own = carried(rng, days, rho, sigma) + more["drift"] * np.arange(days)
    treated = counts(rng, "treated", BASE, _effect(days, ratio * more["rival"]) + shared + own)
    controls = [
        counts(rng, f"control {k}", BASE * (k + 1) / 2, shared + carried(rng, days, rho, sigma))
        for k in range(4)
    ]
    width = compared_oracle(days, ratio, rho, sigma, tuple(np.arange(1, 5) / 10))
    try:
        effect = differences(treated, controls, _event(days)).effect
    except Refused:
        return Interval.refusal(ratio, width)
    return Interval.of(effect, ratio, width)


def synthetic(rng: np.random.Generator, days: int, ratio: float, rho: float, sigma: float,
              **more: float) -> Interval:  # fmt: skip
    one, other = carried(rng, days, 0.8, 0.5), carried(rng, days, 0.8, 0.5)
    course = 0.4 * one + 0.6 * other + _effect(days, ratio * more["rival"])
    treated = counts(rng, "treated", BASE, course + carried(rng, days, rho, sigma))
    controls = [
        counts(rng, f"control {k}", BASE / 2,
               x * one + (1 - x) * other + carried(rng, days, rho, sigma))
        for k, x in enumerate(SHARES)
    ]  # fmt: skip
    width = compared_oracle(days, ratio, rho, sigma, tuple(np.full(10, 0.1)))
    try:
        effect = synthetic_control(treated, controls, _event(days)).compared.effect
    except Refused:
        return Interval.refusal(ratio, width)
    return Interval.of(effect, ratio, width)


@cache
def compared_oracle(
    days: int, ratio: float, rho: float, sigma: float, weights: tuple[float, ...]
) -> float:
    columns = design(FIRST + np.arange(days), [_event(days)], trend=False, slopes=False)
    noise = day_noise(days, BASE, rho, sigma)
    for weight in weights:
        noise = noise + weight**2 * day_noise(days, BASE, rho, sigma)
    return oracle_width(columns.matrix, columns.unit(columns.level[0]), noise, ratio)


GAIN, VARIED, SLOTS, WEEKS, SPREAD = 2.0, 0.5, 200, 12, 0.055


def swapped(rng: np.random.Generator, ratio: float, hazard: float, later: float, **_: float
            ) -> Interval:  # fmt: skip
    """``hazard`` a day before and ``later`` after; with ``later`` 0 all are swapped at once, and
    the hazard stays. Accounts on either side of the event are different ones where they are
    swapped at once, else their gain changes at the event."""
    rows = []
    for slot in range(SLOTS):
        rows += _slot(rng, slot, ratio, hazard, later)
    accounts = Accounts.of(*zip(*rows, strict=True))
    width = ratio * (np.exp(1.96 * SPREAD) - np.exp(-1.96 * SPREAD))
    try:
        found = turnover(accounts, Event(0, "takedown")).at_age
    except Refused:
        found = None
    if found is None:
        return Interval.refusal(ratio, width)
    return Interval.of(found, ratio, width)


def _slot(rng: np.random.Generator, slot: int, ratio: float, hazard: float, later: float
          ) -> list[tuple[int, int, int, float]]:  # fmt: skip
    """One place that is always taken: rows of account, created, day, followers."""
    start = -7 * WEEKS
    created, number, rows = start - int(rng.exponential(1 / hazard)), 0, []
    gain = rng.gamma(1 / VARIED**2, GAIN * VARIED**2)
    for day in range(start, 7 * WEEKS):
        closed = rng.random() < (hazard if day < 0 or not later else later)
        if closed or (day == 0 and not later):
            created, number = day, number + 1
            gain = rng.gamma(1 / VARIED**2, GAIN * VARIED**2)
        if (day - start) % 7 == 3:
            lived = ratio * gain if created >= 0 else gain
            rows.append((slot * 1000 + number, created, day, float(rng.poisson(
                lived * (day - created)))))  # fmt: skip
    return rows


NAMES = {"its": "ITS", "did": "DiD", "sc": "synthetic control"}

PROOF = interval_proof(
    "effect",
    "The interval of a takedown's effect on daily counts, and at equal account age",
    cells=[
        *(
            Cell(
                f"{NAMES[kind]}, {days} days, {'no effect' if ratio == 1 else '−40 %'}",
                {"design": kind, "days": days, "ratio": ratio,
                 **({"sigma": 0.12} if kind == "sc" else {})},
            )
            for kind in NAMES for days in (60, 180, 365) for ratio in (1.0, 0.6)
        ),
        *(
            Cell(f"ITS, {days} days, −40 %, the window's change",
                 {"design": "its", "days": days, "ratio": 0.6, "judged": "window"})
            for days in (60, 180, 365)
        ),
        Cell("turnover: all swapped at once, no effect",
             {"design": "turnover", "ratio": 1.0, "hazard": 1 / 60, "later": 0.0}),
        Cell("turnover: all swapped at once, −40 %",
             {"design": "turnover", "ratio": 0.6, "hazard": 1 / 60, "later": 0.0}),
        Cell("turnover: hazard 1/60 to 1/14, no effect",
             {"design": "turnover", "ratio": 1.0, "hazard": 1 / 60, "later": 1 / 14}),
        *(
            Cell(f"ITS, {days} days, no effect, Newey and West's interval instead",
                 {"design": "its", "days": days, "ratio": 1.0, "judged": "newey-west"}, gated=False)
            for days in (60, 180, 365)
        ),
        Cell("ITS, 60 days, no effect, ρ 0.9",
             {"design": "its", "days": 60, "ratio": 1.0, "rho": 0.9}, gated=False),
        Cell("ITS, 180 days, no effect, ρ 0.9",
             {"design": "its", "days": 180, "ratio": 1.0, "rho": 0.9}, gated=False),
        Cell("ITS, 180 days, −40 %, a rival takes another 30 % the same day",
             {"design": "its", "days": 180, "ratio": 0.6, "rival": 0.7}, gated=False),
        Cell("ITS, 180 days, no effect, the trend broke 45 days earlier",
             {"design": "its", "days": 180, "ratio": 1.0, "break": 0.01}, gated=False),
        Cell("DiD, 180 days, no effect, the treated drift apart by .3 % a day",
             {"design": "did", "days": 180, "ratio": 1.0, "drift": -0.003}, gated=False),
        Cell("DiD, 180 days, −40 %, a rival takes another 30 % of the treated alone",
             {"design": "did", "days": 180, "ratio": 0.6, "rival": 0.7}, gated=False),
        Cell("synthetic control, 60 days, −40 %, controls share little (σ 0.4 of their own)",
             {"design": "sc", "days": 60, "ratio": 0.6, "sigma": 0.4}, gated=False),
    ],
    once=once,
)  # fmt: skip
