"""Posts become texts: equal contents are one text, however many posts carry it.

A text that 100,000 posts carry is compared once, so a hot text costs no more than its posts.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.find.copies.content import content, is_marked_repost
from marsad.records.ids import key

CARRIERS = pa.schema(
    [
        pa.field("text_key", pa.int64(), nullable=False),
        pa.field("content", pa.string(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("key", pa.int64(), nullable=False),
        pa.field("account", pa.string(), nullable=False),
        pa.field("account_key", pa.int64(), nullable=False),
        pa.field("created_at", pa.int64(), nullable=False),
    ]
)
"""Posts whose text is compared: the text's key and content beside the post."""

_POST = ("id", "key", "account", "account_key", "created_at")


@dataclass(frozen=True)
class ReadTexts:
    """A batch of posts to `CARRIERS`: without marked reposts and contents that are too short."""

    min_characters: int

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        rows, keys, contents = [], [], []
        for row, text in enumerate(batch["text"].to_pylist()):
            if is_marked_repost(text):
                continue
            found = content(text)
            if len(found) >= self.min_characters:
                rows.append(row)
                keys.append(key(found))
                contents.append(found)
        taken = batch.take(pa.array(rows, pa.int64()))
        columns = [pa.array(keys, pa.int64()), pa.array(contents, pa.string())]
        return pa.RecordBatch.from_arrays(
            [*columns, *(taken[name] for name in _POST)], schema=CARRIERS
        )


def carriers(engine: Engine, posts: ir.Table, min_characters: int) -> ir.Table:
    """The posts that are compared. A repost names its source and is none."""
    own = posts.filter((posts.kind != "repost") & posts.text.notnull())
    read = ReadTexts(min_characters)
    return engine.map_batches(read, own.select(*_POST, "text"), CARRIERS)


def distinct_texts(carriers: ir.Table) -> ir.Table:
    """One row per text: its content, the number of its posts, and the first of them."""
    place = ibis.row_number().over(
        group_by=carriers.text_key, order_by=[carriers.created_at, carriers.key]
    )
    first = carriers.mutate(place=place)
    first = first.filter(first.place == 0)
    counted = carriers.group_by("text_key").agg(posts=carriers.count())
    return first.join(counted, "text_key").select(
        "text_key", "content", "posts",
        first_post=first.id, first_account=first.account,
        first_at=first.created_at, first_key=first.key,
    )  # fmt: skip


def first_uses(carriers: ir.Table) -> ir.Table:
    """For each text and account the account's first post of it, and its ``turn`` from 0 on."""
    order = [carriers.created_at, carriers.key]
    own = ibis.row_number().over(group_by=[carriers.text_key, carriers.account_key], order_by=order)
    first = carriers.mutate(own=own)
    first = first.filter(first.own == 0).drop("own", "content")
    turn = ibis.row_number().over(group_by=first.text_key, order_by=[first.created_at, first.key])
    return first.mutate(turn=turn)
