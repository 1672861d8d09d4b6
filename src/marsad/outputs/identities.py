"""Which words of what is shown are handles or ids of this data.

That is asked of the engine, with the words as a table: the data may know millions of handles, and
what is shown names few of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine, views
from marsad.find.signal import Records
from marsad.outputs.links import nameless_link
from marsad.outputs.names import LEAST, Link, Names, words_of
from marsad.outputs.rows import collected
from marsad.records.ids import SEPARATOR
from marsad.records.pseudonyms import Pseudonyms, mentions_in

LONGEST = 200
"""Letters of the longest handle or native id."""

WORDS = pa.schema([("word", pa.string()), ("lower", pa.string())])
"""A word as it is written, as ids are, and in lower case, as handles are."""

_BETWEEN = re.compile(r"[\s/\\?#=&<>\"']+")


def words_in(texts: Iterable[str]) -> set[str]:
    """All words of the texts that could be a handle or an id, as they are written."""
    words: set[str] = set()
    for text in texts:
        words.update(mention.handle for mention in mentions_in(text))
        words.update(text[start:end] for start, end in words_of(text) if end - start >= LEAST)
        if "/" in text:
            words.update(unquote(part).lstrip("@") for part in _BETWEEN.split(text))
    return {word for word in words if 0 < len(word) <= LONGEST}


def strings_in(value: Any) -> Iterator[str]:
    """All strings of a value of JSON; stored JSON is read, so that its escapes join no words."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from strings_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from strings_in(inner)


def strings_of_json(stored: str | None) -> list[str]:
    """All strings of stored JSON; of what is none, the text itself."""
    try:
        return list(strings_in(json.loads(stored or "null")))
    except ValueError:
        return [stored or ""]


def words_of_texts(texts: Iterable[str], engine: Engine) -> ir.Table:
    """The words of a few texts, as `names_for` asks for them."""
    return engine.table(_as_table(words_in(texts)), "words")


def words_of_table(said: ir.Table, engine: Engine) -> ir.Table:
    """The words of all columns of a table (strings, lists of strings, stored JSON)."""
    found = engine.map_batches(_words_of_batch, said, WORDS)
    return engine.materialise(found.distinct(), "words")


def _words_of_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    words: set[str] = set()
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        if name in ("values", "evidence"):
            stored = column.to_pylist()
            words |= words_in(text for one in stored for text in strings_of_json(one))
        else:
            words |= words_in(strings_in(column.to_pylist()))
    return _as_table(words).combine_chunks().to_batches()[0] if words else _NO_WORDS


def _as_table(words: Iterable[str]) -> pa.Table:
    listed = sorted(words)
    return pa.table([listed, [word.lower() for word in listed]], schema=WORDS)


_NO_WORDS = pa.RecordBatch.from_pylist([], WORDS)


def platforms_of(engine: Engine, *tables: ir.Table) -> tuple[str, ...]:
    """The platforms of the tables, in the order of their names."""
    named = ibis.union(
        *[table.select(platform=table.platform.cast("string")) for table in tables], distinct=True
    )
    return tuple(sorted(row["platform"] for row in collected(engine, named) if row["platform"]))


def names_for(
    words: ir.Table,
    platforms: tuple[str, ...],
    known: ir.Table,
    records: Records,
    engine: Engine,
    pseudonyms: Pseudonyms,
    kinds: Mapping[str, str] | None = None,
    link: Link = nameless_link,
) -> Names:
    """The names for what holds these words (`WORDS`); ``known`` are `views.handles`."""
    posts = records.posts
    named = engine.materialise(_named(records).distinct(), "named")
    by_handle = named.filter(named.native.startswith("@"))
    by_handle = by_handle.select(
        "platform", handle=by_handle.native.substr(1).lower(), account=by_handle.id
    )
    handles = {
        **_handles(engine, by_handle, words),
        **_handles(engine, known, words),
    }
    posted = posts.select("id", native=_native(posts.id, posts.platform))
    return Names(
        pseudonyms,
        platforms,
        handles,
        _ids(engine, named, words),
        _ids(engine, posted, words),
        kinds or {},
        link,
    )


def _named(records: Records) -> ir.Table:
    """The accounts that posts and looks name: ``id``, ``platform``, and ``native`` without it."""
    posts, seen = records.posts, views.looks(records.observations)
    columns = (posts.account, posts.repost_of_account, posts.reply_to_account)
    parts = [posts.select("platform", id=column.cast("string")) for column in columns]
    parts += [
        posts.select("platform", id=posts.mentions.unnest().cast("string")),
        seen.select("platform", id=seen.account.cast("string")),
    ]
    every = ibis.union(*[part.filter(part.id.notnull()) for part in parts])
    return every.mutate(native=_native(every.id, every.platform))


def _native(identifier: ir.StringValue, platform: ir.StringValue) -> ir.StringValue:
    return identifier.substr(platform.length() + len(SEPARATOR))


def _handles(engine: Engine, known: ir.Table, words: ir.Table) -> dict[tuple[str, str], str]:
    """(platform, handle) → account, of the handles among the words."""
    asked = words.select("lower").distinct()
    found = known.semi_join(asked, known.handle == asked.lower)
    return {(row["platform"], row["handle"]): row["account"] for row in collected(engine, found)}


def _ids(engine: Engine, known: ir.Table, words: ir.Table) -> frozenset[str]:
    """The ids whose native part is among the words."""
    found = known.semi_join(words, known.native == words.word).select("id").distinct()
    return frozenset(row["id"] for row in collected(engine, found))
