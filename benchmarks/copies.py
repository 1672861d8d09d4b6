"""Near copies: recall, growth with the number of posts, and datasketch beside them.

Texts are the public research posts in the shared data (`$MARSAD_DATA`, else `../shared/data`),
runs of words out of them put together anew, and copies of both with some words changed. Recall is
against every pair of 20,000 texts. The peer is datasketch's MinHashLSH with 128 permutations on the
same shingles; it does not verify its candidates.
"""

from __future__ import annotations

import math
import os
import random
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

THRESHOLD = 0.7
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
RECALL_TEXTS = 20_000
PEER_TEXTS = 100_000
BANK_TEXTS = 100_000
SEED = 7
LEVELS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)


def main() -> None:
    texts = real_texts()
    print("copies: recall", file=sys.stderr, flush=True)
    recall(texts)
    print("copies: growth", file=sys.stderr, flush=True)
    ours = growth(texts)
    print("copies: peer, bank", file=sys.stderr, flush=True)
    peer(texts, ours)
    bank(texts)


def real_texts() -> list[str]:
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("MARSAD_DATA") or beside)
    table = pq.read_table(folder / "networks" / "trolls_2015_2016.parquet", columns=["text"])
    return [text for text in table["text"].to_pylist() if text and not text.startswith("RT ")]


def mixture(texts: list[str], count: int, seed: int = SEED) -> list[str]:
    """Posts: three in ten real, half of them runs of words anew, two in ten copies of others."""
    rng = random.Random(seed)
    made: list[str] = []
    for _ in range(count):
        draw = rng.random()
        if draw < 0.3:
            made.append(rng.choice(texts))
        elif draw < 0.8 or not made:
            made.append(recombined(texts, rng))
        else:
            made.append(edited(rng.choice(made), rng))
    return made


def recombined(texts: list[str], rng: random.Random) -> str:
    """Runs of three words out of five posts."""
    runs = []
    for _ in range(5):
        words = rng.choice(texts).split()
        start = rng.randrange(max(1, len(words) - 2))
        runs.append(" ".join(words[start : start + 3]))
    return " ".join(runs)


def edited(text: str, rng: random.Random) -> str:
    """A copy with up to three words changed, dropped or added, and another link."""
    words = text.split()
    for _ in range(rng.randrange(4)):
        if not words:
            break
        place = rng.randrange(len(words))
        words[place : place + 1] = rng.choice(([], [words[place], "also"], ["changed"]))
    return " ".join([*words, f"https://t.co/{rng.randrange(10**9)}"])


