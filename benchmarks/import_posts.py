"""Import of posts: beside what the engine takes to copy the same file, and how it grows.

    python -m benchmarks.import_posts [--rows 1000000]

The peer is `COPY (SELECT * FROM read_json(file)) TO parquet`, which checks, dedupes and keys
nothing. Both run in a process of their own; memory is the largest resident set of that process.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = Path(__file__).parent / "data"
LIMIT = 4.0
MEMORY_LIMIT_GB = 2.0

WORDS = (
    "the market opens early and people walk slowly near the river while news of weather",
    "السوق يفتح مبكرا والناس يمشون ببطء قرب النهر بينما الأخبار تتحدث عن الطقس",
    "рынок открывается рано и люди медленно идут вдоль реки пока новости говорят",
)

PEER = """
import duckdb, sys
connection = duckdb.connect()
connection.execute("SET memory_limit = '1.5GB'")
connection.execute("SET enable_progress_bar = false")
source, folder = sys.argv[1:]
connection.execute(f"COPY (SELECT * FROM read_json('{source}')) TO '{folder}/peer.parquet'")
"""
IMPORT = """
import sys
from pathlib import Path
from marsad.sources.source import Options
from marsad.workspace import Workspace
from marsad.workspace.importing import import_files
workspace = Workspace.create(Path(sys.argv[2]) / "ws")
done = import_files(workspace, [Path(sys.argv[1])], Options(platform="bench"))
assert done.taken == done.read, done
"""


def posts(rows: int) -> Path:
    """A file of posts in three languages, made once; about 330 bytes a post."""
    path = DATA / f"posts-{rows}.ndjson"
    if path.exists():
        return path
    DATA.mkdir(exist_ok=True)
    import numpy as np

    chance = np.random.default_rng(1)
    words = [line.split() for line in WORDS]
    aside = path.with_suffix(".new")
    with aside.open("w", encoding="utf-8") as out:
        for start in range(0, rows, 50_000):
            count = min(50_000, rows - start)
            lengths = chance.integers(6, 22, count).tolist()
            picks = chance.integers(0, 12, (count, 22)).tolist()
            for n, length, pick in zip(range(start, start + count), lengths, picks, strict=True):
                out.write(
                    json.dumps(_post(n, rows, words[n % 3], pick[:length]), ensure_ascii=False)
                )
                out.write("\n")
    aside.rename(path)
    return path


def _post(n: int, rows: int, words: list[str], pick: list[int]) -> dict[str, object]:
    text = " ".join(words[i] for i in pick)
    if n % 4 == 0:
        text += f" #tag{n % 500}"
    if n % 5 == 0:
        text += f" https://site{n % 90}.example/page/{n % 9999}"
    at = 1_672_531_200 + int(n * 31_536_000 / rows)
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    return {
        "id": str(10**15 + n), "account_id": str(n * 7919 % 100_000), "created_at": stamp,
        "text": text, "language": ("en", "ar", "ru")[n % 3], "client": f"app {n % 7}",
        "likes": n % 11, "reposts": n % 3, "replies": n % 2,
    }  # fmt: skip


def measured(code: str, path: Path) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak GB of a process."""
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        began = time.monotonic()
        child = subprocess.Popen([sys.executable, "-c", code, str(path), folder])
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - began
    if status:
        raise SystemExit(f"a benchmark failed with status {status}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=10_000_000)
    largest = parser.parse_args().rows
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print("| posts | MB | peer, s | import, s | ratio | processor ratio | peer, GB | import, GB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    sizes = [size for size in (100_000, 1_000_000, 10_000_000) if size <= largest]
    took = []
    for size in sizes:
        path = posts(size)
        peer, ours = measured(PEER, path), measured(IMPORT, path)
        took.append(ours[0])
        print(
            f"| {size:,} | {path.stat().st_size / 1e6:,.0f} | {peer[0]:.1f} | {ours[0]:.1f} "
            f"| {ours[0] / peer[0]:.2f} | {ours[1] / peer[1]:.2f} | {peer[2]:.2f} | {ours[2]:.2f} |"
        )
    if len(sizes) > 1:
        growth = math.log(took[-1] / took[0]) / math.log(sizes[-1] / sizes[0])
        print(f"\nGrowth exponent {growth:.2f} from {sizes[0]:,} to {sizes[-1]:,} posts.")
    print(f"At most {LIMIT} times the peer and {MEMORY_LIMIT_GB} GB are wanted at 10 million.")


if __name__ == "__main__":
    main()
