"""Shares that no list of a post names: copied texts, and sequences of hashtags."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.copies import stars
from marsad.find.copies.banding import banding
from marsad.find.copies.links import find_links
from marsad.find.copies.texts import carriers, distinct_texts

DERIVED = ("sequence", "text")
"""The kinds of objects that are made here."""

NEAR = 0.7
SHORTEST = 40
"""When two texts are one object: as the signal `copies` has it by default."""

LEAST_HASHTAGS = 3
"""Hashtags from which their order is an object: two stand together by custom."""
MOST_CHARACTERS = 500

OBJECTS = pa.schema(
    [pa.field("key", pa.int64(), nullable=False), pa.field("object", pa.string(), nullable=False)]
)


def derived_shares(engine: Engine, posts: ir.Table, kind: str) -> ir.Table:
    """The shares of one of `DERIVED`, with the columns of `views.shares`."""
    carrying = _with_text(posts) if kind == "text" else _with_hashtags(posts)
    if not engine.collect(carrying.select("key").limit(1)).num_rows:
        objects = engine.table(OBJECTS.empty_table(), "coordination_none")
    elif kind == "text":
        objects = copied_texts(engine, carrying)
    else:
        objects = sequences(engine, carrying)
    return posts.inner_join(objects, "key").select(
        "platform", "account", "account_key", "object", "precision",
        object_kind=ibis.literal(kind), post=posts.id, shared_at=posts.created_at,
    )  # fmt: skip


def _with_text(posts: ir.Table) -> ir.Table:
    return posts.filter((posts.kind != "repost") & (posts.text.length() >= SHORTEST))


def _with_hashtags(posts: ir.Table) -> ir.Table:
    return posts.filter((posts.kind != "repost") & (posts.hashtags.length() >= LEAST_HASHTAGS))


def copied_texts(engine: Engine, posts: ir.Table) -> ir.Table:
    """Of each post that carries a text of some length the first post of that text, or of the
    earliest one it is a near copy of: ``key, object``."""
    read = engine.materialise(carriers(engine, posts, SHORTEST), "coordination_carriers")
    texts = engine.materialise(distinct_texts(read), "coordination_texts")
    links = find_links(engine, texts, banding(NEAR), NEAR)
    links = engine.materialise(links, "coordination_links")
    near = engine.materialise(stars.stars(texts, links), "coordination_stars")
    homes = stars.homes(near, texts.select(centre="text_key"), texts)
    first = texts.select(centre="text_key", object="first_post")
    named = homes.join(first, "centre").select("text", "object")
    found = read.join(named, read.text_key == named.text).select("key", "object")
    return engine.materialise(found, "coordination_copied")


def sequences(engine: Engine, posts: ir.Table) -> ir.Table:
    """Of each post with some hashtags all of them in their order: ``key, object``."""
    found = engine.map_batches(_in_order, posts.select("key", "hashtags"), OBJECTS)
    return engine.materialise(found, "coordination_sequences")


def _in_order(batch: pa.RecordBatch) -> pa.RecordBatch:
    listed = batch["hashtags"].to_pylist()
    named = [" ".join(f"#{tag}" for tag in tags)[:MOST_CHARACTERS] for tags in listed]
    columns = [batch["key"], pa.array(named, pa.string())]
    return pa.RecordBatch.from_arrays(columns, schema=OBJECTS)
