"""Links in posts

Banks of 10,000 to 1,000,000 entries, half of them pages and half domains, on one core: how long
they take to load, and how many posts a second are screened. Three posts in four hold a link, some
two; one link in fifty is near an entry. Beside it the same banks asked in the simplest way: the
standard library's `urlsplit` for each link, then one set of addresses and one of hosts, so without
any other spelling, wrapper or subdomain. Then how the time grows with the number of posts; an
exponent of 1 means that each post costs the same. Last, objects in texts: the functions for one
text beside the columns of the embedded engine, both on one core.

`python benchmarks/links.py [--rows N]` runs it alone; N posts is the largest size.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlsplit

import ibis
import pyarrow as pa

from marsad.banks import Bank, Entry
from marsad.find.contract import posts_table
from marsad.find.links import LinkMatcher, Links
from marsad.records import objects

SEED = 1
BATCH = 10_000
SIZES = (10_000, 100_000, 1_000_000)
SENTENCE = "the lantern of quartz stood by رصيف الميناء القديم while خيط من حرير kept us"
WORDS = SENTENCE.split()


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--rows", type=int, default=1_000_000)
    rows: int = options.parse_args().rows
    by_size(min(rows, 200_000))
    growth(rows)
    in_texts(min(rows, 200_000))


def by_size(rows: int) -> None:
    """Load and screen for each size of banks, beside the simplest way."""
    print("| entries | load | posts/s | simplest way, posts/s |\n| ---: | ---: | ---: | ---: |")
    for entries in SIZES:
        banks = make_banks(entries)
        began = time.process_time()
        matcher = Links().load(banks)
        load = time.process_time() - began
        batches = list(posts(rows, entries))
        ours = rate(rows, partial(screen, matcher, batches))
        theirs = rate(rows, partial(Simple(banks).screen, batches))
        print(f"| {entries:,} | {load:.1f} s | {ours:,.0f} | {theirs:,.0f} |", flush=True)
    print()


def growth(rows: int) -> None:
    """Time per post from a tenth of ``rows`` to all of them."""
    matcher = Links().load(make_banks(100_000))
    print("| posts | seconds | µs a post |\n| ---: | ---: | ---: |")
    taken = {}
    for count in (rows // 10, rows // 3, rows):
        used = 0.0
        for batch in posts(count, 100_000):
            began = time.process_time()
            matcher.screen(batch)
            used += time.process_time() - began
        taken[count] = used
        print(f"| {count:,} | {used:.1f} | {used / count * 1e6:.1f} |", flush=True)
    first, last = min(taken), max(taken)
    exponent = math.log(taken[last] / taken[first]) / math.log(last / first)
    print(f"\nGrowth exponent: {exponent:.2f}\n")


def in_texts(rows: int) -> None:
    """Objects in texts, one at a time and as columns."""
    texts = [text for batch in posts(rows, 100_000) for text in batch["text"].to_pylist()]
    texts = [f"#وسم_{i} {text} @name{i}" if i % 5 == 0 else text for i, text in enumerate(texts)]
    connection = ibis.duckdb.connect(threads=1)
    table = connection.create_table("texts", pa.table({"text": texts}))
    print("| objects | a text at a time, posts/s | as a column, posts/s |\n| --- | ---: | ---: |")
    for name in ("hashtags", "mentions", "urls"):
        look_in: Callable[[str], list[str]] = getattr(objects, name)
        column = getattr(objects, f"{name}_column")
        query = table.select(found=column(table.text).length()).found.sum()
        connection.to_pyarrow(query)  # compiles the patterns
        one = rate(rows, partial(list, map(look_in, texts)))
        every = rate(rows, partial(connection.to_pyarrow, query))
        print(f"| {name} | {one:,.0f} | {every:,.0f} |", flush=True)


def rate(rows: int, work: Callable[[], object]) -> float:
    """Rows a second of processor time."""
    began = time.process_time()
    work()
    return rows / (time.process_time() - began)


def make_banks(entries: int) -> list[Bank]:
    """Half pages on 40,000 hosts at most, half domains."""
    half = entries // 2
    pages = (Entry(f"https://host{i % 40_000}.example/p/{i}") for i in range(half))
    domains = (Entry(f"site{i}.example") for i in range(half))
    return [Bank("pages", "links", tuple(pages)), Bank("sites", "domains", tuple(domains))]


def posts(rows: int, entries: int) -> Iterator[pa.RecordBatch]:
    """Batches with the columns that the signal reads, the same in every run."""
    generator = random.Random(SEED)
    for start in range(0, rows, BATCH):
        made = [post(start + i, entries, generator) for i in range(min(BATCH, rows - start))]
        yield posts_table(made).select(list(Links.reads)).combine_chunks().to_batches()[0]
        print(f"\r{start:,} posts", end="", file=sys.stderr)
    print("\r", end="", file=sys.stderr)


def post(number: int, entries: int, generator: random.Random) -> dict[str, object]:
    links = [link(entries, generator) for _ in range(generator.choice((0, 1, 1, 2)))]
    words = " ".join(generator.choices(WORDS, k=12))
    return {"id": f"x:{number}", "text": f"{words} {' '.join(links)}", "urls": links}


def link(entries: int, generator: random.Random) -> str:
    draw = generator.random()
    if draw < 0.01:
        return f"https://www.site{generator.randrange(entries)}.example/{generator.random()}"
    if draw < 0.02:
        page = generator.randrange(entries)
        return f"http://host{page % 40_000}.example/p/{page}?utm_source=feed"
    if draw < 0.3:
        return f"https://t.co/{generator.randrange(36**6):x}"
    host = int(generator.paretovariate(1.1)) % 5_000
    return f"https://www.news{host}.example/2016/05/story-{generator.randrange(10**6)}"


def screen(matcher: LinkMatcher, batches: list[pa.RecordBatch]) -> int:
    return sum(matcher.screen(batch).num_rows for batch in batches)


class Simple:
    """What a short script does: exact addresses, exact hosts."""

    def __init__(self, banks: list[Bank]) -> None:
        self.pages = {entry.value for entry in banks[0].entries}
        self.sites = {entry.value for entry in banks[1].entries}

    def screen(self, batches: list[pa.RecordBatch]) -> int:
        return sum(self.matches(url) for batch in batches for url in self.urls(batch))

    def urls(self, batch: pa.RecordBatch) -> Iterator[str]:
        for text, listed in zip(batch["text"].to_pylist(), batch["urls"].to_pylist(), strict=True):
            yield from listed
            yield from (word for word in text.split() if word.startswith("http"))

    def matches(self, url: str) -> bool:
        return url in self.pages or urlsplit(url).hostname in self.sites


if __name__ == "__main__":
    main()
