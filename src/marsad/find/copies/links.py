"""Links: pairs of texts that were compared and are near copies of one another.

Texts that share a bucket are compared exactly. In a bucket of up to `ORDINARY` texts all pairs are;
a larger one is gone through in the order of time, each text compared with the leaders so far: the
texts before it that are no near copies of earlier leaders. There, a text that has a near copy in
the bucket still gets a link, but not one with each: a copy by another account may go unnoticed
where it follows another leader, and an account that repeats itself leads. Of 270,000 real texts, 71
stood in a bucket of more than 64.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.copies.banding import Banding, buckets
from marsad.find.copies.leaders import follow_leaders
from marsad.find.copies.marks import MARKED, PAIRS, MayBeNear, marked
from marsad.find.copies.shingles import shingles
from marsad.find.copies.similarity import Sets, similarities

ORDINARY = 32

BUCKETS = pa.schema(
    [
        pa.field("bucket", pa.int64(), nullable=False),
        pa.field("text_key", pa.int64(), nullable=False),
    ]
)

LINKS = pa.schema(
    [
        pa.field("centre", pa.int64()),
        pa.field("text", pa.int64(), nullable=False),
        pa.field("jaccard", pa.float64()),
    ]
)
"""``centre`` is the earlier text of the two. Where it is null, ``text`` stood in a bucket too large
to compare all its texts, and was not compared with all that it might have matched."""


@dataclass(frozen=True)
class PutInBuckets:
    """A batch of texts to `BUCKETS`: one row a band."""

    cut: Banding

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        found = buckets(shingles(batch["content"].to_pylist()), self.cut)
        keys = np.repeat(batch["text_key"].to_numpy(), self.cut.bands)
        return pa.RecordBatch.from_arrays([pa.array(found.ravel()), pa.array(keys)], schema=BUCKETS)


@dataclass(frozen=True)
class Compare:
    """Pairs of contents to `LINKS`: those whose similarity reaches the threshold."""

    threshold: float

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        pairs = batch.num_rows
        both = pa.concat_arrays([batch["centre_content"], batch["text_content"]])
        coded = both.dictionary_encode()
        places = coded.indices.to_numpy().astype(np.int64)
        sets = Sets.of(coded.dictionary.to_pylist())
        jaccard = similarities(sets, places[:pairs], sets, places[pairs:])
        near = pa.array(jaccard >= self.threshold)
        columns = [batch["centre"], batch["text"], pa.array(jaccard)]
        return pa.RecordBatch.from_arrays([c.filter(near) for c in columns], schema=LINKS)


@dataclass(frozen=True)
class FollowLeaders:
    """All texts of a large bucket to `LINKS`."""

    threshold: float

    def __call__(self, group: pa.Table) -> pa.Table:
        ordered = group.sort_by([("first_at", "ascending"), ("first_key", "ascending")])
        keys = ordered["text_key"].to_numpy()
        links = follow_leaders(ordered["content"].to_pylist(), self.threshold)
        first, second = np.concatenate(links.first), np.concatenate(links.second)
        left = np.concatenate(links.uncompared)
        centre = [pa.array(keys[np.minimum(first, second)]), pa.nulls(len(left), pa.int64())]
        text = [pa.array(keys[np.maximum(first, second)]), pa.array(keys[left])]
        jaccard = [pa.array(np.concatenate(links.jaccard)), pa.nulls(len(left), pa.float64())]
        columns = [pa.concat_arrays(parts) for parts in (centre, text, jaccard)]
        return pa.Table.from_arrays(columns, schema=LINKS)


def bucketed(engine: Engine, texts: ir.Table, cut: Banding) -> ir.Table:
    """The buckets that hold two texts or more: bucket, text_key and how many it holds."""
    rows = engine.map_batches(PutInBuckets(cut), texts.select("text_key", "content"), BUCKETS)
    held = rows.group_by("bucket").agg(held=rows.count())
    return rows.join(held.filter(held.held > 1), "bucket")


def likely_pairs(engine: Engine, rows: ir.Table, texts: ir.Table, threshold: float) -> ir.Table:
    """Rows `PAIRS`: the pairs of texts in ordinary buckets, each once, without those whose marks
    show that they are no near copies: no near copy is among these.

    Pairs, their first texts and their second ones come one step after the other: together, the
    two joins with all texts need more memory than an engine has at ten million posts.
    """
    some = rows.filter(rows.held <= ORDINARY).select("bucket", "text_key")
    other = some.view()
    pairs = (
        some.join(other, [some.bucket == other.bucket, some.text_key < other.text_key])
        .select(a=some.text_key, b=other.text_key)
        .distinct()
    )
    pairs = engine.materialise(pairs, "copies_pairs")
    marks = engine.map_batches(marked, texts.select("text_key", "content"), MARKED)
    left, right = (_named(marks, side) for side in "ab")
    halves = engine.materialise(pairs.join(left, "a"), "copies_marked")
    return engine.map_batches(MayBeNear(threshold), halves.join(right, "b"), PAIRS)


def candidate_pairs(engine: Engine, rows: ir.Table, texts: ir.Table, threshold: float) -> ir.Table:
    """The likely pairs with their contents, the earlier text as the centre."""
    likely = likely_pairs(engine, rows, texts, threshold)
    left, right = (
        _named(texts.drop("posts", "first_post", "first_account"), side) for side in "ab"
    )
    both = engine.materialise(likely.join(left, "a"), "copies_halves").join(right, "b")
    forward = (both.a_first_at < both.b_first_at) | (
        (both.a_first_at == both.b_first_at) & (both.a_first_key < both.b_first_key)
    )
    return both.select(
        centre=ibis.ifelse(forward, both.a, both.b),
        text=ibis.ifelse(forward, both.b, both.a),
        centre_content=ibis.ifelse(forward, both.a_content, both.b_content),
        text_content=ibis.ifelse(forward, both.b_content, both.a_content),
    )


def _named(rows: ir.Table, side: str) -> ir.Table:
    """Rows of texts with ``side`` for the key, and before the name of every other column."""
    others = {f"{side}_{name}": name for name in rows.columns if name != "text_key"}
    return rows.rename({side: "text_key", **others})


def large_buckets(rows: ir.Table, texts: ir.Table) -> ir.Table:
    """The texts of buckets that hold more than `ORDINARY`, with what orders them."""
    many = rows.filter(rows.held > ORDINARY).select("bucket", "text_key")
    return many.join(texts, "text_key").select(
        "bucket", "text_key", "content", "first_at", "first_key"
    )


def find_links(engine: Engine, texts: ir.Table, cut: Banding, threshold: float) -> ir.Table:
    """All rows of `LINKS` of the texts, each pair once."""
    rows = engine.materialise(bucketed(engine, texts, cut), "copies_buckets")
    compared = engine.map_batches(
        Compare(threshold), candidate_pairs(engine, rows, texts, threshold), LINKS
    )
    led = engine.map_groups(FollowLeaders(threshold), large_buckets(rows, texts), "bucket", LINKS)
    links = ibis.union(compared, led)
    return links.group_by("centre", "text").agg(jaccard=links.jaccard.max())
