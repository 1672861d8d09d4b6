"""Where short addresses lead, learnt from posts that show both ends."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pyarrow as pa

from marsad.banks import Bank, Entry
from marsad.engines import Engine
from marsad.records.objects import urls
from marsad.records.urls import is_short, normalise_url

PAIRS = pa.schema(
    [
        pa.field("short", pa.string(), nullable=False),
        pa.field("target", pa.string(), nullable=False),
    ]
)

MAX_PAIRS = 1_000_000
NAME = "seen-redirects"


def redirects_seen(posts: ir.Table, engine: Engine) -> Bank:
    """A bank of kind ``redirects`` made of what platforms themselves have said.

    A platform that shortens addresses shows the short ones in the text and lists the long ones
    beside it. Where a post has as many of one as of the other, they are pairs, in order. A short
    address with two different targets is left out. At most `MAX_PAIRS`, the first by address.
    """
    listed = posts.filter(posts.urls.length() > 0, posts.text.contains("/")).select("text", "urls")
    pairs = engine.map_batches(Pairs(), listed, PAIRS)
    agreed = pairs.group_by("short").agg(target=pairs.target.min(), last=pairs.target.max())
    agreed = agreed.filter(agreed.target == agreed.last).order_by("short").limit(MAX_PAIRS)
    rows = engine.collect(agreed.select("short", "target")).to_pylist()
    entries = tuple(Entry(row["short"], options={"target": row["target"]}) for row in rows)
    return Bank(NAME, "redirects", tuple(sorted(entries, key=lambda entry: entry.value)))


@dataclass(frozen=True)
class Pairs:
    """Short addresses and their targets in a batch with ``text`` and ``urls``; repeats dropped."""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        found: set[tuple[str, str]] = set()
        texts, lists = batch["text"].to_pylist(), batch["urls"].to_pylist()
        for text, listed in zip(texts, lists, strict=True):
            found.update(_pairs(text or "", listed or ()))
        columns = [list(column) for column in zip(*sorted(found), strict=True)] or [[], []]
        return pa.RecordBatch.from_arrays(
            [pa.array(column, pa.string()) for column in columns], schema=PAIRS
        )


def _pairs(text: str, listed: list[str | None] | tuple[()]) -> list[tuple[str, str]]:
    shorts = [normal for url in urls(text) if (normal := normalise_url(url)) and is_short(normal)]
    targets = [normalise_url(url) for url in listed if url]
    shorts = list(dict.fromkeys(shorts))
    if not shorts or len(shorts) != len(targets):
        return []
    return [
        (short, target)
        for short, target in zip(shorts, targets, strict=True)
        if target and not is_short(target)
    ]
