"""Does the interval of survival on day 14, of the median lifetime, of a cumulative incidence, hold
the truth, with ends that are only known to lie between two looks?

Lifetimes are Weibull's with median 13.86 days. Looks come every day to all (``grid``), to each
account every 0.5–7 days at its own times (``own``), or so from an age of up to 15 days on, with
those left out that ended before (``late``). The oracle sees the exact times.

Misspecified: half of the ends are reported and looked at within a tenth of a day, and none of the
living is; a fifth of the ends are undone; a short-lived half is watched from the start and a
long-lived half from day 10 on, as if they were alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marsad.measure.refusal import Refused
from marsad.measure.survival import cumulative_incidence, kaplan_meier, lifetimes
from tests.proofs import Cell, Interval, interval_proof
from tests.proofs.proof import Parameters

Floats = NDArray[np.float64]
DAY, MEDIAN, HORIZON, Z = 14.0, 13.86, 60.0, 1.959964
SUSPENDED = 0.3


@dataclass(frozen=True)
class Weibull:
    """Lifetimes with median `MEDIAN`."""

    shape: float

    def hazard_until(self, day: float) -> float:
        return float(math.log(2) * (day / MEDIAN) ** self.shape)

    def drawn(self, rng: np.random.Generator, n: int) -> Floats:
        return np.asarray(MEDIAN * (rng.exponential(size=n) / math.log(2)) ** (1 / self.shape))

    def alive(self, day: float, start: float) -> float:
        return math.exp(self.hazard_until(start) - self.hazard_until(day))

    def median(self, start: float) -> float:
        sum_ = self.hazard_until(start) / math.log(2) + 1
        return float(MEDIAN * sum_ ** (1 / self.shape))

    def density(self, day: float) -> float:
        return math.exp(-self.hazard_until(day)) * self.shape * self.hazard_until(day) / day


def once(parameters: Parameters, seed: int) -> Interval:
    rng = np.random.default_rng(seed)
    n, law, wrong = (
        int(parameters["n"]),
        Weibull(float(parameters["shape"])),
        parameters.get("wrong"),
    )
    life, entry = _lives(rng, n, law, str(parameters["looks"]))
    if wrong == "groups":
        life, entry = _unlike(rng, n)
    left, right = _looked_at(rng, life, entry, str(parameters["looks"]), wrong == "reports")
    asked = str(parameters["of"])
    if asked == "incidence":
        return _incidence(rng, law, life, left, right, entry)
    name = "survival-day-14" if asked == "survival" else "median-survival"
    try:
        found = lifetimes(left, right, entry, days=(DAY,), with_median=asked == "median")
        truth, width = _truth(law, life, entry, left, asked, found.curve.start, str(wrong))
        return Interval.of(found[name], truth, width)
    except Refused:
        return Interval.refusal(*_truth(law, life, entry, left, asked, 0.0, str(wrong)))


def _lives(rng: np.random.Generator, n: int, law: Weibull, looks: str) -> tuple[Floats, Floats]:
    if looks != "late":
        return law.drawn(rng, n), np.zeros(n)
    life, entry = law.drawn(rng, 6 * n), rng.uniform(0, 15, 6 * n)
    watched = np.flatnonzero(life > entry)[:n]
    return life[watched], entry[watched]


def _unlike(rng: np.random.Generator, n: int) -> tuple[Floats, Floats]:
    long = np.arange(n) % 2 == 0
    life = rng.exponential(np.where(long, 40.0, 10.0))
    return np.where(long, 10 + life, life), np.where(long, 10.0, 0.0)


def _looked_at(
    rng: np.random.Generator, life: Floats, entry: Floats, looks: str, reports: bool
) -> tuple[Floats, Floats]:
    """The last look that saw each account alive and the first that did not."""
    if looks == "grid":
        left = np.minimum(np.floor(life), HORIZON)
        return left, np.where(life < HORIZON, np.ceil(life), np.inf)
    look, left, right = entry.copy(), entry.copy(), np.full(len(life), np.inf)
    going = np.ones(len(life), dtype=bool)
    while going.any():
        look = np.where(going, look + rng.uniform(0.5, 7, len(life)), look)
        gone = going & (life <= look)
        right[gone] = look[gone]
        left = np.where(going & ~gone, look, left)
        going &= ~gone & (look < entry + HORIZON)
    if reports:
        told = np.isfinite(right) & (rng.random(len(life)) < 0.5)
        right = np.where(told, np.minimum(right, life + rng.uniform(0, 0.1, len(life))), right)
    return left, right


def _truth(
    law: Weibull, life: Floats, entry: Floats, left: Floats, asked: str, start: float, wrong: str
) -> tuple[float, float]:
    """The truth, and how wide the interval is of somebody who knows the times."""
    until = np.where(life <= left.max(), life, left)
    day = DAY if asked == "survival" else law.median(start)
    exact = kaplan_meier(until, life <= left.max(), entry, start=start)
    place = int(np.searchsorted(exact.days, day, side="right")) - 1
    error = float(exact.error[place] * exact.survival[place])
    if asked == "median":
        return day, 2 * Z * error / law.density(day) * math.exp(-law.hazard_until(start))
    truth = law.alive(DAY, start)
    if wrong == "undone":
        truth = 1 - 0.8 * (1 - truth)
    if wrong == "groups":
        truth = (1 * math.exp(-4 / 40) + math.exp(-14 / 10)) / 2
    return truth, 2 * Z * error


def _incidence(
    rng: np.random.Generator, law: Weibull, life: Floats, left: Floats, right: Floats, entry: Floats
) -> Interval:
    """The fraction suspended by day 14, where others end for another reason."""
    suspended = rng.random(len(life)) < SUSPENDED
    reason = [
        None if alive else ("suspended" if one else "deactivated")
        for alive, one in zip(np.isinf(right), suspended, strict=True)
    ]
    start = 0.0
    found = cumulative_incidence(left, right, reason, entry, days=(DAY,), start=start)
    truth = SUSPENDED * (1 - law.alive(DAY, start))
    width = 2 * Z * (truth * (1 - truth) / len(life)) ** 0.5
    return Interval.of(found["incidence-suspended-day-14"], truth, width)


DESIGNS = {
    "grid": ("looks every day", 0.8),
    "own": ("looks every 0.5-7 days", 1.0),
    "late": ("looks every 0.5-7 days from an age of up to 15 days on", 1.3),
}
ASKED = {"survival": "survival on day 14", "median": "median lifetime"}


def _cell(of: str, looks: str, n: int, said: str, **more: str) -> Cell:
    shape = DESIGNS[looks][1]
    parameters: dict[str, float | int | str] = {
        "of": of,
        "looks": looks,
        "n": n,
        "shape": shape,
        **more,
    }
    return Cell(f"{said}, {n} accounts", parameters, gated=not more)


PROOF = interval_proof(
    "survival",
    "The intervals of survival, of the median lifetime and of a cumulative incidence",
    cells=[
        *(
            _cell(of, looks, n, f"{said}, {DESIGNS[looks][0]}")
            for of, said in ASKED.items()
            for looks in DESIGNS
            for n in (200, 1000, 5000)
        ),
        *(
            _cell("incidence", looks, n, f"suspended by day 14, {DESIGNS[looks][0]}")
            for looks, n in (("own", 200), ("own", 1000), ("grid", 1000), ("grid", 5000))
        ),
        _cell("survival", "own", 1000, "survival on day 14, looks after reports", wrong="reports"),
        _cell("survival", "own", 1000, "survival on day 14, ends undone", wrong="undone"),
        _cell("survival", "own", 1000, "survival on day 14, unlike groups", wrong="groups"),
    ],
    once=once,
)
