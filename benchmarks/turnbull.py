"""Turnbull's estimate of lifetimes

Lifetimes are exponential with median 13.86 days; each account is looked at every 0.5–7 days at its
own times, so that hardly two intervals are alike. Seconds are of processor time on one core. First
how they grow with the number of accounts: the nonparametric maximum alone, with intervals on three
days, and the hazard in pieces with its median; then left-truncated. `gap` is how much of the log
likelihood can at most be missing. Then beside lifelines, on as many accounts as it can do: it gives
no interval, and stops its steps by a tolerance of 1e-5.

`python -m benchmarks.turnbull [--largest N] [--beside N]` runs it alone.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import argparse
import math
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marsad.measure.survival import lifetimes, turnbull

Floats = NDArray[np.float64]
MEDIAN, HORIZON = 13.86, 60.0
DAYS = (1.0, 7.0, 30.0)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--largest", type=int, default=80_000)
    options.add_argument("--beside", type=int, default=2_000)
    given = options.parse_args()
    growth(given.largest)
    beside_lifelines(given.beside)


def looked_at(n: int, late: bool) -> tuple[Floats, Floats, Floats]:
    """Last seen alive, first found gone, watched since."""
    rng = np.random.default_rng(1)
    entry = rng.uniform(0, 15, n) * late
    life = entry + rng.exponential(MEDIAN / math.log(2), n)
    look, left, right = entry.copy(), entry.copy(), np.full(n, np.inf)
    going = np.ones(n, dtype=bool)
    while going.any():
        look = np.where(going, look + rng.uniform(0.5, 7, n), look)
        gone = going & (life <= look)
        right[gone] = look[gone]
        left = np.where(going & ~gone, look, left)
        going &= ~gone & (look < entry + HORIZON)
    return left, right, entry


def growth(largest: int) -> None:
    print(
        "| accounts | watched | maximum, s | steps | gap | with 3 intervals, s | in pieces, s |\n"
        "| ---: | --- | ---: | ---: | ---: | ---: | ---: |"
    )
    taken: dict[int, float] = {}
    for n, late in [(largest // 100, 0), (largest // 10, 0), (largest, 0), (largest, 1)]:
        data = looked_at(n, bool(late))
        alone, found = timed(lambda data=data: turnbull(*data, days=()))  # type: ignore[misc]
        told, _ = timed(lambda data=data: turnbull(*data, days=DAYS))  # type: ignore[misc]
        pieces, _ = timed(lambda data=data: lifetimes(*data, days=DAYS))  # type: ignore[misc]
        if not late:
            taken[n] = alone
        since = "from up to day 15 on" if late else "from day 0 on"
        print(
            f"| {n:,} | {since} | {alone:.2f} | {found.steps} | {found.gap:.0e} | {told:.2f} "
            f"| {pieces:.2f} |",
            flush=True,
        )
    exponent = math.log(taken[largest] / taken[largest // 100]) / math.log(100)
    print(f"\nGrowth exponent of the maximum: {exponent:.2f}\n")


def timed(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of processor time that a run takes, the shorter of two, and what it gives."""
    seconds = math.inf
    for _ in range(2):
        began = time.process_time()
        found = run()
        seconds = min(seconds, time.process_time() - began)
    return seconds, found


def beside_lifelines(n: int) -> None:
    """The same data, both; largest distance between the two curves."""
    if find_spec("lifelines") is None:
        print("lifelines is not installed, so it is not compared: pip install lifelines")
        return
    fitter = import_module("lifelines").KaplanMeierFitter()
    left, right, entry = looked_at(n, late=False)
    began = time.process_time()
    other = fitter.fit_interval_censoring(left, right)
    theirs = time.process_time() - began
    ours, found = timed(lambda: turnbull(left, right, entry, days=DAYS))
    table = other.survival_function_
    at = found.right
    place = np.clip(np.searchsorted(table.index, at, side="right") - 1, 0, None)
    low, high = (table.iloc[place, column].to_numpy() for column in (0, 1))
    mine = found.curve.survival
    apart = np.maximum(np.minimum(low, high) - mine, mine - np.maximum(low, high)).max()
    print(
        f"| {n:,} accounts | seconds |\n| --- | ---: |\n| lifelines | {theirs:.2f} |\n"
        f"| turnbull, with 3 intervals | {ours:.2f} |\n\n"
        f"Largest distance of the curves at the ends of intervals: {max(apart, 0.0):.4f}"
    )


if __name__ == "__main__":
    main()
