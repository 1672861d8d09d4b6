"""What is true of posts: ``truth/posts.parquet``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from marsad.simulate.addresses import MARKER
from marsad.simulate.columns import chosen, named
from marsad.simulate.draws import Rows
from marsad.simulate.markers import PLAIN
from marsad.simulate.posts import QUOTING_KINDS, Activity, Kind, Material, violates
from marsad.simulate.posts_file import post_ids
from marsad.simulate.world import World

_NAME = pa.dictionary(pa.int32(), pa.string())

POSTS_TRUTH = pa.schema(
    [
        pa.field("post_id", pa.string(), nullable=False),
        pa.field("account_id", pa.string(), nullable=False),
        pa.field("kind", _NAME, nullable=False),
        pa.field("is_violating", pa.bool_(), nullable=False),
        pa.field("activity", _NAME, nullable=False),
        pa.field("is_repost", pa.bool_(), nullable=False),
        pa.field("phrase", _NAME),  # the marker phrase in the text, as listed
        pa.field("evasion", _NAME),  # how phrase or address is written; null if plainly
        pa.field("copy_of", pa.int32()),  # line of banks/texts.txt, from 0
        pa.field("edit", _NAME),  # how the copy was edited
        pa.field("action", pa.int32()),  # joint action of truth/events.json
    ]
)


class PostsTruth:
    """Writes ``truth/posts.parquet`` and counts, slice after slice."""

    def __init__(self, path: Path, world: World) -> None:
        self._world = world
        self._writer = pq.ParquetWriter(path, POSTS_TRUTH, compression="zstd")
        self.posts = np.zeros(len(world.accounts), np.int64)
        self.violating = np.zeros(len(world.accounts), np.int64)
        self.kinds = np.zeros(len(Kind), np.int64)

    def write(self, posts: Rows) -> None:
        """Append the truth of a slice's posts."""
        size = len(self.posts)
        bad = violates(posts)
        self.posts += np.bincount(posts["account"], minlength=size)
        self.violating += np.bincount(posts["account"][bad], minlength=size)
        self.kinds += np.bincount(posts["kind"], minlength=len(Kind))
        self._writer.write_table(posts_truth(posts, self._world))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


def posts_truth(posts: Rows, world: World) -> pa.Table:
    """The truth of posts as a table with the schema POSTS_TRUTH."""
    phrase, evasion = _spelling(posts, world.material)
    copies = posts["kind"] == Kind.NEAR_COPY
    stock = world.material.texts.copies
    sources = np.array([copy.source for copy in stock])
    edits = [copy.edit for copy in stock]
    edited = np.where(copies, posts["variant"], -1)
    columns = [
        post_ids(posts["number"]),
        world.identities.id_texts(posts["account"]),
        named([kind.name for kind in Kind], posts["kind"]),
        pa.array(violates(posts)),
        named([activity.name for activity in Activity], posts["activity"]),
        pa.array(posts["repost_of"] >= 0),
        phrase,
        evasion,
        pa.array(sources[np.maximum(edited, 0)].astype(np.int32), mask=~copies),
        chosen(edits, edited),
        pa.array(posts["event"].astype(np.int32), mask=posts["event"] < 0),
    ]
    return pa.Table.from_arrays(columns, schema=POSTS_TRUTH)


def _spelling(posts: Rows, material: Material) -> tuple[pa.Array, pa.Array]:
    """The marker phrase in each text, and how it or the marker address is written."""
    surfaces, links = material.surfaces.items, material.addresses.markers
    has = np.isin(posts["kind"], QUOTING_KINDS)
    number = np.where(has, posts["surface"], -1)
    linked = posts["kind"] == Kind.MARKER_LINK
    form = np.where(linked, posts["address"] - MARKER, -1)
    which = np.where(linked, form + len(surfaces), number)
    spelled = [item.evasion for item in surfaces] + [link.form for link in links]
    plain = np.array([name == PLAIN for name in spelled])
    which = np.where((which >= 0) & plain[np.maximum(which, 0)], -1, which)
    return chosen([item.phrase for item in surfaces], number), chosen(spelled, which)
