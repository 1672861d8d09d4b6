"""Accounts that surface in bursts

First, on data without any such account, the seeds of a hundred that give any finding, for each
rhythm. Then recall and precision where the truth is known: twenty new accounts in one event, and
the simulated network with its innocent occasions, whose returning accounts surface in bursts. Then
how time and memory grow with the number of uses, each size in a process of its own: Zipf's law over
objects with exponent 1.1, thirty days, an event a day.

`python -m benchmarks.bursts [--seeds N] [--largest N]` runs it alone.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from marsad.engines import open_engine
from marsad.find.bursts import Bursts
from marsad.simulate import DEMO, Knobs, simulate
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.finding import found_by
from marsad.workspace.finding import records as records_of
from marsad.workspace.importing import import_files
from tests.find.bursts.networks import (
    RHYTHMS,
    TAGS,
    Sizes,
    Uses,
    accounts_of,
    found,
    null,
    planted,
    records,
    seeds_with_findings,
)

DAY = 86_400
PLANTED_SEEDS = 20
SIMULATED_SEEDS = 5
CROWDED = replace(DEMO, match_viewers=0.3, show_viewers=0.2, turnout=0.3, activists=0.03)
NETWORKS = {
    "demonstration": DEMO,
    "crowded occasions": CROWDED,
    "many surface": replace(
        CROWDED, surfacing=1.0, wave=0.6, supporters=0.1, bursts=0.6, returns=0.9
    ),
}


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--seeds", type=int, default=100)
    options.add_argument("--largest", type=int, default=10_000_000)
    options.add_argument("--size", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.size:
        one_size(given.size)
        return
    false_discoveries(given.seeds)
    recall()
    growth(given.largest)


def false_discoveries(seeds: int) -> None:
    """Seeds of null data with any finding, of a burst or an account."""
    print("| nobody surfaces | seeds | with any finding |\n| --- | ---: | ---: |")
    for rhythm in sorted(RHYTHMS):
        print(f"| {rhythm} | {seeds} | {len(seeds_with_findings(rhythm, range(seeds)))} |")
    print(flush=True)


def recall() -> None:
    """Whom it names where the truth is known."""
    print("| network | seeds | accounts that surface | named of them | others named |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for accounts in (10, 20, 40):
        told = [_planted(seed, accounts) for seed in range(PLANTED_SEEDS)]
        _row(f"{accounts} in one event of 1,500 accounts", told)
    for name, knobs in NETWORKS.items():
        told = [_simulated(seed, knobs) for seed in range(1, SIMULATED_SEEDS + 1)]
        _row(f"simulated: {name}", told)
    print(flush=True)


def _row(name: str, told: list[tuple[int, int, int]]) -> None:
    there, right, wrong = (sum(column) for column in zip(*told, strict=True))
    print(f"| {name} | {len(told)} | {there:,} | {right:,} | {wrong:,} |", flush=True)


def _planted(seed: int, accounts: int) -> tuple[int, int, int]:
    uses, fresh = planted(null(seed, "daily"), seed, accounts)
    named = accounts_of(found(uses))
    return len(fresh), len(named & fresh), len(named - fresh)


def _simulated(seed: int, knobs: Knobs) -> tuple[int, int, int]:
    with tempfile.TemporaryDirectory() as parent:
        network = Path(parent) / "network"
        simulate(network, 5000, 30, seed, knobs)
        workspace = Workspace.create(Path(parent) / "workspace")
        workspace.policies.add("demo")
        files = [network / name for name in ("posts.ndjson", "observations.ndjson")]
        import_files(workspace, files, Options(platform="simulated"))
        with open_engine() as engine:
            read = records_of(workspace, workspace.log.snapshot(), engine)
            rows = engine.collect(found_by(Bursts(), read, engine))
        truth = pq.read_table(network / "truth" / "accounts.parquet").to_pylist()
    fresh = {f"simulated:{row['account_id']}" for row in truth if row["surfaced_in"]}
    named = accounts_of(rows.to_pylist())
    return len(fresh), len(named & fresh), len(named - fresh)


def growth(largest: int) -> None:
    """Seconds and gigabytes from a hundredth of ``largest`` to all."""
    print("| uses of objects | seconds | GB |\n| ---: | ---: | ---: |")
    taken = dict(_sizes(largest))
    exponent = math.log(taken[largest] / taken[largest // 100]) / math.log(100)
    print(f"\nGrowth exponent: {exponent:.2f}")


def _sizes(largest: int) -> Iterator[tuple[int, float]]:
    for uses in (largest // 100, largest // 10, largest):
        command = [sys.executable, "-m", "benchmarks.bursts", "--size", str(uses)]
        told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        print(f"| {uses:,} | {told[0]} | {told[1]} |", flush=True)
        yield uses, float(told[0])


def one_size(size: int) -> None:
    """Prints seconds and gigabytes of the signal on so many uses, from shares in the engine on."""
    with open_engine() as engine:
        given = records(engine, _large(size))
        began = time.perf_counter()
        engine.collect(Bursts().find(given, engine))
        seconds = time.perf_counter() - began
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1e6
    print(f"{seconds:.2f} {peak:.1f}")


def _large(size: int) -> Uses:
    """Uses by Zipf's law, and thirty events that draw a hundredth of the accounts each."""
    draw = np.random.default_rng(1)
    sizes = Sizes(accounts=size // 20, days=30)
    objects = size // 10
    weights = 1 / np.arange(2, objects + 2) ** 1.1
    owner = np.floor(sizes.accounts * draw.random(size) ** 2).astype(np.int64)
    every = Uses(
        owner,
        draw.choice(objects, size, p=weights / weights.sum()),
        draw.integers(0, sizes.days * DAY, size),
    )
    for event in range(sizes.days):
        people = draw.choice(sizes.accounts, sizes.accounts // 100, replace=False)
        at = (event + 0.6) * DAY + draw.gamma(1.5, 3_000, len(people))
        tag = np.full(len(people), TAGS + objects + event)
        every = every.plus(Uses(people, tag, at.astype(np.int64)))
    return every


if __name__ == "__main__":
    main()
