"""Loose rows: what a source makes of a file, before the rules of the records are applied.

A source maps what it reads to these columns and leaves every value as it stands in the file, as
text; `marsad.sources.strict` parses, checks and rejects, once and for every format alike. Ids are
native ids (without the platform). A list column that is NULL means "this file does not say", so
hashtags, URLs and mentions are then taken from the text; an empty list means "none".
"""

from __future__ import annotations

import pyarrow as pa

_TEXT = pa.string()
_TEXTS = pa.list_(pa.string())


def _schema(text: str, lists: str = "", extra: tuple[pa.Field, ...] = ()) -> pa.Schema:
    fields = [pa.field("line", pa.int64(), nullable=False), pa.field("platform", _TEXT)]
    fields += [pa.field(name, _TEXT) for name in text.split()]
    fields += [pa.field(name, _TEXTS) for name in lists.split()]
    fields += [*extra, pa.field("reason", _TEXT), pa.field("raw", _TEXT)]
    return pa.schema(fields)


ACCOUNT_FIELDS = (
    "account_id handle name bio avatar followers following account_posts account_created_at "
    "observed_at state"
)

POSTS = _schema(
    ACCOUNT_FIELDS + " id created_at text language is_repost "
    "repost_of repost_of_account reply_to reply_to_account quote_of client likes reposts replies",
    "hashtags urls mentions media_urls media_hashes media_alts",
    (pa.field("is_html", pa.bool_()),),
)
"""A post. ``is_html``: the text is HTML and its plain form is made at import (the original kept).
``is_repost`` (true/false/yes/no/1/0/retweet…) marks a repost whose original is not named."""

OBSERVATIONS = _schema(ACCOUNT_FIELDS + " subject_kind subject route vantage")
"""A look at a subject; accounts unless ``subject_kind`` says otherwise (then ``subject``)."""

EDGES = _schema("kind source_id source_handle target_id target_handle observed_at")
"""A follow edge: source follows target."""

SHARES = _schema(
    "account_id handle post_id shared_at",
    "",
    (pa.field("objects", pa.list_(pa.struct([("kind", _TEXT), ("object", _TEXT)]))),),
)
"""A row that uses one or several objects (kinds as in `marsad.records.tables.OBJECT_KINDS`)."""

LABELS = _schema(
    "subject_kind subject_id subject_handle label labeller labelled_at draw probability note"
)

SERIES = _schema(
    "group day",
    "",
    (pa.field("outcomes", pa.list_(pa.struct([("outcome", _TEXT), ("value", _TEXT)]))),),
)
"""A row of totals of one group and day, with one value per outcome."""

LOOSE: dict[str, pa.Schema] = {
    "posts": POSTS,
    "observations": OBSERVATIONS,
    "edges": EDGES,
    "shares": SHARES,
    "labels": LABELS,
    "series": SERIES,
}
