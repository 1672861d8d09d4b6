"""The records as Arrow schemas: one typed table for each noun that is stored.

Times are int64 microseconds since 1970 in UTC, each with the precision of the file it came from
(`precision`, microseconds: 1, 1_000, 1_000_000, 60_000_000 or 86_400_000_000). Ids are subject ids
(see `marsad.records.ids`), keys their int64 keys. Every row says which run, file and line it came
from.
"""

from __future__ import annotations

import pyarrow as pa

_PROVENANCE = [
    pa.field("run", pa.string()),
    pa.field("file", pa.string()),
    pa.field("line", pa.int64()),
]

_STRINGS = pa.list_(pa.string())

MEDIA_ITEM = pa.struct(
    [
        pa.field("id", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("url", pa.string()),
        pa.field("hash", pa.string()),
        pa.field("alt", pa.string()),
    ]
)

POSTS = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("key", pa.int64(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("account", pa.string(), nullable=False),
        pa.field("account_key", pa.int64(), nullable=False),
        pa.field("created_at", pa.int64(), nullable=False),
        pa.field("precision", pa.int64(), nullable=False),
        pa.field("text", pa.string()),
        pa.field("original", pa.string()),
        pa.field("language", pa.string()),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("repost_of", pa.string()),
        pa.field("repost_of_account", pa.string()),
        pa.field("reply_to", pa.string()),
        pa.field("reply_to_account", pa.string()),
        pa.field("quote_of", pa.string()),
        pa.field("hashtags", _STRINGS),
        pa.field("urls", _STRINGS),
        pa.field("mentions", _STRINGS),
        pa.field("media", pa.list_(MEDIA_ITEM)),
        pa.field("client", pa.string()),
        pa.field("likes", pa.int64()),
        pa.field("reposts", pa.int64()),
        pa.field("replies", pa.int64()),
        *_PROVENANCE,
    ]
)

OBSERVATIONS = pa.schema(
    [
        pa.field("key", pa.int64(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("subject_kind", pa.string(), nullable=False),
        pa.field("subject", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("observed_at", pa.int64(), nullable=False),
        pa.field("precision", pa.int64(), nullable=False),
        pa.field("route", pa.string(), nullable=False),
        pa.field("vantage", pa.string()),
        pa.field("state", pa.string(), nullable=False),
        pa.field("handle", pa.string()),
        pa.field("name", pa.string()),
        pa.field("bio", pa.string()),
        pa.field("avatar", pa.string()),
        pa.field("followers", pa.int64()),
        pa.field("following", pa.int64()),
        pa.field("posts", pa.int64()),
        pa.field("account_created_at", pa.int64()),
        *_PROVENANCE,
    ]
)

EDGES = pa.schema(
    [
        pa.field("key", pa.int64(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("source_key", pa.int64(), nullable=False),
        pa.field("target", pa.string(), nullable=False),
        pa.field("target_key", pa.int64(), nullable=False),
        pa.field("observed_at", pa.int64()),
        pa.field("precision", pa.int64()),
        *_PROVENANCE,
    ]
)

SHARES = pa.schema(
    [
        pa.field("key", pa.int64(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("platform", pa.string(), nullable=False),
        pa.field("account", pa.string(), nullable=False),
        pa.field("account_key", pa.int64(), nullable=False),
        pa.field("object_kind", pa.string(), nullable=False),
        pa.field("object", pa.string(), nullable=False),
        pa.field("object_key", pa.int64(), nullable=False),
        pa.field("post", pa.string()),
        pa.field("post_key", pa.int64()),
        pa.field("shared_at", pa.int64(), nullable=False),
        pa.field("precision", pa.int64(), nullable=False),
        *_PROVENANCE,
    ]
)

LABELS = pa.schema(
    [
        pa.field("key", pa.int64(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("subject_kind", pa.string(), nullable=False),
        pa.field("subject", pa.string(), nullable=False),
        pa.field("label", pa.string(), nullable=False),
        pa.field("labeller", pa.string()),
        pa.field("labelled_at", pa.int64()),
        pa.field("precision", pa.int64()),
        pa.field("draw", pa.string(), nullable=False),
        pa.field("probability", pa.float64()),
        pa.field("note", pa.string()),
        *_PROVENANCE,
    ]
)

SERIES = pa.schema(
    [
        pa.field("key", pa.int64(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("group", pa.string(), nullable=False),
        pa.field("outcome", pa.string(), nullable=False),
        pa.field("day", pa.int64(), nullable=False),
        pa.field("precision", pa.int64(), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        *_PROVENANCE,
    ]
)

DRAWS = pa.schema(
    [
        pa.field("draw", pa.string(), nullable=False),
        pa.field("subject_kind", pa.string(), nullable=False),
        pa.field("subject", pa.string()),
        pa.field("place", pa.int64()),
        pa.field("probability", pa.float64()),
        pa.field("stratum", pa.int64(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("language", pa.string()),
        pa.field("activity", pa.float64(), nullable=False),
        pa.field("since", pa.int64(), nullable=False),
        pa.field("drawn_at", pa.int64(), nullable=False),
    ]
)
"""The frame of each draw, a row a unit. Those that were not drawn have no ``subject``, ``place`` or
``probability``: who was not looked at is not kept. ``activity`` is posts a day, ``since`` the first
post, µs UTC."""

FINDINGS = pa.schema(
    [
        pa.field("finding_id", pa.string(), nullable=False),
        pa.field("run_id", pa.string(), nullable=False),
        pa.field("subject_kind", pa.string(), nullable=False),
        pa.field("subject_id", pa.string(), nullable=False),
        pa.field("subject_key", pa.int64(), nullable=False),
        pa.field("account", pa.string()),
        pa.field("signal", pa.string(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("score_kind", pa.string(), nullable=False),
        pa.field("message", pa.string(), nullable=False),
        pa.field("values", pa.string(), nullable=False),
        pa.field("evidence", pa.string(), nullable=False),
        pa.field("community", pa.string()),
        pa.field("opens_case", pa.bool_(), nullable=False),
        pa.field("policy", pa.string()),
        pa.field("found_at", pa.int64(), nullable=False),
    ]
)

TABLES: dict[str, pa.Schema] = {
    "posts": POSTS,
    "observations": OBSERVATIONS,
    "edges": EDGES,
    "shares": SHARES,
    "labels": LABELS,
    "series": SERIES,
    "draws": DRAWS,
    "findings": FINDINGS,
}

KINDS = tuple(name for name in TABLES if name not in ("draws", "findings"))

ROUTES = ("search", "graph", "notice", "bank", "probe", "unknown")
STATES = (
    "alive", "dormant", "protected", "withheld", "deactivated",
    "suspended", "removed", "missing", "unknown",
)  # fmt: skip
OBJECT_KINDS = (
    "url", "domain", "hashtag", "hashtags", "repost", "reply", "mention", "text", "image", "object",
)  # fmt: skip
SUBJECT_KINDS = ("account", "post", "media", "site", "community")
SCORE_KINDS = ("rank", "weight", "probability")
