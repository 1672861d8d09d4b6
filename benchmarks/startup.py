"""The start of the command line

`marsad --help` and `marsad --version` beside a Python that only imports typer, the library that the
command line is made with. Each is started in turn; the ratio is that of the medians, with the range
that 90 % of ratios of medians of resampled starts lie in. At most 1.5 is wanted.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path
from statistics import median, quantiles

STARTS = 60
MARSAD = str(Path(sys.prefix, "bin", "marsad"))
COMMANDS = {
    "python -c 'import typer'": [sys.executable, "-c", "import typer"],
    "marsad --help": [MARSAD, "--help"],
    "marsad --version": [MARSAD, "--version"],
    "marsad import --help": [MARSAD, "import", "--help"],
    "python -c 'pass'": [sys.executable, "-c", "pass"],
}
BASE = "python -c 'import typer'"


def main() -> None:
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(-2, STARTS):  # the first two fill the caches
        for name, command in COMMANDS.items():
            took = start(command)
            if turn >= 0:
                seconds[name].append(took)
    print("| command | median, ms | ratio to `import typer` | 90 % range |")
    print("| --- | ---: | ---: | ---: |")
    for name, times in seconds.items():
        ratio = median(times) / median(seconds[BASE])
        low, high = ratio_range(times, seconds[BASE])
        print(f"| `{name}` | {median(times) * 1000:.0f} | {ratio:.2f} | {low:.2f} to {high:.2f} |")


def start(command: list[str]) -> float:
    """Seconds until the command has ended."""
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def ratio_range(times: list[float], base: list[float]) -> tuple[float, float]:
    """The 5th and 95th percentile of the ratio of medians, resampling turns together."""
    generator = random.Random(1)
    ratios = []
    for _ in range(1000):
        turns = generator.choices(range(len(times)), k=len(times))
        ratios.append(median(times[i] for i in turns) / median(base[i] for i in turns))
    cuts = quantiles(ratios, n=20)
    return cuts[0], cuts[-1]


if __name__ == "__main__":
    main()
