"""Simulated networks as they grow

Time, peak memory and output of the simulated network, each size in a process of its own: first what
`marsad demo` makes, then one day of ever more accounts at a tenth of the published posting rates.
The exponent is that of processor time over posts; 1 means that each post costs the same.

`python -m benchmarks.simulate [--sizes 10000,100000,1000000] [--volume 0.1] [--days 1]` runs it
alone; at volume 1, the published rates, a million accounts write 16 million posts, 6.5 GB, a day.
"""

from __future__ import annotations

import argparse
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from marsad.simulate import DEMO, Knobs, simulate

DEMO_SIZE = (2000, 30, DEMO.volume)
COLUMNS = (
    *("accounts", "days", "volume", "posts", "follows"),
    *("seconds", "CPU s", "µs CPU a post", "peak MB", "MB out"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of simulated networks.")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--volume", type=float, default=0.1)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    sizes = [int(size) for size in given.sizes.split(",")]
    if given.measure:
        measure(sizes[0], given.days, given.volume)
    else:
        table([(size, given.days, given.volume) for size in sizes])


def measure(accounts: int, days: int, volume: float) -> None:
    """Simulate one network in this process and print its figures."""
    knobs = DEMO if (accounts, days, volume) == DEMO_SIZE else Knobs(volume=volume)
    with tempfile.TemporaryDirectory() as parent:
        folder = Path(parent) / "network"
        started, cpu = time.perf_counter(), time.process_time()
        summary = simulate(folder, accounts, days, seed=1, knobs=knobs)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    # Kilobytes on Linux, bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_mb = peak / (1e6 if sys.platform == "darwin" else 1e3)
    print(summary.posts, summary.follows, seconds, cpu, peak_mb, size / 1e6)


def run(accounts: int, days: int, volume: float) -> list[float]:
    """The figures of one size, measured in a process of its own."""
    print(f"{accounts:,} accounts, {days} day(s), volume {volume}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "benchmarks.simulate", "--measure", "--sizes", str(accounts)]
    command += ["--days", str(days), "--volume", str(volume)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [float(figure) for figure in done.stdout.split()]


def table(sizes: list[tuple[int, int, float]]) -> None:
    """A row for the demonstration and for each size, and how cost grows between the latter."""
    print("|", " | ".join(COLUMNS), "|")
    print("|", " | ".join("---:" for _ in COLUMNS), "|")
    costs = [row(*size) for size in (DEMO_SIZE, *sizes)][1:]
    if len(costs) > 1:
        (few, short), (many, long) = costs[0], costs[-1]
        exponent = math.log(long / short, many / few)
        print(f"\nGrowth exponent from {few:,.0f} to {many:,.0f} posts: {exponent:.2f}.")


def row(accounts: int, days: int, volume: float) -> tuple[float, float]:
    """Print one row; returns posts and CPU seconds."""
    posts, follows, seconds, cpu, peak, size = run(accounts, days, volume)
    cells = (f"{accounts:,}", days, f"{volume:g}", f"{posts:,.0f}", f"{follows:,.0f}")
    cells += (f"{seconds:.1f}", f"{cpu:.1f}", f"{cpu / posts * 1e6:.1f}", f"{peak:,.0f}")
    print("|", " | ".join(str(cell) for cell in (*cells, f"{size:,.0f}")), "|", flush=True)
    return posts, cpu


if __name__ == "__main__":
    main()
