"""Reading files, form by form

The same 300,000 posts in Arabic and English in every form, read to the end by one process: MB of
what is in the file (decompressed) a second of processor time, the best of three. Beside it what a
plain reader does with the same file: a loop over lines that decodes each, Python's `json` and
`csv`, pyarrow. Those stop at the first broken row; some hold the whole file, the readers a block.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from marsad.sources.readers import files, open_reader

DATA = Path(__file__).resolve().parent / "data" / "readers"
POSTS = 300_000
WORDS = ["مرحبا", "السلام", "عليكم", "خبر", "عاجل", "كرة,", "hello", "world", "weather", "\n", "😀"]
TURNS = 3


def main() -> None:
    make()
    print("| file | MB | reader, MB/s | plain reader | MB/s |")
    print("| --- | ---: | ---: | --- | ---: |")
    for name, (peer, use) in PEERS.items():
        path = DATA / name
        size = content_size(path) / 1e6
        ours = size / best(lambda path=path: read(path))
        theirs = size / best(lambda path=path, use=use: use(path))
        print(f"| {name} | {size:,.0f} | {ours:,.0f} | {peer} | {theirs:,.0f} |")


def content_size(path: Path) -> int:
    """Bytes of the file, any compression taken off."""
    with files([path])[0].open() as stream:
        return sum(len(piece) for piece in iter(lambda: stream.read(1 << 20), b""))


def best(use: Callable[[], object]) -> float:
    """Seconds of processor time, the least of some turns."""
    seconds = []
    for _ in range(TURNS):
        start = time.process_time()
        use()
        seconds.append(time.process_time() - start)
    return min(seconds)


def read(path: Path) -> int:
    rows = sum(block.rows.num_rows for block in open_reader(files([path])[0]).blocks())
    assert rows == POSTS
    return rows


def make() -> None:
    """The files, unless they are there."""
    if (DATA / "posts.parquet").exists():
        return
    print("making data for the readers", file=sys.stderr)
    DATA.mkdir(parents=True, exist_ok=True)
    posts = list(random_posts())
    lines = "".join(json.dumps(post, ensure_ascii=False) + "\n" for post in posts).encode()
    (DATA / "posts.ndjson").write_bytes(lines)
    (DATA / "posts.ndjson.gz").write_bytes(gzip.compress(lines, 6))
    (DATA / "posts.ndjson.zst").write_bytes(zstandard.compress(lines))
    (DATA / "escaped.ndjson").write_text("".join(json.dumps(post) + "\n" for post in posts))
    (DATA / "posts.json").write_text(json.dumps(posts, ensure_ascii=False, indent=1))
    write_table(DATA / "posts.csv", posts, ",")
    write_table(DATA / "one-line.tsv", [{**post, "text": _one_line(post)} for post in posts], "\t")
    pq.write_table(pa.Table.from_pylist(posts), DATA / "posts.parquet")


def random_posts() -> list[dict[str, str]]:
    rng = random.Random(1)
    return [
        {
            "id": str(10**17 + i),
            "created_at": f"2020-01-01T00:{i // 60 % 60:02}:{i % 60:02}Z",
            "text": " ".join(rng.choices(WORDS, k=20)),
            "author_id": str(rng.randrange(10**6)),
            "lang": rng.choice(["ar", "en"]),
        }
        for i in range(POSTS)
    ]


def _one_line(post: dict[str, str]) -> str:
    return post["text"].replace("\n", " ")


def write_table(path: Path, posts: list[dict[str, str]], delimiter: str) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(posts[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(posts)


def decode_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(len(line.decode()) for line in file)


def decode_gz(path: Path) -> int:
    with gzip.open(path, "rb") as file:
        return sum(len(line.decode()) for line in file)


def decode_zst(path: Path) -> int:
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        return sum(len(line.decode()) for line in io.BufferedReader(stream))


def rows_of_csv(path: Path) -> int:
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ","))


PEERS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "posts.ndjson": ("lines decoded", decode_lines),
    "escaped.ndjson": ("lines decoded", decode_lines),
    "posts.ndjson.gz": ("`gzip`, lines decoded", decode_gz),
    "posts.ndjson.zst": ("`zstandard`, lines decoded", decode_zst),
    "posts.json": ("`json.loads` of the whole", lambda path: json.loads(path.read_text())),
    "posts.csv": ("`csv.reader`", rows_of_csv),
    "one-line.tsv": ("`csv.reader`", rows_of_csv),
    "posts.parquet": ("`read_table` of the whole", pq.read_table),
}


if __name__ == "__main__":
    main()
