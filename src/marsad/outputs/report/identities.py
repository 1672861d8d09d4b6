"""Which words of the shown texts are handles or ids of this data.

That is asked of the engine, with the words as a small table: the data may know millions of handles,
a report shows a few thousand words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from marsad.engines import Engine
from marsad.outputs.links import LINK, safe_link
from marsad.outputs.names import LEAST, Names, words_of
from marsad.outputs.rows import collected
from marsad.records.ids import key, subject_id
from marsad.records.pseudonyms import Pseudonyms, mentions_in

LONGEST = 200
"""Letters of the longest handle or native id."""

_WORDS = pa.schema([("word", pa.string()), ("word_key", pa.int64())])


def words_in(texts: Iterable[str]) -> set[str]:
    """All words of the texts that could be a handle or an id, as they are written."""
    words: set[str] = set()
    for text in texts:
        words.update(mention.handle for mention in mentions_in(text))
        words.update(text[start:end] for start, end in words_of(text) if end - start >= LEAST)
        for link in LINK.findall(text):
            words.update(part.lstrip("@") for part in re.split(r"[/?#=&]", link))
    return {word for word in words if 1 < len(word) <= LONGEST}


def names_for(
    texts: Iterable[str],
    platforms: Sequence[str],
    posts: ir.Table,
    observations: ir.Table,
    engine: Engine,
    pseudonyms: Pseudonyms,
    kinds: Mapping[str, str],
) -> Names:
    """The names for what shows these texts to people."""
    words = engine.table(_candidates(words_in(texts), platforms), "words")
    accounts = {
        **_pairs(engine, _by_key(posts, "account_key", "account", words)),
        **_pairs(engine, _by_handle(observations, words)),
    }
    known_posts = _pairs(engine, _by_key(posts, "key", "id", words))
    return Names(pseudonyms, tuple(platforms), accounts, known_posts, kinds, safe_link)


def _candidates(words: Iterable[str], platforms: Sequence[str]) -> pa.Table:
    """Each word with the keys of the ids it would be: a native id, or a handle."""
    rows = [
        {"word": word.lower(), "word_key": key(identifier)}
        for word in sorted(words)
        for platform in platforms
        for identifier in (subject_id(platform, word), subject_id(platform, handle=word))
    ]
    return pa.Table.from_pylist(rows, schema=_WORDS)


def _by_key(table: ir.Table, by: str, identity: str, words: ir.Table) -> ir.Table:
    known = table.select(found=table[by], identity=table[identity])
    return known.join(words, known.found == words.word_key)


def _by_handle(observations: ir.Table, words: ir.Table) -> ir.Table:
    looks = observations.filter(
        observations.subject_kind == "account", observations.handle.notnull()
    )
    bare = ibis.ifelse(looks.handle.startswith("@"), looks.handle.substr(1), looks.handle)
    known = looks.select(found=bare.lower(), identity=looks.subject)
    asked = words.select("word").distinct()
    return known.join(asked, known.found == asked.word)


def _pairs(engine: Engine, joined: ir.Table) -> dict[str, str]:
    """Words → the id they stand for."""
    pairs = joined.group_by("word").aggregate(identity=joined.identity.max())
    return {row["word"]: row["identity"] for row in collected(engine, pairs)}
