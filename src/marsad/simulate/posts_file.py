"""Posts as an export would have them: ``posts.ndjson``."""

from __future__ import annotations

from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from marsad.simulate import ndjson
from marsad.simulate.columns import indices
from marsad.simulate.draws import Ints, Rows
from marsad.simulate.population import CLIENTS
from marsad.simulate.posts import QUOTING_KINDS
from marsad.simulate.sentences import Writer
from marsad.simulate.vocabulary import LANGUAGES
from marsad.simulate.window import iso
from marsad.simulate.world import World

_FIRST_POST = 10_000_000_000


def post_ids(numbers: Ints) -> pa.Array:
    """Native post ids: eleven digits, rising with time; null for numbers below 0."""
    texts = pc.cast(pa.array(np.maximum(numbers, 0) + _FIRST_POST), pa.string())
    return pc.if_else(pa.array(numbers >= 0), texts, pa.scalar(None, pa.string()))


class PostsFile:
    """Writes posts, slice after slice."""

    def __init__(self, file: BinaryIO, world: World) -> None:
        self._file, self._world = file, world
        self._writer = Writer(world.material, world.identities.handles)

    def write(self, posts: Rows) -> None:
        """Append posts, one JSON object a line."""
        ndjson.write(self.lines(posts), self._file)

    def _spelled_as_tag(self, posts: Rows) -> pa.Array:
        """The marker phrase where it is written as a hashtag."""
        numbers = np.where(np.isin(posts["kind"], QUOTING_KINDS), posts["surface"], -1)
        return self._world.material.surfaces.hashtags.take(indices(numbers))

    def lines(self, posts: Rows) -> pa.Array:
        """The posts' lines. Fields that refer to nothing are null; empty lists are left out."""
        who, material = self._world.identities, self._world.material
        tags = material.tags.names.take(indices(posts["tag"]))
        addresses = material.addresses.texts(posts["address"])
        texts = self._writer.texts(posts, tags, addresses)
        mentions = who.handles.take(indices(posts["mention"]))
        text = ndjson.quoted
        return ndjson.lines(
            [
                ("id", text(post_ids(posts["number"]))),
                ("account_id", text(who.id_texts(posts["account"]))),
                ("handle", text(who.handles.take(indices(posts["account"])))),
                ("created_at", text(iso(posts["time"]))),
                ("text", text(texts)),
                ("language", text(pa.array(LANGUAGES).take(indices(posts["language"])))),
                ("client", text(pa.array(CLIENTS).take(indices(posts["client"])))),
                ("repost_of", text(post_ids(posts["repost_of"]))),
                ("repost_of_account", text(who.id_texts(posts["repost_account"]))),
                ("reply_to", text(post_ids(posts["reply_to"]))),
                ("reply_to_account", text(who.id_texts(posts["reply_account"]))),
            ],
            [
                ("hashtags", ndjson.lists(self._spelled_as_tag(posts), tags)),
                ("urls", ndjson.lists(addresses)),
                ("mentions", ndjson.lists(mentions)),
            ],
        )