def post_table(texts: list[str]) -> pa.Table:
    """Posts of one account in twenty, at random."""
    count = len(texts)
    account = np.random.default_rng(SEED).integers(0, max(2, count // 20), count)
    return pa.table(
        {
            "id": [f"x:{n}" for n in range(count)],
            "key": np.arange(count),
            "account": [f"x:@a{n}" for n in account],
            "account_key": account,
            "created_at": np.arange(count) * 1_000_000,
            "kind": pa.repeat(pa.scalar("post"), count),
            "text": texts,
        }
    )


@dataclass
class Cost:
    """What code and its workers took: seconds, of them at work, and peak memory in MB."""

    seconds: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0


def cpu_seconds() -> float:
    """Seconds that this process and the workers it has ended were at work."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(used.ru_utime + used.ru_stime for used in both)


@contextmanager
def measured() -> Iterator[Cost]:
    import psutil

    cost, done, me = Cost(), threading.Event(), psutil.Process()

    def watch() -> None:
        while not done.wait(0.2):
            held = 0
            for process in (me, *me.children(recursive=True)):
                try:
                    held += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            cost.peak = max(cost.peak, held / 1e6)

    watcher = threading.Thread(target=watch)
    watcher.start()
    start, work = time.perf_counter(), cpu_seconds()
    try:
        yield cost
    finally:
        cost.seconds, cost.cpu = time.perf_counter() - start, cpu_seconds() - work
        done.set()
        watcher.join()


def found_in(posts: pa.Table, **parameters: Any) -> pa.Table:
    """The findings of `copies` in posts."""
    from marsad.engines import open_engine
    from marsad.find.copies import Copies
    from marsad.find.signal import Records

    with open_engine("duckdb") as engine:
        table = engine.table(posts, "posts")
        records = Records(table, table, table, table)
        return engine.collect(Copies(**parameters).find(records, engine))


def recall(texts: list[str]) -> None:
    """Pairs and posts found, of all that there are among 20,000 texts."""
    from marsad.find.copies.content import content

    contents = {content(text): text for text in mixture(texts, 2 * RECALL_TEXTS, SEED + 1)}
    kept = [text for words, text in contents.items() if len(words) >= 40][:RECALL_TEXTS]
    posts = post_table(kept)
    truth = every_pair([content(text) for text in kept])
    links = linked_pairs(posts)
    exact = exact_links(links, [content(text) for text in kept])
    print(f"Recall against every pair of {len(kept):,} texts, at Jaccard ≥ {THRESHOLD}:\n")
    print("| Jaccard | pairs | found | recall |\n| --- | ---: | ---: | ---: |")
    for low, high in pairwise(LEVELS):
        level = {pair for pair, value in truth.items() if low <= value < high}
        row(f"{low:.2f} to {high:.2f}", level, level & set(links))
    row("all", set(truth), set(truth) & set(links))
    other = [pair for pair in truth if other_accounts(posts, pair)]
    wanted = {place for pair in other for place in pair}
    got = {int(key) for key in found_in(posts)["subject_key"].to_pylist()}
    row("posts with a copy by another account", wanted, wanted & got)
    print(
        f"\nOf {len(links):,} pairs found, {exact:,} are near copies, with the same similarity, by"
    )
    print(
        f"the plain definition; of {len(got):,} posts found, {len(got - wanted):,} have no copy by"
    )
    print("another account.\n")


def row(name: str, wanted: set[Any], found: set[Any]) -> None:
    share = f"{len(found) / len(wanted):.4f}" if wanted else "–"
    print(f"| {name} | {len(wanted):,} | {len(found):,} | {share} |")


def other_accounts(posts: pa.Table, pair: tuple[int, int]) -> bool:
    accounts = posts["account_key"]
    return bool(accounts[pair[0]] != accounts[pair[1]])


def every_pair(contents: list[str]) -> dict[tuple[int, int], float]:
    """All near copies, by comparing everything with everything."""
    from marsad.find.copies.similarity import Sets, similarity_matrix

    sets, everything = Sets.of(contents), np.arange(len(contents))
    pairs = {}
    for start in range(0, len(contents), 250):
        block = everything[start : start + 250]
        values = similarity_matrix(sets, block, everything)
        for i, j in zip(*np.nonzero(values >= THRESHOLD), strict=True):
            if block[i] < j:
                pairs[int(block[i]), int(j)] = float(values[i, j])
    return pairs


def linked_pairs(posts: pa.Table) -> dict[tuple[int, int], float]:
    """The pairs the signal compares and finds near, by the place of their posts."""
    from marsad.engines import open_engine
    from marsad.find.copies.banding import banding
    from marsad.find.copies.links import find_links
    from marsad.find.copies.texts import carriers, distinct_texts

    with open_engine("duckdb") as engine:
        read = carriers(engine, engine.table(posts, "posts"), 40)
        texts = engine.materialise(distinct_texts(read), "texts")
        place = {
            row["text_key"]: row["first_key"]
            for row in engine.collect(texts.select("text_key", "first_key")).to_pylist()
        }
        links = find_links(engine, texts, banding(THRESHOLD), THRESHOLD)
        return {
            (place[row["centre"]], place[row["text"]]): row["jaccard"]
            for row in engine.collect(links).to_pylist()
            if row["centre"] is not None
        }


def exact_links(links: dict[tuple[int, int], float], contents: list[str]) -> int:
    """How many links are near copies by the plain definition, with the value they were given."""
    from marsad.find.copies.shingles import jaccard, shingle_set

    return sum(
        value == jaccard(shingle_set(contents[i]), shingle_set(contents[j])) >= THRESHOLD
        for (i, j), value in links.items()
    )


def growth(texts: list[str]) -> dict[int, float]:
    """Time and memory over three orders of magnitude; seconds at work by number of posts."""
    print("Within the data, two workers:\n")
    print("| posts | findings | seconds | at work | µs a post | peak memory, MB | exponent |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    last: tuple[int, float] | None = None
    work: dict[int, float] = {}
    for size in SIZES:
        posts = post_table(mixture(texts, size))
        with measured() as cost:
            found = found_in(posts).num_rows
        shown = f"{math.log(cost.cpu / last[1]) / math.log(size / last[0]):.2f}" if last else "–"
        print(
            f"| {size:,} | {found:,} | {cost.seconds:.1f} | {cost.cpu:.1f} "
            f"| {1e6 * cost.cpu / size:.0f} | {cost.peak:,.0f} | {shown} |",
            flush=True,
        )
        last = size, cost.cpu
        work[size] = cost.cpu
    print("\nThe exponent is that of the seconds at work, on both cores: they depend less on")
    print("what else the machine does. Small data need no workers, whose start takes some seconds.")
    print("Peak memory includes the posts, and counts what processes share once for each.\n")
    return work


def peer(texts: list[str], ours: dict[int, float]) -> None:
    """The same posts through datasketch, which holds all in memory: a tenth of the most posts."""
    from datasketch import MinHash, MinHashLSH

    from marsad.find.copies.content import content
    from marsad.find.copies.shingles import shingle_set

    posts = mixture(texts, PEER_TEXTS)

    def theirs() -> None:
        index = MinHashLSH(threshold=THRESHOLD, num_perm=128)
        for place, text in enumerate(posts):
            words = content(text)
            if len(words) >= 40:
                sketch = MinHash(num_perm=128)
                sketch.update_batch([shingle.encode() for shingle in shingle_set(words)])
                index.query(sketch)
                index.insert(place, sketch)

    seconds = timed(theirs)
    print(f"Beside datasketch {version('datasketch')}, which is given the texts, sketches and")
    print("indexes them and names candidates; ours also compares these, and writes findings:\n")
    print("| | posts | seconds at work | µs a post | ratio |\n| --- | ---: | ---: | ---: | ---: |")
    each = seconds / PEER_TEXTS
    for name, count, took in (
        ("datasketch", PEER_TEXTS, seconds),
        *(("copies", size, ours[size]) for size in SIZES[1:]),
    ):
        ratio = each / (took / count)
        print(f"| {name} | {count:,} | {took:.1f} | {1e6 * took / count:.0f} | {ratio:.1f} |")
    print()


def version(package: str) -> str:
    from importlib.metadata import version as of

    return of(package)


def timed(run: Callable[[], Any]) -> float:
    """Seconds at work. What shares the machine is not in it, our own threads are."""
    start = cpu_seconds()
    run()
    return cpu_seconds() - start


def bank(texts: list[str]) -> None:
    """A bank of 100,000 texts, and posts screened against it."""
    from marsad.banks import Bank, Entry
    from marsad.find.copies import Copies
    from marsad.find.copies.content import content

    listed = {content(text): text for text in mixture(texts, 2 * BANK_TEXTS, SEED + 2)}
    entries = [Entry(text) for words, text in listed.items() if len(words) >= 40][:BANK_TEXTS]
    matcher = Copies().load([Bank("texts", "texts", tuple(entries))])
    start = time.perf_counter()
    index = matcher.index
    built = time.perf_counter() - start
    posts = post_table(mixture(texts, RECALL_TEXTS, SEED + 3)).combine_chunks().to_batches()[0]
    batch = min(timed(lambda: matcher.screen(posts)) for _ in range(2))
    alone = [posts.slice(place, 1) for place in range(1_000)]
    single = sorted(timed(partial(matcher.screen, post)) for post in alone)
    print(
        f"A bank of {len(entries):,} texts (index built in {built:.0f} s; {index.crowded} of them"
    )
    print("in crowded buckets), on one core:\n")
    print("| | |\n| --- | ---: |")
    print(f"| posts/s in batches | {posts.num_rows / batch:,.0f} |")
    print(f"| one post, median | {1000 * single[500]:.2f} ms |")
    print(f"| one post, 99 of 100 | {1000 * single[990]:.2f} ms |\n")


if __name__ == "__main__":
    main()
